// Sessions: one id for one visit, in every tab, through reloads, sleep and clocks that are set; ended once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers, running } from "./lib/stage.mjs";

const MINUTE = 60_000;
const ids = (events) => [...new Set(events.map((event) => event.sessionId))];
const of = (events, type) => events.filter((event) => event.type === type);

/** A wall clock that a test can move: in this tab at once, in tabs loaded later from the start. */
const movableClock = () => {
  const real = Date.now.bind(Date);
  window.moved = Number(new URLSearchParams(location.search).get("clock") ?? 0);
  Date.now = () => real() + window.moved;
};
const move = (page, ms) => page.evaluate((by) => void (window.moved += by), ms);
const act = (page, name) => page.evaluate((event) => window.chatvitals("track", event), name);
/** Hidden, as the page is told by a real browser. */
const hide = (page) =>
  page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });

inBrowsers("sessions", (stage) => {
  test("a visit keeps its id through pages and reloads, and begins once", async (t) => {
    const { page, go, settled, noise } = await stage(t, { pages: { "/": "one", "/two": "two" } });
    await go(page, "/two");
    await page.reload();
    await running(page);
    const all = await settled(page);
    assert.equal(ids(all).length, 1);
    const [started, ...more] = of(all, "session_started");
    assert.deepEqual(more, []);
    assert.deepEqual([started.properties.resumed, started.properties.identityKind, started.properties.previousId], [false, "guest", undefined]);
    assert.equal(started.path, "/", "it knows the page it began on");
    assert.deepEqual(noise, []);
  });

  test("tabs opened in the same moment are one visit", async (t) => {
    const { newTab, site, received, settled } = await stage(t, { open: null });
    const tabs = [await newTab(null), await newTab(null), await newTab(null)];
    await Promise.all(tabs.map((tab) => tab.goto(site.url)));
    await Promise.all(tabs.map(running));
    await received("page_view", 3);
    const all = await settled(tabs[0]);
    assert.equal(of(all, "session_started").length, 1, JSON.stringify(all.map((event) => [event.type, event.sessionId])));
    assert.equal(ids(all).length, 1);
    assert.equal(new Set(all.map((event) => event.id)).size, all.length);
  });

  test("tabs that were idle and wake together begin one next visit, and end the last once", async (t) => {
    const { page, newTab, received, settled } = await stage(t, { init: movableClock });
    const other = await newTab("/");
    await received("page_view", 2);
    await Promise.all([move(page, 31 * MINUTE), move(other, 31 * MINUTE)]);
    await Promise.all([act(page, "woke_a"), act(other, "woke_b")]);
    const [a] = await received("woke_a");
    const [b] = await received("woke_b");
    const all = await settled(page);
    const [first, second, ...more] = of(all, "session_started");
    assert.deepEqual(more, []);
    assert.deepEqual([a.sessionId, b.sessionId], [second.sessionId, second.sessionId]);
    assert.equal(second.properties.previousId, first.sessionId);
    const ended = of(all, "session_ended");
    assert.equal(ended.length, 1);
    assert.equal(ended[0].sessionId, first.sessionId);
    assert.ok(ended[0].properties.durationMs < MINUTE, "to the last activity, not to the waking");
    assert.deepEqual([ended[0].properties.userTurnCount, ended[0].properties.assistantTurnCount], [0, 0]);
  });

  test("a tab that slept takes up the visit that another tab kept alive", async (t) => {
    const { page, newTab, received } = await stage(t, { init: movableClock });
    const other = await newTab("/");
    await received("page_view", 2);
    for (const _ of [1, 2]) {
      await move(other, 20 * MINUTE);
      await act(other, "busy");
    }
    await received("busy", 2);
    await move(page, 40 * MINUTE);
    await act(page, "back");
    const [back] = await received("back");
    const [busy] = await received("busy");
    assert.equal(back.sessionId, busy.sessionId);
    assert.equal((await received("session_started")).length, 1);
  });

  test("a visit ends at its maximum length however busy it is", async (t) => {
    const { page, received, settled } = await stage(t, { init: movableClock, attributes: `data-session='{"maxHours":1}'` });
    await received("page_view");
    for (const _ of [1, 2, 3]) {
      await move(page, 19 * MINUTE);
      await act(page, "busy");
    }
    await received("busy", 3);
    await move(page, 5 * MINUTE);
    await act(page, "after");
    await received("after");
    const all = await settled(page);
    assert.equal(ids(of(all, "busy")).length, 1);
    const [after] = of(all, "after");
    assert.notEqual(after.sessionId, of(all, "busy")[0].sessionId);
    assert.equal(of(all, "session_ended")[0].properties.durationMs >= 57 * MINUTE, true);
  });

  test("what happens by itself neither begins a visit nor stretches one that is over", async (t) => {
    const { page, received, settled } = await stage(t, { init: movableClock });
    const [view] = await received("page_view");
    await move(page, 45 * MINUTE);
    await hide(page);
    const [beat] = await received("page_engagement");
    assert.equal(beat.sessionId, view.sessionId);
    assert.ok(Date.parse(beat.timestamp) - Date.parse(view.timestamp) < MINUTE, "it belongs to the visit's last moment");
    await page.goto("about:blank");
    const [leave] = await received("page_leave");
    assert.ok(Date.parse(leave.timestamp) - Date.parse(view.timestamp) < MINUTE);
    assert.equal((await received("session_started")).length, 1);
    void settled;
  });

  test("two hours of sleep are in no duration, and the visit is another one after", async (t) => {
    const { page, received, settled } = await stage(t, { init: movableClock });
    await page.mouse.move(40, 40);
    const [view] = await received("page_view");
    // The wall clock jumps; the monotonic one stopped, as it does on most machines.
    await move(page, 120 * MINUTE);
    await page.mouse.move(80, 80);
    await act(page, "awake");
    const [awake] = await received("awake");
    assert.notEqual(awake.sessionId, view.sessionId);
    await page.evaluate(() => history.pushState({}, "", "/next"));
    const [leave] = await received("page_leave");
    assert.ok(leave.properties.visibleMs < MINUTE && leave.properties.engagedMs < MINUTE, JSON.stringify(leave.properties));
    const [ended] = of(await settled(page), "session_ended");
    assert.ok(ended.properties.durationMs < MINUTE);
    assert.equal(ended.sessionId, view.sessionId);
  });

  test("a clock that is set a little changes nothing, one set by a day begins a new visit, and no duration is negative", async (t) => {
    const { page, received, settled } = await stage(t, { init: movableClock });
    const [view] = await received("page_view");
    await move(page, -5 * MINUTE);
    await act(page, "little");
    assert.equal((await received("little"))[0].sessionId, view.sessionId);
    await move(page, -24 * 60 * MINUTE);
    await act(page, "day");
    assert.notEqual((await received("day"))[0].sessionId, view.sessionId);
    await page.evaluate(() => history.pushState({}, "", "/next"));
    await received("page_leave");
    for (const event of await settled(page)) {
      for (const [name, value] of Object.entries(event.properties)) {
        if (name.endsWith("Ms")) assert.ok(value >= 0, `${event.type}.${name} is ${value}`);
      }
    }
  });

  test("shutting down ends the visit, once, and the next page begins the next", async (t) => {
    const { page, received, settled, go } = await stage(t);
    await received("page_view");
    await page.evaluate(() => {
      window.chatvitals("shutdown");
      window.chatvitals("shutdown");
      window.chatvitals("track", "too_late");
    });
    await received("session_ended");
    await go(page, "/");
    const all = await settled(page);
    const [first, second] = of(all, "session_started");
    assert.equal(second.properties.previousId, first.sessionId);
    assert.equal(of(all, "session_ended").length, 1);
    assert.equal(of(all, "page_leave").length, 1);
    assert.deepEqual(of(all, "too_late"), []);
  });

  for (const [persistence, kept] of [["local", [true, false]], ["tab", [false, true]], ["memory", [false, false]]]) {
    test(`persistence "${persistence}" keeps its record there and nowhere else`, async (t) => {
      const { page, received, settled } = await stage(t, { attributes: `data-session='{"persistence":"${persistence}"}'` });
      const [view] = await received("page_view");
      const stored = await page.evaluate(() => [
        Object.keys(localStorage).some((key) => key.startsWith("chatvitals")),
        Object.keys(sessionStorage).some((key) => key.startsWith("chatvitals")),
        document.cookie,
      ]);
      assert.deepEqual(stored, [...kept, ""]);
      await page.reload();
      await running(page);
      const [, again] = await received("page_view", 2);
      assert.equal(again.sessionId === view.sessionId, persistence !== "memory");
      await settled(page);
    });
  }

  test("a duplicated tab has events of its own in the visit it was made from", async (t) => {
    const { page, context, received, settled } = await stage(t, { attributes: `data-session='{"persistence":"tab"}'`, pages: { "/": '<a href="/?two" target="_blank" rel="opener">twin</a>' } });
    await received("page_view");
    // The new tab gets a copy of the session storage, as a duplicated one does.
    await page.click("a");
    const views = await received("page_view", 2);
    assert.equal(ids(views).length, 1);
    assert.notEqual(views[0].viewId, views[1].viewId);
    const all = await settled(page);
    assert.equal(new Set(all.map((event) => event.id)).size, all.length);
    assert.equal(of(all, "session_started").length, 1);
    void context;
  });

  test("storage that throws when it is looked at is no reason to stop, nor to say anything", async (t) => {
    const { page, received, noise } = await stage(t, {
      init: () => {
        for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException("refused", "SecurityError");
            },
          });
        }
        Object.defineProperty(navigator, "locks", { value: undefined });
      },
    });
    await act(page, "works");
    const [works] = await received("works");
    const [started] = await received("session_started");
    assert.equal(works.sessionId, started.sessionId);
    assert.deepEqual(noise, []);
  });

  test("so it is in a sandboxed frame", async (t) => {
    const { received, noise } = await stage(t, {
      pages: { "/": '<!doctype html><link rel=icon href=data:,><iframe sandbox="allow-scripts" src="/inside"></iframe>', "/inside": "<h1>Inside</h1>" },
      open: null,
    }).then(async (set) => {
      const page = await set.newTab(null);
      await page.goto(set.site.url);
      return set;
    });
    const [view] = await received("page_view");
    assert.equal(view.path, "/inside");
    assert.deepEqual(noise, []);
  });
});
