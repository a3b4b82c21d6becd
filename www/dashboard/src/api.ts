/** What the dashboard asks the collector, and the answers parsed at the edge: inside, the types can be trusted. */
import { TokenWanted, readToken } from './access';
import { type CvEvent, parseEvent } from './event';
import { isRecord } from './unknown';

/** The windows the collector can sum over, shortest first. */
export const RANGES = ['5m', '1h', '24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

export const isRange = (text: string | null): text is Range => RANGES.some((range) => range === text);

/** What happened in a window of time. */
export interface Summary {
  /** The collector's clock when it counted, in milliseconds since the epoch. */
  now: number;
  visitors: number;
  sessions: number;
  views: number;
  /** Sessions with an event in the last five minutes. */
  activeNow: number;
  /** The last minutes of the window, at most 60, oldest first; `minute` is its start in milliseconds. */
  eventsPerMinute: { minute: number; count: number }[];
  topPages: { path: string; views: number; visitors: number }[];
  byType: { type: string; count: number }[];
  /** Absent while no page view has been closed. */
  avgEngagedMs: number | null;
  avgScrollPercent: number | null;
  /** What the trackers say of their own deliveries. */
  delivery: { captured: number; dropped: number; lost: number };
}

export async function fetchSummary(range: Range, signal: AbortSignal): Promise<Summary> {
  return parseSummary(await getJson(`/api/summary?range=${range}`, signal));
}

/** The latest events, newest first. */
export async function fetchLatest(limit: number, signal: AbortSignal): Promise<CvEvent[]> {
  const answer = await getJson(`/api/events?limit=${limit}`, signal);
  return list(answer, 'events').map(parseEvent).filter((event) => event !== null);
}

const PATIENCE_MS = 10_000;

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const token = readToken();
  const headers = { accept: 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { signal: patience, headers }).catch(() => {
    throw new Error('the collector does not answer');
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  // The collector says in one sentence what was wrong; a proxy in between does not.
  const reason = isRecord(body) && typeof body.error === 'string' ? body.error : response.statusText;
  if (response.status === 401) throw new TokenWanted(reason);
  throw new Error(`the collector answered ${response.status} ${reason}`.trim());
}

export function parseSummary(answer: unknown): Summary {
  const numbers = (field: string) => number(answer, field);
  const delivery = field(answer, 'delivery');
  return {
    now: instant(answer, 'now'),
    visitors: numbers('visitors'),
    sessions: numbers('sessions'),
    views: numbers('views'),
    activeNow: numbers('activeNow'),
    eventsPerMinute: list(answer, 'eventsPerMinute').map((each) => ({ minute: instant(each, 'minute'), count: number(each, 'count') })),
    topPages: list(answer, 'topPages').map((each) => ({
      path: text(each, 'path'),
      views: number(each, 'views'),
      visitors: number(each, 'visitors'),
    })),
    byType: list(answer, 'byType').map((each) => ({ type: text(each, 'type'), count: number(each, 'count') })),
    avgEngagedMs: optionalNumber(answer, 'avgEngagedMs'),
    avgScrollPercent: optionalNumber(answer, 'avgScrollPercent'),
    delivery: {
      captured: number(delivery, 'captured'),
      dropped: sum(field(delivery, 'dropped')),
      lost: number(delivery, 'lost'),
    },
  };
}

const field = (from: unknown, name: string): unknown => (isRecord(from) ? from[name] : undefined);

function wanted(what: string, name: string, got: unknown): Error {
  return new Error(`the collector's answer needs ${what} as \`${name}\`, got ${JSON.stringify(got) ?? 'nothing'}`);
}

function number(from: unknown, name: string): number {
  const value = field(from, name);
  if (typeof value !== 'number') throw wanted('a number', name, value);
  return value;
}

function optionalNumber(from: unknown, name: string): number | null {
  return field(from, name) == null ? null : number(from, name);
}

function text(from: unknown, name: string): string {
  const value = field(from, name);
  if (typeof value !== 'string') throw wanted('a text', name, value);
  return value;
}

function instant(from: unknown, name: string): number {
  const time = Date.parse(text(from, name));
  if (Number.isNaN(time)) throw wanted('an ISO 8601 time', name, field(from, name));
  return time;
}

function list(from: unknown, name: string): unknown[] {
  const value = field(from, name);
  if (!Array.isArray(value)) throw wanted('a list', name, value);
  return value;
}

/** The sum of a record of counts. */
function sum(counts: unknown): number {
  const values = isRecord(counts) ? Object.values(counts) : [];
  return values.reduce<number>((total, value) => total + (typeof value === 'number' ? value : 0), 0);
}
