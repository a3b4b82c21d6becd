// A small site on a free port: test pages, the built package, and the collector's paths passed through.
import { createServer, request } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { required } from "./env.mjs";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html; charset=utf-8", ".css": "text/css", ".json": "application/json" };

/**
 * Starts a site. `pages`: path → HTML, or a function of (request, response). `collector`: where `/api/` and `/p.gif` go.
 * `before`: called first for every request; answering it itself (returning true) is how tests make faults.
 */
export async function startSite({ pages = {}, collector, headers = {}, before } = {}) {
  const pkg = required("CHATVITALS_PKG");
  const requests = [];
  const server = createServer(async (req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    requests.push({ method: req.method, path, url: req.url, headers: req.headers });
    try {
      if (site.before && (await site.before(req, res, path))) return;
      const page = pages[path];
      if (typeof page === "function") return void (await page(req, res));
      if (typeof page === "string") {
        res.writeHead(200, { "content-type": TYPES[".html"], ...headers });
        return void res.end(page);
      }
      if (collector && (path.startsWith("/api/") || path.endsWith(".gif"))) return pass(req, res, site.collector);
      const file = join(pkg, normalize(path));
      const body = await readFile(file);
      res.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "access-control-allow-origin": "*" });
      res.end(body);
    } catch (error) {
      if (!res.headersSent) res.writeHead(error.code === "ENOENT" ? 404 : 500);
      res.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that fails leaves it open: the file is to end all the same.
  server.unref();
  const site = {
    url: `http://127.0.0.1:${server.address().port}`,
    pages,
    requests,
    collector,
    before,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}

/** Passes a request through to the collector. */
export function pass(req, res, collector) {
  const onward = request(collector.url + req.url, { method: req.method, headers: req.headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    answer.pipe(res);
  });
  onward.on("error", () => {
    if (!res.headersSent) res.writeHead(502);
    res.end();
  });
  req.pipe(onward);
}

/** A page with the script tag, as a website owner would write it. */
export function page(body = "", { attributes = 'data-endpoint="/api/events"', head = "", title = "Test page" } = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}<link rel="icon" href="data:,">
<script async src="/chatvitals.js" ${attributes}></script></head><body>${body}</body></html>`;
}
