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

/** What wasm-bindgen exports: one method for all that is text, where what is asked is a number. */
interface Door {
  call(verb: number, first: string, second: string, third: string, number: number): string | undefined;
  observe: Core["observe"];
}

/** Makes a door to a core that does not run yet; throws a sentence when an option is not what it should be. */
export type CoreClass = new (options: string, host: unknown) => Door;

/** The core behind a door. The numbers are those of `Verb` in `src/api.rs`. */
export function coreOf(door: Door): Core {
  const ask =
    (verb: number) =>
    (first = "", second = "", third = "", number = 0): string | undefined =>
      door.call(verb, first, second, third, number);
  return {
    start: ask(0),
    at: (wall, url) => void door.call(1, url, "", "", wall),
    track: ask(2),
    identify: ask(3),
    setConsent: ask(4),
    setContext: ask(5),
    page: ask(6),
    chat: ask(7),
    observe: (element, id, options) => door.observe(element, id, options),
    listen: (on) => void door.call(8, "", "", "", Number(on)),
    flush: ask(9),
    shutdown: ask(10),
    stats: ask(11) as () => string,
    summary: ask(12) as () => string,
    events: ask(13) as () => string,
  };
}
