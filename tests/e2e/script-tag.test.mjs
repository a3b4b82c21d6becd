// The one line of HTML, in every way it gets into a page.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { required } from "./lib/env.mjs";
import { pass, startSite } from "./lib/site.mjs";
import { SOON, inBrowsers, running } from "./lib/stage.mjs";

const script = await readFile(join(required("CHATVITALS_PKG"), "chatvitals.js"));
const integrity = `sha384-${createHash("sha384").update(script).digest("base64")}`;
const STUB = `window.chatvitals = window.chatvitals || function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) };`;
const TAG = 'src="/chatvitals.js" data-endpoint="/api/events"';
const page = (head, body = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">${head}</head><body><h1>Shop</h1>${body}</body></html>`;

/** One tracker, one visit, one page view and one sign-up, whatever the page looks like. */
const WAYS = {
  "async in the head": page(`<script async ${TAG}></script>`),
  "deferred": page(`<script defer ${TAG}></script>`),
  "blocking, at the end of the body": page("", `<script ${TAG}></script>`),
  "as a module": page(`<script type="module" ${TAG}></script>`),
  "written by document.write": page(`<script>document.write('<script ${TAG}><\\/script>')</script>`),
  "inserted by another script": page(`<script>const s = document.createElement("script"); s.src = "/chatvitals.js"; s.dataset.endpoint = "/api/events"; document.head.append(s)</script>`),
  "included twice": page(`<script async ${TAG}></script>`, `<script async ${TAG}></script>`),
  "twice, one of them late": page(`<script async ${TAG}></script>`, `<script>addEventListener("load", () => { const s = document.createElement("script"); s.src = "/chatvitals.js?again"; s.dataset.endpoint = "/api/events"; document.head.append(s) })</script>`),
  "with integrity": page(`<script async integrity="${integrity}" crossorigin ${TAG}></script>`),
  "with a nonce": page(`<script async nonce="abc" ${TAG}></script>`),
  "among the attributes of other tools": page(`<script async data-cfasync="false" data-nscript="afterInteractive" data-turbo-track="reload" data-turbo-eval="false" data-domain="shop.example" data-astro-rerun data-n-head="ssr" data-loaded="x{" ${TAG}></script>`),
};

const count = (events, type) => events.filter((event) => event.type === type).length;

inBrowsers("the script tag", (stageFor, browser) => {
  for (const [way, html] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const stage = await stageFor(t, { pages: { "/": html.replace("<title>", `<script nonce="abc">${STUB} chatvitals("track", "signup", { plan: "pro" })</script><title>`), "/next": page("") } });
      await stage.page.evaluate(() => window.chatvitals("track", "later"));
      await stage.page.goto(`${stage.site.url}/next`);
      const events = await stage.collector.waitFor((all) => count(all, "page_leave"));
      for (const type of ["session_started", "page_view", "signup", "later", "page_leave"]) assert.equal(count(events, type), 1, type);
      assert.deepEqual(stage.noise, []);
    });
  }

  test("options come from attributes, from the stub, and from the script's own address", async (t) => {
    const head = `<script>${STUB} chatvitals("options", { dimensions: () => ({ cart: 3 }), context: { app: "shop" } })</script><script async src="/chatvitals.js?s1=red" data-n1="4.5" data-b1="true" ${SOON} data-page='{"clicks":false}'></script>`;
    const stage = await stageFor(t, { pages: { "/": page(head) } });
    await stage.page.evaluate(() => {
      document.querySelector("h1").click();
      window.chatvitals("track", "signup");
    });
    const [signup] = await stage.received("signup");
    assert.equal(signup.dimensions.cart, 3);
    assert.deepEqual([signup.context.app, signup.context.s1, signup.context.n1, signup.context.b1], ["shop", "red", 4.5, true]);
    assert.equal(count(await stage.collector.events(), "click"), 0);
    assert.deepEqual(stage.noise, []);
  });

  test("a misspelt option is one clear line in the console, and the page works on", async (t) => {
    const stage = await stageFor(t, { pages: { "/": page(`<script async src="/chatvitals.js" ${SOON} data-sample-rat="0.5"></script>`) } });
    assert.deepEqual(stage.noise, ['error: ChatVitals: unknown option "sampleRat"; "sampleRate" was probably meant']);
    await stage.received("page_view");
  });

  test("a wrong value is one clear line too, and nothing is tracked", async (t) => {
    const stage = await stageFor(t, { open: false, pages: { "/": page(`<script async ${TAG} data-sample-rate="often"></script>`) } });
    const tab = await stage.newTab(null);
    await tab.goto(stage.site.url);
    await tab.waitForFunction(() => window.chatvitals.tracker);
    assert.equal(await tab.evaluate(() => window.chatvitals.tracker.ready), false);
    await tab.evaluate(() => window.chatvitals("track", "signup"));
    assert.deepEqual(stage.noise, ['error: ChatVitals: option "sampleRate" should be a number from 0 to 1, but was "often"']);
    await tab.goto("about:blank");
    assert.deepEqual(await stage.collector.events(), []);
  });

  test("from another origin, with the collector there too", async (t) => {
    const stage = await stageFor(t, { open: false });
    // The collector itself is the other origin: it serves script and module, and takes the events.
    const origin = stage.collector.url;
    const site = await startSite({ pages: { "/": page(`<script async src="${origin}/chatvitals.js" integrity="${integrity}" crossorigin data-endpoint="${origin}/api/events"></script>`) } });
    t.after(() => site.close());
    const tab = await stage.newTab(null);
    await tab.goto(site.url);
    await running(tab);
    await tab.goto("about:blank");
    const events = await stage.collector.waitFor((all) => count(all, "page_leave") === 1);
    assert.equal(events.find((e) => e.type === "page_view").properties.url, `${site.url}/`);
    assert.deepEqual(stage.noise, []);
  });

  test("inside a sandboxed frame, where storage throws", async (t) => {
    const frame = page(`<script async src="/chatvitals.js" ${SOON}></script>`);
    const stage = await stageFor(t, { open: false, pages: { "/": page("", '<iframe sandbox="allow-scripts" src="/frame"></iframe>'), "/frame": frame } });
    stage.site.before = (req, res, path) => path.startsWith("/api/") && (pass(req, res, stage.collector), true);
    const tab = await stage.newTab(null);
    await tab.goto(stage.site.url);
    await stage.collector.waitFor((all) => count(all, "page_view") === 1 && count(all, "session_started") === 1);
    assert.deepEqual(stage.noise, []);
  });

  if (browser === "chromium") {
    test("with Save-Data, batches are few and large", async (t) => {
      const init = () => Object.defineProperty(navigator, "connection", { value: Object.assign(new EventTarget(), { saveData: true, effectiveType: "4g" }) });
      const stage = await stageFor(t, { init, pages: { "/": page(`<script async ${TAG}></script>`), "/next": page("") } });
      await stage.page.evaluate(() => {
        for (let at = 0; at < 60; at++) window.chatvitals("track", "step", { at });
      });
      const posts = () => stage.site.requests.filter(({ path }) => path === "/api/events").length;
      assert.equal(posts(), 0);
      await stage.page.goto(`${stage.site.url}/next`);
      const events = await stage.collector.waitFor((all) => count(all, "step") === 60);
      assert.equal(posts(), 1);
      assert.equal(count(events, "page_view"), 1);
    });
  }
});
