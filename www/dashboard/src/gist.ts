/** One line that says what an event was about, from the few properties that matter for its type. */
import type { CvEvent } from './event';
import { formatDuration, formatPercent } from './format';

type Properties = Record<string, unknown>;

/** A Map and not an object: an event type is a stranger's text, and `constructor` is a text, too. */
const GISTS = new Map<string, (properties: Properties) => (string | null)[]>([
  ['page_view', (p) => [text(p.title)]],
  ['page_leave', (p) => [pair(duration(p.engagedMs), 'engaged'), pair('scrolled', percent(p.maxScrollPercent))]],
  ['scroll_depth', (p) => [percent(p.percent)]],
  ['click', (p) => [endOf(text(p.selector))]],
  ['rage_click', (p) => [endOf(text(p.selector))]],
  ['dead_click', (p) => [endOf(text(p.selector))]],
  ['outbound_click', (p) => [text(p.href)]],
  ['file_download', (p) => [text(p.href)]],
  ['cta_click', (p) => [text(p.name)]],
  ['element_impression', (p) => [text(p.elementId)]],
  ['web_vital', (p) => [pair(text(p.name), p.name === 'CLS' ? text(p.value) : duration(p.value)), text(p.rating)]],
  ['js_error', (p) => [text(p.type), text(p.source)]],
  ['session_started', (p) => [text(p.identityKind), p.resumed === true ? 'resumed' : null]],
  ['session_ended', (p) => [duration(p.durationMs)]],
  ['assistant_response_first_token', (p) => [pair(duration(p.ttftMs), p.ttftSource === 'response.start' ? 'to the start of the response' : 'to the first token')]],
  ['assistant_response_completed', (p) => [duration(p.durationMs), text(p.finishReason)]],
  ['tool_executed', (p) => [text(p.toolName), duration(p.durationMs), p.success === false ? 'failed' : null]],
  ['csat_submitted', (p) => [pair(text(p.score), pair('of', text(p.maxScore)))]],
  ['purchase_completed', (p) => [pair(text(p.revenue), text(p.currency)), text(p.orderId)]],
]);

/** Long enough for a narrow column; the whole event is one click away. */
const LONGEST = 160;

export function gistOf(event: CvEvent): string {
  const parts = GISTS.get(event.type)?.(event.properties) ?? firstFields(event.properties);
  const line = parts.filter((part) => part !== null).join(', ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** For types we do not know: the first three plain properties. */
function firstFields(properties: Properties): string[] {
  return Object.entries(properties)
    .flatMap(([name, value]) => pair(`${name}:`, text(value)) ?? [])
    .slice(0, 3);
}

function text(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

const duration = (value: unknown): string | null => (typeof value === 'number' ? formatDuration(value) : null);
const percent = (value: unknown): string | null => (typeof value === 'number' ? formatPercent(value) : null);
/** The last two steps of a selector: the end says what was clicked, the beginning only where. */
function endOf(selector: string | null): string | null {
  const steps = selector?.split('>') ?? [];
  return steps.length > 2 ? `… ${steps.slice(-2).join(' > ')}` : selector;
}

/** Two words, or nothing when one of them is missing. */
const pair = (one: string | null, other: string | null): string | null => (one && other ? `${one} ${other}` : null);
