// The AI SDK: useChat with an observed transport, in React, against a server that speaks its stream protocol.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { arrival, assertFirstToken, assertNothingLeaked, bundle, chatEvents, of, open, script, settled, told, types } from "./lib/clients.mjs";
import { startCollector } from "./lib/collector.mjs";
import { startSite } from "./lib/site.mjs";
import { stream } from "./lib/streams.mjs";

const APP = `
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses, lastAssistantMessageIsCompleteWithToolCalls } from "ai";
import { createTracker } from "chatvitals";
import { observeTransport } from "chatvitals/ai-sdk";
const tracker = (window.tracker = createTracker({ endpoint: "/api/events" }));
const bare = new URLSearchParams(location.search).has("bare");
const transport = new DefaultChatTransport({ api: "/chat/ai" });
window.chunks = [];
window.finished = [];
function App() {
  const chat = useChat({
    id: "conversation-1",
    transport: bare ? transport : observeTransport(tracker, transport),
    sendAutomaticallyWhen: (state) => lastAssistantMessageIsCompleteWithApprovalResponses(state) || lastAssistantMessageIsCompleteWithToolCalls(state),
    onToolCall: ({ toolCall }) => { if (toolCall.toolName === "read_page") window.chat.addToolOutput({ tool: "read_page", toolCallId: toolCall.toolCallId, output: "PLANTED" }); },
    onFinish: (end) => window.finished.push({ text: end.message.parts.filter((p) => p.type === "text").map((p) => p.text).join(""), isAbort: end.isAbort, isDisconnect: end.isDisconnect, isError: end.isError }),
    onError: () => {},
  });
  window.chat = chat;
  return <main>{chat.messages.map((m) => <p key={m.id}>{m.role}: {m.parts.map((p, i) => <span key={i}>{p.type === "text" ? p.text : p.type}</span>)}</p>)}</main>;
}
createRoot(document.getElementById("root")).render(<App />);
window.say = (text) => { const at = performance.now(); void window.chat.sendMessage({ text }); return at; };
`;
const PAGE = `<!doctype html><html lang="en"><title>AI</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/app.js"></script></html>`;
const TURN = (type) => !/^(session|message_impression)/.test(type);
const HEADERS = { "x-vercel-ai-ui-message-stream": "v1" };

