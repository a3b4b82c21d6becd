/** One visit as a story: what happened in order, in a reader's words, with the turns of the chat measured. */
import { type CvEvent, type Family, familyOf, numberOf, parseEvents, textOf } from "../event.js";
import { gistOf } from "../gist.js";

export interface Story {
  sessionId: string | null;
  /** When the first and the last event happened, ms; null without any time. */
  start: number | null;
  end: number | null;
  /** How many events tell it; some are one step together. */
  events: number;
  steps: Step[];
}

export interface Step {
  id: string;
  type: string;
  family: Family;
  /** Since the start of the visit, ms. */
  after: number | null;
  title: string;
  gist: string;
  path: string | null;
  /** Of a question: how its answer came. */
  turn: Turn | null;
  /** Whether the story can be followed without it. */
  aside: boolean;
}

export interface Trace {
  traceId: string;
  spanId: string | null;
  runId: string | null;
}

/** From a question to the end of its answer, ms; null where it was not seen. */
export interface Turn {
  index: number;
  ttftMs: number | null;
  totalMs: number | null;
  /** How it ended: `natural`, `stopped`, …, or `abandoned`. */
  outcome: string | null;
  /** The server's trace of it, which is known once the answer has begun. */
  trace: Trace | null;
}

const TITLES = new Map<string, string>([
  ["session_started", "Came"],
  ["session_ended", "The visit ended"],
  ["page_view", "Opened a page"],
  ["page_leave", "Left the page"],
  ["click", "Clicked"],
  ["cta_click", "Followed a call to action"],
  ["outbound_click", "Left by a link"],
  ["file_download", "Downloaded a file"],
  ["rage_click", "Clicked again and again"],
  ["dead_click", "Clicked, and nothing happened"],
  ["js_error", "The page had an error"],
  ["web_vital", "The page measured"],
  ["chat_opened", "Opened the chat"],
  ["chat_closed", "Closed the chat"],
  ["user_message_sent", "Asked"],
  ["suggestion_chip_clicked", "Took a suggestion"],
  ["assistant_response_first_token", "Saw the first token"],
  ["assistant_response_completed", "Got an answer"],
  ["response_stalled", "The answer stalled"],
  ["turn_abandoned", "Gave up waiting"],
  ["stream_stopped", "Stopped the answer"],
  ["regenerate_requested", "Asked for another answer"],
  ["tool_executed", "A tool ran"],
  ["tool_approval_requested", "Was asked to allow a tool"],
  ["tool_approval_resolved", "Decided on a tool"],
  ["agent_task", "The assistant worked"],
  ["message_action", "Did something with a message"],
  ["error_shown", "Saw an error in the chat"],
  ["transport_disconnected", "The connection broke"],
  ["transport_reconnected", "The connection was back"],
  ["handoff_requested", "Asked for a human"],
  ["handoff_converted", "A human took over"],
  ["handoff_completed", "The human finished"],
  ["csat_submitted", "Rated the conversation"],
  ["resolution_submitted", "Said whether it was settled"],
  ["resolution_without_escalation", "Settled without a human"],
  ["purchase_completed", "Bought something"],
  ["trace_linked", "The server's trace is known"],
]);

/** What only measures along the way. */
const ASIDES = new Set([
  "scroll_depth",
  "page_engagement",
  "element_impression",
  "message_impression",
  "assistant_response_started",
  "trace_linked",
  "transport_reconnected",
]);

/** Tells the events of one session, in whatever order they come. */
export function tellStory(values: readonly unknown[]): Story {
  const events = parseEvents(values).sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || (a.id < b.id ? -1 : 1));
  const times = events.flatMap(({ at }) => at ?? []);
  const start = times[0] ?? null;
  return {
    sessionId: events.find(({ sessionId }) => sessionId !== null)?.sessionId ?? null,
    start,
    end: times[times.length - 1] ?? null,
    events: events.length,
    steps: events.map((event) => stepOf(event, events, start)).reduce(joinVitals, []),
  };
}

/** A page reports its vitals one by one; in a story they are one step. */
function joinVitals(steps: Step[], step: Step): Step[] {
  const before = steps[steps.length - 1];
  if (step.family !== "vital" || before?.family !== "vital" || before.path !== step.path) return [...steps, step];
  return [...steps.slice(0, -1), { ...before, gist: `${before.gist} · ${step.gist}` }];
}

function stepOf(event: CvEvent, events: readonly CvEvent[], start: number | null): Step {
  const { id, type, at, path } = event;
  return {
    id,
    type,
    family: event.properties.success === false ? "error" : familyOf(type),
    after: at === null || start === null ? null : at - start,
    title: TITLES.get(type) ?? type,
    gist: gistOf(event),
    path,
    turn: type === "user_message_sent" ? turnOf(event, events) : null,
    aside: ASIDES.has(type),
  };
}

/** What the events between this question and the next one tell of its turn. */
function turnOf(question: CvEvent, events: readonly CvEvent[]): Turn | null {
  const index = question.turn;
  if (index === null) return null;
  const from = events.indexOf(question);
  const next = events.findIndex((event, at) => at > from && event.type === question.type && event.turn === index);
  const own = events.slice(from, next === -1 ? undefined : next).filter(({ turn }) => turn === index);
  const of = (type: string) => own.find((event) => event.type === type);
  const completed = of("assistant_response_completed");
  const abandoned = of("turn_abandoned");
  const ttftMs = numberOf(of("assistant_response_first_token")?.properties.ttftMs);
  const totalMs = numberOf(completed?.properties.totalMs) ?? numberOf(abandoned?.properties.waitedMs);
  const outcome = abandoned ? "abandoned" : textOf(completed?.properties.finishReason);
  return { index, ttftMs, totalMs, outcome, trace: traceOf(own) };
}

function traceOf(events: readonly CvEvent[]): Trace | null {
  for (const { traceId, spanId, runId } of events) {
    if (traceId !== null) return { traceId, spanId, runId };
  }
  return null;
}
