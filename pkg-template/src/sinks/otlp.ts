import type { Sink, TrackedEvent } from "../options.js";
import { eventAttributes, tagsOf, type Attributes, type Capture } from "./otlp-attributes.js";
import { encodeAttributes, nanos } from "./otlp-encode.js";
import { createTurns, type Span, type Turn } from "./otlp-turns.js";
import { createOutbox, type DeliveryOptions } from "./outbox.js";
import { quietly } from "./quietly.js";
import { SDK } from "./sdk.js";
import { withUrl } from "./wanted.js";

export type { Attributes } from "./otlp-attributes.js";

/** What attributes are about to be sent, for `mapAttributes`. */
export interface Mapped {
  /** A turn begins, ends, or ends with an error; or a log record of one event. */
  phase: "start" | "end" | "error" | "event";
  /** The span's or the log record's name. */
  name: string;
  attributes: Attributes;
  /** The event; of a span, the one that opened its turn. */
  event: TrackedEvent;
}

export interface OtlpOptions extends DeliveryOptions {
  /** An OTLP/HTTP endpoint; `/v1/logs` and `/v1/traces` are added. */
  url: string;
  /** `text/plain` for relays of yours: such requests need no preflight. Default `application/json`. */
  contentType?: "application/json" | "text/plain";
  /** `service.name` of the resource. Default: the page's host. */
  serviceName?: string;
  /** More attributes of the resource, such as `deployment.environment.name`. */
  resource?: Attributes;
  /** A log record for every event. Default `true`. */
  logs?: boolean;
  /** A span for every chat turn, and for its tools. Default `true`. */
  traces?: boolean;
  /**
   * Lets what is said into attributes, as far as the tracker's `includeContent` let it come here: `input` is what the
   * visitor says and tools are given, `output` what comes back. Default `false`.
   */
  captureContent?: boolean | Capture;
  /** Tags of every record; dimensions or context named `tags` win. */
  tags?: string[];
  /** Which prompt the assistant runs with; dimensions or context named `prompt` win. */
  prompt?: { name?: string; version?: string; type?: string; source?: string; [more: string]: unknown };
  /** More attributes from the prompt. */
  mapPromptMetadata?(prompt: Record<string, unknown>): Attributes;
  /** More attributes, or others under the same names. */
  mapAttributes?(mapped: Mapped): Attributes | undefined;
}

interface LogEntry {
  event: TrackedEvent;
  turn?: Turn;
}

// https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
const INFO = { severityNumber: 9, severityText: "INFO" };
const WARN = { severityNumber: 13, severityText: "WARN" };
const ERROR = { severityNumber: 17, severityText: "ERROR" };
const STATUS_ERROR = 2;
/** Sampled, and whether the parent is another process' (https://www.w3.org/TR/trace-context-2/, `SpanFlags` of OTLP). */
const LOCAL_PARENT = 0x101;
const REMOTE_PARENT = 0x301;

/** Events that the conventions have a name for. */
const EVENT_NAMES = new Map([
  ["session_started", "session.start"],
  ["session_ended", "session.end"],
  ["web_vital", "browser.web_vital"],
]);

/**
 * Sends every event as an OpenTelemetry log record, and every chat turn as a span with those of its tools below it, by
 * OTLP/HTTP in JSON. A turn whose server told its trace becomes part of that trace.
 */
export function otlpSink(given: string | OtlpOptions): Sink {
  const options = withUrl("otlpSink", given);
  const { logs = true, traces = true, captureContent = false, contentType = "application/json" } = options;
  const capture: Capture = typeof captureContent === "object" ? captureContent : { input: captureContent, output: captureContent };
  const base = options.url.replace(/\/+$/, "");
  const scope = SDK;
  const resource = {
    attributes: encodeAttributes({
      "service.name": options.serviceName ?? globalThis.location?.host,
      "telemetry.sdk.name": SDK.name,
      "telemetry.sdk.language": "webjs",
      "telemetry.sdk.version": SDK.version,
      ...options.resource,
    }),
  };
  const labels = (): Attributes => ({
    ...tagsOf(options),
    ...(options.prompt && quietly(() => options.mapPromptMetadata?.(options.prompt!))),
  });
  const mapped = (phase: Mapped["phase"], name: string, attributes: Attributes, event: TrackedEvent): Attributes => ({
    ...attributes,
    ...quietly(() => options.mapAttributes?.({ phase, name, attributes, event })),
  });

  const logRecord = ({ event, turn }: LogEntry): object => {
    const name = EVENT_NAMES.get(event.type) ?? event.type;
    const time = nanos(Date.parse(event.timestamp));
    // While a turn goes on, its server may still tell its trace: only then, or at its end, it is settled.
    const settled = turn && (turn.isOver || event.traceId) ? turn : event;
    return {
      timeUnixNano: time,
      observedTimeUnixNano: time,
      ...severity(event),
      eventName: name,
      body: { stringValue: event.type },
      attributes: encodeAttributes(mapped("event", name, { ...labels(), ...compact(eventAttributes(event, capture)) }, event)),
      ...(settled.traceId && { traceId: settled.traceId, ...(settled.spanId && { spanId: settled.spanId }), flags: 1 }),
    };
  };
  const encodeSpan = (span: Span, event: TrackedEvent): object => ({
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId && { parentSpanId: span.parentSpanId }),
    flags: span.parentSpanId && span.kind === 3 ? REMOTE_PARENT : LOCAL_PARENT,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.end),
    attributes: encodeAttributes(mapped(span.isError ? "error" : "end", span.name, { ...labels(), ...compact(span.attributes) }, event)),
    events: span.events.map(({ at, name, attributes }) => ({ timeUnixNano: nanos(at), name, attributes: encodeAttributes(attributes) })),
    status: span.isError ? { code: STATUS_ERROR } : {},
  });

  // OTLP's own list of answers that mean "again later" (https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes).
  const isRetryable = (status: number) => status === 429 || status === 502 || status === 503 || status === 504;
  const delivery = { ...options, contentType, isRetryable };
  const logBox = createOutbox<LogEntry>({
    ...delivery,
    pack: (entries) => ({
      url: `${base}/v1/logs`,
      body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: entries.map(logRecord) }] }] }),
    }),
  });
  const spanBox = createOutbox<object>({
    ...delivery,
    pack: (spans) => ({
      url: `${base}/v1/traces`,
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }),
    }),
  });
  const turns = createTurns(capture, (turn) => {
    Object.assign(turn.attributes, quietly(() => options.mapAttributes?.({ phase: "start", name: "invoke_agent", attributes: {}, event: turn.opened })));
  });

  const sink = (event: TrackedEvent): void => {
    const { turn, spans } = turns.follow(event);
    if (logs) logBox.push({ event, turn });
    if (traces && turn) for (const span of spans) spanBox.push(encodeSpan(span, turn.opened));
  };
  return Object.assign(sink, {
    withdrawn() {
      turns.clear();
      logBox.withdrawn();
      spanBox.withdrawn();
    },
    shutdown() {
      turns.clear();
      logBox.shutdown();
      spanBox.shutdown();
    },
  });
}

function severity({ type, properties }: TrackedEvent): typeof INFO {
  if (type === "js_error") return ERROR;
  if (type !== "error_shown") return INFO;
  return properties.severity === "info" ? INFO : properties.severity === "warning" ? WARN : ERROR;
}

/** Without what is absent, so that it does not hide what is given. */
function compact(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null));
}
