// A plain page with a streaming endpoint, observed: what the tracker says against what the server did.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen, ready } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { PAUSES, paused } from "./lib/pauses.mjs";
import { page as html, startSite } from "./lib/site.mjs";
import { npmPage, stream } from "./lib/streams.mjs";

/** Reads a response as plain pages do, shows what it gets, and tells how long it waited for the first text. */
const ASK = `
window.ask = async (url, { signal, stopAfter } = {}) => {
  const start = performance.now();
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ prompt: "PLANTED prompt" }), signal });
  const reader = response.body.getReader();
  let chunks = 0, waited;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const now = performance.now(), text = new TextDecoder().decode(value);
    if (/Hi|PLANTED reply/.test(text)) waited ??= now - start;
    log.append(text.slice(0, 20));
    if (++chunks === stopAfter) { await reader.cancel(); break; }
  }
  return waited;
};
window.undo = stream.observeStreams(tracker, ["/chat/"], { conversationId: "c1" });
`;

const sse = (event) => `data: ${JSON.stringify(event)}\n\n`;

/** What streams say in other words: the step of the first text, and what is to be told of the response. */
const PROTOCOLS = {
  "AI SDK UI messages": {
    script: [
      { type: "start", messageId: "m1" }, 30, { type: "start-step" }, { type: "reasoning-start", id: "r" }, 30, { type: "reasoning-end", id: "r" },
      { type: "tool-input-start", toolCallId: "t", toolName: "search" }, 20, { type: "tool-output-available", toolCallId: "t", output: {} },
      { type: "text-start", id: "x" }, { type: "text-delta", id: "x", delta: "" }, 40, { type: "text-delta", id: "x", delta: "Hi" },
      { type: "text-delta", id: "x", delta: "!" }, { type: "finish", finishReason: "stop" }, "data: [DONE]\n\n",
    ],
    first: 8,
    told: { chunkCount: 2, responseId: "m1", tool: "search", task: "reasoning", partTypeCounts: { text: 1 } },
  },
  "AG-UI": {
    script: [
      { type: "RUN_STARTED", threadId: "c1", runId: "run" }, 30, { type: "TOOL_CALL_START", toolCallId: "t", toolCallName: "search" }, 20,
      { type: "TOOL_CALL_RESULT", toolCallId: "t", messageId: "x", content: "" }, { type: "TEXT_MESSAGE_START", messageId: "m" }, 20,
      { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: "Hi" }, { type: "TEXT_MESSAGE_END", messageId: "m" }, { type: "RUN_FINISHED", threadId: "c1", runId: "run" },
    ],
    first: 4,
    told: { chunkCount: 1, responseId: "run", tool: "search", partTypeCounts: { text: 1 } },
  },
  ChatKit: {
    script: [
      { type: "thread.created", thread: { id: "c1" } }, 30, { type: "thread.item.added", item: { type: "assistant_message", id: "m", content: [] } }, 40,
      { type: "thread.item.updated", item_id: "m", update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: "Hi" } },
      { type: "thread.item.done", item: { type: "assistant_message", id: "m", content: [] } },
    ],
    first: 2,
    told: { chunkCount: 1, partTypeCounts: { text: 1 } },
  },
  "OpenAI chat completions": {
    script: [
      { id: "r1", object: "chat.completion.chunk", model: "kite-1", choices: [{ index: 0, delta: { role: "assistant", content: "" } }] }, 40,
      { id: "r1", model: "kite-1", choices: [{ index: 0, delta: { content: "Hi" } }] }, { id: "r1", model: "kite-1", choices: [{ index: 0, delta: {}, finish_reason: "length" }] },
      { id: "r1", model: "kite-1", choices: [], usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } }, "data: [DONE]\n\n",
    ],
    first: 1,
    told: { chunkCount: 1, responseId: "r1", model: "kite-1", usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 } },
  },
  "OpenAI responses": {
    script: [
      { type: "response.created", response: { id: "r2", model: "kite-1" } }, 40, { type: "response.output_text.delta", delta: "Hi" },
      { type: "response.completed", response: { id: "r2", model: "kite-1", usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 } } },
    ],
    first: 1,
    told: { chunkCount: 1, responseId: "r2", model: "kite-1", usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 } },
  },
  Anthropic: {
    script: [
      'event: message_start\n' + sse({ type: "message_start", message: { id: "a1", model: "kite-1", usage: { input_tokens: 3, output_tokens: 1 } } }), 40,
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }, { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } }, { type: "message_stop" },
    ],
    first: 2,
    told: { chunkCount: 1, responseId: "a1", model: "kite-1", usage: { inputTokens: 3, outputTokens: 9 }, partTypeCounts: { text: 1 } },
  },
  "n8n, JSON by the line": {
    type: "application/json",
    script: ['{"type":"begin","metadata":{}}\n', 40, '{"type":"item","content":"Hi"}\n{"type":"it', 10, 'em","content":"!"}\n', '{"type":"end"}\n'],
    first: 1,
    told: { chunkCount: 2 },
  },
  "deep-chat": { script: [30, { text: "Hi" }, { text: "!" }], first: 0, told: { chunkCount: 2 } },
  "plain text": { type: "text/plain", script: [30, "Hi, here ", 300, "I am"], first: 0, told: { chunkCount: 2 } },
};

