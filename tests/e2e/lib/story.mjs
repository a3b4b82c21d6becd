// One visit, event by event, with ids and times that never change: what a sink makes of it can be compared to the letter.

const SESSION = "ad8cdb90-19c5-89d9-a9cd-8af1c8045256";
const START = Date.parse("2026-03-01T10:00:00.000Z");
export const SERVER = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", runId: "run-7" };

/** An event, `ms` after the visit began. */
export function event(ms, type, properties = {}, more = {}) {
  const at = START + ms;
  const hex = at.toString(16).padStart(12, "0");
  const tail = (0x1000 + ms).toString(16).padStart(12, "0");
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-${tail}`,
    type,
    timestamp: new Date(at).toISOString(),
    sessionId: SESSION,
    viewId: "01a1f82a-b8c3-706e-9a93-a6780487721c",
    path: "/shop",
    properties,
    dimensions: { identityKind: "authenticated", userId: "u1", conversationId: "c1" },
    ...more,
  };
}

const first = { turnIndex: 0 };
const traced = { ...first, ...SERVER };
const second = { turnIndex: 1 };

/** A visit with a turn that used a tool and whose server told its trace, a turn that failed, and what people do besides. */
export const story = [
  event(0, "session_started", { resumed: false, identityKind: "authenticated", previousId: "before" }, { context: { language: "en", s1: "red", n1: 5, b1: true } }),
  event(10, "page_view", { url: "https://shop.example/shop", path: "/shop", title: "Shop", navigationType: "navigate" }, { context: { s1: "red", n1: 5, b1: true } }),
  event(900, "web_vital", { name: "LCP", value: 812.5, delta: 812.5, rating: "good", id: "v1", navigationType: "navigate", attribution: { target: "img" } }),
  event(1000, "user_message_sent", { turnIndex: 0, charCount: 17, partTypes: ["text"], text: "where is my kite?" }, { ...first, messageId: "m1" }),
  event(1100, "assistant_response_started", { turnIndex: 0, responseId: "r1" }, { ...first, responseId: "r1" }),
  event(1110, "trace_linked", { ...SERVER }, traced),
  event(1500, "tool_executed", { toolName: "find_order", toolCallId: "t1", durationMs: 250.5, success: true, input: { query: "parcel 77" }, output: { state: "on its way" } }, traced),
  event(1700, "assistant_response_first_token", { turnIndex: 0, responseId: "r1", ttftMs: 700, ttftSource: "stream", visibleMs: 712.5 }, { ...traced, responseId: "r1" }),
  event(1800, "agent_task", { turnIndex: 0, taskType: "thought", durationMs: 80, summary: "It flies." }, traced),
  event(
    3000,
    "assistant_response_completed",
    { turnIndex: 0, responseId: "r1", durationMs: 1900, totalMs: 2000, finishReason: "natural", chunkCount: 12, stallCount: 0, hiddenMs: 0, model: "kite-1", provider: "acme", usage: { inputTokens: 5, outputTokens: 3, totalTokens: 8 }, partTypeCounts: { text: 1 }, text: "It flies today." },
    { ...traced, responseId: "r1", messageId: "m2" },
  ),
  event(4000, "message_action", { action: "feedback.positive", messageId: "m2" }, { ...traced, messageId: "m2" }),
  event(5000, "user_message_sent", { turnIndex: 1, charCount: 4, text: "now?" }, { ...second, messageId: "m3" }),
  event(5100, "error_shown", { errorCode: "RATE_LIMITED", severity: "error" }, second),
  event(5200, "assistant_response_completed", { turnIndex: 1, totalMs: 200, finishReason: "errored" }, second),
  event(6000, "csat_submitted", { score: 4, maxScore: 5, comment: "nice" }),
  event(7000, "purchase_completed", { orderId: "o1", revenue: 19.5, currency: "EUR", items: [{ productId: "p1", quantity: 1 }] }),
  event(8000, "signup", { plan: "pro", constructor: "c", nothing: null }, { context: { tags: ["beta"], prompt: { name: "kite-prompt", version: "3", type: "text" } } }),
  event(9000, "js_error", { type: "error:TypeError", fingerprint: "f1", line: 3 }),
  event(9500, "session_ended", { durationMs: 9500, userTurnCount: 2, assistantTurnCount: 1 }),
];
