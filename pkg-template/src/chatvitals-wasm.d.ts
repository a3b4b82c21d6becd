/** What wasm-bindgen makes of `src/api.rs`; the build puts its output in this module's place. */
declare module "chatvitals-wasm" {
  export class Core {
    constructor(options: string, host: unknown);
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
  export function initSync(from: { module: WebAssembly.Module }): unknown;
}

/** What wasm2js makes of the same; the build puts its output in this module's place. */
declare module "chatvitals-module" {
  export default function instantiate(imports: object): object;
}
