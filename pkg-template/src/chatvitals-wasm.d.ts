/** What wasm-bindgen makes of `src/api.rs`; the build puts its output in this module's place. */
declare module "chatvitals-wasm" {
  type Door = import("./core.js").Door;
  export const open: Door["open"];
  export const call: Door["call"];
  export const hear: Door["hear"];
  export const observe: Door["observe"];
  export function initSync(from: { module: WebAssembly.Module }): unknown;
}

/** What wasm2js makes of the same; the build puts its output in this module's place. */
declare module "chatvitals-module" {
  export default function instantiate(imports: object): object;
}
