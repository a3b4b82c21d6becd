/** Answers parsed at the edge: what is wrong is said by name, and inside the types can be trusted. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const field = (from: unknown, name: string): unknown => (isRecord(from) ? from[name] : undefined);

function wanted(what: string, name: string, got: unknown): Error {
  return new Error(`the collector's answer needs ${what} as \`${name}\`, got ${JSON.stringify(got) ?? 'nothing'}`);
}

export function number(from: unknown, name: string): number {
  const value = field(from, name);
  if (typeof value !== 'number') throw wanted('a number', name, value);
  return value;
}

export const optionalNumber = (from: unknown, name: string): number | null => (field(from, name) == null ? null : number(from, name));

export function text(from: unknown, name: string): string {
  const value = field(from, name);
  if (typeof value !== 'string') throw wanted('a text', name, value);
  return value;
}

export const optionalText = (from: unknown, name: string): string | null => (field(from, name) == null ? null : text(from, name));

export function instant(from: unknown, name: string): number {
  const time = Date.parse(text(from, name));
  if (Number.isNaN(time)) throw wanted('an ISO 8601 time', name, field(from, name));
  return time;
}

export function list(from: unknown, name: string): unknown[] {
  const value = field(from, name);
  if (!Array.isArray(value)) throw wanted('a list', name, value);
  return value;
}

export function texts(from: unknown, name: string): string[] {
  return list(from, name).filter((each) => typeof each === 'string');
}

/** A record of counts, largest first. */
export function counts(from: unknown, name: string): { name: string; count: number }[] {
  const value = field(from, name);
  if (!isRecord(value)) throw wanted('a record of numbers', name, value);
  return Object.keys(value)
    .map((key) => ({ name: key, count: number(value, key) }))
    .sort((a, b) => b.count - a.count);
}
