/** Longest text that goes on, UTF-8 bytes: what a page that is left can still hand over, less the rest of an event. */
const MAX_BYTES = 56_000;
/** What is kept of a longer one, characters: at most three bytes each. */
const MAX_CHARS = MAX_BYTES / 3;
const MAX_DEPTH = 32;

/**
 * A value as JSON text, taken the moment it is handed over: what the page changes afterwards does not change the event.
 *
 * Whatever a page hands over does no harm here. What JSON cannot say is left out, members whose getters throw too; cycles
 * become "[Circular]"; what is too long is cut.
 */
export function snapshot(value: unknown): string {
  try {
    const json = JSON.stringify(value) ?? "null";
    if (json.length <= MAX_CHARS || new Blob([json]).size <= MAX_BYTES) return json;
  } catch {
    // Not what JSON can say: piece by piece, then.
  }
  try {
    return JSON.stringify(tame(value, [], { left: MAX_CHARS })) ?? "null";
  } catch {
    return "null";
  }
}

/** A copy that JSON can say, of no more than `room.left` characters. */
function tame(value: unknown, above: object[], room: { left: number }): unknown {
  if (typeof value === "bigint") return tame(String(value), above, room);
  if (typeof value === "string") {
    // Counted as it will be written: escapes take up to six characters.
    let kept = value.slice(0, Math.max(room.left, 0));
    while (kept && JSON.stringify(kept).length > room.left) kept = kept.slice(0, kept.length / 2);
    room.left -= JSON.stringify(kept).length;
    return kept;
  }
  room.left -= 8;
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[Circular]";
  if (above.length > MAX_DEPTH) return undefined;
  const inside = [...above, value];
  const member = (read: () => unknown): unknown => {
    try {
      return tame(read(), inside, room);
    } catch {
      // A getter or a proxy that throws: the member was not observed.
    }
  };
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return member(() => toJSON.call(value));
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let at = 0; at < value.length && room.left > 0; at++) list.push(member(() => value[at]));
    return list;
  }
  // Without a prototype, `__proto__` is a name like any other.
  const plain = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    room.left -= key.length + 4;
    if (room.left <= 0) break;
    plain[key] = member(() => (value as Record<string, unknown>)[key]);
  }
  return plain;
}