describe("an observed stream", () => {
  let browser, collector, site;
  const pages = {
    "/": npmPage(ASK),
    // The same by an option alone, as a site with the script tag has it.
    "/tag": html(`<main id="log"></main><script>const tracker = { chat: () => ({}) }, stream = { observeStreams() {} };${ASK}</script>`, {
      attributes: `data-endpoint="/api/events" data-chat='{"streams": ["/chat/*"]}'`,
    }),
  };
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    site = await startSite({ collector, pages });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await collector?.close();
  });

  async function open() {
    const page = await (await browser.newContext()).newPage();
    const noise = listen(page);
    await page.addInitScript(PAUSES);
    await page.goto(site.url);
    await page.waitForFunction(() => window.started);
    return { page, noise };
  }

  async function turnEvents(page, type) {
    const id = await (await page.waitForFunction(() => tracker.events()[0]?.sessionId)).jsonValue();
    await page.evaluate(() => tracker.flush());
    const all = await collector.waitFor((events) => events.some((e) => e.sessionId === id && e.type === type), type);
    return all.filter((e) => e.sessionId === id && e.turnIndex !== undefined);
  }

  /** Asks, and holds the time to the first token against what the page itself waited: 20 ms, and the thread's pauses. */
  async function timed(url, log, step) {
    const { page, noise } = await open();
    const [waited, from, to] = await page.evaluate(async (url) => {
      const from = performance.now();
      return [await ask(url), from, performance.now()];
    }, url);
    const events = await turnEvents(page, "assistant_response_completed");
    const { ttftMs } = events.find((e) => e.type === "assistant_response_first_token").properties;
    const server = log[0].sent[step];
    assert.ok(ttftMs >= server - 2, `${ttftMs} told, the server sent it at ${server}`);
    const pauses = await paused(page, from - 5, to + 5);
    assert.ok(Math.abs(ttftMs - waited) <= 20 + pauses, `${ttftMs} told, the page waited ${waited}, the server sent it at ${server}, ${pauses} ms of pauses`);
    assert.deepEqual(noise, []);
    return events;
  }

  test("has the server's own first-token time, its pauses, tools, trace, model and usage", async () => {
    const log = [];
    const trace = { type: "trace", traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", runId: "run-1" };
    pages["/chat/kortyx"] = stream(
      [
        40, trace, { type: "status", message: "thinking" }, 150, { type: "text-start" }, { type: "text-delta", delta: "" }, 60,
        { type: "text-delta", delta: "PLANTED reply" }, 30, { type: "tool-call-start", tool: "search", toolCallId: "t1" }, 300,
        { type: "tool-call-result", toolCallId: "t1", content: "PLANTED" }, 2600, { type: "text-delta", delta: " more" },
        { type: "done", data: { usage: { input_tokens: 7, output_tokens: 2 }, model: "kite-1" } },
      ],
      { log },
    );
    const events = await timed("/chat/kortyx", log, 4);
    const types = events.map((e) => e.type);
    assert.deepEqual(types.filter((t) => t.startsWith("user") || t.startsWith("assistant")), [
      "user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed",
    ]);
    const of = (type) => events.find((e) => e.type === type);
    const first = of("assistant_response_first_token").properties;
    assert.equal(first.ttftSource, "stream");
    assert.ok(first.visibleMs >= first.ttftMs && first.visibleMs < first.ttftMs + 2000, JSON.stringify(first));
    const tool = of("tool_executed").properties;
    assert.ok(tool.durationMs > 100 && tool.durationMs < 2300 && tool.success && tool.toolName === "search", JSON.stringify(tool));
    const done = of("assistant_response_completed");
    assert.deepEqual([done.properties.finishReason, done.properties.chunkCount, done.properties.stallCount, done.properties.model], ["natural", 2, 1, "kite-1"]);
    assert.deepEqual(done.properties.usage, { inputTokens: 7, outputTokens: 2 });
    assert.ok(done.properties.longestStallMs > 2300, String(done.properties.longestStallMs));
    assert.equal(done.traceId, trace.traceId);
    const linked = events.filter((e) => e.type === "trace_linked").map((e) => e.properties);
    assert.equal(log[0].headers.traceparent, `00-${linked[0].traceId}-${linked[0].spanId}-01`);
    assert.equal(linked.at(-1).runId, "run-1");
    assert.ok(!JSON.stringify(events).includes("PLANTED"));
  });

  test("is observed by an option alone, and no longer after the shutdown", async () => {
    pages["/chat/plain"] = stream([40, { text: "Hi" }]);
    const page = await (await browser.newContext()).newPage();
    const noise = listen(page);
    await page.goto(`${site.url}/tag`);
    await page.evaluate(() => (window.before = window.fetch));
    await ready(page);
    await page.waitForFunction(() => !String(window.fetch).includes("native code"));
    await page.evaluate(() => ask("/chat/plain"));
    const types = () => page.evaluate(() => window.chatvitals("events").map((e) => e.type));
    await page.waitForFunction(() => window.chatvitals("events").some((e) => e.type === "assistant_response_completed"));
    assert.ok((await types()).includes("user_message_sent"));
    await page.evaluate(() => window.chatvitals("shutdown"));
    assert.ok(await page.evaluate(() => String(window.fetch).includes("native code")));
    assert.deepEqual(noise, []);
  });

  for (const [name, { script, type, ...expected }] of Object.entries(PROTOCOLS)) {
    test(`speaks ${name}`, async () => {
      const log = [];
      pages["/chat/protocol"] = stream(script, { log, type, headers: { "x-content-type-options": "nosniff" } });
      const events = await timed("/chat/protocol", log, expected.first);
      const of = (type) => events.find((e) => e.type === type)?.properties;
      const { finishReason, chunkCount, responseId, model, usage, partTypeCounts } = of("assistant_response_completed");
      assert.deepEqual(
        { finishReason, chunkCount, responseId, model, usage, partTypeCounts, tool: of("tool_executed")?.toolName, task: of("agent_task")?.taskType },
        { finishReason: "natural", responseId: undefined, model: undefined, usage: undefined, partTypeCounts: undefined, tool: undefined, task: undefined, ...expected.told },
      );
    });
  }

  test("ends in an error, a break or a stop as the client saw it", async () => {
    const text = { type: "text-delta", delta: "He" };
    pages["/chat/500"] = stream([], { status: 500 });
    pages["/chat/error"] = stream([text, 20, { type: "error", message: "PLANTED", code: "overloaded" }]);
    pages["/chat/break"] = stream([text, 20, (res) => res.destroy()]);
    pages["/chat/slow"] = stream([text, 60_000]);
    const { page } = await open();
    const ends = await page.evaluate(async () => {
      const ends = [];
      const end = async (act) => {
        await act().catch((error) => error);
        ends.push(tracker.events().length);
      };
      await end(() => ask("/chat/500"));
      await end(() => ask("/chat/error"));
      await end(() => ask("/chat/break"));
      await end(() => ask("/chat/slow", { stopAfter: 1 }));
      await end(() => ask("/chat/slow", { signal: AbortSignal.timeout(150) }));
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 150);
      await end(() => ask("/chat/slow", { signal: controller.signal }));
      tracker.chat("c1").closed();
      return ends;
    });
    assert.equal(ends.length, 6);
    const events = await turnEvents(page, "chat_closed");
    const ended = events.filter((e) => e.type === "assistant_response_completed").map((e) => [e.properties.finishReason, e.properties.errorCode]);
    assert.deepEqual(ended, [["errored", "http_500"], ["errored", "overloaded"], ["errored", undefined], ["stopped", undefined], ["aborted", undefined], ["stopped", undefined]]);
    const broken = events.filter((e) => e.type === "transport_disconnected");
    assert.deepEqual(broken.map((e) => [e.turnIndex, e.properties.willRetry]), [[2, false]]);
    assert.equal(events.filter((e) => e.type === "error_shown").length, 0, "nobody said that the visitor saw one");
    assert.ok(!JSON.stringify(events).includes("PLANTED"));
  });
});
