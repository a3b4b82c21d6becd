/** What wasm-bindgen makes of `src/api.rs`; the build puts its output in this module's place. */
declare module "chatvitals-wasm" {
  export class Core {
    constructor(options: string, host: unknown);
    track(name: string, properties: string, at: number): void;
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
    events(): string;
  }
  export default function init(from: { module_or_path: string | URL }): Promise<unknown>;
}
