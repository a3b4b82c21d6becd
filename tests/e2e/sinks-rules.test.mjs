// What all sinks have in common: bounded, in order, quiet, and nobody's problem but their own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { openPage, pkg, startRecorder, startTracker } from "./lib/sink-page.mjs";
import { until } from "./lib/until.mjs";

const { vendorSink } = await import(`${pkg()}/sinks/vendor.js`);
const event = (index) => ({ id: `e${index}`, type: "t", timestamp: "2026-01-01T00:00:00.000Z", sessionId: "s", properties: { index } });

/** Time goes by in small steps: a timer that starts another is not skipped. */
function pass(t, ms) {
  for (let left = ms; left > 0; left -= 250) t.mock.timers.tick(Math.min(250, left));
}

describe("a sink to a tool that is not there", { concurrency: false }, () => {
  test("keeps the newest thousand, hands them over in order and in handfuls", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const got = [];
    let tool;
    let handful = 0;
    const sink = vendorSink(() => ((handful = 0), tool), (_, event) => {
      got.push(event.properties.index);
      assert.ok(++handful <= 50, "no long task");
    });
    for (let index = 0; index < 5000; index++) sink(event(index));
    tool = {};
    sink(event(5000));
    pass(t, 1000);
    assert.deepEqual(got, Array.from({ length: 1000 }, (_, index) => 4001 + index));
  });

  test("stops looking after half a minute, and looks again when something happens", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let looks = 0;
    let tool;
    const got = [];
    const sink = vendorSink(() => (looks++, tool), (_, event) => got.push(event.id));
    sink(event(0));
    pass(t, 29_000);
    const before = looks;
    assert.ok(before > 100, String(before));
    pass(t, 600_000);
    assert.ok(looks <= 122, `${looks} looks`);
    tool = {};
    sink(event(1));
    assert.deepEqual(got, ["e0", "e1"]);
  });

  test("whatever the tool does, every event is told once, and nothing comes back", async () => {
    const rejections = [];
    const heard = (error) => rejections.push(error);
    process.on("unhandledRejection", heard);
    const kinds = {
      throws: () => {
        throw new Error("no");
      },
      rejects: () => Promise.reject(new Error("no")),
      "rejects like a promise": () => ({ then: (_, fail) => fail(new Error("no")) }),
      hangs: () => new Promise(() => {}),
    };
    for (const [kind, act] of Object.entries(kinds)) {
      let calls = 0;
      const sink = vendorSink(() => ({}), () => (calls++, act()));
      for (let index = 0; index < 100; index++) assert.equal(sink(event(index)), undefined, kind);
      assert.equal(calls, 100, kind);
    }
    const blind = vendorSink(() => {
      throw new Error("a getter that throws");
    }, assert.fail);
    blind(event(0));
    blind.shutdown();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", heard);
    assert.deepEqual(rejections, []);
  });

  test("a tool that makes events while it is told one hears them afterwards", () => {
    const got = [];
    const sink = vendorSink(() => ({}), (_, { properties: { index } }) => {
      if (index < 3) sink(event(index + 1));
      got.push(index);
    });
    sink(event(0));
    assert.deepEqual(got, [0, 1, 2, 3]);
  });

  test("after a withdrawal or a shutdown nothing waits, and no timer runs", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    for (const way of ["withdrawn", "shutdown"]) {
      let looks = 0;
      let tool;
      const got = [];
      const sink = vendorSink(() => (looks++, tool), (_, event) => got.push(event.id));
      sink(event(0));
      sink[way]();
      const before = looks;
      tool = {};
      pass(t, 60_000);
      assert.equal(looks, before, way);
      sink(event(1));
      assert.deepEqual(got, ["e1"], "what comes later is told, if anything comes");
    }
  });
});

describe("in a page", { concurrency: false }, () => {
  let browser, site;
  before(async () => {
    [browser, site] = await Promise.all([launchChromium(), startRecorder()]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  const seen = (path) => site.received.filter((request) => request.path === path).map((request) => JSON.parse(request.body));

  test("sinks that throw, reject, hang, change their event or never load change nothing for the others", async () => {
    const { page, noise } = await openPage(browser, site);
    await startTracker(
      page,
      `[
        () => { throw new Error("no"); },
        () => Promise.reject(new Error("no")),
        () => new Promise(() => {}),
        (event) => { event.type = "changed"; event.properties.n = -1; delete event.id; },
        sinks.segmentSink(), sinks.mixpanelSink(), sinks.ga4Sink(),
        sinks.httpSink({ url: "http://127.0.0.1:9/refused" }),
        (event) => (window.heard ??= []).push(event),
        sinks.consoleSink("info"),
      ]`,
    );
    await page.evaluate(() => {
      for (let n = 0; n < 300; n++) window.tracker.track("tick", { n });
    });
    const heard = await page.evaluate(() => window.heard.filter((event) => event.type === "tick").map((event) => event.properties.n));
    assert.deepEqual(heard, Array.from({ length: 300 }, (_, n) => n));
    const events = await page.evaluate(() => window.tracker.events());
    assert.equal(noise.filter((line) => line.startsWith("info: ChatVitals: tick")).length, 300, "the console sink's own lines");
    assert.deepEqual(noise.filter((line) => !line.startsWith("info: ChatVitals: ") && !line.includes("ERR_")), [], "nothing else is heard of any of them");
    assert.equal(events.filter((event) => event.type === "tick").length, 300);
  });

  test("a withdrawal empties what waits; what comes after a new consent is told", async () => {
    const { page } = await openPage(browser, site);
    await startTracker(page, `[sinks.ga4Sink(), sinks.httpSink({ url: "/withdrawn", batch: { intervalMs: 300 } })]`, { consent: "analytics" });
    await page.evaluate(() => {
      window.tracker.track("early");
      window.tracker.setConsent("none");
      window.tracker.track("never");
      window.dataLayer = [];
      window.gtag = (...call) => window.dataLayer.push(call);
      window.tracker.setConsent("analytics");
      window.tracker.track("marker");
    });
    await page.waitForFunction(() => window.dataLayer.some(([, name]) => name === "marker"));
    const names = await page.evaluate(() => window.dataLayer.map(([, name]) => name));
    assert.ok(!names.includes("early") && !names.includes("never"), String(names));
    await until(() => seen("/withdrawn").some(({ events }) => events.some(({ type }) => type === "marker")));
    assert.ok(!seen("/withdrawn").some(({ events }) => events.some(({ type }) => type === "early" || type === "never")));
  });

  test("a tool that came a moment before the page is left is told everything as it goes", async () => {
    const { page } = await openPage(browser, site);
    await startTracker(page, `sinks.ga4Sink()`, { page: { views: true, engagement: true } });
    await page.evaluate(() => {
      window.tracker.track("early");
      window.gtag = (...call) => navigator.sendBeacon("/beacon", JSON.stringify(call));
    });
    await page.goto(`${site.url}/elsewhere`);
    await until(() => seen("/beacon").some(([, name]) => name === "page_leave"));
    const names = seen("/beacon").map(([, name]) => name);
    assert.equal(names.filter((name) => name === "early").length, 1);
    assert.equal(names.filter((name) => name === "page_leave").length, 1, "the page's last event too");
  });
});
