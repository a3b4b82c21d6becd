// `chatvitals.fallback.js`: the core for pages that refuse WebAssembly, ready when it is imported.
import { initSync } from "chatvitals-wasm";

initSync({ module: new WebAssembly.Module(new Uint8Array()) });

export { call, hear, observe, open } from "chatvitals-wasm";
