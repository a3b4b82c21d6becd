import { call, hear, initSync, observe, open } from "chatvitals-wasm";
import type { Door } from "./core.js";

/**
 * The core, as WebAssembly from this answer. Where that is refused or cannot be had, the same code as JavaScript, which
 * nobody downloads otherwise.
 */
export async function loadCore(wasm: Promise<Response>, bringFallback: () => Promise<Door>): Promise<Door> {
  try {
    const response = await wasm;
    if (!response.ok) throw 0;
    // Not as a stream, which wants the right MIME type, has the main thread feed it, and gains nothing for so few bytes.
    initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
    return { open, call, hear, observe };
  } catch {
    return await bringFallback();
  }
}
