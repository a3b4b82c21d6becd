/** The collector's answers. */
import { counts, field, instant, isRecord, list, number, optionalNumber, optionalText, text, texts } from './parse';

/** What happened in a window of time, on the whole site. */
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
  delivery: Delivery;
}

/** What the trackers say of their own deliveries. */
export interface Delivery {
  trackers: number;
  captured: number;
  sent: number;
  lost: number;
  retried: number;
  /** On purpose, by reason, largest first. */
  dropped: { name: string; count: number }[];
}

export function parseSummary(answer: unknown): Summary {
  const numbers = (name: string) => number(answer, name);
  return {
    now: instant(answer, 'now'),
    visitors: numbers('visitors'),
    sessions: numbers('sessions'),
    views: numbers('views'),
    activeNow: numbers('activeNow'),
    eventsPerMinute: list(answer, 'eventsPerMinute').map((each) => ({ minute: instant(each, 'minute'), count: number(each, 'count') })),
    topPages: list(answer, 'topPages').map((each) => ({ path: text(each, 'path'), views: number(each, 'views'), visitors: number(each, 'visitors') })),
    byType: list(answer, 'byType').map((each) => ({ type: text(each, 'type'), count: number(each, 'count') })),
    avgEngagedMs: optionalNumber(answer, 'avgEngagedMs'),
    avgScrollPercent: optionalNumber(answer, 'avgScrollPercent'),
    delivery: parseDelivery(field(answer, 'delivery')),
  };
}

const parseDelivery = (answer: unknown): Delivery => ({
  trackers: number(answer, 'trackers'),
  captured: number(answer, 'captured'),
  sent: number(answer, 'sent'),
  lost: number(answer, 'lost'),
  retried: number(answer, 'retried'),
  dropped: counts(answer, 'dropped'),
});

/** A report is made by the same code whose types the widgets have: that it is one is all there is to see to. */
export function parseReport<Report>(answer: unknown): Report {
  if (!isRecord(answer) || !Array.isArray(answer.trend)) throw new Error(`the collector's answer needs a \`trend\`, got ${JSON.stringify(answer)}`);
  return answer as Report;
}

/** What the assistant called, and what went wrong. */
export interface Tools {
  tools: { name: string; calls: number; errors: number; p50Ms: number | null; p95Ms: number | null }[];
  errors: { type: string; code: string; count: number }[];
}

export const parseTools = (answer: unknown): Tools => ({
  tools: list(answer, 'tools').map((each) => ({
    name: text(each, 'name'),
    calls: number(each, 'calls'),
    errors: number(each, 'errors'),
    p50Ms: optionalNumber(each, 'p50Ms'),
    p95Ms: optionalNumber(each, 'p95Ms'),
  })),
  errors: list(answer, 'errors').map((each) => ({ type: text(each, 'type'), code: text(each, 'code'), count: number(each, 'count') })),
});

/** How the connections of the turns held. */
export interface Transport {
  uptime: number | null;
  connections: number;
  drops: number;
  errors: number;
}

export const parseTransport = (answer: unknown): Transport => ({
  uptime: optionalNumber(answer, 'uptime'),
  connections: number(answer, 'connections'),
  drops: number(answer, 'drops'),
  errors: number(answer, 'errors'),
});

/** What sessions can be filtered by. */
export interface Filters {
  route: string[];
  device: string[];
  campaign: string[];
}

export const parseFilters = (answer: unknown): Filters => ({
  route: texts(answer, 'routes'),
  device: texts(answer, 'devices'),
  campaign: texts(answer, 'campaigns'),
});

/** One line of the list of visits. */
export interface Visit {
  sessionId: string;
  start: number;
  end: number;
  events: number;
  views: number;
  turns: number;
  entryPath: string | null;
  device: string | null;
  outcome: string | null;
}

export interface Visits {
  visits: Visit[];
  /** Whether there are older ones. */
  more: boolean;
}

export const parseVisits = (answer: unknown): Visits => ({
  visits: list(answer, 'sessions').map((each) => ({
    sessionId: text(each, 'sessionId'),
    start: number(each, 'start'),
    end: number(each, 'end'),
    events: number(each, 'events'),
    views: number(each, 'views'),
    turns: number(each, 'turns'),
    entryPath: optionalText(each, 'entryPath'),
    device: optionalText(each, 'device'),
    outcome: optionalText(each, 'outcome'),
  })),
  more: field(answer, 'next') !== undefined,
});

/** The events of one session. */
export const parseEvents = (answer: unknown): object[] => list(answer, 'events').filter(isRecord);

/** How many events are stored, of any time. */
export const parseEventCount = (answer: unknown): number => number(answer, 'eventCount');
