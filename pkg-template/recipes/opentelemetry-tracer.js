// @ts-check
// ChatVitals → the OpenTelemetry tracer that your page runs already. Copy this file into your application.
//
//   import { createTracker } from "chatvitals";
//   import { openTelemetrySink } from "./opentelemetry-tracer.js";
//   createTracker({ sink: openTelemetrySink() });
//
// Every chat turn becomes a span, in its server's trace when that is known, with a span for every event below it; every
// other event is a short span of its own. (`otlpSink` of chatvitals/sinks needs no OpenTelemetry on the page, and sends
// log records too.)
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { details, vendorSink } from "chatvitals/sinks/vendor";

/** What a turn that never ends keeps, and how many such turns. */
const MAX_EVENTS = 200;
const MAX_TURNS = 20;

/** @typedef {import("chatvitals").TrackedEvent} TrackedEvent */

/** @param {() => import("@opentelemetry/api").Tracer | undefined} [find] Where the tracer is, once there is one. */
export function openTelemetrySink(find = findTracer) {
  /** The events of turns under way: a span's trace cannot be changed, and the server tells its trace in mid-turn. */
  const turns = /** @type {Map<string, TrackedEvent[]>} */ (new Map());

  const sink = vendorSink(find, (tracer, event) => {
    if (event.turnIndex === undefined) return void span(tracer, event);
    const key = `${event.sessionId} ${event.dimensions?.conversationId} ${event.turnIndex}`;
    const events = [...(turns.get(key) ?? []), event];
    const isEnd = event.type === "assistant_response_completed" || event.type === "turn_abandoned";
    turns.delete(key);
    if (isEnd || events.length === MAX_EVENTS) return turn(tracer, events);
    turns.set(key, events);
    const [oldest] = turns;
    if (turns.size > MAX_TURNS && oldest) {
      turns.delete(oldest[0]);
      turn(tracer, oldest[1]);
    }
  });
  const rest = () => {
    const tracer = find();
    if (tracer) for (const events of turns.values()) turn(tracer, events);
    turns.clear();
  };
  return Object.assign((/** @type {TrackedEvent} */ event) => sink(event), {
    withdrawn() {
      turns.clear();
      sink.withdrawn?.();
    },
    shutdown() {
      sink.shutdown?.();
      rest();
    },
  });
}

/** @param {import("@opentelemetry/api").Tracer} tracer @param {TrackedEvent[]} events */
function turn(tracer, events) {
  const [first] = events;
  const last = events[events.length - 1];
  const { traceId, spanId } = events.find((event) => event.traceId) ?? {};
  const server = traceId && spanId && { traceId, spanId, traceFlags: 1, isRemote: true };
  const parent = server ? trace.setSpanContext(ROOT_CONTEXT, server) : context.active();
  const whole = tracer.startSpan(
    "invoke_agent",
    {
      kind: SpanKind.CLIENT,
      startTime: new Date(first.timestamp),
      attributes: {
        ...attributes(last),
        "gen_ai.operation.name": "invoke_agent",
        "session.id": last.sessionId,
        "gen_ai.conversation.id": /** @type {string | undefined} */ (last.dimensions?.conversationId),
        eventId: undefined,
      },
    },
    parent,
  );
  if (last.properties.finishReason === "errored") whole.setStatus({ code: SpanStatusCode.ERROR });
  for (const event of events) span(tracer, event, trace.setSpan(parent, whole));
  whole.end(new Date(last.timestamp));
}

/** @param {import("@opentelemetry/api").Tracer} tracer @param {TrackedEvent} event */
function span(tracer, event, parent = context.active()) {
  const end = Date.parse(event.timestamp);
  const took = event.type === "tool_executed" ? Number(event.properties.durationMs ?? 0) : 0;
  tracer.startSpan(event.type, { startTime: new Date(end - took), attributes: attributes(event) }, parent).end(new Date(end));
}

/**
 * Attributes are plain values; what is not becomes JSON.
 * @param {TrackedEvent} event
 * @returns {import("@opentelemetry/api").Attributes}
 */
function attributes(event) {
  const { context: _, ...rest } = details(event);
  /** @param {unknown} value */
  const plain = (value) => (typeof value === "object" ? JSON.stringify(value) : /** @type {string} */ (value));
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, plain(value)]));
}

/** The global provider's tracer, once a provider is registered. */
function findTracer() {
  const provider = /** @type {import("@opentelemetry/api").ProxyTracerProvider} */ (trace.getTracerProvider());
  return provider.getDelegateTracer?.("chatvitals");
}
