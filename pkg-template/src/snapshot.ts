/**
 * A value as JSON text, taken the moment it is handed over: what the page changes afterwards does not change the event.
 *
 * Whatever a page hands over does no harm here: cycles become "[Circular]", getters that throw and values that JSON
 * does not know are left out, and long strings are cut.
 */
export function snapshot(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    try {
      return JSON.stringify(tame(value, [])) ?? "null";
    } catch {
      return "null";
    }
  }
}

const MAX_DEPTH = 32;

function tame(value: unknown, above: object[]): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[Circular]";
  if (above.length >= MAX_DEPTH) return undefined;
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((element) => tame(element, inside));
  const plain: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    try {
      plain[key] = tame((value as Record<string, unknown>)[key], inside);
    } catch {
      // A getter that throws: the member was not observed.
    }
  }
  return plain;
}
