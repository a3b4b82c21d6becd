// What a page's policy, or a missing file, leaves of the tracker; and csp.md, which says the same to a reader.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "./lib/env.mjs";
import { inBrowsers } from "./lib/stage.mjs";
import { until } from "./lib/until.mjs";

const built = (file) => readFile(join(required("CHATVITALS_PKG"), file));
const [script, shell, fallback, module] = await Promise.all(["chatvitals.js", "chatvitals.shell.js", "chatvitals.fallback.js", "chatvitals_bg.wasm"].map(built));
const STUB = `window.chatvitals = window.chatvitals || function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) }`;
const stub = `${STUB}; chatvitals("track", "signup", { plan: "pro" });`;
const digestOf = (text, kind = "sha384") => `${kind}-${createHash(kind).update(text).digest("base64")}`;
// The files know each other by this kind.
const known = (file) => `'${digestOf(file, "sha256")}'`;
const integrity = digestOf(script);
const sri = { attributes: `integrity="${integrity}" crossorigin` };
const nonce = { attributes: 'nonce="abc"' };

/**
 * What pages may say, and what is left then: `wasm`, `fallback` (the core as JavaScript), `shell` (page views and the
 * site's own events, sent by the shell alone), `loader` (a bare page view when the page is left), or `nothing`.
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
  { csp: "script-src 'self' 'wasm-unsafe-eval'", ...sri, core: "wasm", note: "with `integrity` on the script, which covers all it loads" },
  { csp: "script-src 'self'", ...sri, core: "fallback", note: "with `integrity` on the script" },
  { csp: `script-src '${integrity}' '${digestOf(stub)}' 'strict-dynamic' 'wasm-unsafe-eval'`, ...sri, core: "wasm", note: "the script named by its digest, and trusted with what it loads" },
  { csp: `script-src '${integrity}' '${digestOf(stub)}' ${known(shell)} ${known(fallback)}`, ...sri, core: "fallback", note: "script, shell and fallback named by their digests" },
  { csp: `script-src '${integrity}' '${digestOf(stub)}' ${known(shell)}`, ...sri, core: "shell", note: "script and shell named by their digests" },
  { csp: `script-src '${integrity}' '${digestOf(stub)}'`, ...sri, core: "loader", note: "the script alone named by its digest" },
  { csp: "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'; img-src 'self'", core: "fallback", sends: false, note: "the collector has to be allowed in `connect-src`" },
  { csp: "script-src 'none'", core: "nothing" },
];

const MODULE = "/chatvitals_bg.wasm";
const FALLBACK = "/chatvitals.fallback.js";
const SHELL = "/chatvitals.shell.js";
const missing = (_, res) => res.writeHead(404).end();
const sent = (type, body) => (_, res) => res.writeHead(200, { "content-type": type }).end(body);

/** Pages without a policy, on which something is not as it should be. */
const FAULTS = [
  { fault: "no `WebAssembly` (Lockdown Mode and the like)", init: () => delete globalThis.WebAssembly, core: "fallback" },
  { fault: "the module is missing (404)", answers: { [MODULE]: missing }, core: "fallback" },
  { fault: "a page stands in its place (200, `text/html`)", answers: { [MODULE]: sent("text/html", "<!doctype html><title>App</title>") }, core: "fallback" },
  { fault: "the module is cut short", answers: { [MODULE]: sent("application/wasm", module.subarray(0, 5000)) }, core: "fallback" },
  { fault: "the module has the wrong MIME type", answers: { [MODULE]: sent("application/octet-stream", module) }, core: "wasm" },
  { fault: "module and fallback are missing", answers: { [MODULE]: missing, [FALLBACK]: missing }, core: "shell" },
  { fault: "everything but the script itself is missing", answers: { [MODULE]: missing, [FALLBACK]: missing, [SHELL]: missing }, core: "loader" },
];

const html = (attributes = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict page</title><link rel="icon" href="/icon.svg"><script src="/stub.js" nonce="abc" integrity="${digestOf(stub)}"></script>
<script async src="/chatvitals.js" data-endpoint="/api/events" ${attributes}></script></head><body><h1>Strict page</h1></body></html>`;

const seen = {};

inBrowsers("a strict page", (stageFor, browser) => {
  for (const [at, { csp, fault, attributes, init, answers = {}, core, sends = true }] of [...POLICIES, ...FAULTS].entries()) {
    test(fault ?? (csp || "no policy"), async (t) => {
      const stage = await stageFor(t, {
        open: false,
        init,
        pages: {
          "/": (_, res) => res.writeHead(200, { "content-type": "text/html", ...(csp && { "content-security-policy": csp }) }).end(html(attributes)),
          "/stub.js": (_, res) => res.writeHead(200, { "content-type": "text/javascript" }).end(stub),
          "/next": '<!doctype html><title>Next</title><link rel="icon" href="/icon.svg">',
          "/icon.svg": (_, res) => res.writeHead(200, { "content-type": "image/svg+xml" }).end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
          ...answers,
        },
      });
      const page = await stage.newTab(null);
      await page.goto(`${stage.site.url}/`);
      // Where the shell is never to come, the browser says so.
      if (core === "loader" || core === "nothing") await until(() => stage.noise.length > 0);
      else await page.waitForFunction(() => window.chatvitals?.tracker);
      const left = await page.evaluate(async () => {
        if (!window.chatvitals?.kept) return "nothing";
        if (!window.chatvitals.tracker) return "loader";
        return (await window.chatvitals.tracker.ready) ? "core" : "shell";
      });
      const asked = stage.site.requests.some(({ path }) => path === FALLBACK);
      const kind = left !== "core" ? left : asked ? "fallback" : "wasm";
      await page.goto(`${stage.site.url}/next`);
      const printed = stage.noise.length > 0;
      (seen[at] ??= {})[browser] = { left: sends ? kind : `${kind}, but nothing is sent`, printed };
      assert.equal(kind, core);
      if (core === "loader") {
        const events = await stage.collector.waitFor((all) => all.length > 0);
        assert.deepEqual(events.map(({ type, properties }) => [type, properties]), [["page_view", { url: `${stage.site.url}/`, path: "/", navigationType: "navigate" }]]);
      } else if (core !== "nothing" && sends) {
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
    const name = row.fault ?? (row.csp ? `\`${row.csp.replace(/(sha\d+-)[^']+/g, "$1…")}\`` : "none");
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
