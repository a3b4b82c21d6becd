/** The smallest module there is: eight bytes of header. */
const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/**
 * Begins to download a module, behind what the page itself wants. Rejects before anything is downloaded where a policy
 * refuses WebAssembly, or where there is none. `integrity`: its digest, where the page trusts by digests.
 */
export async function download(wasm: string | URL, integrity?: string): Promise<Response> {
  new WebAssembly.Module(EMPTY);
  return fetch(wasm, { integrity, priority: "low" });
}
