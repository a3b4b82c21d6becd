// A backlog of visits as the tracker would have sent them: the same every time, with something for every chart.
const HOUR = 3_600_000;
const ROUTES = ["/", "/kites/", "/kites/heron/", "/guide/", "/basket/"];
const TOOLS = ["search_products", "check_stock", "track_order"];
const VITALS = {
  LCP: { good: 2500, poor: 4000 },
  CLS: { good: 0.1, poor: 0.25 },
  INP: { good: 200, poor: 500 },
  FCP: { good: 1800, poor: 3000 },
  TTFB: { good: 800, poor: 1800 },
};
const CURRENCIES = ["EUR", "EUR", "USD"];

/** Numbers from 0 to 1 that only look like chance (mulberry32). */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The events of `sessions` visits, spread over the hours before `now`. */
export function backlog({ now, sessions = 60, hours = 160 }) {
  const random = chance(7);
  return Array.from({ length: sessions }, (_, at) => visit({ random, at, start: now - ((at + 0.5) / sessions) * hours * HOUR })).flat();
}

function visit({ random, at, start }) {
  const sessionId = `visit-${String(at).padStart(4, "0")}`;
  const between = (low, high) => low + random() * (high - low);
  const whole = (low, high) => Math.round(between(low, high));
  const pick = (list) => list[Math.floor(random() * list.length)];
  const context = { device: { class: pick(["mobile", "desktop"]), connection: pick(["4g", "3g"]) }, ...(random() < 0.4 && { campaign: { campaign: pick(["spring", "newsletter"]) } }) };
  const events = [];
  let time = start;
  let [path, viewId] = ["/", `${sessionId}-v`];
  const add = (type, properties = {}, { after = 500, ...rest } = {}) => {
    time += after;
    events.push({ id: `${sessionId}-${String(events.length).padStart(3, "0")}`, type, timestamp: new Date(time).toISOString(), sessionId, path, viewId, properties, context, dimensions: {}, ...rest });
  };

  add("session_started", { resumed: false, identityKind: "guest" }, { after: 0 });
  for (let view = 0; view < whole(1, 3); view += 1) {
    path = pick(ROUTES);
    viewId = `${sessionId}-v${view}`;
    add("page_view", { url: `https://shop.example${path}`, path, title: `Kites ${path}`, navigationType: "navigate" });
    for (const [name, { good, poor }] of Object.entries(VITALS)) {
      const value = between(good * 0.2, poor * 1.1);
      const rating = value <= good ? "good" : value <= poor ? "needs-improvement" : "poor";
      add("web_vital", { name, value, delta: value, id: `${sessionId}-${view}-${name}`, rating, navigationType: "navigate" }, { after: 20 });
    }
    add("click", { selector: "main > a.kite", tag: "a" }, { after: whole(800, 9000) });
    add("page_leave", { engagedMs: whole(2000, 60_000), visibleMs: 70_000, maxScrollPercent: whole(10, 100), maxScrollPx: 900 }, { after: whole(1000, 9000) });
  }
  if (at % 4 === 3) return events;

  add("chat_opened");
  const turns = whole(0, 3);
  for (let turnIndex = 0; turnIndex < turns; turnIndex += 1) {
    const own = { turnIndex, traceId: `${"0123456789abcdef".repeat(2).slice(at % 16)}${"0".repeat(32)}`.slice(0, 32), spanId: "00f067aa0ba902b7" };
    const [ttftMs, streamMs] = [whole(180, 2400), whole(500, 7000)];
    add("user_message_sent", { turnIndex, charCount: whole(8, 160) }, { after: whole(2000, 20_000), turnIndex });
    if (random() < 0.1) {
      add("turn_abandoned", { turnIndex, phase: "before_first_token", waitedMs: ttftMs }, { after: ttftMs, ...own });
      continue;
    }
    add("assistant_response_first_token", { turnIndex, ttftMs, ttftSource: "stream" }, { after: ttftMs, ...own });
    if (random() < 0.6) add("tool_executed", { toolName: pick(TOOLS), durationMs: whole(60, 1400), success: random() < 0.85 }, { after: 100, ...own });
    const stalls = random() < 0.15 ? { stallCount: 1, longestStallMs: 2400 } : { stallCount: 0 };
    add("assistant_response_completed", { turnIndex, durationMs: streamMs, totalMs: ttftMs + streamMs, finishReason: random() < 0.92 ? "natural" : "errored", chunkCount: 40, model: "kite-1", usage: { inputTokens: 320, outputTokens: whole(40, 400) }, ...stalls }, { after: streamMs, ...own });
    if (stalls.stallCount) add("response_stalled", { turnIndex, ...stalls }, own);
    if (random() < 0.06) add("error_shown", { errorCode: "rate_limited", severity: "error" }, own);
  }
  if (turns > 0) {
    if (random() < 0.08) add("transport_disconnected", { willRetry: true });
    if (random() < 0.18) {
      add("handoff_requested", { reason: "asked" });
      if (random() < 0.7) add("handoff_converted", { waitMs: whole(4000, 90_000) }, { after: 9000 });
    } else if (random() < 0.7) add("resolution_without_escalation");
    if (random() < 0.5) add("csat_submitted", { score: pick([1, 3, 4, 4, 5, 5, 5]), maxScore: 5 });
    if (random() < 0.3) {
      const [unitPrice, quantity] = [whole(20, 140), whole(1, 2)];
      const category = pick(["Kites", "Lines", "Spare parts"]);
      add("purchase_completed", { orderId: `order-${at}`, revenue: unitPrice * quantity, currency: pick(CURRENCIES), items: [{ sku: "k", quantity, unitPrice, category }] });
    }
  }
  add("session_ended", { durationMs: time - start, userTurnCount: turns, assistantTurnCount: turns });
  return events;
}