describe("the AI SDK", () => {
  let browser, collector, site;
  const log = [];
  let messages = 0;

  /** What the server streams for what was asked. */
  const text = (...deltas) => [{ type: "text-start", id: "t" }, ...deltas.map((delta) => (typeof delta === "number" ? delta : { type: "text-delta", id: "t", delta })), { type: "text-end", id: "t" }];
  const answers = {
    hello: () => [...text("", 150, "PLANTED hello", 30, " there"), { type: "finish", finishReason: "stop", messageMetadata: { model: "kite-1", usage: { inputTokens: 3, outputTokens: 5 } } }],
    think: () => [{ type: "reasoning-start", id: "r" }, { type: "reasoning-delta", id: "r", delta: "PLANTED" }, 300, { type: "reasoning-end", id: "r" }, ...text("PLANTED"), { type: "finish", finishReason: "stop" }],
    search: () => [
      { type: "tool-input-start", toolCallId: "c1", toolName: "search" }, { type: "tool-input-available", toolCallId: "c1", toolName: "search", input: { q: "PLANTED" } },
      300, { type: "tool-output-available", toolCallId: "c1", output: { url: "https://PLANTED.example/" } }, { type: "finish-step" }, { type: "start-step" }, { type: "source-url", sourceId: "s", url: "https://PLANTED.example/" },
      ...text("PLANTED"), { type: "finish", finishReason: "stop" },
    ],
    page: () => [...text("PLANTED one moment"), { type: "tool-input-available", toolCallId: "c2", toolName: "read_page", input: { q: "PLANTED" } }, { type: "finish", finishReason: "tool-calls" }],
    refund: () => [{ type: "tool-input-available", toolCallId: "c3", toolName: "refund", input: { order: "PLANTED" } }, { type: "tool-approval-request", approvalId: "a1", toolCallId: "c3" }, { type: "finish", finishReason: "tool-calls" }],
    slow: () => [...text("PLANTED", 20_000, "never")],
    error: () => [...text("PLANTED"), { type: "error", errorText: "PLANTED error" }],
    drop: () => [...text("PLANTED").slice(0, 2), 30, (res) => res.socket.destroy()],
  };
  const answer = (entry) => {
    const { messages: all } = JSON.parse(entry.body);
    const last = all.at(-1);
    const asked = last.role === "user" ? last.parts[0].text : "";
    const name = Object.keys(answers).find((name) => asked.includes(name));
    const start = [{ type: "start", messageId: `m${++messages}` }, { type: "start-step" }];
    if (name) return [60, ...start, ...answers[name](), "data: [DONE]\n\n"];
    // The visitor, or the page, has answered: the same message goes on.
    const approval = last.parts.find((part) => part.approval)?.approval;
    const outcome = approval && (approval.approved ? { type: "tool-output-available", toolCallId: "c3", output: "PLANTED" } : { type: "tool-output-denied", toolCallId: "c3" });
    return [40, { type: "start", messageId: last.id }, { type: "start-step" }, ...(outcome ? [outcome] : []), ...text("PLANTED done"), { type: "finish", finishReason: "stop" }, "data: [DONE]\n\n"];
  };

  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    const respond = stream(answer, { log, headers: HEADERS });
    const endpoint = async (req, res) => (site.broken ? (res.writeHead(site.broken), res.end()) : respond(req, res));
    site = await startSite({ collector, pages: { "/": PAGE, "/app.js": script(await bundle(APP)), "/chat/ai": endpoint } });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await collector?.close();
  });

  test("a turn and its regeneration: first text from the stream, not from the client's own word", async () => {
    const { page, noise } = await open(browser, site.url);
    const submitted = await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed");
    const [entry, arrived] = [log.at(-1), await arrival(page, "hello")];
    await page.evaluate(() => void window.chat.regenerate());
    await told(collector, page, "assistant_response_completed", 2);
    const events = await settled(collector, page);
    assert.deepEqual(types(events, TURN), [
      "user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed",
      "regenerate_requested", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed",
    ]);
    // Start, step, text-start, an empty delta, then text.
    await assertFirstToken(page, of(events, "assistant_response_first_token"), { submitted, arrived, server: entry.sent[4], source: "stream" });
    const done = of(events, "assistant_response_completed");
    assert.deepEqual([done.finishReason, done.model, done.usage, done.chunkCount], ["natural", "kite-1", { inputTokens: 3, outputTokens: 5 }, 2]);
    assert.ok(chatEvents(events).every((e) => e.dimensions.conversationId === "conversation-1" && e.turnIndex === 0));
    const [, again] = await page.evaluate(() => window.finished);
    assert.equal(again.text, "PLANTED hello there", "the application got all of it");
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("reasoning, a server's tool, the page's own tool and an approval: one turn each, whatever it takes", async () => {
    const { page, noise } = await open(browser, site.url);
    for (const [at, asked] of ["think", "search", "page"].entries()) {
      await page.evaluate((asked) => say(`PLANTED ${asked}`), asked);
      await told(collector, page, "assistant_response_completed", at + 1);
    }
    for (const [at, approved] of [true, false].entries()) {
      await page.evaluate(() => say("PLANTED refund"));
      await told(collector, page, "tool_approval_requested", at + 1);
      await page.waitForFunction(() => window.chat.status === "ready" && window.chat.messages.at(-1).parts.some((part) => part.approval && part.state === "approval-requested"));
      await page.evaluate((approved) => {
        const part = window.chat.messages.at(-1).parts.find((one) => one.state === "approval-requested");
        void window.chat.addToolApprovalResponse({ id: part.approval.id, approved });
      }, approved);
      await told(collector, page, "assistant_response_completed", at + 4);
    }
    const events = await settled(collector, page);
    const task = of(events, "agent_task");
    assert.equal(task.taskType, "reasoning");
    assert.ok(task.durationMs >= 150 && task.durationMs < 2000, JSON.stringify(task));
    const tools = events.filter((e) => e.type === "tool_executed");
    assert.deepEqual(tools.map((e) => [e.properties.toolName, e.properties.success, e.turnIndex]), [["search", true, 1], ["read_page", true, 2], ["refund", true, 3], ["refund", false, 4]]);
    assert.ok(tools[0].properties.durationMs >= 150 && tools[0].properties.durationMs < 2000, JSON.stringify(tools[0].properties));
    const resolved = events.filter((e) => e.type === "tool_approval_resolved").map((e) => [e.properties.toolName, e.properties.approved]);
    assert.deepEqual(resolved, [["refund", true], ["refund", false]]);
    const ends = events.filter((e) => e.type === "assistant_response_completed").map((e) => [e.turnIndex, e.properties.finishReason]);
    assert.deepEqual(ends, [0, 1, 2, 3, 4].map((turn) => [turn, "natural"]));
    assert.equal(events.filter((e) => e.type === "user_message_sent").length, 5);
    assert.ok(!events.some((e) => e.type === "turn_abandoned"));
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("stopped, failed, cut off and refused, each by its name, and the application is told as ever", async () => {
    const { page, noise } = await open(browser, site.url, { noise: [/ERR_INCOMPLETE_CHUNKED/, /500/] });
    await page.evaluate(() => say("PLANTED slow"));
    await page.getByText("PLANTED", { exact: true }).waitFor();
    await page.evaluate(() => void window.chat.stop());
    await told(collector, page, "assistant_response_completed");
    for (const [at, asked] of ["error", "drop"].entries()) {
      await page.evaluate((asked) => say(`PLANTED ${asked}`), asked);
      await told(collector, page, "assistant_response_completed", at + 2);
    }
    site.broken = 500;
    await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed", 4);
    site.broken = undefined;
    const events = await settled(collector, page);
    const ends = events.filter((e) => e.type === "assistant_response_completed").map((e) => e.properties);
    assert.deepEqual(ends.map((end) => end.finishReason), ["stopped", "errored", "errored", "errored"]);
    assert.equal(ends[3].errorCode, "http_500");
    assert.equal(events.filter((e) => e.type === "stream_stopped").length, 1);
    assert.equal(events.filter((e) => e.type === "transport_disconnected").length, 1);
    assert.ok(log.some((entry) => entry.closed), "the stop has reached the server");
    const finished = await page.evaluate(() => window.finished.map(({ isAbort, isDisconnect, isError }) => [isAbort, isDisconnect, isError]));
    assert.deepEqual(finished, [[true, false, false], [false, false, true], [false, true, true], [false, false, true]]);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("a second message before the end: the first turn was abandoned, the second is its own", async () => {
    const { page, noise } = await open(browser, site.url);
    await page.evaluate(() => say("PLANTED slow"));
    await page.getByText("PLANTED", { exact: true }).waitFor();
    await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed");
    const events = await settled(collector, page);
    assert.deepEqual(events.filter((e) => e.type === "turn_abandoned").map((e) => [e.turnIndex, e.properties.phase]), [[0, "streaming"]]);
    assert.deepEqual(events.filter((e) => e.type === "assistant_response_completed").map((e) => e.turnIndex), [1]);
    assert.deepEqual(noise(), []);
  });
});
