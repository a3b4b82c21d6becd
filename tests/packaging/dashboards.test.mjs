// `chatvitals/dashboards` from the tarball, with React 18 and 19: on a page that allows nothing but its own files, and on a server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { backlog } from "../e2e/lib/backlog.mjs";
import { launchChromium, listen as hear } from "../e2e/lib/chromium.mjs";
import { install, work } from "./lib/installed.mjs";
import { listen } from "./lib/serve.mjs";

const esbuild = createRequire(import.meta.url)("esbuild");
const BUDGET = { timeout: 300_000 };
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:";
const NOW = Date.parse("2026-11-20T12:00:00Z");
const EVENTS = backlog({ now: NOW });

let browser;
before(async () => {
  await install();
  browser = await launchChromium();
}, BUDGET);
after(() => browser?.close());

test("the widgets import React and nothing else", BUDGET, async () => {
  const { metafile } = await esbuild.build({ stdin: { contents: 'export * from "chatvitals/dashboards"', resolveDir: work }, bundle: true, format: "esm", write: false, metafile: true, external: ["react", "react/*"], logLevel: "silent" });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  assert.deepEqual([...new Set(imported)].sort(), ["react", "react/jsx-runtime"]);
  assert.deepEqual(Object.keys(metafile.inputs).filter((file) => file.includes("recharts")), []);
});

