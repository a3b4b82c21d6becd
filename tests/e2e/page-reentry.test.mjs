// The page's own functions run while the tracker works: its listeners, its dimensions, what it has wrapped. Whatever they
// ask of the tracker meanwhile is answered, and nothing is lost, told twice or thrown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers, until } from "./lib/stage.mjs";

/** Functions of the page that call in again: the first time each is called after `window.within` was set, it runs that. */
function wrap() {
  const again = (from) => {
    if (!window.within || window.called.includes(from)) return;
    window.called.push(from);
    window.within(from);
  };
  window.called = [];
  for (const [object, method] of [[window, "fetch"], [navigator, "sendBeacon"], [Storage.prototype, "setItem"]]) {
    const own = object[method];
    object[method] = function (...args) {
      again(method);
      return own.apply(this, args);
    };
  }
  window.chatvitals = (...words) => (window.chatvitals.q ??= []).push([Date.now(), ...words]);
  window.chatvitals("options", { dimensions: () => (again("dimensions"), { plan: "pro" }) });
  window.chatvitals("subscribe", () => again("listener"));
}

const PAGES = { "/": "<h1>Again</h1>", "/next": "<h1>Next</h1>" };

inBrowsers("functions of the page that call in again", (stage) => {
  test("get true answers, and what they track arrives once", async (t) => {
    const { page, received, settled, noise, site } = await stage(t, { pages: PAGES, init: wrap });
    await page.evaluate(() => {
      window.answers = [];
      window.within = (from) => {
        const before = window.chatvitals("stats").captured;
        window.chatvitals("track", "again", { from });
        window.chatvitals("flush");
        const counted = window.chatvitals("stats").captured - before;
        const kept = window.chatvitals("events").some(({ properties }) => properties?.from === from);
        // One of those within another counts that, too.
        window.answers.push([from, counted > 0, kept, window.chatvitals("summary").purchaseCount]);
      };
      window.chatvitals("track", "probe");
      window.chatvitals("chat").submit({ text: "what" });
      window.chatvitals("flush");
    });
    const early = ["dimensions", "fetch", "listener", "setItem"];
    await received("again", early.length);
    assert.deepEqual(await page.evaluate(() => window.answers.sort()), early.map((from) => [from, true, true, 0]));
    const [probe] = await received("probe");
    assert.equal(probe.dimensions.plan, "pro");
    await settled(page);
    await page.goto(`${site.url}/next`);
    const all = await received("again", early.length + 1);
    assert.deepEqual(all.map(({ properties }) => properties.from).sort(), [...early, "sendBeacon"].sort());
    assert.deepEqual(noise, []);
  });

  for (const from of ["listener", "dimensions", "fetch"]) {
    test(`shut the tracker down once (${from})`, async (t) => {
      const { page, received, collector, noise } = await stage(t, { pages: PAGES, init: wrap });
      await received("page_view");
      await page.evaluate((from) => {
        window.within = (now) => now === from && window.chatvitals("shutdown");
        window.chatvitals("track", "probe");
        window.chatvitals("flush");
      }, from);
      await until(() => page.evaluate((from) => window.called.includes(from), from), from);
      // It is the last to be told, by a page that stays.
      await page.evaluate(() => window.chatvitals("shutdown"));
      await received("session_ended");
      const types = (await collector.events()).map(({ type }) => type);
      for (const once of ["page_leave", "session_ended"]) assert.equal(types.filter((type) => type === once).length, 1, types.join());
      assert.deepEqual(noise, []);
    });
  }

  test("stop it while it tells what the page's vitals were", async (t) => {
    const { page, received, collector, noise } = await stage(t, { pages: PAGES, init: wrap });
    await received("page_view");
    await page.evaluate(() => {
      window.chatvitals("subscribe", ({ type }) => type === "web_vital" && window.chatvitals("shutdown"));
      window.chatvitals("shutdown");
    });
    await received("session_ended");
    const types = (await collector.events()).map(({ type }) => type);
    for (const once of ["page_leave", "session_ended"]) assert.equal(types.filter((type) => type === once).length, 1, types.join());
    assert.deepEqual(noise, []);
  });
});
