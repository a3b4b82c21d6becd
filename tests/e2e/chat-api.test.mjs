// The chat API by hand: every turn event as a developer who wires a chat of their own gets it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen, ready } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { page as html, startSite } from "./lib/site.mjs";

/** Every event a chat reports whole or by its own machine, apart from those of streams that break. */
const REPORTED = [
  "chat_opened", "chat_closed", "message_impression", "error_shown", "suggestion_chip_clicked", "tool_executed", "tool_approval_requested",
  "tool_approval_resolved", "file_upload_started", "file_upload_completed", "file_upload_failed", "handoff_requested", "handoff_converted",
  "handoff_completed", "csat_submitted", "resolution_submitted", "purchase_completed", "error_retry_clicked", "agent_task", "citation_clicked",
  "product_card_clicked", "order_summary_action_clicked", "custom_payload_interacted", "a2ui_action_dispatched", "a2ui_catalog_installed",
  "a2ui_surface_rendered", "a2ui_render_failed", "a2ui_action_blocked", "memory_saved", "memory_updated", "memory_deleted", "memory_recalled",
  "memory_approval_resolved", "sentiment_detected", "intent_detected", "signal_escalation_triggered", "agent_route_decided", "agent_route_failed",
  "session_idle", "session_abandoned", "user_message_sent", "assistant_response_first_token", "assistant_response_completed",
];

