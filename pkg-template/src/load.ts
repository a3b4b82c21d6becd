import { Core, initSync } from "chatvitals-wasm";
import type { CoreClass } from "./core.js";

/** Where the two builds of the core lie; without a fallback, a page that refuses WebAssembly gets none. */
export interface Places {
  wasm: string | URL;
  fallback?: string | URL | false;
  /** The module's digest, where the page trusts by digests. */
  integrity?: string;
}

/** The smallest module there is: eight bytes of header. */
const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/**
 * The core, as WebAssembly. Where that is refused or cannot be had, the same code as JavaScript, which nobody downloads
 * otherwise. `import()` passes on the nonce and the trust of the script it is in, which an element of ours would not.
 */
export async function loadCore({ wasm, fallback, integrity }: Places): Promise<CoreClass> {
  try {
    // Throws under a policy that refuses, or where there is no WebAssembly, before anything is downloaded.
    new WebAssembly.Module(EMPTY);
    const response = await fetch(wasm, { integrity });
    if (!response.ok) throw 0;
    // Streams want the right MIME type; bytes do not, and say nothing in the console about it.
    const streams = response.headers.get("content-type") === "application/wasm";
    const module = await (streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
    initSync({ module });
    return Core;
  } catch (error) {
    if (!fallback) throw error;
    return (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ String(fallback))).Core;
  }
}
