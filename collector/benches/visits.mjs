// Visits for the collector's bench: about twenty events each, as the tracker sends them, two chats in five visits.

const ROUTES = ["/", "/kites/", "/kites/brisk/", "/kites/heron/", "/kites/moth/", "/guide/", "/about/", "/basket/"];
const DEVICES = ["desktop", "desktop", "desktop", "mobile", "mobile", "tablet"];
const CAMPAIGNS = ["autumn-winds", "first-kite", "beach-days"];
const TOOLS = ["search_kites", "wind_forecast", "check_stock"];

// A small generator with a seed (mulberry32): each run sends the same.
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The events of visit `number`, which starts at `start` (ms) and happens within `pace` times its usual duration. */
export function visit(number, start, pace = 1) {
  const random = randomOf(number * 2654435761 + 1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const around = (median) => Math.round(median * Math.exp((random() + random() + random() - 1.5) * 1.2));
  const session = `bench-${number}`;
  const events = [];
  let now = start;
  let view = {};
  const wait = (ms) => { now += ms * pace; };
  const tell = (type, properties, more) => events.push({
    id: `${session}-${events.length}`, type, timestamp: new Date(now).toISOString(), sessionId: session, ...view, ...more, properties,
  });
  const context = {
    device: { class: pick(DEVICES), browser: "Chrome", platform: "Linux", connection: pick(["4g", "4g", "3g"]), language: "en" },
    campaign: random() < 0.4 ? { source: "news", campaign: pick(CAMPAIGNS), channel: "email" } : { channel: "direct" },
  };
  tell("session_started", { resumed: false, identityKind: "anonymous" }, { context });
  const pages = 1 + Math.floor(random() * 4);
  const chatsOn = random() < 0.4 ? Math.floor(random() * pages) : -1;
  for (let page = 0; page < pages; page++) {
    view = { viewId: `${session}-v${page}`, path: pick(ROUTES) };
    tell("page_view", { url: `https://shop.example${view.path}`, path: view.path, title: "Shop", navigationType: "navigate" }, { context });
    for (const [name, median] of [["TTFB", 180], ["FCP", 700], ["LCP", 1300]]) {
      const value = around(median);
      tell("web_vital", { name, value, delta: value, rating: "good", id: `${name}-${number}-${page}`, navigationType: "navigate" });
    }
    wait(around(8000));
    tell("scroll_depth", { percent: 50, px: 1200 });
    if (page === chatsOn) chat();
    tell("page_leave", { engagedMs: around(9000), visibleMs: around(15000), maxScrollPercent: Math.round(random() * 100), maxScrollPx: 1800 });
  }
  tell("session_ended", { durationMs: now - start, userTurnCount: chatsOn < 0 ? 0 : 2, assistantTurnCount: chatsOn < 0 ? 0 : 2 });
  return events;

  function chat() {
    tell("chat_opened", {});
    for (let turnIndex = 0; turnIndex < 2; turnIndex++) {
      const more = { turnIndex, dimensions: { conversationId: `c-${number}` } };
      tell("user_message_sent", { turnIndex, charCount: 40 }, more);
      if (random() < 0.4) tell("tool_executed", { toolName: pick(TOOLS), durationMs: around(300), success: random() < 0.9 }, more);
      const ttftMs = around(600);
      wait(ttftMs);
      tell("assistant_response_first_token", { turnIndex, ttftMs, ttftSource: "stream", visibleMs: ttftMs + 20 }, more);
      const durationMs = around(2500);
      wait(durationMs);
      tell("assistant_response_completed", { turnIndex, durationMs, totalMs: ttftMs + durationMs, finishReason: "natural", stallCount: random() < 0.1 ? 1 : 0 }, more);
    }
    if (random() < 0.3) tell("csat_submitted", { score: 1 + Math.floor(random() * 5), maxScore: 5 });
    tell("resolution_submitted", { escalated: random() < 0.2 });
    if (random() < 0.15) {
      const revenue = Math.round(random() * 9000) / 100;
      tell("purchase_completed", { orderId: `o-${number}`, revenue, currency: pick(["EUR", "USD"]), items: [{ category: "kites", quantity: 1, unitPrice: revenue }] });
    }
  }
}
