// A plain page with a streaming endpoint, observed: what the tracker says against what the server did.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { startSite } from "./lib/site.mjs";
import { npmPage, stream } from "./lib/streams.mjs";

/** Reads a response as plain pages do, and shows what it gets. */
const ASK = `
window.ask = async (url, { signal, stopAfter } = {}) => {
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ prompt: "PLANTED prompt" }), signal });
  const reader = response.body.getReader();
  const times = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    times.push(performance.now());
    bytes += value.length;
    log.append(new TextDecoder().decode(value).slice(0, 20));
    if (times.length === stopAfter) { await reader.cancel(); break; }
  }
  return { bytes, times };
};
window.undo = stream.observeStreams(tracker, ["/chat/"], { conversationId: "c1" });
`;

describe("an observed stream", () => {
  let browser, collector, site;
  const pages = { "/": npmPage(ASK) };
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
    await page.goto(site.url);
    await page.waitForFunction(() => window.started);
    return { page, noise };
  }

  async function turnEvents(page, type) {
    const id = await page.evaluate(() => tracker.events()[0].sessionId);
    await page.evaluate(() => tracker.flush());
    const all = await collector.waitFor((events) => events.some((e) => e.sessionId === id && e.type === type), type);
    return all.filter((e) => e.sessionId === id && e.turnIndex !== undefined);
  }

  test("has the server's own first-token time, its pauses, tools, trace, model and usage", async () => {
    const log = [];
    const trace = { type: "trace", traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", runId: "run-1" };
    pages["/chat/kortyx"] = stream(
      [
        40, trace, { type: "status", message: "thinking" }, 150, { type: "text-start" }, { type: "text-delta", delta: "" }, 60,
        { type: "text-delta", delta: "PLANTED reply" }, 30, { type: "tool-call-start", tool: "search", toolCallId: "t1" }, 120,
        { type: "tool-call-result", toolCallId: "t1", content: "PLANTED" }, 2200, { type: "text-delta", delta: " more" },
        { type: "done", data: { usage: { input_tokens: 7, output_tokens: 2 }, model: "kite-1" } },
      ],
      { log },
    );
    const { page, noise } = await open();
    await page.evaluate(() => ask("/chat/kortyx"));
    const events = await turnEvents(page, "assistant_response_completed");
    const types = events.map((e) => e.type);
    assert.deepEqual(types.filter((t) => t.startsWith("user") || t.startsWith("assistant")), [
      "user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed",
    ]);
    const of = (type) => events.find((e) => e.type === type);
    const first = of("assistant_response_first_token").properties;
    const server = log[0].sent[4];
    assert.equal(first.ttftSource, "stream");
    assert.ok(first.ttftMs >= server - 2 && first.ttftMs <= server + 20, `${first.ttftMs} seen, ${server} sent`);
    assert.ok(first.visibleMs >= first.ttftMs && first.visibleMs < first.ttftMs + 100, JSON.stringify(first));
    const tool = of("tool_executed").properties;
    assert.ok(tool.durationMs > 100 && tool.durationMs < 200 && tool.success && tool.toolName === "search", JSON.stringify(tool));
    const done = of("assistant_response_completed");
    assert.deepEqual([done.properties.finishReason, done.properties.chunkCount, done.properties.stallCount, done.properties.model], ["natural", 2, 1, "kite-1"]);
    assert.deepEqual(done.properties.usage, { inputTokens: 7, outputTokens: 2 });
    assert.ok(done.properties.longestStallMs > 2150 && done.properties.longestStallMs < 2400, String(done.properties.longestStallMs));
    assert.equal(done.traceId, trace.traceId);
    const linked = events.filter((e) => e.type === "trace_linked").map((e) => e.properties);
    assert.equal(log[0].headers.traceparent, `00-${linked[0].traceId}-${linked[0].spanId}-01`);
    assert.equal(linked.at(-1).runId, "run-1");
    assert.ok(!JSON.stringify(events).includes("PLANTED"));
    assert.deepEqual(noise, []);
  });
});
