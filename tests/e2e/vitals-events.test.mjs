// What the collector receives of a page's vitals: each once, with its reasons, in the view it belongs to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers, running, tracked } from "./lib/stage.mjs";

const IMAGE = `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="300"><rect width="100%" height="100%" fill="teal"/><!--${"x".repeat(6000)}--></svg>`;
const image = (req, res) => res.writeHead(200, { "content-type": "image/svg+xml" }).end(IMAGE);
const elsewhere = '<!doctype html><link rel="icon" href="data:,"><p>Elsewhere';
const SLOW = "const until = performance.now() + 120; while (performance.now() < until);";
const PAGE = `<style>* { margin: 0 }</style><main><h1>Heading</h1><img src="/image.svg?token=secret&utm_source=x" alt="" width="700" height="300">
<p><button id="slow" onclick="${SLOW}">Slow</button></p></main>
<script>const shift = () => document.querySelector("main").insertAdjacentHTML("afterbegin", "<hr style='height: 90px'>");
const seen = { click: 0, shift: 0 };
for (const [type, name] of [["event", "click"], ["layout-shift", "shift"]]) try {
  new PerformanceObserver((list) => (seen[name] += list.getEntries().filter((entry) => type !== "event" || entry.name === name).length)).observe({ type, durationThreshold: 16, buffered: true });
} catch {}</script>`;
const pages = { "/": PAGE, "/image.svg": image, "/elsewhere": elsewhere };

const near = (a, b) => Math.abs(a - b) < 0.01;
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const named = (events, name) => events.filter((event) => event.properties.name === name);
const supports = (page, type) => page.evaluate((type) => PerformanceObserver.supportedEntryTypes.includes(type), type);
/** Clicks what is slow, and waits until the browser has told of it. */
async function click(page, times = 1) {
  await page.click("#slow");
  await page.waitForFunction((times) => seen.click >= times, {}, times);
  await idle(page);
}
const idle = (page) => page.evaluate(async () => {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(() => requestIdleCallback(resolve, { timeout: 1000 })));
  }
});
const leave = (page, site) => page.goto(`${site.url}/elsewhere`);

