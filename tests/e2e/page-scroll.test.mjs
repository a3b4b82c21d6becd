// Scroll depth: once per view and depth, of the page or of what scrolls in its place, and nothing for what never scrolled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers, tracked } from "./lib/stage.mjs";

const TALL = '<div style="height:4000px">tall</div>';
const percents = (events) => events.filter((event) => event.type === "scroll_depth").map((event) => event.properties.percent);
const scrollTo = (page, top, selector) =>
  page.evaluate((to, css) => (css ? document.querySelector(css) : window).scrollTo(0, to), top, selector ?? null);

inBrowsers("scroll depth", (stage) => {
  test("each depth once per view, with its place, and the deepest when the view is left", async (t) => {
    const { page, received, settled } = await stage(t, { pages: { "/": TALL } });
    await scrollTo(page, 1600);
    await received("scroll_depth", 2);
    await scrollTo(page, 0);
    await scrollTo(page, 1650);
    await scrollTo(page, 99999);
    const depths = await received("scroll_depth", 5);
    assert.deepEqual(percents(depths), [25, 50, 75, 90, 100]);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (const { properties } of depths) assert.ok(Math.abs(properties.px - (height * properties.percent) / 100) < 1, JSON.stringify(properties));
    // The next view is a new page to scroll.
    await page.evaluate(() => {
      history.pushState({}, "", "/next");
      scrollTo(0, 0);
    });
    const [left] = await received("page_leave");
    assert.equal(left.properties.maxScrollPercent, 100);
    assert.ok(Math.abs(left.properties.maxScrollPx - height) < 2);
    await scrollTo(page, 1000);
    const again = (await received("scroll_depth", 6)).slice(5);
    assert.deepEqual([percents(again), again[0].path], [[25], "/next"]);
    assert.equal(percents(await settled(page)).length, 6);
  });

  test("a page that fits was seen whole, and not scrolled", async (t) => {
    const { page, received, settled } = await stage(t);
    // Its layout is read when the view is announced, not while a route changes.
    await received("page_view");
    await scrollTo(page, 500);
    await page.evaluate(() => history.pushState({}, "", "/next"));
    const [left] = await received("page_leave");
    assert.equal(left.properties.maxScrollPercent, 100);
    assert.deepEqual(percents(await settled(page)), []);
  });

  test("a page that grows has more to see, and what was reached stays reached", async (t) => {
    const { page, received, settled } = await stage(t, { pages: { "/": '<div id="feed" style="height:1200px">feed</div>' } });
    await scrollTo(page, 9999);
    await received("scroll_depth", 5);
    await page.evaluate(() => (document.querySelector("#feed").style.height = "12000px"));
    await scrollTo(page, 2000);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    await page.evaluate(() => history.pushState({}, "", "/next"));
    const [left] = await received("page_leave");
    assert.ok(left.properties.maxScrollPx > 2000, JSON.stringify(left.properties));
    assert.deepEqual(percents(await settled(page)), [25, 50, 75, 90, 100]);
  });

  test("a page that is short until it has loaded was not seen whole", async (t) => {
    const { page, received } = await stage(t, { pages: { "/": '<div id="app">loading</div>' } });
    await received("page_view");
    await page.evaluate(() => (document.querySelector("#app").style.height = "6000px"));
    await page.goto("about:blank");
    const [left] = await received("page_leave");
    assert.ok(left.properties.maxScrollPercent < 25, JSON.stringify(left.properties));
  });

  const PANES = `<style>body{margin:0;overflow:hidden;height:100vh;display:flex}aside{width:150px;overflow:auto;height:100vh}main{flex:1;overflow:auto;height:100vh}</style>
    <aside><div style="height:9000px">side</div></aside><main><div style="height:4000px">main</div></main>`;

  test("where the page itself cannot scroll, what scrolls at its middle is the page", async (t) => {
    const { page, received, settled } = await stage(t, { pages: { "/": PANES } });
    await scrollTo(page, 8000, "aside");
    await scrollTo(page, 2000, "main");
    await received("scroll_depth", 2);
    assert.deepEqual(percents(await settled(page)), [25, 50], "of the main pane; the side pane is none of it");
  });

  test("the container that the site names is what counts", async (t) => {
    const { page, received, settled } = await stage(t, { attributes: `data-page='{"scrollContainer":"aside"}'`, pages: { "/": PANES } });
    await scrollTo(page, 3900, "main");
    await scrollTo(page, 9999, "aside");
    const depths = await received("scroll_depth", 5);
    assert.equal(Math.round(depths[4].properties.px), 9000);
    assert.equal(percents(await settled(page)).length, 5);
  });

  test("no layout is read while an event is handled", async (t) => {
    const { page, received } = await stage(t, {
      pages: { "/": tracked(`<button>press</button>${TALL}`, { attributes: "" }) },
      init: () => {
        // Every read that makes a browser compute the layout notes whether an event is being handled.
        window.reads = [];
        const note = (name) => window.handling && window.reads.push(`${name} in ${window.handling}`);
        for (const [owner, names] of [
          [Element.prototype, ["scrollTop", "scrollLeft", "scrollHeight", "scrollWidth", "clientHeight", "clientWidth"]],
          [HTMLElement.prototype, ["offsetTop", "offsetHeight", "offsetWidth", "innerText"]],
          [window, ["innerWidth", "innerHeight", "scrollY", "pageYOffset"]],
        ]) {
          for (const name of names) {
            const { get, set } = Object.getOwnPropertyDescriptor(owner, name);
            Object.defineProperty(owner, name, { configurable: true, set, get() { note(name); return get.call(this); } });
          }
        }
        for (const [owner, names] of [[Element.prototype, ["getBoundingClientRect", "getClientRects"]], [Document.prototype, ["elementFromPoint"]], [window, ["getComputedStyle"]]]) {
          for (const name of names) {
            const original = owner[name];
            owner[name] = function (...args) { note(name); return original.apply(this, args); };
          }
        }
        for (const target of [EventTarget.prototype]) {
          const add = target.addEventListener;
          target.addEventListener = function (type, listener, options) {
            if (!/^(scroll|wheel|pointer|touch|click|auxclick|key|mouse)/.test(type) || typeof listener !== "function") return add.call(this, type, listener, options);
            return add.call(this, type, function (event) {
              window.handling = type;
              try { return listener.call(this, event); } finally { window.handling = ""; }
            }, options);
          };
        }
      },
    });
    await page.mouse.move(30, 30);
    await page.click("button");
    await page.keyboard.press("Tab");
    await scrollTo(page, 3000);
    await page.mouse.wheel({ deltaY: 500 }).catch(() => {});
    await received("scroll_depth", 3);
    await received("click");
    assert.deepEqual(await page.evaluate(() => window.reads), []);
  });
});
