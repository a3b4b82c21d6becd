// `chatvitals.fallback.js`: the core for pages that refuse WebAssembly, ready when it is imported.
import { Core, initSync } from "chatvitals-wasm";

initSync({ module: new WebAssembly.Module(new Uint8Array()) });

export { Core };
