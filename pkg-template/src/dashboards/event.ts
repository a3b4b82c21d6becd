/** One event as the collector hands it out. Its texts were written by a stranger's browser: only ever render them as text. */
export interface CvEvent {
  id: string;
  type: string;
  /** Milliseconds since the epoch; null when the client sent no readable time. */
  at: number | null;
  sessionId: string | null;
  path: string | null;
  /** Which turn of the chat it belongs to. */
  turn: number | null;
  traceId: string | null;
  spanId: string | null;
  runId: string | null;
  properties: Record<string, unknown>;
  /** Everything that was stored. */
  whole: unknown;
}

/** Whether `value` is an object with fields, and not null or a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The event in a parsed JSON value, or null when there is none: without id and type nothing can be shown. */
export function parseEvent(value: unknown): CvEvent | null {
  if (!isRecord(value) || typeof value.id !== "string" || typeof value.type !== "string") return null;
  const properties = isRecord(value.properties) ? value.properties : {};
  return {
    id: value.id,
    type: value.type,
    at: instant(value.timestamp),
    sessionId: textOf(value.sessionId),
    path: textOf(value.path),
    turn: numberOf(value.turnIndex) ?? numberOf(properties.turnIndex),
    traceId: textOf(value.traceId),
    spanId: textOf(value.spanId),
    runId: textOf(value.runId),
    properties,
    whole: value,
  };
}

/** The events in a list of anything. */
export const parseEvents = (values: readonly unknown[]): CvEvent[] => values.map(parseEvent).filter((event) => event !== null);

/** The event in a message of the live stream. */
export function parseMessage(data: string): CvEvent | null {
  try {
    return parseEvent(JSON.parse(data));
  } catch {
    return null;
  }
}

export const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
export const numberOf = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);

function instant(value: unknown): number | null {
  const at = typeof value === "string" ? Date.parse(value) : numberOf(value);
  return at === null || Number.isNaN(at) ? null : at;
}

/** What kind of thing an event tells: it decides the colour of its row. */
export type Family = "session" | "page" | "click" | "chat" | "outcome" | "vital" | "error" | "custom";

/** First match wins. Errors come first, because `file_upload_failed` is more of an error than of a chat. */
const FAMILIES: [RegExp, Family][] = [
  [/(^|_)(error|failed|rage_click|dead_click|stalled|abandoned|disconnected)(_|$)/, "error"],
  [/^(purchase|csat|resolution|handoff)_/, "outcome"],
  [/^session_/, "session"],
  [/^(page_view|page_leave|page_engagement|scroll_depth|element_impression)$/, "page"],
  [/^(click|outbound_click|file_download|cta_click)$/, "click"],
  [/^web_vital$/, "vital"],
  [
    /^(chat|user_message|assistant_response|message|suggestion_chip|tool|stream|regenerate|response|agent|trace|transport|citation|product_card|order_summary|custom_payload|a2ui|file_upload|memory|sentiment|intent|signal|turn)_/,
    "chat",
  ],
];

export function familyOf(type: string): Family {
  return FAMILIES.find(([pattern]) => pattern.test(type))?.[1] ?? "custom";
}