inBrowsers("vitals", (stage) => {
  test("every vital the browser can measure, once, with the element and the phases", async (t) => {
    const { page, site, collector, received, noise } = await stage(t, { pages });
    const shifts = await supports(page, "layout-shift");
    if (shifts) {
      await page.evaluate(() => shift());
      await page.waitForFunction(() => seen.shift > 0);
    }
    await idle(page);
    await click(page);
    await leave(page, site);
    const wanted = ["FCP", "FID", "INP", "LCP", "TTFB", ...(shifts ? ["CLS"] : [])].sort();
    const vitals = await received("web_vital", wanted.length);
    await collector.waitFor((all) => all.some((event) => event.type === "page_leave"));
    assert.deepEqual(vitals.map((event) => event.properties.name).sort(), wanted);
    const [view] = await received("page_view");
    const ids = new Set();
    for (const { properties, viewId, path, sessionId } of vitals) {
      assert.deepEqual([viewId, path, sessionId], [view.viewId, "/", view.sessionId]);
      assert.deepEqual([properties.delta, properties.navigationType], [properties.value, "navigate"], JSON.stringify(properties));
      assert.ok(["good", "needs-improvement", "poor"].includes(properties.rating));
      ids.add(properties.id);
    }
    assert.equal(ids.size, wanted.length);
    const of = (name) => named(vitals, name)[0].properties;

    const lcp = of("LCP").attribution;
    assert.match(lcp.target, /img/);
    assert.equal(lcp.url, `${site.url}/image.svg?utm_source=x`);
    assert.ok(near(sum([lcp.timeToFirstByte, lcp.resourceLoadDelay, lcp.resourceLoadDuration, lcp.elementRenderDelay]), of("LCP").value), JSON.stringify(lcp));
    assert.ok(near(lcp.timeToFirstByte, of("TTFB").value));

    const inp = of("INP").attribution;
    assert.equal(inp.interactionTarget, "button#slow");
    assert.equal(inp.interactionType, "pointer");
    assert.ok(inp.processingDuration >= 100, JSON.stringify(inp));
    assert.ok(near(inp.inputDelay + inp.processingDuration + inp.presentationDelay, inp.nextPaintTime - inp.interactionTime));

    const fcp = of("FCP").attribution;
    assert.ok(near(fcp.timeToFirstByte + fcp.firstByteToFCP, of("FCP").value));
    const ttfb = of("TTFB").attribution;
    assert.ok(near(sum(Object.values(ttfb)), of("TTFB").value), JSON.stringify(ttfb));
    assert.equal(of("FID").attribution.eventTarget, "button#slow");
    if (shifts) {
      const cls = of("CLS").attribution;
      assert.ok(near(cls.largestShiftValue, of("CLS").value));
      assert.match(cls.largestShiftTarget, /img|h1|p/);
      assert.equal(cls.loadState, "complete");
    }
    assert.deepEqual(noise, []);
  });

  test("what began with the page belongs to its first view, whatever route is shown when it is told", async (t) => {
    const { page, site, received } = await stage(t, { pages });
    await click(page);
    await page.evaluate(() => history.pushState({}, "", "/second"));
    await received("page_view", 2);
    await leave(page, site);
    const [first] = await received("page_view");
    const vitals = await received("web_vital", 5, (event) => event.properties.name !== "CLS");
    assert.deepEqual(new Set(vitals.map((event) => `${event.viewId} ${event.path}`)), new Set([`${first.viewId} /`]));
  });

  test("an interaction while a chat answers names the turn", async (t) => {
    const { page, site, received } = await stage(t, { pages });
    await page.evaluate(() => {
      chatvitals("chat", "submit", { conversationId: "c1", text: "hi" });
      chatvitals("chat", "responseStarted", { conversationId: "c1", responseId: "r1" });
      chatvitals("chat", "firstToken", { conversationId: "c1" });
    });
    await click(page);
    await page.evaluate(() => chatvitals("chat", "completed", { conversationId: "c1" }));
    await leave(page, site);
    const [inp] = await received("web_vital", 1, (event) => event.properties.name === "INP");
    assert.equal(inp.properties.attribution.turnIndex, 0);
    assert.deepEqual([inp.turnIndex, inp.responseId, inp.dimensions.conversationId], [0, "r1", "c1"]);
    const [ttfb] = await received("web_vital", 1, (event) => event.properties.name === "TTFB");
    assert.deepEqual([ttfb.turnIndex, ttfb.properties.attribution.turnIndex], [undefined, undefined]);
  });

  test("what was over before the response began names no turn, though it is told while that streams", async (t) => {
    let load;
    const held = (req, res) => (load = () => res.writeHead(200, { "content-type": "text/javascript" }).end());
    const pages = { "/": `${PAGE}<script src="/held.js" async></script>`, "/image.svg": image, "/held.js": held, "/elsewhere": elsewhere };
    const { newTab, site, received } = await stage(t, { pages, open: false });
    const page = await newTab(null);
    await page.goto(`${site.url}/`, { waitUntil: "domcontentloaded" });
    await running(page);
    await page.evaluate(() => chatvitals("chat", "responseStarted", { conversationId: "c1", responseId: "r1" }));
    // The first byte is told of once the page has loaded.
    load();
    const [ttfb] = await received("web_vital", 1, (event) => event.properties.name === "TTFB");
    assert.deepEqual([ttfb.turnIndex, ttfb.properties.attribution.turnIndex], [undefined, undefined]);
    await leave(page, site);
  });

  test("none where the site wants none", async (t) => {
    const { page, site, collector, received } = await stage(t, { pages, attributes: `data-page='{"vitals":false}'` });
    await page.click("#slow");
    await leave(page, site);
    await received("page_leave");
    assert.deepEqual((await collector.events("web_vital")).length, 0);
  });

  test("nothing leaves before consent, and what was held arrives with it", async (t) => {
    const { page, collector } = await stage(t, { pages, attributes: 'data-consent="functional"' });
    await click(page);
    assert.deepEqual(await collector.events(), []);
    await page.evaluate(() => chatvitals("setConsent", "analytics"));
    const events = await collector.waitFor((all) => all.filter((event) => event.type === "web_vital").length >= 3);
    const names = events.filter((event) => event.type === "web_vital").map((event) => event.properties.name);
    for (const name of ["FCP", "TTFB", "FID"]) assert.ok(names.includes(name), names.join());
  });

  test("shutdown tells what there is, and then listens to nothing", async (t) => {
    const { page, site, collector, received } = await stage(t, { pages });
    await click(page);
    await page.evaluate(() => chatvitals("shutdown"));
    await received("session_ended");
    const told = (await collector.events("web_vital")).map((event) => event.properties.name);
    for (const name of ["LCP", "INP", "FCP", "TTFB"]) assert.ok(told.includes(name), told.join());
    await page.click("#slow");
    await leave(page, site);
    // The next page's marker comes after whatever that would have sent.
    await page.goto(site.url);
    await received("page_view", 2);
    const all = (await collector.events("web_vital")).filter((event) => event.properties.name === "INP");
    assert.equal(all.length, 1);
  });
});

