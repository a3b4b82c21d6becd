/** Never sampled away: how a visit or a conversation ended. */
const ALWAYS_KEPT = /^(session_(started|ended)|csat_submitted|resolution_\w+|error_shown|purchase_completed|handoff_\w+)$/;

/** Whether sampling may drop events of this type at all. */
export const isSampled = (type: string, rate: number) => rate < 1 && !ALWAYS_KEPT.test(type);

/** Whether such an event is kept: the answer of src/policy/sampling.rs. */
export function isKept(sessionId: string, type: string, rate: number): boolean {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${sessionId}|${type}|`)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < rate;
}