describe("the chat API", () => {
  let browser, collector, site;
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    const endpoint = 'data-endpoint="/api/events"';
    const early = `<script>
      window.chatvitals = window.chatvitals || function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) };
      const at = (call) => { const from = performance.now(); call(); return { from, to: performance.now() }; };
      window.said = at(() => chatvitals("chat", "submit", { conversationId: "early", text: "hi" }));
      setTimeout(() => {
        window.came = at(() => chatvitals("chat", "firstToken", { conversationId: "early" }));
        chatvitals("chat", "completed", { conversationId: "early" });
        const script = document.createElement("script");
        script.src = "/chatvitals.js";
        script.dataset.endpoint = "/api/events";
        document.head.append(script);
      }, 200);
    </script>`;
    site = await startSite({
      collector,
      pages: {
        "/": html("<main id=log></main>"),
        "/content": html("", { attributes: `${endpoint} data-include-content` }),
        "/consent": html("", { attributes: `${endpoint} data-consent="functional"` }),
        "/early": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Early</title><link rel="icon" href="data:,">${early}</head><body></body></html>`,
      },
    });
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

  /** Holds a time to the first token against the page's own clock, read before and after both calls; 2 ms for rounding. */
  async function assertSpan(page, ttftMs) {
    const [said, came] = await page.evaluate(() => [window.said, window.came]);
    const [least, most] = [came.from - said.to, came.to - said.from];
    assert.ok(ttftMs >= least - 2 && ttftMs <= most + 2, `${ttftMs} ms told, from ${least} to ${most} by the page's clock`);
  }

  /** The session's id, once the visit has settled. */
  const sessionOf = async (page) => (await page.waitForFunction(() => window.chatvitals("events")?.[0]?.sessionId)).jsonValue();

  /** The events of this page's session, once `type` is among them. */
  async function session(page, type) {
    const id = await sessionOf(page);
    await page.evaluate(() => window.chatvitals("flush"));
    const all = await collector.waitFor((events) => events.some((e) => e.sessionId === id && e.type === type), type);
    return all.filter((e) => e.sessionId === id);
  }

  /** The same, when the tracker has stopped: then there is nobody to ask for the session. */
  async function session2(page, type) {
    const all = await collector.waitFor((events) => events.some((e) => e.type === type), type);
    const id = all.find((e) => e.type === type).sessionId;
    return all.filter((e) => e.sessionId === id);
  }

  test("a turn from submit to end, with what was measured and nothing else", async () => {
    const { page, noise } = await open();
    await page.evaluate(async () => {
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      const at = (call) => {
        const from = performance.now();
        call();
        return { from, to: performance.now() };
      };
      const chat = window.chatvitals.tracker.chat("c1");
      window.said = at(() => chat.submit({ text: "where is my kite?" }));
      await wait(50);
      chat.responseStarted({ responseId: "r1" });
      await wait(100);
      window.came = at(() => chat.chunk("It"));
      document.getElementById("log").append("It");
      await wait(400);
      chat.chunk(" flies.");
      chat.completed({ messageId: "m1", finishReason: "stop", model: "kite-1", usage: { inputTokens: 5, outputTokens: 3 }, text: "It flies." });
      chat.action("thumbs_up", { messageId: "m1" });
    });
    const events = (await session(page, "message_action")).filter((e) => e.turnIndex !== undefined && e.type !== "web_vital");
    assert.deepEqual(
      events.map((e) => e.type),
      ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed", "message_action"],
    );
    const [sent, started, first, completed, action] = events.map((e) => e.properties);
    assert.deepEqual(sent, { turnIndex: 0, charCount: 17 });
    assert.deepEqual(started, { turnIndex: 0, responseId: "r1" });
    await assertSpan(page, first.ttftMs);
    assert.ok(first.visibleMs >= first.ttftMs && first.ttftSource === "api", JSON.stringify(first));
    assert.ok(completed.durationMs >= 199 && completed.totalMs >= completed.durationMs + 49, JSON.stringify(completed));
    assert.deepEqual(
      { ...completed, durationMs: 0, totalMs: 0 },
      { finishReason: "natural", durationMs: 0, totalMs: 0, chunkCount: 2, turnIndex: 0, responseId: "r1", model: "kite-1", usage: { inputTokens: 5, outputTokens: 3 } },
    );
    assert.deepEqual(action, { action: "feedback.positive", messageId: "m1" });
    assert.ok(events.every((e) => e.dimensions.conversationId === "c1"));
    assert.deepEqual(noise, []);
  });

  test("a whole reply is seen in the frame that shows it, and one that nobody shows is not", async () => {
    const { page, noise } = await open();
    const id = await sessionOf(page);
    const replies = (count) =>
      collector.waitFor((all) => all.filter((e) => e.sessionId === id && e.type === "assistant_response_completed").length === count, `${count} replies`);
    await page.evaluate(() => {
      const chat = window.chatvitals.tracker.chat("whole");
      window.reply = (show) => {
        chat.submit();
        chat.chunk("It flies.");
        show();
        chat.completed({ messageId: "m1" });
      };
      window.reply(() => document.getElementById("log").append("It flies."));
    });
    await replies(1);
    // Shown a task later, as by frameworks that render on their own time.
    await page.evaluate(() => window.reply(() => setTimeout(() => document.getElementById("log").append("It flies."))));
    await replies(2);
    await page.evaluate(() => window.reply(() => {}));
    await replies(3);
    const known = await page.evaluate(() => {
      window.reply(() => {});
      return JSON.parse(JSON.stringify(window.chatvitals("events"))).filter((e) => e.type === "assistant_response_completed").length;
    });
    assert.equal(known, 4, "whoever asks does not wait for a frame");
    const events = (await replies(4)).filter((e) => e.sessionId === id && e.turnIndex !== undefined && e.type !== "web_vital");
    assert.deepEqual(
      events.map((e) => [e.type, e.turnIndex]),
      [0, 1, 2, 3].flatMap((turn) => ["user_message_sent", "assistant_response_first_token", "assistant_response_completed"].map((type) => [type, turn])),
    );
    const firsts = events.filter((e) => e.type === "assistant_response_first_token").map((e) => e.properties);
    for (const first of firsts.slice(0, 2)) assert.ok(first.visibleMs > first.ttftMs, JSON.stringify(first));
    for (const first of firsts.slice(2)) assert.deepEqual([first.visibleMs, first.unpainted], [undefined, undefined], JSON.stringify(first));
    const ended = events.filter((e) => e.type === "assistant_response_completed").map((e) => e.properties);
    ended.slice(0, 2).forEach((end, turn) => assert.ok(end.totalMs >= firsts[turn].ttftMs && end.totalMs <= firsts[turn].visibleMs, "the end is when it was, not when it was told"));
    assert.deepEqual(noise, []);
  });

  test("every event of the catalogue that a chat reports, by its method, without content unless it is let in", async () => {
    const planted = (n) => `PLANTED-${n}`;
    const reports = (chat) => {
      const ids = { messageId: "m1", partId: "p1" };
      chat.opened();
      chat.trackMessageImpression({ messageId: "m1", role: "assistant", parts: [{ type: "text" }, { type: "error", code: "E7" }] });
      chat.trackMessageImpression({ messageId: "m1", role: "assistant" });
      chat.trackSuggestionChipClick({ ...ids, chipIndex: 1, chip: "PLANTED-chip" });
      chat.toolCalled({ toolName: "search", toolCallId: "t1" });
      chat.toolFinished({ toolCallId: "t1", input: { q: "PLANTED-input" }, output: { a: "PLANTED-output" } });
      chat.approvalRequested({ toolName: "pay", toolCallId: "t2" });
      chat.approvalResolved({ toolCallId: "t2", approved: true });
      chat.uploadStarted({ uploadId: "u1", kind: "image/png", bytes: 10 });
      chat.uploadCompleted({ uploadId: "u1" });
      chat.uploadStarted({ uploadId: "u2", kind: "image/png" });
      chat.uploadFailed({ uploadId: "u2", errorCode: "too_large" });
      chat.handoff("requested", { reason: "asked", targetAgent: "PLANTED-agent" });
      chat.handoff("accepted");
      chat.handoff("completed");
      chat.submitCSAT({ score: 4, comment: "PLANTED-comment" });
      chat.markResolved({ resolved: true });
      chat.trackPurchase({ orderId: "o1", revenue: 9.5, currency: "eur", items: [{ category: "kites", quantity: 1, unitPrice: 9.5 }], paymentMethod: "card" });
      chat.errorRetryClicked({ errorCode: "E7" });
      chat.agentTask({ taskType: "thought", summary: "PLANTED-thought" });
      chat.citationClicked({ ...ids, citationIndex: 0, uri: "https://PLANTED.example/" });
      chat.productCardClicked({ ...ids, productIndex: 0, productSku: "PLANTED-sku" });
      chat.orderSummaryActionClicked({ action: "PLANTED-action" });
      chat.customPayloadInteracted({ payloadType: "map", action: "PLANTED-zoom" });
      chat.a2uiActionDispatched({ surfaceId: "s1", actionName: "buy" });
      chat.a2uiCatalogInstalled({ catalogName: "basic", version: "1" });
      chat.a2uiSurfaceRendered({ surfaceId: "s1", componentCount: 3, renderMs: 4.5 });
      chat.a2uiRenderFailed({ surfaceId: "s1", errorCode: "A2UI_RENDER_FAILED" });
      chat.a2uiActionBlocked({ surfaceId: "s1", actionName: "pay", reason: "not_allowed" });
      for (const change of ["memorySaved", "memoryUpdated", "memoryDeleted"]) chat[change]({ memoryId: "k1", source: "tool", success: true });
      chat.memoryRecalled({ count: 2, mode: "inject" });
      chat.memoryApprovalResolved({ memoryId: "k1", approved: false });
      chat.sentimentDetected({ category: "frustration", score: 0.75 });
      chat.intentDetected({ intent: "order_status", confidence: 0.5 });
      chat.signalEscalationTriggered({ ruleId: "r1", turns: 2 });
      chat.agentRouteDecided({ routerId: "main", target: "human", graphPath: ["a", "b"], transferType: "bot_to_human" });
      chat.agentRouteFailed({ routerId: "main", target: "billing", errorCode: "timeout" });
      chat.trackSessionIdle();
      chat.trackSessionAbandoned();
      chat.submit({ text: "PLANTED-prompt" });
      chat.firstToken();
      chat.completed({ text: "PLANTED-reply" });
      chat.closed();
    };
    const CONTENT = ["chip", "input", "output", "agent", "comment", "thought", "sku", "action", "zoom", "prompt", "reply"].map(planted);
    for (const isLetIn of [false, true]) {
      const { page, noise } = await open(isLetIn ? "/content" : "/");
      await page.evaluate((reports) => (0, eval)(`(${reports})`)(window.chatvitals("chat")), String(reports));
      await session(page, "chat_closed");
      // The reply is told of once it is on the screen: perhaps in the next batch.
      const events = await session(page, "assistant_response_completed");
      const text = JSON.stringify(events) + (await page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })));
      for (const content of [...CONTENT, "PLANTED.example"]) {
        assert.equal(text.includes(content), isLetIn, content);
      }
      const types = new Set(events.map((e) => e.type));
      for (const type of REPORTED) assert.ok(types.has(type), `${type} is missing`);
      assert.equal(events.filter((e) => e.type === "message_impression").length, 1);
      assert.deepEqual(await page.evaluate(() => window.chatvitals("summary")), {
        messageImpressions: 1, suggestionChipClickThroughRate: 1, toolApprovalRate: 1, handoffConversionRate: 1, averageCsatScore: 4,
        resolutionWithoutEscalationRate: 0, purchaseCount: 1, grossMerchandiseValue: { EUR: 9.5 }, averageOrderValue: { EUR: 9.5 },
      });
      assert.deepEqual(events.find((e) => e.type === "error_shown").properties, { messageId: "m1", errorCode: "E7", severity: "error" });
      assert.deepEqual(noise, []);
    }
  });

  test("a mistaken argument is one line in the console, and nothing is sent or thrown", async () => {
    const { page, noise } = await open();
    const captured = await page.evaluate(() => {
      const chat = window.chatvitals.tracker.chat();
      const before = window.chatvitals("stats").captured;
      chat.submitCSAT({ score: 9 });
      chat.trackPurchase({ orderId: "o", revenue: -1, currency: "EUR" });
      chat.trackPurchase({ orderId: "o", revenue: 1, currency: "money" });
      chat.handoff("dancing");
      chat.trace({ traceId: "no" });
      chat.toolCalled({});
      chat.submit("hello");
      window.chatvitals("chat", "dance");
      return window.chatvitals("stats").captured - before;
    });
    assert.equal(captured, 0);
    assert.deepEqual(noise, [
      'error: ChatVitals: chat, csat_submitted: "score" should be a number from 0 to maxScore (default 5), but was 9',
      'error: ChatVitals: chat, purchase_completed: "revenue" should be a number, 0 or more, but was -1',
      'error: ChatVitals: chat, purchase_completed: "currency" should be an ISO 4217 code such as "EUR", but was "money"',
      'error: ChatVitals: chat, handoff: "status" should be "requested", "accepted", "completed" or "cancelled", but was "dancing"',
      'error: ChatVitals: chat, trace: "traceId" should be 32 lower-case hex digits, but was "no"',
      'error: ChatVitals: chat, toolCalled: "toolName" should be a string, but was absent',
      "error: ChatVitals: chat.submit should be given an object, but was given a string",
      'error: ChatVitals: a chat has no method "dance"',
    ]);
  });

  test("calls made before the script keep their time", async () => {
    const { page, noise } = await open("/early");
    const events = await session(page, "assistant_response_completed");
    const first = events.find((e) => e.type === "assistant_response_first_token").properties;
    await assertSpan(page, first.ttftMs);
    assert.equal(events.find((e) => e.type === "user_message_sent").dimensions.conversationId, "early");
    assert.deepEqual(noise, []);
  });

  test("turns go on counting after a reload, feedback still has its trace, and the session counts both sides", async () => {
    const { page } = await open();
    const trace = "0af7651916cd43dd8448eb211c80319c";
    await page.evaluate((traceId) => {
      const chat = window.chatvitals.tracker.chat("c7");
      chat.submit({ text: "a" });
      chat.trace({ traceId });
      chat.responseStarted();
      chat.completed({ messageId: "m7" });
      chat.submit({ text: "b" });
    }, trace);
    await session(page, "user_message_sent");
    await page.reload();
    await ready(page);
    await page.evaluate(() => {
      const chat = window.chatvitals.tracker.chat("c7");
      chat.action("feedback.negative", { messageId: "m7" });
      chat.submit({ text: "c" });
      window.chatvitals("shutdown");
    });
    const events = await session2(page, "session_ended");
    const of = (type) => events.filter((e) => e.type === type);
    assert.deepEqual(of("user_message_sent").map((e) => e.turnIndex), [0, 1, 2]);
    assert.deepEqual(of("turn_abandoned").map((e) => [e.turnIndex, e.properties.phase]), [[1, "before_first_token"], [2, "before_first_token"]]);
    assert.deepEqual([of("message_action")[0].traceId, of("message_action")[0].turnIndex], [trace, 0]);
    const { userTurnCount, assistantTurnCount } = of("session_ended")[0].properties;
    assert.deepEqual([userTurnCount, assistantTurnCount], [3, 1]);
  });

  test("a tab closed before the first token leaves an abandoned turn, and a hidden one no paint", async () => {
    const { page } = await open();
    await page.evaluate(async () => {
      const chat = window.chatvitals.tracker.chat("hidden");
      chat.submit();
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      await new Promise((done) => setTimeout(done, 60));
      chat.chunk("late");
      chat.completed();
      chat.submit();
    });
    const id = await sessionOf(page);
    await page.close({ runBeforeUnload: false });
    const events = (await collector.waitFor((all) => all.some((e) => e.sessionId === id && e.type === "turn_abandoned"), "turn_abandoned")).filter((e) => e.sessionId === id);
    const first = events.find((e) => e.type === "assistant_response_first_token").properties;
    assert.deepEqual([first.unpainted, first.visibleMs], ["hidden", undefined]);
    const completed = events.find((e) => e.type === "assistant_response_completed").properties;
    assert.ok(completed.hiddenMs >= 59, JSON.stringify(completed));
    const abandoned = events.find((e) => e.type === "turn_abandoned");
    assert.deepEqual([abandoned.turnIndex, abandoned.properties.phase], [1, "before_first_token"]);
  });

  test("a withdrawn consent takes the chats' memory with it", async () => {
    const { page } = await open("/consent");
    const stored = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("chatvitals")));
    await page.evaluate(() => window.chatvitals.tracker.chat("c1").submit());
    assert.deepEqual(await stored(), []);
    await page.evaluate(() => window.chatvitals("setConsent", "all"));
    await page.evaluate(() => window.chatvitals.tracker.chat("c1").submit());
    assert.ok((await stored()).includes("chatvitals.chat"));
    await page.evaluate(() => window.chatvitals("setConsent", "none"));
    assert.ok(!(await stored()).includes("chatvitals.chat"));
    await page.evaluate(() => window.chatvitals.tracker.chat("c1").submit());
    assert.ok(!(await stored()).includes("chatvitals.chat"));
  });
});
