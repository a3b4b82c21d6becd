// What a page's policy, or a missing file, leaves of the tracker; and csp.md, which says the same to a reader.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "./lib/env.mjs";
import { inBrowsers } from "./lib/stage.mjs";

const script = await readFile(join(required("CHATVITALS_PKG"), "chatvitals.js"));
const STUB = `window.chatvitals = window.chatvitals || function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) }`;
const stub = `${STUB}; chatvitals("track", "signup", { plan: "pro" });`;
const digestOf = (text) => `sha384-${createHash("sha384").update(text).digest("base64")}`;
const integrity = digestOf(script);
const sri = { attributes: `integrity="${integrity}" crossorigin` };
const nonce = { attributes: 'nonce="abc"' };

/**
 * What pages may say, and what is left then: `wasm`, `fallback` (the core as JavaScript), `shell` (page views and the
 * site's own events, sent by the shell alone), or `nothing`. `in` names a browser that differs.
 */
const POLICIES = [
  { csp: "", core: "wasm" },
  { csp: "default-src 'self' 'wasm-unsafe-eval'", core: "wasm" },
  { csp: "script-src 'self' 'unsafe-eval'", core: "wasm" },
  { csp: "script-src 'nonce-abc' 'wasm-unsafe-eval'", ...nonce, core: "wasm" },
  { csp: "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'", ...nonce, core: "wasm" },
  { csp: "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'", core: "wasm" },
  { csp: "default-src 'self'", core: "fallback" },
  { csp: "script-src 'self'; require-trusted-types-for 'script'", core: "fallback" },
  { csp: "script-src 'nonce-abc'", ...nonce, core: "fallback" },
  { csp: "script-src 'nonce-abc' 'strict-dynamic'", ...nonce, core: "fallback" },
  { csp: "script-src 'self' 'wasm-unsafe-eval'", ...sri, core: "wasm", note: "with `integrity` on the script: its digest also covers the module" },
  { csp: "script-src 'self'", ...sri, core: "shell", note: "with `integrity` on the script: the fallback would come unchecked, so it is not loaded" },
  { csp: `script-src '${integrity}' '${digestOf(stub)}'`, ...sri, core: "shell", note: "every script named by its digest" },
  { csp: "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'; img-src 'self'", core: "fallback", sends: false, note: "the collector has to be allowed in `connect-src`" },
  { csp: "script-src 'none'", core: "nothing" },
];

/** Pages without a policy, on which something is not as it should be. */
const FAULTS = [
  { fault: "no `WebAssembly` (Lockdown Mode and the like)", init: () => delete globalThis.WebAssembly, core: "fallback" },
  { fault: "the module is missing (404)", wasm: (res) => res.writeHead(404).end(), core: "fallback" },
  { fault: "a page stands in its place (200, `text/html`)", wasm: (res) => res.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>App</title>"), core: "fallback" },
  { fault: "the module is cut short", wasm: (res, bytes) => res.writeHead(200, { "content-type": "application/wasm" }).end(bytes.subarray(0, 5000)), core: "fallback" },
  { fault: "the module has the wrong MIME type", wasm: (res, bytes) => res.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes), core: "wasm" },
  { fault: "module and fallback are missing", wasm: (res) => res.writeHead(404).end(), fallback: (res) => res.writeHead(404).end(), core: "shell" },
];

