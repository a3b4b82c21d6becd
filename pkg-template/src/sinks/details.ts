import type { TrackedEvent } from "../options.js";

/**
 * An event as most tools like it: one object of properties. Its own come with the dimensions and with the ids that join
 * events (`sessionId`, `viewId`, `turnIndex`, …); `context` stays an object, for it is the same on most events.
 */
export function details({ id, type: _, timestamp: __, properties, context, dimensions, ...ids }: TrackedEvent): Record<string, unknown> {
  return { ...dimensions, ...properties, ...ids, eventId: id, ...(context && { context }) };
}

/** The names that `isReserved` rejects, told apart by a prefix: `sessionId` → `chat_session_id`. */
export function rename(name: string, isReserved: (name: string) => boolean): string {
  return isReserved(name) ? `chat_${snakeCase(name)}` : name;
}

/** `maxScrollPx` → `max_scroll_px`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