for (const [version, suffix] of [["18", "-18"], ["19", ""]]) {
  describe(`React ${version}`, () => {
    const build = async (contents, settings) => {
      const alias = { react: `react${suffix}`, "react-dom": `react-dom${suffix}` };
      const options = { stdin: { contents, resolveDir: work, loader: "jsx" }, bundle: true, write: false, alias, absWorkingDir: work, jsx: "automatic", define: { "process.env.NODE_ENV": '"development"' }, logLevel: "error" };
      return (await esbuild.build({ ...options, ...settings })).outputFiles[0].text;
    };

    /** Opens a page that renders this into `main`, with `events`, `now` and `data` (a CSAT report) at hand. */
    async function open(t, jsx, { viewport } = {}) {
      const script = await build(`
        import { StrictMode } from "react";
        import { createRoot } from "react-dom/client";
        import * as widgets from "chatvitals/dashboards";
        import { computeCsat, ready } from "chatvitals/metrics";
        const { ConversationTrace, CsatDistribution, LiveFeed, MetricsDashboard } = widgets;
        const { events, now } = await (await fetch("/events.json")).json();
        const options = { now, filter: { range: "7d" } };
        await ready();
        const data = computeCsat(events, options);
        createRoot(document.querySelector("main")).render(<StrictMode>${jsx}</StrictMode>);`, { format: "esm" });
      const files = {
        "/": ["text/html; charset=utf-8", '<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Widgets</title><link rel="icon" href="data:,"></head><body><main></main><script type="module" src="/main.js"></script></body></html>'],
        "/main.js": ["text/javascript", script],
        "/events.json": ["application/json", JSON.stringify({ events: EVENTS, now: NOW })],
        "/chatvitals_metrics_bg.wasm": ["application/wasm", await readFile(join(work, "node_modules/chatvitals/chatvitals_metrics_bg.wasm"))],
      };
      const site = await listen((req, res) => {
        const [type, body] = files[req.url] ?? [];
        res.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain", "content-security-policy": STRICT }).end(body);
      });
      const context = await browser.newContext({ viewport: viewport ?? { width: 1280, height: 800 } });
      t.after(async () => {
        await context.close();
        await site.close();
      });
      const page = await context.newPage();
      const noise = hear(page);
      await page.goto(site.url);
      return { page, said: () => noise.filter((line) => !line.includes("React DevTools")) };
    }

    test("a strict page shows every metric, styled, at 320 px too", BUDGET, async (t) => {
      const { page, said } = await open(t, "<MetricsDashboard events={events} now={now} />", { viewport: { width: 320, height: 700 } });
      const titles = ["Waiting for the assistant", "Chat funnel", "Deflection", "Satisfaction", "Handle time", "Answered by the assistant", "Revenue", "Web Vitals"];
      for (const name of titles) await page.getByRole("region", { name }).locator("dl, table, .cv-big").first().waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
      assert.notEqual(await page.locator(".cv-widget").first().evaluate((widget) => getComputedStyle(widget).borderRadius), "0px");
      assert.deepEqual(said(), []);
    });

    test("a report that is handed in shows what the same events show", BUDGET, async (t) => {
      const { page, said } = await open(t, '<><CsatDistribution title="Given" data={data} /><CsatDistribution title="Computed" events={events} options={options} /></>');
      const textOf = (name) => page.getByRole("region", { name }).locator("table").innerText();
      const given = await textOf("Given");
      assert.match(given, /5 stars\s+\d+/);
      assert.equal(await textOf("Computed"), given);
      assert.deepEqual(said(), []);
    });

    test("loading, nothing and failure are said", BUDGET, async (t) => {
      const { page } = await open(t, '<><CsatDistribution title="One" data={undefined} /><CsatDistribution title="Two" events={[]} /><CsatDistribution title="Three" error={new Error("no answer")} /><CsatDistribution title="Four" events={events} options={{ filter: { range: "1y" } }} /></>');
      await page.getByRole("region", { name: "One" }).getByText("Loading").waitFor();
      await page.getByRole("region", { name: "Two" }).getByText("Nobody rated").waitFor();
      await page.getByRole("region", { name: "Three" }).getByText("no answer").waitFor();
      await page.getByRole("region", { name: "Four" }).getByText("24h").waitFor();
    });

    test("a chart is read by keys; the theme can be chosen", BUDGET, async (t) => {
      const { page } = await open(t, '<><widgets.DeflectionTrend theme="dark" events={events} options={options} /><widgets.AhtHistogram theme="light" events={events} options={options} /></>');
      const chart = page.getByRole("slider", { name: /settled without a human/ });
      await chart.focus();
      await chart.press("Home");
      assert.match(await chart.getAttribute("aria-valuetext"), /^13 Nov: /);
      const before = await page.getByRole("region", { name: "Handle time" }).locator("dl").innerText();
      await page.getByRole("radio", { name: "Human" }).check();
      assert.notEqual(await page.getByRole("region", { name: "Handle time" }).locator("dl").innerText(), before);
      const background = (name) => page.getByRole("region", { name }).evaluate((widget) => getComputedStyle(widget).backgroundColor);
      assert.notEqual(await background("Deflection"), await background("Handle time"));
    });

    test("a visit is told in order, and the feed holds still while it is paused", BUDGET, async (t) => {
      const { page, said } = await open(t, '<><ConversationTrace events={events.filter(({ sessionId }) => sessionId === "visit-0001")} /><LiveFeed events={events.slice(0, 30)} /></>');
      const steps = page.locator(".cv-step");
      assert.equal(await steps.first().getAttribute("data-type"), "session_started");
      assert.equal(await steps.last().getAttribute("data-type"), "session_ended");
      assert.ok((await page.getByText(/whole answer after/).count()) > 0);
      await page.getByRole("searchbox").fill("page_leave");
      assert.deepEqual(await page.getByTestId("feed-row").evaluateAll((rows) => [...new Set(rows.map((row) => row.dataset.type))]), ["page_leave"]);
      assert.deepEqual(said(), []);
    });

    test("a server renders a report, and says of events that they are being counted", BUDGET, async () => {
      const code = await build(`
        import { renderToString } from "react-dom/server";
        import { CsatDistribution } from "chatvitals/dashboards";
        const data = { average: 4.5, distribution: [0, 0, 0, 1, 1], satisfiedShare: 1, responseRate: 0.5, rated: 2, sessions: 4, trend: [], interval: "day", window: { from: null, to: null } };
        module.exports = [renderToString(<CsatDistribution data={data} />), renderToString(<CsatDistribution events={[]} />)];`, { format: "cjs", platform: "node", define: { "process.env.NODE_ENV": '"production"', "import.meta.url": '"file:///x"' } });
      const module = { exports: [] };
      new Function("module", "require", code)(module, createRequire(import.meta.url));
      assert.match(module.exports[0], /4\.5/);
      assert.match(module.exports[1], /Loading/);
    });
  });
}
