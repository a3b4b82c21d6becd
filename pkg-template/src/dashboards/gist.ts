/** One line that says what an event was about, from the few properties that matter for its type. */
import { type CvEvent, isRecord } from "./event.js";
import { formatDuration, formatMany, formatPercent, formatShift } from "./format.js";

type Properties = Record<string, unknown>;

/** A Map and not an object: an event type is a stranger's text, and `constructor` is a text, too. */
const GISTS = new Map<string, (properties: Properties) => (string | null)[]>([
  ["page_view", (p) => [text(p.title)]],
  ["page_leave", (p) => [pair(duration(p.engagedMs), "engaged"), pair("scrolled", percent(p.maxScrollPercent))]],
  ["scroll_depth", (p) => [percent(p.percent)]],
  ["click", (p) => [text(p.text), endOf(text(p.selector))]],
  ["rage_click", (p) => [endOf(text(p.selector))]],
  ["dead_click", (p) => [endOf(text(p.selector))]],
  ["outbound_click", (p) => [text(p.href)]],
  ["file_download", (p) => [text(p.href)]],
  ["cta_click", (p) => [text(p.name)]],
  ["element_impression", (p) => [text(p.elementId)]],
  ["web_vital", (p) => [pair(text(p.name), p.name === "CLS" ? shift(p.value) : duration(p.value)), text(p.rating)?.replace("-", " ") ?? null]],
  ["js_error", (p) => [text(p.type), text(p.source)]],
  ["session_started", (p) => [text(p.identityKind), p.resumed === true ? "resumed" : null]],
  ["session_ended", (p) => [duration(p.durationMs)]],
  ["user_message_sent", (p) => [quoted(p.text), pair(text(p.charCount), "characters"), positive(p.attachmentCount, "file")]],
  ["assistant_response_first_token", (p) => [pair(duration(p.ttftMs), p.ttftSource === "response.start" ? "to the start of the response" : "to the first token")]],
  [
    "assistant_response_completed",
    (p) => [pair(duration(p.totalMs ?? p.durationMs), "in all"), text(p.finishReason) === "natural" ? null : text(p.finishReason), tokens(p.usage), text(p.model), quoted(p.text)],
  ],
  ["response_stalled", (p) => [positive(p.stallCount, "pause"), pair("longest", duration(p.longestStallMs))]],
  ["turn_abandoned", (p) => [pair("after", duration(p.waitedMs)), p.phase === "streaming" ? "while it answered" : "before the first token"]],
  ["tool_executed", (p) => [text(p.toolName), duration(p.durationMs), p.success === false ? (pair("failed:", text(p.errorCode)) ?? "failed") : null]],
  ["agent_task", (p) => [text(p.taskType), duration(p.durationMs), quoted(p.summary)]],
  ["message_action", (p) => [text(p.action)]],
  ["error_shown", (p) => [text(p.errorCode), text(p.severity)]],
  ["transport_disconnected", (p) => [p.willRetry === true ? "trying again" : "for good"]],
  ["resolution_submitted", (p) => [p.escalated === true ? "to a human" : "by the assistant"]],
  ["handoff_requested", (p) => [text(p.reason)]],
  ["handoff_converted", (p) => [pair("after", duration(p.waitMs))]],
  ["trace_linked", (p) => [pair("trace", text(p.traceId))]],
  ["csat_submitted", (p) => [pair(text(p.score), pair("of", text(p.maxScore))), quoted(p.comment)]],
  ["purchase_completed", (p) => [pair(text(p.revenue), text(p.currency)), text(p.orderId)]],
]);

/** Long enough for a narrow column; the whole event is one click away. */
const LONGEST = 160;

export function gistOf(event: CvEvent): string {
  const parts = GISTS.get(event.type)?.(event.properties) ?? firstFields(event.properties);
  const line = parts.filter((part) => part !== null).join(", ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** For types we do not know: the first three plain properties. */
function firstFields(properties: Properties): string[] {
  return Object.entries(properties)
    .flatMap(([name, value]) => pair(`${name}:`, text(value)) ?? [])
    .slice(0, 3);
}

function text(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

const duration = (value: unknown): string | null => (typeof value === "number" ? formatDuration(value) : null);
const shift = (value: unknown): string | null => (typeof value === "number" ? formatShift(value) : null);
const percent = (value: unknown): string | null => (typeof value === "number" ? formatPercent(value) : null);
const positive = (value: unknown, one: string): string | null => (typeof value === "number" && value > 0 ? formatMany(value, one) : null);
const quoted = (value: unknown): string | null => (typeof value === "string" && value !== "" ? `“${value}”` : null);

/** The last two steps of a selector: the end says what was clicked, the beginning only where. */
function endOf(selector: string | null): string | null {
  const steps = selector?.split(">") ?? [];
  return steps.length > 2 ? `… ${steps.slice(-2).join(" > ")}` : selector;
}

/** What a turn used. */
function tokens(usage: unknown): string | null {
  if (!isRecord(usage)) return null;
  return pair([text(usage.inputTokens), text(usage.outputTokens)].filter(Boolean).join(" + "), "tokens") ?? pair(text(usage.totalTokens), "tokens");
}

/** Two words, or nothing when one of them is missing. */
const pair = (one: string | null, other: string | null): string | null => (one && other ? `${one} ${other}` : null);
