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
    // Streams want the right MIME type; bytes do not, and say nothing in the console about it.
    const streams = response.headers.get("content-type") === "application/wasm";
    const module = await (streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
    initSync({ module });
    return { open, call, hear, observe };
  } catch {
    return await bringFallback();
  }
}
