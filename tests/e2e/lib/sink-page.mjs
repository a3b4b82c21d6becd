// A page of an application that installed the npm package, with sinks of its choice, and the catalogue told to it.
import { startSite } from "./site.mjs";
import { listen } from "./chromium.mjs";
import { catalogue } from "./catalogue.mjs";
import { required } from "./env.mjs";

const IMPORTS = { chatvitals: "/index.js", "chatvitals/stream": "/stream.js", "chatvitals/sinks": "/sinks/index.js", "chatvitals/sinks/": "/sinks/", "recipes/": "/recipes/", "@opentelemetry/api": "/vendor/otel-api.js" };
const MAP = JSON.stringify({ imports: { ...IMPORTS, ...Object.fromEntries(["anosys", "vendor"].map((name) => [`chatvitals/sinks/${name}`, `/sinks/${name}.js`])) } });

/** A site that records what is posted to it and what `answer(request)` → `{status, json or raw, headers}` answers. */
export async function startRecorder({ answer = () => undefined, pages = {}, ...rest } = {}) {
  const received = [];
  const site = await startSite({
    pages: { "/": html(), "/elsewhere": html(), ...pages },
    ...rest,
    async before(req, res, path) {
      if (await rest.before?.(req, res, path)) return true;
      const chunks = [];
      if (req.method === "POST") for await (const chunk of req) chunks.push(chunk);
      const request = { method: req.method, path, url: req.url, headers: req.headers, body: Buffer.concat(chunks) };
      const reply = await answer(request);
      if (req.method === "POST" || reply) received.push(request);
      if (req.method === "GET" && !reply) return false;
      const { status = 200, json = {}, raw = JSON.stringify(json), headers = {}, hang } = reply ?? {};
      if (hang) return true;
      res.writeHead(req.method === "OPTIONS" ? 204 : status, { "content-type": "application/json", "access-control-allow-origin": "*", "access-control-allow-headers": "*", ...headers });
      res.end(raw);
      return true;
    },
  });
  return Object.assign(site, { received });
}

export function html(body = "") {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">
<script type="importmap">${MAP}</script></head><body>${body}</body></html>`;
}

/** Opens the page; `head` runs before anything else of it. */
export async function openPage(browser, site, { path = "/", head } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (head) await page.addInitScript(head);
  const noise = listen(page);
  await page.goto(site.url + path);
  return { page, noise };
}

/**
 * Starts a tracker in the page with the sink that `expression` makes (`sinks` and `recipe(name)` are in scope), and
 * leaves it at `window.tracker`.
 */
export async function startTracker(page, expression, options = {}) {
  await page.evaluate(
    async ([expression, options]) => {
      const { createTracker } = await import("chatvitals");
      const sinks = await import("chatvitals/sinks");
      const recipe = (name) => import(`/recipes/${name}.js`);
      const make = new Function("sinks", "recipe", `return (async () => (${expression}))()`);
      window.sink = await make(sinks, recipe);
      window.tracker = createTracker({ page: false, chat: false, includeContent: true, sink: window.sink, ...options });
      await window.tracker.ready;
      // The visit begins a moment later: tabs agree on it first.
      while (!window.tracker.events().length) await new Promise((done) => setTimeout(done, 10));
    },
    [expression, options],
  );
}

/** Tells every event of the catalogue, and returns what the tracker made of them and of its own. */
export async function tellCatalogue(page) {
  await page.evaluate((catalogue) => {
    for (const [type, properties] of catalogue) window.tracker.track(type, properties);
  }, catalogue);
  return page.evaluate(() => window.tracker.events());
}

/** A file that a package of the tests brings. */
export const installed = (file) => new URL(`../../node_modules/${file}`, import.meta.url).pathname;
export const pkg = () => required("CHATVITALS_PKG");
