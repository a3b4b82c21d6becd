// Bot Framework Web Chat, Microsoft's own bundle, with a bot that streams over a connection of our making.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { arrival, assertFirstToken, assertNothingLeaked, bundle, chatEvents, of, open, script, settled, told, types } from "./lib/clients.mjs";
import { startCollector } from "./lib/collector.mjs";
import { startSite } from "./lib/site.mjs";
import { stream } from "./lib/streams.mjs";
import { vendored } from "./lib/vendored.mjs";

/** A DirectLine as Web Chat wants one: activities come as the server streams them. */
const APP = `
import { createTracker } from "chatvitals";
import { createChatVitalsMiddleware } from "chatvitals/botframework";
const tracker = (window.tracker = createTracker({ endpoint: "/api/events" }));
const subject = (last) => {
  const observers = new Set();
  const stream = {
    next(value) { last = value; for (const observer of observers) observer.next?.(value); },
    subscribe(observer, error, complete) {
      const one = typeof observer === "function" ? { next: observer } : observer;
      observers.add(one);
      if (last !== undefined) one.next?.(last);
      return { unsubscribe: () => observers.delete(one) };
    },
    [Symbol.observable ?? "@@observable"]() { return stream; },
    "@@observable"() { return stream; },
  };
  return stream;
};
const activity$ = subject();
window.connection = subject(0);
let sequence = 0;
const arrived = (activity) => activity$.next({ conversation: { id: "conversation-1" }, timestamp: new Date().toISOString(), from: { id: "bot", role: "bot" }, ...activity });
const directLine = {
  activity$,
  connectionStatus$: window.connection,
  postActivity(activity) {
    const id = "a" + ++sequence;
    return { subscribe(observer) {
      const next = observer.next?.bind(observer) ?? observer;
      if (activity.text?.includes("refuse")) return void setTimeout(() => observer.error?.(new Error("PLANTED refused")));
      setTimeout(async () => {
        next(id);
        observer.complete?.();
        arrived({ ...activity, id });
        if (activity.type !== "message") return;
        const response = await fetch("/chat/bot", { method: "POST", body: JSON.stringify(activity) });
        let rest = "";
        const decoder = new TextDecoder();
        for await (const chunk of response.body) {
          const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\\n\\n");
          rest = blocks.pop();
          for (const block of blocks) arrived(JSON.parse(block.slice(6)));
        }
      });
      return { unsubscribe() {} };
    } };
  },
  end() {},
};
const store = WebChat.createStore({}, createChatVitalsMiddleware(tracker));
WebChat.renderWebChat({ directLine, store, userID: "visitor", styleOptions: { hideUploadButton: false } }, document.getElementById("chat"));
window.connection.next(1);
window.connection.next(2);
window.say = (text) => { const at = performance.now(); store.dispatch({ type: "WEB_CHAT/SEND_MESSAGE", payload: { text, method: "keyboard" } }); return at; };
window.handOff = (state) => arrived({ type: "event", name: "handoff.status", value: { state }, id: "h" + state });
`;
const PAGE = `<!doctype html><html lang="en"><title>Bot</title><link rel="icon" href="data:,"><div id="chat" style="height:700px"></div>
<script src="/webchat.js"></script><script type="module" src="/app.js"></script></html>`;
const TURN = (type) => !/^(session|message_impression)/.test(type);
/** Web Chat warns about itself. */
const NOISE = [/botframework-webchat/i, /^warning:/];

