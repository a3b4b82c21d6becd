import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { pass } from "../../e2e/lib/site.mjs";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html; charset=utf-8" };

/** Serves a folder as any static host would; `/api/` goes to the collector, and paths without a file get index.html. */
export function serve(folder, collector) {
  return listen(async (req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    if (path.startsWith("/api/")) return pass(req, res, collector);
    const name = extname(path) ? path : "/index.html";
    const body = await readFile(join(folder, normalize(name))).catch(() => undefined);
    res.writeHead(body ? 200 : 404, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(body);
  });
}

/** Listens on a free port. */
export async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
