/** What wasm-bindgen makes of `src/api.rs`; the build puts its output in this module's place. */
declare module "chatvitals-wasm" {
  export const Core: import("./core.js").CoreClass;
  export function initSync(from: { module: WebAssembly.Module }): unknown;
}

/** What wasm2js makes of the same; the build puts its output in this module's place. */
declare module "chatvitals-module" {
  export default function instantiate(imports: object): object;
}
