/** What the Rust core can do (`Verb` in `src/api.rs`). */
export interface Core {
  start(session: string, view: string): void;
  at(wall: number, url: string): void;
  /**
   * Events of the site's own, three lines each: when it happened (by `performance.now()`; empty: now, and the site is asked
   * for its dimensions), its name (JSON) and its properties (JSON).
   */
  track(lines: string): void;
  identify(identity: string): void;
  /** Answers with a sentence when the posture is none; then nothing changed. */
  setConsent(posture: string): string | undefined;
  setContext(context: string): void;
  page(overrides: string): void;
  chat(chat: string, signal: string, details: string, at: number): string | undefined;
  observe(element: Element, id: string, options: unknown): (() => void) | undefined;
  listen(on: boolean): void;
  flush(): void;
  shutdown(): void;
  stats(): string;
  summary(): string;
  events(): string;
}

/** What the module exports (`src/api.rs`): the trackers of a page have numbers, and so has what is asked of them. */
export interface Door {
  /** Makes a tracker that does not run yet, and answers with its number; throws a sentence when an option is not what it should be. */
  open(options: string, host: unknown, hear: (signal: number, which: number, numbers: number[], text: string) => number): number;
  call(core: number, verb: number, first: string, second: string, third: string, number: number): string | undefined;
  hear(core: number, signal: number, which: number, numbers: number[], text: string): number;
  observe(core: number, element: Element, id: string, options: unknown): (() => void) | undefined;
}

/** A core that does not run yet; throws as {@link Door.open} does. The numbers are those of `Verb` in `src/api.rs`. */
export function openCore(door: Door, options: string, host: unknown): Core {
  const core = door.open(options, host, (signal, which, numbers, text) => door.hear(core, signal, which, numbers, text));
  const ask =
    (verb: number) =>
    (first = "", second = "", third = "", number = 0): string | undefined =>
      door.call(core, verb, first, second, third, number);
  return {
    start: ask(0),
    at: (wall, url) => void ask(1)(url, "", "", wall),
    track: ask(2),
    identify: ask(3),
    setConsent: ask(4),
    setContext: ask(5),
    page: ask(6),
    chat: ask(7),
    observe: (element, id, options) => door.observe(core, element, id, options),
    listen: (on) => void ask(8)("", "", "", Number(on)),
    flush: ask(9),
    shutdown: ask(10),
    stats: ask(11) as () => string,
    summary: ask(12) as () => string,
    events: ask(13) as () => string,
  };
}
