/** One event as the collector hands it out. Its texts were written by a stranger's browser: only ever render them as text. */
import { isRecord } from './unknown';

export interface CvEvent {
  id: string;
  type: string;
  /** Milliseconds since the epoch by the client's clock; null when the client sent no readable time. */
  at: number | null;
  sessionId: string | null;
  path: string | null;
  properties: Record<string, unknown>;
  /** Everything that was stored. */
  whole: unknown;
}

/** The event in a parsed JSON value, or null when there is none: without id and type nothing can be shown. */
export function parseEvent(value: unknown): CvEvent | null {
  if (!isRecord(value) || typeof value.id !== 'string' || typeof value.type !== 'string') return null;
  const at = typeof value.timestamp === 'string' ? Date.parse(value.timestamp) : Number.NaN;
  return {
    id: value.id,
    type: value.type,
    at: Number.isNaN(at) ? null : at,
    sessionId: typeof value.sessionId === 'string' ? value.sessionId : null,
    path: typeof value.path === 'string' ? value.path : null,
    properties: isRecord(value.properties) ? value.properties : {},
    whole: value,
  };
}

/** The event in a message of the live stream. */
export function parseMessage(data: string): CvEvent | null {
  try {
    return parseEvent(JSON.parse(data));
  } catch {
    return null;
  }
}

/** What kind of thing an event tells: it decides the colour of its row. */
export type Family = 'session' | 'page' | 'click' | 'chat' | 'outcome' | 'vital' | 'error' | 'custom';

/** First match wins. Errors come first, because `file_upload_failed` is more of an error than of a chat. */
const FAMILIES: [RegExp, Family][] = [
  [/(^|_)(error|failed|rage_click|dead_click|stalled|abandoned|disconnected)(_|$)/, 'error'],
  [/^(purchase|csat|resolution|handoff)_/, 'outcome'],
  [/^session_/, 'session'],
  [/^(page_view|page_leave|scroll_depth|element_impression|heartbeat)$/, 'page'],
  [/^(click|outbound_click|file_download|cta_click)$/, 'click'],
  [/^web_vital$/, 'vital'],
  [
    /^(chat|user_message|assistant_response|message|suggestion_chip|tool|stream|regenerate|response|agent|trace|transport|citation|product_card|order_summary|custom_payload|a2ui|file_upload|memory|sentiment|intent|signal|turn)_/,
    'chat',
  ],
];

export function familyOf(type: string): Family {
  return FAMILIES.find(([pattern]) => pattern.test(type))?.[1] ?? 'custom';
}
