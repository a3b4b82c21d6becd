/** Numbers and times as people read them. */
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const utcDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const shortClock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** What stands where nothing was measured. */
export const NOTHING = "–";

/** 1234 → "1,234"; from a hundred thousand on, "123.5K". */
export const formatCount = (value: number): string => (Math.abs(value) < 100_000 ? whole : compact).format(value);

export const formatPercent = (value: number): string => `${formatCount(value)} %`;

/** A share of one: 0.4267 → "43 %"; small ones keep a digit, 0.042 → "4.2 %". */
export function formatShare(share: number | null): string {
  if (share === null) return NOTHING;
  const percent = share * 100;
  return `${percent > 0 && percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** One decimal at most: a mean of ratings. */
export const formatScore = (value: number | null): string => (value === null ? NOTHING : value.toFixed(1));

/** An amount in its currency: "€12.50"; from a hundred on without cents, "€1,234", and from a hundred thousand "€123.5K". */
export function formatMoney(amount: number, currency: string): string {
  const size = Math.abs(amount);
  const shape = size < 100 ? {} : size < 100_000 ? { maximumFractionDigits: 0 } : ({ notation: "compact", maximumFractionDigits: 1 } as const);
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency, ...shape }).format(amount);
  } catch {
    return `${compact.format(amount)} ${currency}`; // no code of three letters
  }
}

const LONGEST_MS = 1000 * 3_600_000;

/** A length of time in milliseconds: "320 ms", "4.2 s", "3 min 5 s", "2 h 14 min". */
export function formatDuration(ms: number): string {
  // A client can claim anything: what no visit lasts is shown as the number it is.
  if (ms < 0 || ms > LONGEST_MS) return `${ms.toPrecision(2)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))} s`;
  const full = Math.round(seconds);
  if (full < 3600) return joined([Math.floor(full / 60), "min"], [full % 60, "s"]);
  const minutes = Math.round(full / 60);
  return joined([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
}

/** A layout shift, which has no unit: "0.042". */
export const formatShift = (value: number): string => String(Number(value.toFixed(3)));

/** A length of time that may not have been measured. */
export const formatTime = (ms: number | null): string => (ms === null ? NOTHING : formatDuration(ms));

const joined = (...parts: [number, string][]): string =>
  parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");

/** "14:03:09", local time. */
export const formatClock = (at: number): string => clock.format(at);

/** Like formatClock, with the day in front when it is not today: "18 Nov 14:03:09". */
export function formatWhen(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return sameDay ? formatClock(at) : `${day.format(at)} ${formatClock(at)}`;
}

/** "14:03", local time. */
export const formatMinute = (at: number): string => shortClock.format(at);

/** A point of a trend: "18 Nov" of a UTC day, "18 Nov 14:00" of an hour. */
export const formatStep = (start: number, interval: "hour" | "day"): string =>
  interval === "day" ? utcDay.format(start) : `${day.format(start)} ${formatMinute(start)}`;

/** "1 order", "2 orders". */
export const formatMany = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;