inBrowsers("vitals of Chromium", (stage) => {
  test("a closed tab has told everything", async (t) => {
    const { page, received } = await stage(t, { pages });
    await click(page);
    await page.close({ runBeforeUnload: false });
    const vitals = await received("web_vital", 5, (event) => event.properties.name !== "CLS");
    assert.deepEqual(vitals.map((event) => event.properties.name).sort(), ["FCP", "FID", "INP", "LCP", "TTFB"]);
  });

  test("windows of shifts that had passed before the tracker came count as if it had been there", async (t) => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    const { site, newTab, received } = await stage(t, { pages, open: null });
    site.before = async (req, res, path) => {
      if (path === "/chatvitals_bg.wasm") await released;
      return false;
    };
    const page = await newTab(null);
    await page.goto(site.url);
    const windows = await page.evaluate(async () => {
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const values = [];
      new PerformanceObserver((list) => values.push(...list.getEntries().map((entry) => entry.value))).observe({ type: "layout-shift" });
      const add = (height) => document.querySelector("main").insertAdjacentHTML("afterbegin", `<hr style="height: ${height}px">`);
      add(300);
      await wait(1300);
      add(20);
      while (values.length < 2) await wait(20);
      return values;
    });
    assert.ok(windows[0] > windows[1] && windows.length === 2, windows.join());
    release();
    await page.waitForFunction(() => window.chatvitals?.tracker?.ready.then((runs) => runs));
    await idle(page);
    await leave(page, site);
    const [cls] = await received("web_vital", 1, (event) => event.properties.name === "CLS");
    assert.ok(Math.abs(cls.properties.value - windows[0]) < 1e-6, `${cls.properties.value}, ${windows}`);
  });

  test("with soft navigations, each route has vitals of its own, in its own view", async (t) => {
    const button = `<button id="next" onclick="history.pushState({}, '', '/route/' + (window.route = (window.route ?? 0) + 1)); document.querySelector('main').innerHTML = '<h2>Route ' + route + '</h2>' + '<p>Words of this route.</p>'.repeat(5 * route)">next</button>`;
    const { page, site, received } = await stage(t, {
      pages: { ...pages, "/": tracked(`<main><h1>Heading</h1></main>${button}<script>let soft = 0; new PerformanceObserver((list) => (soft += list.getEntries().length)).observe({ type: "soft-navigation" })</script>`, { attributes: `data-page='{"softNavigations":true}'` }) },
    });
    for (let route = 1; route <= 2; route++) {
      await idle(page);
      await page.click("#next");
      await page.waitForFunction((route) => soft >= route, {}, route);
    }
    await idle(page);
    await leave(page, site);
    const views = await received("page_view", 3);
    const vitals = await received("web_vital", 12, (event) => ["LCP", "FCP", "TTFB", "CLS"].includes(event.properties.name));
    for (const [place, path] of ["/", "/route/1", "/route/2"].entries()) {
      const own = vitals.filter((event) => event.viewId === views[place].viewId);
      assert.deepEqual(own.map((event) => event.properties.name).sort(), ["CLS", "FCP", "LCP", "TTFB"], path);
      for (const event of own) assert.deepEqual([event.path, event.properties.navigationType], [path, place ? "soft-navigation" : "navigate"]);
    }
  });

  test("after a restore from the back/forward cache the view and its vitals are new", async (t) => {
    const { page, site, received, noise } = await stage(t, { pages });
    await idle(page);
    await leave(page, site);
    await page.goBack();
    const [, second] = await received("page_view", 2);
    assert.equal(second.properties.navigationType, "back-forward-cache");
    const fresh = (event) => event.properties.navigationType === "back-forward-cache";
    await received("web_vital", 3, fresh);
    await leave(page, site);
    const vitals = await received("web_vital", 4, fresh);
    assert.deepEqual(vitals.map((event) => event.properties.name).sort(), ["CLS", "FCP", "LCP", "TTFB"]);
    assert.deepEqual(new Set(vitals.map((event) => event.viewId)), new Set([second.viewId]));
    assert.deepEqual(noise, []);
  });
}, { only: ["chromium"] });
