/** What wasm-bindgen makes of `src/vitals/js.rs`; the build puts its output in this module's place. */
declare module "chatvitals-vitals-wasm" {
  /** The room of `src/browser/observers/vitals.js`. */
  export interface Room {
    /** The watch's number, -1 where the browser cannot measure the metric. */
    watch(name: string, options: { targetOf?: (node: Node) => string }): number;
  }
  export function observe(told: (watch: number, metric: never) => void, targetOf: (node: Node) => string): Room;
  export default function init(from: { module_or_path: string | URL }): Promise<unknown>;
}
