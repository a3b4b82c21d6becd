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
    // Not as a stream: so few bytes are compiled in no time, on another thread, while every piece of a stream would be a task
    // of the page's. Nor do bytes want the right MIME type.
    initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
    return { open, call, hear, observe };
  } catch {
    return await bringFallback();
  }
}
