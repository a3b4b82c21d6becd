// chatvitals/react with React 18 and 19, in development mode and StrictMode, where everything happens twice.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen } from "../e2e/lib/chromium.mjs";
import { startCollector } from "../e2e/lib/collector.mjs";
import { freshApp, install, work } from "./lib/installed.mjs";
import { serve } from "./lib/serve.mjs";

const require = createRequire(import.meta.url);
const esbuild = require("esbuild");

let browser;
before(
  async () => {
    await install();
    browser = await launchChromium();
  },
  { timeout: 300_000 },
);
after(() => browser?.close());

const of = (events, type) => events.filter((event) => event.type === type);

for (const [version, suffix] of [["18", "-18"], ["19", ""]]) {
  describe(`React ${version}`, () => {
    let folder;
    before(async () => {
      folder = await freshApp("react", `react-${version}`);
      const alias = { react: `react${suffix}`, "react-dom": `react-dom${suffix}` };
      // An alias is looked up from the working directory, not from the importing file.
      const options = { bundle: true, alias, absWorkingDir: work, jsx: "automatic", define: { "process.env.NODE_ENV": '"development"' }, logLevel: "error" };
      await esbuild.build({ ...options, entryPoints: [join(folder, "main.jsx")], format: "esm", outfile: join(folder, "out/main.js") });
      await writeFile(join(folder, "server.jsx"), 'import { renderToString } from "react-dom/server"; import { createTracker } from "chatvitals"; import { App } from "./main.jsx"; export const html = renderToString(<App tracker={createTracker({ consent: "functional" })} />);');
      await esbuild.build({ ...options, entryPoints: [join(folder, "server.jsx")], platform: "node", format: "cjs", outfile: join(folder, "out/server.cjs") });
      await writeFile(join(folder, "out/chatvitals_bg.wasm"), await readFile(join(work, "node_modules/chatvitals/chatvitals_bg.wasm")));
    });

    /** Opens the application with these settings of its tracker. */
    async function open(t, { settings = {}, html = "", path = "/", init } = {}) {
      const collector = await startCollector();
      const page = `<!doctype html><html lang="en"><head><title>React</title><link rel="icon" href="data:,"></head><body><div id="root">${html}</div><script>window.settings = ${JSON.stringify(settings)}</script><script type="module" src="/main.js"></script></body></html>`;
      await writeFile(join(folder, "out/index.html"), page);
      const site = await serve(join(folder, "out"), collector);
      const context = await browser.newContext();
      t.after(async () => {
        await context.close();
        await site.close();
        await collector.close();
      });
      if (init) await context.addInitScript(init);
      const tab = await context.newPage();
      const noise = listen(tab);
      await tab.goto(site.url + path);
      await tab.waitForFunction(() => window.app?.tracker.ready.then((runs) => runs));
      return {
        tab,
        collector,
        /** What was said beside React's own advice. */
        said: () => noise.filter((line) => !line.includes("React DevTools")),
        /** Everything that arrived before a marker that is sent now. */
        async settled() {
          await tab.evaluate(() => window.app.tracker.track("marker"));
          return (await collector.waitFor((all) => of(all, "marker").length > 0)).filter((e) => e.type !== "marker");
        },
      };
    }

    test("one visit, and one view for each route", async (t) => {
      const { tab, settled, said } = await open(t);
      for (const path of ["/a", "/b", "/a"]) await tab.evaluate((path) => window.app.go(path), path);
      await tab.goBack();
      await tab.getByRole("heading", { name: "/b" }).waitFor();
      const events = await settled();
      assert.equal(of(events, "session_started").length, 1);
      assert.deepEqual(of(events, "page_view").map((e) => e.path), ["/", "/a", "/b", "/a", "/b"]);
      assert.deepEqual(said(), []);
    });

    test("usePageView: one view for each, and again when the visitor comes back", async (t) => {
      const { tab, settled } = await open(t, { settings: { page: { views: false } }, path: "/by-hand" });
      await tab.getByRole("heading", { name: "one" }).waitFor();
      await tab.evaluate(() => window.app.setTab("two"));
      await tab.getByRole("heading", { name: "two" }).waitFor();
      await tab.evaluate(() => window.app.go("/elsewhere"));
      await tab.getByRole("heading", { name: "/elsewhere" }).waitFor();
      await tab.evaluate(() => window.app.go("/by-hand"));
      await tab.getByRole("heading", { name: "one" }).waitFor();
      assert.deepEqual(of(await settled(), "page_view").map((e) => [e.path, e.properties.title]), [["/by-hand/one", "one"], ["/by-hand/two", "two"], ["/by-hand/one", "one"]]);
    });

    test("one impression for each message, however often it is rendered, and only once it is half visible", async (t) => {
      const { tab, collector, settled, said } = await open(t, { path: "/chat" });
      await tab.waitForFunction(() => window.app.say);
      await tab.evaluate(() => ["m-1", "m-2", "long-3", "m-4"].forEach((id) => window.app.say(id)));
      for (let times = 0; times < 3; times++) await tab.evaluate(() => window.app.again());
      await tab.evaluate(() => window.app.say("far", { errorCode: "overloaded" }));
      await collector.waitFor((all) => of(all, "message_impression").length >= 3);
      await tab.evaluate(() => window.app.go("/"));
      await tab.getByRole("heading", { name: "/" }).waitFor();
      await tab.evaluate(() => window.app.go("/chat"));
      await tab.evaluate(() => ["m-1", "m-2"].forEach((id) => window.app.say(id)));
      const events = await settled();
      assert.deepEqual(of(events, "message_impression").map((e) => e.properties.messageId).sort(), ["long-3", "m-1", "m-2"]);
      assert.equal(of(events, "error_shown").length, 0);
      assert.deepEqual(said(), []);
    });

    test("useChat gives every component the same chat", async (t) => {
      const { tab, settled } = await open(t, { path: "/chat" });
      await tab.waitForFunction(() => window.app.ask);
      assert.equal(await tab.evaluate(() => window.app.chatIsTheSame), true);
      await tab.evaluate(() => window.app.ask());
      const sent = of(await settled(), "user_message_sent");
      assert.deepEqual(sent.map((e) => [e.properties.charCount, e.dimensions.conversationId]), [[2, "c-1"]]);
    });

    test("useChatObservability gives ChatKit's callbacks, the same ones on every render", async (t) => {
      const { tab, settled } = await open(t, { path: "/chat" });
      await tab.waitForFunction(() => window.app.observed);
      const names = await tab.evaluate(async () => {
        const { observed, again } = window.app;
        again();
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
        if (window.app.observed !== observed) throw new Error("made anew");
        observed.onResponseStart();
        observed.onResponseEnd();
        return Object.keys(observed);
      });
      for (const name of ["onLog", "onResponseStart", "onResponseEnd", "onThreadChange", "onError"]) assert.ok(names.includes(name), name);
      const events = await settled();
      assert.equal(of(events, "assistant_response_started").length, 1);
      assert.equal(of(events, "assistant_response_completed").length, 1);
    });

    test("useConsent shows what was decided, and opens the gate", async (t) => {
      const { tab, collector, said } = await open(t, { settings: { consent: "functional" } });
      assert.deepEqual(await collector.events(), []);
      await tab.getByRole("button", { name: "Consent: functional" }).click();
      await tab.getByRole("button", { name: "Consent: analytics" }).waitFor();
      await collector.waitFor((all) => of(all, "page_view").length === 1);
      assert.deepEqual(said(), []);
    });

    test("TrackedErrorBoundary reports an error once, without what it says, and lets it be repaired", async (t) => {
      const { tab, settled } = await open(t, { settings: { page: { errors: false } } });
      await tab.evaluate(() => window.app.go("/broken"));
      const button = tab.getByRole("button", { name: "of my secret" });
      await button.waitFor();
      await tab.evaluate(() => void (window.app.repaired = true));
      await button.click();
      await tab.getByRole("heading", { name: "Repaired" }).waitFor();
      const errors = of(await settled(), "js_error");
      assert.equal(errors.length, 1);
      assert.match(errors[0].properties.fingerprint, /^[0-9a-f]{8}$/);
      assert.deepEqual([errors[0].properties.type, errors[0].properties.source, errors[0].properties.message], ["error:RangeError", "<Fragile>", undefined]);
    });

    test("what is rendered and never shown says nothing", async (t) => {
      const { tab, settled } = await open(t, { settings: { page: { views: false } } });
      await tab.evaluate(() => window.app.go("/slow"));
      const before = await settled();
      assert.deepEqual([of(before, "page_view").length, of(before, "message_impression").length], [0, 0]);
      await tab.evaluate(() => window.app.load());
      await tab.getByRole("heading", { name: "Loaded" }).waitFor();
      await tab.waitForFunction(() => window.app.tracker.events().some((e) => e.type === "page_view"));
    });

    test("hydrated without a word from React", async (t) => {
      const { html } = require(join(folder, "out/server.cjs"));
      assert.match(html, /Consent: .*functional/);
      const { tab, collector, said } = await open(t, { html, settings: { consent: "functional" } });
      await tab.getByRole("button", { name: "Consent: functional" }).click();
      await collector.waitFor((all) => of(all, "page_view").length === 1);
      assert.deepEqual(said(), []);
    });

    test("taking the application away leaves no observer behind, and the tracker to its owner", async (t) => {
      const count = () => {
        window.watching = 0;
        const Native = window.IntersectionObserver;
        window.IntersectionObserver = class extends Native {
          observe(element) {
            window.watching++;
            super.observe(element);
          }
          disconnect() {
            window.watching = Math.max(0, window.watching - 1);
            super.disconnect();
          }
        };
      };
      const { tab, collector } = await open(t, { path: "/chat", init: count, settings: { page: { impressions: false } } });
      await tab.waitForFunction(() => window.app.say);
      await tab.evaluate(() => Array.from({ length: 60 }, (_, at) => window.app.say(`m-${at}`)));
      await tab.waitForFunction(() => document.querySelectorAll("li").length === 60);
      assert.ok((await tab.evaluate(() => window.watching)) > 0);
      await tab.evaluate(() => window.app.unmount());
      assert.equal(await tab.evaluate(() => window.watching), 0);
      await tab.evaluate(() => window.app.tracker.track("still_here"));
      await collector.waitFor((all) => of(all, "still_here").length === 1);
    });

    test("a tracker made anew by a hot reload takes over from the one before", async (t) => {
      const { tab, settled } = await open(t);
      await tab.evaluate(() => window.app.replace());
      await tab.waitForFunction(() => window.app.tracker.ready.then((runs) => runs));
      await tab.evaluate(() => window.app.go("/a"));
      const views = of(await settled(), "page_view").map((e) => e.path);
      assert.deepEqual(views.filter((path) => path === "/a"), ["/a"]);
    });
  });
}
