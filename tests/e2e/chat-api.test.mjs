// The chat API by hand: every turn event as a developer who wires a chat of their own gets it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen, ready } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { page as html, startSite } from "./lib/site.mjs";

describe("the chat API", () => {
  let browser, collector, site;
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    site = await startSite({ collector, pages: { "/": html("<main id=log></main>") } });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await collector?.close();
  });

  async function open(path = "/") {
    const page = await (await browser.newContext()).newPage();
    const noise = listen(page);
    await page.goto(site.url + path);
    await ready(page);
    return { page, noise };
  }

  /** The events of this page's session, once `type` is among them. */
  async function session(page, type) {
    const id = await page.evaluate(() => window.chatvitals("events")[0].sessionId);
    await page.evaluate(() => window.chatvitals("flush"));
    const all = await collector.waitFor((events) => events.some((e) => e.sessionId === id && e.type === type), type);
    return all.filter((e) => e.sessionId === id);
  }

  test("a turn from submit to end, with what was measured and nothing else", async () => {
    const { page, noise } = await open();
    await page.evaluate(async () => {
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      const chat = window.chatvitals.tracker.chat("c1");
      chat.submit({ text: "where is my kite?" });
      await wait(50);
      chat.responseStarted({ responseId: "r1" });
      await wait(100);
      chat.chunk("It");
      document.getElementById("log").append("It");
      await wait(100);
      chat.chunk(" flies.");
      chat.completed({ messageId: "m1", finishReason: "stop", model: "kite-1", usage: { inputTokens: 5, outputTokens: 3 }, text: "It flies." });
      chat.action("thumbs_up", { messageId: "m1" });
    });
    const events = (await session(page, "message_action")).filter((e) => e.turnIndex !== undefined);
    assert.deepEqual(
      events.map((e) => e.type),
      ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed", "message_action"],
    );
    const [sent, started, first, completed, action] = events.map((e) => e.properties);
    assert.deepEqual(sent, { turnIndex: 0, charCount: 17 });
    assert.deepEqual(started, { turnIndex: 0, responseId: "r1" });
    assert.ok(first.ttftMs >= 149 && first.ttftMs < 400 && first.visibleMs >= first.ttftMs && first.ttftSource === "api", JSON.stringify(first));
    assert.ok(completed.durationMs >= 199 && completed.totalMs >= completed.durationMs + 49, JSON.stringify(completed));
    assert.deepEqual(
      { ...completed, durationMs: 0, totalMs: 0 },
      { finishReason: "natural", durationMs: 0, totalMs: 0, chunkCount: 2, turnIndex: 0, responseId: "r1", model: "kite-1", usage: { inputTokens: 5, outputTokens: 3 } },
    );
    assert.deepEqual(action, { action: "feedback.positive", messageId: "m1" });
    assert.ok(events.every((e) => e.dimensions.conversationId === "c1"));
    assert.deepEqual(noise, []);
  });
});
