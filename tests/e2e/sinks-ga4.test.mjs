// Google Analytics has no SDK on npm: its documented stub, and its documented limits.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { catalogue } from "./lib/catalogue.mjs";
import { launchChromium } from "./lib/chromium.mjs";
import { openPage, startRecorder, startTracker, tellCatalogue } from "./lib/sink-page.mjs";

// https://support.google.com/analytics/answer/9267744 and 13316687
const RESERVED_EVENTS = "ad_impression app_remove app_store_refund app_store_subscription_cancel app_store_subscription_renew click error file_download first_open first_visit form_start form_submit in_app_purchase page_view scroll session_start user_engagement view_complete video_progress video_start view_search_results".split(" ");
const RESERVED_PARAMETERS = "cid currency customer_id customerid dclid gclid session_id sessionid sfmc_id sid srsltid uid user_id userid engagement_time_msec session_number".split(" ");
const LONGER = { page_location: 1000, page_title: 300, page_referrer: 420 };
const STUB = "window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); } gtag('js', new Date()); gtag('config', 'G-MINE');";

const NASTY = [
  ["Sign up!", { "e-mail me": "x".repeat(500), _hidden: 1, ga_thing: 2, google_x: 3, firebase_y: 4, gtag: 5, userId: "u", sid: "s", "1st": true }],
  ["_private", { ["n".repeat(60)]: "v", nothing: null, list: [1, 2, 3], deep: { er: { still: "here" } }, emoji: `${"x".repeat(99)}😀` }],
  ["ga_own", Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`field${i}`, i]))],
  ["9lives".padEnd(80, "_"), { constructor: "c", send_to: "elsewhere", items: [{ a: 1 }, { a: 2 }] }],
];

describe("GA4", { concurrency: false }, () => {
  let browser, site;
  before(async () => {
    [browser, site] = await Promise.all([launchChromium(), startRecorder()]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  const calls = (page) => page.evaluate(() => window.dataLayer.filter(([command]) => command === "event").map((call) => ({ length: call.length, isArguments: String(call) === "[object Arguments]", name: call[1], params: call[2] })));

  for (const way of ["before", "late"]) {
    test(`every event arrives once, within the limits, with the stub there ${way}`, async () => {
      const { page, noise } = await openPage(browser, site);
      if (way === "before") await page.addScriptTag({ content: STUB });
      await startTracker(page, `sinks.ga4Sink("G-MINE")`, { context: { plan: "pro", nested: { one: 1 } } });
      await tellCatalogue(page);
      await page.evaluate((nasty) => nasty.forEach(([type, properties]) => window.tracker.track(type, properties)), NASTY);
      const events = await page.evaluate(() => window.tracker.events());
      if (way === "late") {
        assert.equal(await page.evaluate(() => "gtag" in window || "dataLayer" in window), false);
        await page.addScriptTag({ content: STUB });
      }
      await page.waitForFunction((count) => window.dataLayer.filter(([command]) => command === "event").length >= count, events.length);
      const got = await calls(page);
      assert.equal(got.length, events.length);
      got.forEach(({ length, isArguments, name, params }, index) => {
        const event = events[index];
        assert.ok(length === 3 && isArguments);
        assert.match(name, /^[a-zA-Z]\w{0,39}$/, event.type);
        assert.ok(!RESERVED_EVENTS.includes(name) && !/^(_|firebase_|ga_|google_|gtag)/.test(name), name);
        assert.ok(Object.keys(params).length <= 25, `${name}: ${Object.keys(params).length} parameters`);
        assert.equal(params.send_to, "G-MINE");
        assert.equal(params.chat_session_id, event.sessionId);
        assert.equal(params.timestamp, event.timestamp, "in order, with the own time");
        for (const [key, value] of Object.entries(params)) {
          if (key === "send_to") continue;
          assert.match(key, /^[a-zA-Z]\w{0,39}$/);
          assert.ok(!RESERVED_PARAMETERS.includes(key.toLowerCase()) && !/^(_|firebase_|ga_|google_|gtag)/.test(key), key);
          assert.ok(["string", "number", "boolean"].includes(typeof value), `${name}.${key} is ${JSON.stringify(value)}`);
          if (typeof value === "string") assert.ok(value.length <= (Object.hasOwn(LONGER, key) ? LONGER[key] : 100) && !/[\uD800-\uDBFF]$/.test(value), `${name}.${key}`);
        }
      });
      const by = (type) => got[events.findIndex((event) => event.type === type)];
      assert.equal(by("click").name, "chat_click");
      assert.equal(by("page_view").params.page_location, "a url");
      assert.equal(by("purchase_completed").params.chat_currency, "a currency");
      assert.equal(by("purchase_completed").params.items_0_productId, "p1");
      assert.equal(by("click").params.position_x, 1);
      assert.equal(by("user_message_sent").params.partTypes, "a,b");
      assert.equal(by("chat_opened").params.plan, "pro");
      assert.equal(by("chat_opened").params.nested_one, 1);
      assert.equal(by("Sign up!").params.chat_user_id, "u");
      assert.equal(new Set(catalogue.map(([type]) => by(type).name)).size, catalogue.length, "no two events share a name");
      assert.deepEqual(noise, []);
    });
  }
});
