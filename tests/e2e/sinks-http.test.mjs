// Sinks with a server of their own: batches, headers, retries, and what happens when the page is left.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { openPage, startRecorder, startTracker } from "./lib/sink-page.mjs";
import { until } from "./lib/until.mjs";

describe("httpSink", { concurrency: false }, () => {
  let browser, site;
  /** What the server answers, request by request; then 200. */
  let answers = [];
  before(async () => {
    browser = await launchChromium();
    site = await startRecorder({ answer: (request) => (request.method === "POST" ? answers.shift() : undefined) });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(() => {
    answers = [];
    site.received.length = 0;
  });

  const posts = () => site.received.filter((request) => request.method === "POST");
  const bodies = () => posts().map((request) => JSON.parse(request.body));
  const numbers = () => bodies().flatMap(({ events }) => events.filter(({ type }) => type === "tick").map(({ properties }) => properties.n));
  const upTo = (count, from = 0) => Array.from({ length: count }, (_, n) => n + from);
  const tick = (page, count, from = 0) =>
    page.evaluate(([count, from]) => {
      for (let n = from; n < from + count; n++) window.tracker.track("tick", { n });
    }, [count, from]);
  /** A tracker whose own events (`session_started`) are out of the way. */
  async function start(options) {
    const { page, noise } = await openPage(browser, site);
    await startTracker(page, `((http) => Object.assign((event) => event.type === "tick" && http(event), { withdrawn: http.withdrawn, shutdown: http.shutdown }))(sinks.httpSink(${JSON.stringify(options)}))`);
    return { page, noise };
  }

  test("sends batches of twenty at once, and the rest after five seconds, as text without a preflight", async () => {
    const { page, noise } = await start({ url: "/collect" });
    const began = Date.now();
    await tick(page, 45);
    await until(() => posts().length === 2);
    await until(() => posts().length === 3);
    assert.ok(Date.now() - began > 4500, `${Date.now() - began} ms`);
    assert.deepEqual(bodies().map(({ events }) => events.length), [20, 20, 5]);
    assert.deepEqual(numbers(), upTo(45));
    const [{ sentAt, sdk, events }] = bodies();
    assert.ok(Math.abs(Date.parse(sentAt) - began) < 20_000);
    assert.equal(sdk.name, "chatvitals");
    assert.deepEqual(events[0], await page.evaluate(() => window.tracker.events().find((event) => event.type === "tick")));
    assert.equal(posts()[0].headers["content-type"], "text/plain");
    assert.ok(!site.requests.some(({ method }) => method === "OPTIONS"));
    assert.deepEqual(noise, []);
  });

  test("what waits leaves with the page, by beacon", async () => {
    const { page } = await start({ url: "/collect", batch: { size: 1000, intervalMs: 60_000 } });
    await tick(page, 7);
    await page.goto(`${site.url}/elsewhere`);
    await until(() => numbers().length >= 7);
    assert.deepEqual(numbers(), upTo(7));
    assert.equal(posts().length, 1);
  });

  test("more than a beacon takes leaves in several", async () => {
    const { page } = await start({ url: "/collect", batch: { size: 1000, intervalMs: 60_000 } });
    await page.evaluate(() => {
      for (let n = 0; n < 100; n++) window.tracker.track("tick", { n, text: "é".repeat(350) });
      // Hidden, and still there.
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await until(() => numbers().length >= 100);
    assert.deepEqual(numbers().sort((a, b) => a - b), upTo(100));
    assert.ok(posts().length > 1 && posts().every(({ body }) => body.length <= 60_000), posts().map(({ body }) => body.length).join());
  });

  // What is under way by then arrives, answered or not, and is not sent again with the rest.
  for (const [how, ...first] of [["answers"], ["holds its answer back", { hang: true }]]) {
    test(`with headers they are always there, also when the page is left, and the server ${how}`, async () => {
      answers = first;
      const { page } = await start({ url: "/collect", headers: { authorization: "Bearer t" }, batch: { size: 5, intervalMs: 60_000 } });
      await tick(page, 8);
      await until(() => numbers().length === 5);
      await page.goto(`${site.url}/elsewhere`);
      await until(() => numbers().length >= 8);
      assert.deepEqual(numbers(), upTo(8));
      assert.ok(posts().every(({ headers }) => headers.authorization === "Bearer t" && headers["content-type"] === "application/json"));
    });
  }

  test("a server that is busy is asked again, later, and gets everything once", async () => {
    answers = [{ status: 503, headers: { "retry-after": "2" } }, { status: 429 }];
    const { page } = await start({ url: "/collect", batch: { size: 5, intervalMs: 100 } });
    const began = Date.now();
    await tick(page, 5);
    await until(() => posts().length === 2);
    assert.ok(Date.now() - began >= 1900, "as late as it asked");
    await tick(page, 3, 5);
    await until(() => posts().length >= 4 && numbers().length >= 18);
    assert.deepEqual(bodies().map(({ events }) => events.length), [5, 5, 5, 3], "later events do not hurry it");
    assert.deepEqual(bodies()[2].events, bodies()[0].events);
  });

  test("what is too much is halved; what is refused is not tried again", async () => {
    answers = [{ status: 413 }, undefined, undefined, { status: 400 }];
    const { page } = await start({ url: "/collect", batch: { size: 8, intervalMs: 200 } });
    await tick(page, 8);
    await until(() => posts().length === 3);
    assert.deepEqual(bodies().map(({ events }) => events.length), [8, 4, 4]);
    await tick(page, 8, 8);
    await until(() => posts().length === 4);
    await tick(page, 8, 16);
    await until(() => posts().length >= 5);
    assert.deepEqual(bodies()[4].events.map(({ properties }) => properties.n), upTo(8, 16));
  });

  test("a server that never answers holds a thousand events at most, and nothing of it outlives a shutdown", async () => {
    answers = Array.from({ length: 5 }, () => ({ hang: true }));
    const { page } = await start({ url: "/collect", batch: { size: 20, intervalMs: 100 } });
    await tick(page, 3000);
    await until(() => posts().length === 1);
    answers = [];
    await page.evaluate(() => window.sink.shutdown());
    await until(() => new Set(numbers()).size >= 1020);
    // The first batch is under way; of the rest, the newest thousand.
    assert.deepEqual([...new Set(numbers())].sort((a, b) => a - b), [...upTo(20), ...upTo(1000, 2000)]);
  });

  test("a mistake is loud at once", async () => {
    const { page } = await openPage(browser, site);
    const message = (code) => page.evaluate(async (code) => {
      const sinks = await import("chatvitals/sinks");
      try {
        return String(new Function("sinks", `return ${code}`)(sinks));
      } catch (error) {
        return error.message;
      }
    }, code);
    assert.equal(await message("sinks.httpSink({})"), 'ChatVitals: httpSink wants a "url" to send to, but was given {}');
    assert.match(await message("sinks.otlpSink()"), /otlpSink wants a "url"/);
    assert.match(await message(`sinks.consoleSink("loud")`), /consoleSink wants "debug", .* but was given "loud"/);
  });
});
