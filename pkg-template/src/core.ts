/** What the Rust core can do (`src/api.rs`). */
export interface Core {
  start(session: string, view: string): void;
  at(wall: number, url: string): void;
  track(name: string, properties: string): void;
  identify(identity: string): void;
  setConsent(posture: string): void;
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

/** Makes a core that does not run yet; throws a sentence when an option is not what it should be. */
export type CoreClass = new (options: string, host: unknown) => Core;