const html = (attributes = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict page</title><link rel="icon" href="/icon.svg"><script src="/stub.js" nonce="abc" integrity="${digestOf(stub)}"></script>
<script async src="/chatvitals.js" data-endpoint="/api/events" ${attributes}></script></head><body><h1>Strict page</h1></body></html>`;

const module = await readFile(join(required("CHATVITALS_PKG"), "chatvitals_bg.wasm"));
const seen = {};

inBrowsers("a strict page", (stageFor, browser) => {
  for (const [at, { csp, fault, attributes, init, wasm, fallback, core, sends = true }] of [...POLICIES, ...FAULTS].entries()) {
    test(fault ?? (csp || "no policy"), async (t) => {
      const stage = await stageFor(t, {
        open: false,
        init,
        pages: {
          "/": (_, res) => res.writeHead(200, { "content-type": "text/html", ...(csp && { "content-security-policy": csp }) }).end(html(attributes)),
          "/stub.js": (_, res) => res.writeHead(200, { "content-type": "text/javascript" }).end(stub),
          "/next": '<!doctype html><title>Next</title><link rel="icon" href="/icon.svg">',
          "/icon.svg": (_, res) => res.writeHead(200, { "content-type": "image/svg+xml" }).end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
          ...(wasm && { "/chatvitals_bg.wasm": (_, res) => wasm(res, module) }),
          ...(fallback && { "/chatvitals.fallback.js": (_, res) => fallback(res) }),
        },
      });
      const page = await stage.newTab(null);
      await page.goto(`${stage.site.url}/`);
      const runs = core === "nothing" ? undefined : await page.evaluate(() => window.chatvitals.tracker.ready);
      await page.goto(`${stage.site.url}/next`);

      const asked = (file) => stage.site.requests.some(({ path }) => path === `/${file}`);
      const kind = runs === undefined ? "nothing" : !runs ? "shell" : asked("chatvitals.fallback.js") ? "fallback" : "wasm";
      const printed = stage.noise.length > 0;
      (seen[at] ??= {})[browser] = { left: sends ? kind : `${kind}, but nothing is sent`, printed };
      assert.equal(kind, core);
      if (core !== "nothing" && sends) {
        const events = await stage.collector.waitFor((all) => all.some((e) => e.type === "signup") && all.some((e) => e.type === "page_view"));
        assert.deepEqual(events.filter((e) => e.type === "signup" || e.type === "page_view").map((e) => e.type).sort(), ["page_view", "signup"]);
        assert.deepEqual(events.find((e) => e.type === "signup").properties, { plan: "pro" });
        assert.equal(new Set(events.map((e) => e.sessionId)).size, 1);
      }
      if (!sends) assert.deepEqual(await stage.collector.events(), []);
      // What the browser says about a policy or a missing file is the browser's own; ours is silent.
      assert.deepEqual(stage.noise.filter((line) => !isBrowsersOwn(line)), []);
      if (!csp && !fault?.includes("missing")) assert.deepEqual(stage.noise, []);
    });
  }
});

const isBrowsersOwn = (line) => /Content.Security.Policy|violates the following|Failed to load resource|Refused to|Loading module from|Loading failed for/i.test(line);

/** The table a reader gets, from what was seen. */
function table(rows, first, from) {
  const browsers = ["chromium", "firefox"];
  const cell = (row, browser) => {
    const { left, printed } = seen[from + rows.indexOf(row)][browser];
    return left + (printed ? " ¹" : "");
  };
  const lines = rows.map((row) => {
    const name = row.fault ?? (row.csp ? `\`${row.csp.replace(/sha384-[^']+/g, "sha384-…")}\`` : "none");
    return `| ${name}${row.note ? `<br>${row.note}` : ""} | ${browsers.map((browser) => cell(row, browser)).join(" | ")} |`;
  });
  return [`| ${first} | Chromium | Firefox |`, "|---|---|---|", ...lines].join("\n");
}

after(async () => {
  const count = POLICIES.length + FAULTS.length;
  if (Object.values(seen).filter((row) => row.chromium && row.firefox).length < count) return;
  const file = new URL("../../csp.md", import.meta.url);
  const text = await readFile(file, "utf8");
  const filled = text
    .replace(/(<!-- policies -->\n)[\s\S]*?(\n<!-- \/policies -->)/, (_, a, b) => a + table(POLICIES, "policy", 0) + b)
    .replace(/(<!-- faults -->\n)[\s\S]*?(\n<!-- \/faults -->)/, (_, a, b) => a + table(FAULTS, "page without a policy, but", POLICIES.length) + b);
  if (process.env.CHATVITALS_BLESS) await writeFile(file, filled);
  else assert.equal(text, filled, "csp.md tells of other results; CHATVITALS_BLESS=1 writes it anew");
});
