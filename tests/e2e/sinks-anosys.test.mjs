// Anosys: every payload field by field as its reference integration documents it, without that integration's defects.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { openPage, startRecorder, startTracker, tellCatalogue } from "./lib/sink-page.mjs";
import { event, story } from "./lib/story.mjs";
import { until } from "./lib/until.mjs";

const GIF = { raw: Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "base64"), headers: { "content-type": "image/gif" } };

describe("anosysSink", { concurrency: false }, () => {
  let browser, site;
  let resolver;
  before(async () => {
    browser = await launchChromium();
    site = await startRecorder({ answer: (request) => (request.path.endsWith("/anosys.gif") ? GIF : request.path === "/resolve" ? resolver?.(request) : undefined) });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(() => {
    site.received.length = 0;
    resolver = undefined;
  });

  const posts = () => site.received.filter(({ method, path }) => method === "POST" && path !== "/resolve");
  const payloads = () => posts().map(({ body }) => JSON.parse(body));
  const pixels = () => site.received.filter(({ path }) => path.endsWith("/anosys.gif")).map(({ url }) => Object.fromEntries(new URL(url, "http://x").searchParams));
  /** Tells these events to a sink with these options; no tracker in between. */
  async function tell(events, options = { url: "/px", workflowId: "wf_1" }) {
    const { page, noise } = await openPage(browser, site);
    await page.evaluate(
      async ([events, options]) => {
        const { anosysSink } = await import("chatvitals/sinks/anosys");
        window.sink = anosysSink(options);
        for (const event of events) window.sink(event);
      },
      [events, options],
    );
    return { page, noise };
  }
  const first = { turnIndex: 0 };
  const [, , , sent, started, , , token, thought, completed, action] = story;

  test("a chat turn, field by field", async () => {
    await tell([sent, started, token, thought, completed]);
    await until(() => payloads().length >= 1);
    const ms = Date.parse(completed.timestamp);
    assert.deepEqual(payloads(), [
      {
        timestamp: String(ms),
        user_timestamp: ms,
        event_type: "chatkit chat",
        event_source_name: "chatkit",
        event_id: "wf_1",
        cvs1: "where is my kite?",
        cvs2: "It flies today.",
        cvs3: completed.sessionId,
        cvs4: "c1",
        cvn1: 1900,
        cvn2: 700,
        cvs10: "prompt",
        cvs11: "m1",
        cvs12: String(Date.parse(sent.timestamp)),
        cvs13: "where is my kite?",
        cvs14: "thought",
        // A thought has no item id: its place goes to what follows, as in the reference.
        cvs15: String(Date.parse(thought.timestamp)),
        cvs16: "It flies.",
        cvs17: "response",
        cvs18: "m2",
        cvs19: String(ms),
        cvs20: "It flies today.",
      },
    ]);
    assert.equal(posts()[0].headers["content-type"], "application/json");
    assert.equal(posts()[0].path, "/px");
  });

  test("what was not observed is absent, and a true zero is a zero", async () => {
    const bare = (more, dimensions) => ({ ...event(0, "assistant_response_completed", { ...first, finishReason: "natural", ...more }, first), dimensions });
    await tell([bare({}), bare({ durationMs: 0 })], { url: "/px" });
    await until(() => payloads().length >= 2);
    const ms = Date.parse(bare({}).timestamp);
    const rest = { timestamp: String(ms), user_timestamp: ms, event_type: "chatkit chat", event_source_name: "chatkit", cvs3: sent.sessionId, cvs10: "response", cvs11: String(ms) };
    assert.deepEqual(payloads(), [rest, { ...rest, cvn1: 0 }]);
  });

  test("a message action, and of it only what it must tell", async () => {
    await tell([action]);
    await until(() => payloads().length >= 1);
    const ms = Date.parse(action.timestamp);
    assert.deepEqual(payloads(), [
      {
        user_timestamp: ms,
        event_type: "message.action",
        event_source_name: "chatkit action",
        event_id: "wf_1",
        cvs1: "feedback.positive",
        cvs2: JSON.stringify({ name: "message.action", data: { action: "feedback.positive", messageId: "m2" }, timestamp: ms }),
        cvs3: action.sessionId,
        cvs4: "c1",
      },
    ]);
  });

  test("a page's event as a pixel, the site's own fields in their columns", async () => {
    const [, view] = story;
    await tell([view]);
    await until(() => pixels().length >= 1);
    const ms = Date.parse(view.timestamp);
    assert.deepEqual(pixels(), [
      {
        timestamp: String(ms),
        user_timestamp: String(ms),
        event_type: "page_view",
        event_source_name: "chatvitals",
        event_id: view.id,
        cvs1: "red",
        cvn1: "5",
        cvb1: "true",
        cvs3: view.sessionId,
        cvs4: "c1",
        cvs100: "https://shop.example/shop",
        cvs101: "/shop",
        cvs102: "Shop",
        cvs103: "navigate",
        cvs198: "https://shop.example/shop",
        cvs199: JSON.stringify(view),
        cvs200: "chatvitals",
      },
    ]);
    assert.ok(site.received.every(({ url }) => url.length < 2000));
  });

  test("what is too long for a pixel is posted; numbers and truth values have columns of their own", async () => {
    await tell([event(0, "long", { text: "x".repeat(2000), n: 1.5, other: 2, yes: true, no: false, nothing: null, deep: { er: 1 } })]);
    await until(() => payloads().length >= 1);
    const [{ cvs100, cvs101, cvn3, cvn4, cvb1, cvb2, cvs199 }] = payloads();
    assert.deepEqual([cvs100.length, cvs101, cvn3, cvn4, cvb1, cvb2], [2000, '{"er":1}', 1.5, 2, true, false]);
    assert.equal(JSON.parse(cvs199).type, "long");
    assert.deepEqual(pixels(), []);
  });

  test("every event of the catalogue, each in one payload", async () => {
    const { page, noise } = await openPage(browser, site);
    await startTracker(page, `sinks.anosysSink({ url: "/px" })`);
    const events = await tellCatalogue(page);
    await until(() => posts().length + pixels().length >= events.length, () => `${posts().length} + ${pixels().length} of ${events.length}`);
    const names = [...payloads(), ...pixels()].map(({ event_type }) => event_type).sort();
    const wanted = events.map(({ type }) => ({ assistant_response_completed: "chatkit chat", message_action: "message.action" })[type] ?? type).sort();
    assert.deepEqual(names, wanted);
    for (const payload of [...payloads(), ...pixels()]) {
      for (const [column, value] of Object.entries(payload)) assert.ok(!["null", "undefined", "NaN", ""].includes(String(value)), `${payload.event_type}.${column} is ${value}`);
    }
    assert.deepEqual(noise, []);
  });

  test("a conversation through the chat API, without its texts unless they are let in", async () => {
    for (const includeContent of [false, true]) {
      site.received.length = 0;
      const { page } = await openPage(browser, site);
      await startTracker(page, `sinks.anosysSink({ url: "/px" })`, { includeContent });
      await page.evaluate(() => {
        window.tracker.track("login", { password: "hunter2" });
        const chat = window.tracker.chat("thread_1");
        chat.submit({ text: "where is my kite?", messageId: "m1" });
        chat.responseStarted();
        chat.firstToken();
        chat.completed({ text: "It flies.", messageId: "m2" });
      });
      const events = await page.evaluate(() => window.tracker.events());
      const measured = (type, field) => events.find((event) => event.type === type).properties[field];
      await until(() => payloads().length >= 1);
      const [{ cvs1, cvs2, cvs4, cvn1, cvn2 }] = payloads();
      assert.deepEqual([cvs1, cvs2, cvs4, cvn1, cvn2], [includeContent ? "where is my kite?" : undefined, includeContent ? "It flies." : undefined, "thread_1", measured("assistant_response_completed", "durationMs"), measured("assistant_response_first_token", "ttftMs")]);
      assert.ok(Number.isFinite(cvn1) && Number.isFinite(cvn2));
      await until(() => pixels().some(({ event_type }) => event_type === "login"));
      assert.ok(!JSON.stringify([payloads(), pixels()]).includes("hunter2"));
    }
  });

  test("what is held when the page is left goes as pixels where it fits", async () => {
    const { page } = await openPage(browser, site);
    resolver = () => ({ hang: true });
    await startTracker(page, `sinks.anosysSink({ url: "/px" })`, { page: { views: true, engagement: true } });
    await page.evaluate(() => {
      for (const name of ["held", "held_too", "held_as_well"]) window.tracker.track(name, { a: 1 });
    });
    await page.goto(`${site.url}/elsewhere`);
    await until(() => pixels().some(({ event_type }) => event_type === "page_leave"));
    for (const type of ["held", "held_too", "held_as_well", "page_leave"]) assert.equal(pixels().filter(({ event_type }) => event_type === type).length, 1, type);
  });

  describe("the recipe that resolves a key", () => {
    const RECIPE = `(await recipe("anosys-key-resolution")).anosysSinkFor("KEY", { resolver: "/resolve" })`;

    test("waits for the answer, loses nothing, and never runs the code that comes with it", async () => {
      let answered;
      const asked = new Promise((resolve) => (answered = resolve));
      resolver = ({ url }) => (answered(url), { json: { apiUrl: "/resolved", hook: Buffer.from("window.pwned = true").toString("base64") } });
      const { page, noise } = await openPage(browser, site);
      await startTracker(page, RECIPE);
      await page.evaluate(() => window.tracker.track("early"));
      await until(() => pixels().some(({ event_type }) => event_type === "early"));
      assert.equal(await asked, "/resolve?apikey=KEY&type=chatkit");
      assert.ok(site.received.some(({ path }) => path === "/resolved/anosys.gif"));
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      assert.deepEqual(noise, []);
    });

    for (const [name, answer] of [["is refused", { status: 403 }], ["makes no sense", { json: { apiUrl: 7 } }]]) {
      test(`goes to the documented address when the key ${name}`, async () => {
        resolver = () => answer;
        const { page } = await openPage(browser, site);
        const gone = [];
        await page.route("https://www.anosys.ai/**", (route) => (gone.push(route.request().url()), route.fulfill({ status: 200, contentType: "image/gif", body: GIF.raw })));
        await startTracker(page, RECIPE);
        await until(() => gone.length > 0);
        assert.match(gone[0], /^https:\/\/www\.anosys\.ai\/anosys\.gif\?/);
      });
    }
  });
});