describe("Bot Framework Web Chat", () => {
  let browser, collector, site;
  const log = [];
  let count = 0;
  const typing = (streamId, streamSequence, text, streamType = "streaming") => ({ type: "typing", id: `${streamId}-${streamSequence}`, text, channelData: { streamId, streamSequence, streamType } });
  const answers = {
    hello: (id) => [60, { type: "typing", id: `${id}-0` }, 100, typing(id, 1, "PLANTED hello"), 400, typing(id, 2, "PLANTED hello there"), 20, { type: "message", id: `${id}-m`, text: "PLANTED hello there", channelData: { streamId: id, streamType: "final" } }],
    think: (id) => [20, typing(id, 1, "PLANTED looking it up", "informative"), 60, typing(id, 2, "PLANTED"), { type: "message", id: `${id}-m`, text: "PLANTED", channelData: { streamId: id, streamType: "final" } }],
    whole: (id) => [
      80, { type: "message", id: `${id}-1`, text: "PLANTED first", inputHint: "ignoringInput" },
      40, { type: "message", id: `${id}-2`, text: "PLANTED choose", suggestedActions: { actions: [{ type: "imBack", title: "PLANTED red", value: "PLANTED whole red" }, { type: "imBack", title: "PLANTED blue", value: "PLANTED hello" }] }, entities: [{ type: "https://schema.org/Message", "@type": "Message", "@id": "", "@context": "https://schema.org", potentialAction: [{ "@type": "LikeAction", actionStatus: "PotentialActionStatus" }, { "@type": "DislikeAction", actionStatus: "PotentialActionStatus" }] }], attachments: [{ contentType: "image/png", contentUrl: "data:image/png;base64,iVBORw0KGgo=", name: "PLANTED.png" }] },
    ],
  };
  const answer = ({ body }) => {
    const { text } = JSON.parse(body);
    return answers[Object.keys(answers).find((name) => text.includes(name))](`s${++count}`);
  };

  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    const webchat = await vendored("botframework-webchat", "4.18.1", "dist/webchat-minimal.js", "74e43ebf6a47bfc4c7d905f11ba1caeca97c4085a2a1cb5ec6deceda58b426d4");
    site = await startSite({ collector, pages: { "/": PAGE, "/app.js": script(await bundle(APP)), "/webchat.js": script(webchat), "/chat/bot": stream(answer, { log }) } });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await collector?.close();
  });

  test("a streamed answer: the first text in the stream, not the bot's typing", async () => {
    const { page, noise } = await open(browser, site.url, { noise: NOISE });
    const submitted = await page.evaluate(() => say("PLANTED hello"));
    const events = await told(collector, page, "assistant_response_completed");
    assert.deepEqual(types(events, TURN), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed"]);
    const first = chatEvents(events).find((e) => e.type === "assistant_response_first_token");
    await assertFirstToken(page, first.properties, { submitted, arrived: await arrival(page, "hello"), server: log.at(-1).sent[1], source: "stream" });
    assert.ok(first.properties.visibleMs >= first.properties.ttftMs, JSON.stringify(first.properties));
    assert.equal(first.dimensions.conversationId, "conversation-1");
    assert.equal(of(events, "assistant_response_completed").chunkCount, 2);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("informative steps, whole messages, chips, feedback and handoff", async () => {
    const { page, noise } = await open(browser, site.url, { noise: NOISE });
    await page.evaluate(() => say("PLANTED think"));
    await told(collector, page, "assistant_response_completed");
    await page.evaluate(() => say("PLANTED whole"));
    await told(collector, page, "assistant_response_completed", 2);
    await page.locator(".webchat__thumb-button").first().click();
    await told(collector, page, "message_action");
    await page.getByRole("toolbar", { name: "Suggested actions" }).getByRole("button", { name: "PLANTED blue" }).click();
    await told(collector, page, "assistant_response_completed", 3);
    await page.evaluate(() => (window.handOff("accepted"), window.handOff("completed")));
    const events = await settled(collector, page);
    assert.deepEqual(of(events, "agent_task"), { turnIndex: 0, taskType: "progress" });
    const whole = events.filter((e) => e.turnIndex === 1).map((e) => e.type);
    assert.deepEqual(whole.filter((type) => type.startsWith("assistant_")), ["assistant_response_started", "assistant_response_first_token", "assistant_response_completed"], "two messages, one answer");
    assert.equal(events.find((e) => e.type === "assistant_response_completed" && e.turnIndex === 1).properties.chunkCount, 2);
    const chip = of(events, "suggestion_chip_clicked");
    assert.equal(chip.chipIndex, 1);
    assert.equal(chip.chip, undefined);
    assert.equal(of(events, "message_action").action, "feedback.positive");
    assert.deepEqual(types(events, (type) => type.startsWith("handoff")), ["handoff_converted", "handoff_completed"]);
    assert.equal(events.filter((e) => e.type === "user_message_sent").length, 3);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("a message that is refused, and a connection that comes back", async () => {
    const { page, noise } = await open(browser, site.url, { noise: NOISE });
    await page.evaluate(() => say("PLANTED refuse"));
    await told(collector, page, "assistant_response_completed");
    await page.evaluate(() => say("PLANTED hello"));
    await page.waitForFunction(() => window.arrivals.length);
    await page.evaluate(() => {
      window.connection.next(1);
      setTimeout(() => window.connection.next(2), 100);
    });
    await told(collector, page, "assistant_response_completed", 2);
    const events = await settled(collector, page);
    assert.deepEqual(of(events, "error_shown"), { errorCode: "send_failed", severity: "error" });
    assert.deepEqual(events.filter((e) => e.type === "assistant_response_completed").map((e) => e.properties.finishReason), ["errored", "natural"]);
    assert.deepEqual(of(events, "transport_disconnected"), { willRetry: true });
    assert.ok(of(events, "transport_reconnected").outageMs >= 50);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });
});
