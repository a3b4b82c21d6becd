import type { Options } from "./options.js";

/** The record of src/session.rs: version, id, previous id, start, last activity, two counts of turns, two halves of a seed. */
export type Visit = [version: string, id: string, previous: string, started: number, last: number, ...rest: (string | number)[]];

const KEY = "chatvitals.session";

/** The visit that storage knows and that goes on at `now`, or the next one; `ended` is the one before that. */
export function joinVisit(session: Options["session"], now: number, newId: string): { visit: Visit; isNew: boolean; ended?: Visit } {
  const { idleMinutes = 30, maxHours = 24 } = session ?? {};
  const storage = storageOf(session);
  const record = quietly(() => storage?.getItem(KEY))?.split("|");
  const known = record?.[0] === "1" ? ([record[0], record[1], record[2], +record[3]!, +record[4]!, ...record.slice(5)] as Visit) : undefined;
  const goesOn = known && Math.abs(now - known[4]) <= idleMinutes * 6e4 && now - known[3] <= maxHours * 36e5;
  const seed = () => Math.floor(Math.random() * 2 ** 53);
  const visit: Visit = goesOn ? known : ["1", newId, known?.[1] ?? "", now, now, 0, 0, seed(), seed()];
  visit[4] = Math.max(now, visit[4]);
  quietly(() => storage?.setItem(KEY, visit.join("|")));
  return { visit, isNew: !goesOn, ended: goesOn ? undefined : known };
}

/** Consent was withdrawn: the record goes. */
export function forgetVisit(session: Options["session"]): void {
  quietly(() => storageOf(session)?.removeItem(KEY));
}

function storageOf(session: Options["session"]): Storage | undefined {
  const where = session?.persistence ?? "local";
  return where === "memory" ? undefined : quietly(() => (where === "tab" ? sessionStorage : localStorage));
}

/** Storage may be full, or throw when it is only looked at (sandboxed frames): then there is none. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
