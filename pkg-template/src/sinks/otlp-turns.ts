import type { TrackedEvent } from "../options.js";
import { contentOf, eventAttributes, type Attributes, type Capture } from "./otlp-attributes.js";

/** A span before it is encoded. Times are ms since 1970. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  start: number;
  end: number;
  attributes: Attributes;
  events: { at: number; name: string; attributes: Attributes }[];
  isError: boolean;
}

/** A turn, from the visitor's message to the end of the response. */
export interface Turn {
  /** The event that opened it; its id gives the ids. */
  opened: TrackedEvent;
  start: number;
  traceId: string;
  /** The server's span, once its trace is known. */
  parentSpanId?: string;
  spanId: string;
  /** The ids went out with the request: the server's span is below this one. */
  isPropagated: boolean;
  isOver: boolean;
  agent?: string;
  toolCount: number;
  attributes: Attributes;
  spanEvents: Span["events"];
  tools: TrackedEvent[];
}

export const CLIENT = 3;
const INTERNAL = 1;
/** Turns that are remembered: what comes after a turn's end (a rating, a copied answer) still belongs to its trace. */
const MAX_TURNS = 50;
/** What one turn keeps. */
const MAX_TOOLS = 100;
const MAX_SPAN_EVENTS = 100;

/** Events that open a turn when none is open. */
const OPENING = new Set(["user_message_sent", "regenerate_requested", "assistant_response_started"]);
/** Events whose fields describe the turn as a whole. */
const TELLING = new Set([
  "user_message_sent",
  "assistant_response_started",
  "assistant_response_first_token",
  "response_stalled",
  "turn_abandoned",
  "assistant_response_completed",
]);

/** Follows turns through events, and answers each end of one with its span and those of its tools. */
export function createTurns(capture: Capture, opened: (turn: Turn) => void) {
  const turns = new Map<string, Turn>();

  const open = (event: TrackedEvent): Turn => {
    const hex = event.id.replace(/-/g, "");
    const turn: Turn = {
      opened: event,
      start: Date.parse(event.timestamp),
      // Random enough (a UUIDv7 has 74 random bits), and the same when an event is told twice.
      traceId: hex,
      spanId: hex.slice(16),
      isPropagated: false,
      isOver: false,
      toolCount: 0,
      attributes: {},
      spanEvents: [],
      tools: [],
    };
    const key = keyOf(event);
    turns.delete(key);
    turns.set(key, turn);
    const [oldest] = turns.keys();
    if (turns.size > MAX_TURNS && oldest !== undefined) turns.delete(oldest);
    opened(turn);
    return turn;
  };

  return {
    /** The turn of an event, and its spans when this event ends it. */
    follow(event: TrackedEvent): { turn?: Turn; spans: Span[] } {
      if (turnIndexOf(event) === undefined) return { spans: [] };
      const { type, properties } = event;
      const isEnd = type === "assistant_response_completed" || type === "turn_abandoned";
      let turn = turns.get(keyOf(event));
      if (turn ? turn.isOver && OPENING.has(type) : OPENING.has(type) || isEnd) turn = open(event);
      if (!turn) return { spans: [] };
      if (turn.isOver) return { turn, spans: [] };

      join(turn, event);
      if (TELLING.has(type)) Object.assign(turn.attributes, eventAttributes(event, {}), contentOf(event, capture));
      if (type === "agent_route_decided" && typeof properties.target === "string") turn.agent = properties.target;
      if (type === "error_shown") turn.attributes["error.type"] = properties.errorCode;
      if (type === "tool_executed") {
        turn.toolCount++;
        if (turn.tools.length < MAX_TOOLS) turn.tools.push(event);
      } else if (!TELLING.has(type) || type === "assistant_response_first_token") {
        const spanEvent = { at: Date.parse(event.timestamp), name: spanEventName(type), attributes: { "chatvitals.event.id": event.id } };
        if (turn.spanEvents.length < MAX_SPAN_EVENTS) turn.spanEvents.push(spanEvent);
      }
      if (!isEnd) return { turn, spans: [] };
      turn.isOver = true;
      return { turn, spans: [turnSpan(turn, event), ...turn.tools.map((tool) => toolSpan(turn, tool, capture))] };
    },
    clear: () => turns.clear(),
  };
}

/** Takes the trace that the event knows: one that the page sent along with its request, or one that the server told. */
function join(turn: Turn, { type, traceId, spanId, properties }: TrackedEvent): void {
  if (!traceId) return;
  if (type === "trace_linked" && properties.propagated === true && spanId) {
    Object.assign(turn, { traceId, spanId, parentSpanId: undefined, isPropagated: true });
  } else if (turn.traceId !== traceId || !turn.isPropagated) {
    Object.assign(turn, { traceId, parentSpanId: spanId, isPropagated: false });
  }
}

function turnSpan(turn: Turn, last: TrackedEvent): Span {
  const end = Date.parse(last.timestamp);
  const { finishReason, totalMs, waitedMs } = last.properties;
  // A turn that was first seen at its end began as long ago as it says.
  const took = [totalMs, waitedMs].find((ms): ms is number => typeof ms === "number");
  const start = turn.opened === last && took !== undefined ? end - took : turn.start;
  const isError = finishReason === "errored";
  return {
    traceId: turn.traceId,
    spanId: turn.spanId,
    parentSpanId: turn.parentSpanId,
    name: turn.agent ? `invoke_agent ${turn.agent}` : "invoke_agent",
    kind: CLIENT,
    start: Math.min(start, end),
    end,
    attributes: {
      ...turn.attributes,
      // A span is about more than the event that ends it.
      "chatvitals.event.id": undefined,
      "chatvitals.event.type": undefined,
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": turn.agent,
      "kortyx.tool.call.count": turn.toolCount || undefined,
      "error.type": turn.attributes["error.type"] ?? (isError ? "_OTHER" : undefined),
    },
    events: turn.spanEvents,
    isError,
  };
}

function toolSpan(turn: Turn, event: TrackedEvent, capture: Capture): Span {
  const { durationMs, success, toolName } = event.properties;
  const end = Date.parse(event.timestamp);
  return {
    traceId: turn.traceId,
    spanId: event.id.replace(/-/g, "").slice(16),
    parentSpanId: turn.spanId,
    name: `execute_tool ${toolName}`,
    kind: INTERNAL,
    start: end - (typeof durationMs === "number" ? durationMs : 0),
    end,
    attributes: { ...eventAttributes(event, capture), "gen_ai.operation.name": "execute_tool" },
    events: [],
    isError: success === false,
  };
}

function spanEventName(type: string): string {
  return type === "assistant_response_first_token" ? "gen_ai.first_token" : type;
}

function turnIndexOf({ turnIndex, properties }: TrackedEvent): unknown {
  return turnIndex ?? properties.turnIndex;
}

function keyOf(event: TrackedEvent): string {
  return `${event.sessionId} ${event.dimensions?.conversationId} ${turnIndexOf(event)}`;
}
