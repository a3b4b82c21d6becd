// Pages that are left before the tracker's core is there, and pages on which it comes late: nothing is lost, nothing goes
// twice, and nothing at all leaves before consent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers } from "./lib/stage.mjs";
import { until } from "./lib/until.mjs";

const STUB = `window.chatvitals = window.chatvitals || function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) };`;
const page = (head, attributes = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Offer</title><link rel="icon" href="data:,">
<script>${STUB} ${head}</script><script async src="/chatvitals.js" data-endpoint="/api/events" ${attributes}></script></head><body><h1>Offer</h1></body></html>`;
const NEXT = '<!doctype html><title>Next</title><link rel="icon" href="data:,">';
const SHELL = "/chatvitals.shell.js";
const types = (events) => events.map((event) => event.type);

inBrowsers("a page left too early", (stageFor) => {
  /** A page whose module (or another file) does not come until `arrive` is called. */
  async function late(t, { head = 'chatvitals("track", "signup", { plan: "pro" })', attributes, init, path = "/offer?utm_source=news&token=t", held = "/chatvitals_bg.wasm" } = {}) {
    const stage = await stageFor(t, { open: false, init, pages: { [path.split("?")[0]]: page(head, attributes), "/next": NEXT } });
    let arrive;
    const arrival = new Promise((resolve) => (arrive = resolve));
    // Not answered, but held: the page goes on without it.
    stage.site.before = (req, res, at) => {
      if (at !== held) return false;
      return arrival.then(() => false);
    };
    t.after(arrive);
    const tab = await stage.newTab(null);
    // A script that is on its way keeps `load` waiting.
    await tab.goto(stage.site.url + path, { waitUntil: "domcontentloaded" });
    await tab.waitForFunction((property) => window.chatvitals?.[property], {}, held === SHELL ? "kept" : "tracker");
    const bodies = () => stage.site.requests.filter(({ path }) => path === "/api/events" || path === "/p.gif").length;
    return { stage, tab, arrive, bodies, leave: () => tab.goto(`${stage.site.url}/next`) };
  }
  const hide = (tab, state = "hidden") =>
    tab.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);

  test("says what it holds: the visit, the view and the page's own events, in one request", async (t) => {
    const { stage, leave, bodies } = await late(t);
    const before = Date.now();
    await leave();
    const events = await stage.collector.waitFor((all) => all.length >= 3);
    assert.deepEqual(types(events).sort(), ["page_view", "session_started", "signup"]);
    assert.equal(bodies(), 1);
    const [view] = events.filter((e) => e.type === "page_view");
    assert.equal(view.properties.url, `${stage.site.url}/offer?utm_source=news`);
    assert.deepEqual([view.properties.path, view.properties.title, view.properties.navigationType], ["/offer", "Offer", "navigate"]);
    assert.deepEqual(events.find((e) => e.type === "signup").properties, { plan: "pro" });
    assert.equal(new Set(events.map((e) => e.sessionId)).size, 1);
    assert.ok(events.every((e) => /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(e.id) && Date.parse(e.timestamp) <= before));
    assert.deepEqual(stage.noise, []);
  });

  test("the next page goes on with the same visit", async (t) => {
    const { stage, tab, arrive, leave } = await late(t);
    await leave();
    const [{ sessionId }] = await stage.received("page_view");
    arrive();
    await tab.goto(`${stage.site.url}/offer`);
    await tab.waitForFunction(() => window.chatvitals?.tracker?.ready.then((runs) => runs));
    await leave();
    const views = await stage.received("page_view", 2);
    assert.deepEqual(views.map((e) => e.sessionId), [sessionId, sessionId]);
    assert.equal(types(await stage.collector.events()).filter((type) => type === "session_started").length, 1);
  });

  test("hidden and shown again before the core comes: everything once, one view, one visit", async (t) => {
    const { stage, tab, arrive, leave } = await late(t);
    await hide(tab);
    await stage.received("signup");
    await hide(tab, "visible");
    await tab.evaluate(() => window.chatvitals("track", "back"));
    arrive();
    await tab.waitForFunction(() => window.chatvitals.tracker.ready.then((runs) => runs));
    await tab.evaluate(() => window.chatvitals("track", "running"));
    await leave();
    const events = await stage.collector.waitFor((all) => types(all).includes("page_leave"));
    for (const type of ["session_started", "page_view", "signup", "back", "running", "page_leave"]) {
      assert.equal(types(events).filter((one) => one === type).length, 1, type);
    }
    assert.equal(new Set(events.map((e) => e.sessionId)).size, 1);
    assert.equal(new Set(events.filter((e) => e.viewId).map((e) => e.viewId)).size, 1);
    assert.deepEqual(stage.noise, []);
  });

  test("late, after two routes: calls keep their time and their page", async (t) => {
    const { stage, tab, arrive, leave } = await late(t, { path: "/offer" });
    await tab.evaluate(() => {
      window.chatvitals("track", "first");
      history.pushState({}, "", "/offer/details");
      window.chatvitals("track", "second");
    });
    const asked = Date.now();
    await until(() => Date.now() - asked > 300);
    arrive();
    await tab.waitForFunction(() => window.chatvitals.tracker.ready.then((runs) => runs));
    await leave();
    const events = await stage.collector.waitFor((all) => types(all).filter((type) => type === "page_leave").length === 2);
    const of = (type) => events.filter((e) => e.type === type);
    assert.deepEqual(of("page_view").map((e) => e.path), ["/offer", "/offer/details"]);
    assert.deepEqual([of("signup")[0].path, of("first")[0].path, of("second")[0].path], ["/offer", "/offer", "/offer/details"]);
    for (const type of ["signup", "first", "second", "page_view"]) assert.ok(of(type).every((e) => Date.parse(e.timestamp) <= asked), type);
    const [first] = of("page_view");
    assert.equal(of("first")[0].viewId, first.viewId);
  });

  test("without a beacon it is pixels", async (t) => {
    const { stage, leave } = await late(t, { init: () => delete Navigator.prototype.sendBeacon });
    await leave();
    const events = await stage.collector.waitFor((all) => all.length >= 3);
    assert.deepEqual(types(events).sort(), ["page_view", "session_started", "signup"]);
    assert.ok(stage.site.requests.every(({ method }) => method === "GET"));
  });

  test("secrets and content stay behind", async (t) => {
    const head = 'chatvitals("track", "signup", { apiKey: "k", mail: "me@home.example", card: "4111 1111 1111 1111", order: "1234567890123", deep: [{ Password: 1 }] }); chatvitals("track", "user_message_sent", { text: "hello", charCount: 5 })';
    const { stage, leave } = await late(t, { head });
    await leave();
    const [signup] = await stage.received("signup");
    assert.deepEqual(signup.properties, { apiKey: "[REDACTED]", mail: "[REDACTED]", card: "[REDACTED]", order: "1234567890123", deep: [{ Password: "[REDACTED]" }] });
    assert.deepEqual((await stage.received("user_message_sent"))[0].properties, { charCount: 5 });
  });

  const GATES = {
    "consent is pending": { attributes: 'data-consent="functional"' },
    "consent is refused": { attributes: 'data-consent="none"' },
    "consent is withdrawn before": { head: 'chatvitals("track", "signup"); chatvitals("setConsent", "none")' },
    "Global Privacy Control is on": { init: () => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true }) },
  };
  for (const [why, setting] of Object.entries(GATES)) {
    test(`says nothing and stores nothing when ${why}`, async (t) => {
      const { stage, tab, bodies, leave } = await late(t, setting);
      await hide(tab);
      assert.equal(await tab.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
      await leave();
      // Whatever had been sent would have been sent before this.
      await tab.evaluate(() => fetch("/next"));
      assert.equal(bodies(), 0);
    });
  }

  test("says what it held once consent was given, of that and of what came after", async (t) => {
    const head = 'chatvitals("track", "signup"); chatvitals("setConsent", "analytics")';
    const { stage, leave } = await late(t, { head, attributes: 'data-consent="functional"' });
    await leave();
    assert.deepEqual(types(await stage.collector.waitFor((all) => all.length >= 3)).sort(), ["page_view", "session_started", "signup"]);
  });

  test("a consent given early holds when the core comes after all", async (t) => {
    const head = 'chatvitals("setConsent", "analytics")';
    const { stage, tab, arrive, leave } = await late(t, { head, attributes: 'data-consent="functional"' });
    await hide(tab);
    await stage.received("page_view");
    await hide(tab, "visible");
    arrive();
    await tab.waitForFunction(() => window.chatvitals.tracker.ready.then((runs) => runs));
    await leave();
    const events = await stage.collector.waitFor((all) => types(all).includes("page_leave"));
    assert.equal(types(events).filter((type) => type === "page_view").length, 1);
  });

  test("before there is anybody to redact: that it was seen, and events that are only a name", async (t) => {
    const head = 'chatvitals("track", "signup", { plan: "pro" }); chatvitals("track", "opened"); chatvitals("track", "invited ada@example.org"); chatvitals("track")';
    const { stage, leave, bodies } = await late(t, { held: SHELL, head });
    await leave();
    const events = await stage.collector.waitFor((all) => all.length >= 2);
    assert.deepEqual(types(events).sort(), ["opened", "page_view"]);
    assert.equal(bodies(), 1);
    const [view] = events.filter((e) => e.type === "page_view");
    assert.deepEqual([view.path, view.properties], ["/offer", { url: `${stage.site.url}/offer`, path: "/offer", navigationType: "navigate" }]);
    assert.ok(events.every((e) => /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(e.id) && e.sessionId === undefined));
    assert.deepEqual(stage.noise, []);
  });

  test("a late shell tells what was kept, where and when it happened", async (t) => {
    const { stage, tab, arrive, leave } = await late(t, { held: SHELL, path: "/offer" });
    await tab.evaluate(() => {
      window.chatvitals("track", "first");
      history.pushState({}, "", "/offer/details");
      window.chatvitals("options", { context: { app: "shop" } });
      window.chatvitals("track", "second");
    });
    arrive();
    await tab.waitForFunction(() => window.chatvitals.tracker?.ready.then((runs) => runs));
    await leave();
    const events = await stage.collector.waitFor((all) => types(all).filter((type) => type === "page_leave").length === 2);
    const of = (type) => events.filter((e) => e.type === type);
    assert.deepEqual(of("page_view").map((e) => e.path), ["/offer", "/offer/details"]);
    assert.deepEqual(["signup", "first", "second"].map((type) => of(type)[0].path), ["/offer", "/offer", "/offer/details"]);
    assert.equal(of("second")[0].context.app, "shop");
    assert.deepEqual(stage.noise, []);
  });

  const SILENT = {
    ...GATES,
    "sampling would have to be asked": { attributes: 'data-sample-rate="0.5"' },
    "page signals are off": { attributes: 'data-page="false"' },
    "the address names a person": { path: "/offer/me@home.example" },
    "the address carries a value by its name": { path: "/offer/access_token=s3cr3t" },
  };
  for (const [why, setting] of Object.entries(SILENT)) {
    test(`says nothing before the shell is there when ${why}`, async (t) => {
      const { tab, bodies, leave } = await late(t, { ...setting, held: SHELL });
      await leave();
      await tab.evaluate(() => fetch("/next"));
      assert.equal(bodies(), 0);
      assert.equal(await tab.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
    });
  }
});
