/** What the dashboard asks the collector. */
import { TokenWanted, readToken } from './access';
import { type Address, type Range, SEGMENTS } from './address';
import { isRecord } from './parse';

export const API = '/api';

/** A question: it is asked again and again, and its window moves with the time. */
export interface Question {
  path: string;
  params: Record<string, string>;
  /** A window of time. The metrics know the long ones by name, the short ones by where they begin. */
  range?: Range;
}

const SHORT_MS: Partial<Record<Range, number>> = { '5m': 300_000, '1h': 3_600_000 };

/** The address of a question asked at `now`. */
export function urlOf({ path, params, range }: Question, now: number): string {
  const query = new URLSearchParams(params);
  const span = range && SHORT_MS[range];
  if (span) query.set('from', String(now - span));
  else if (range) query.set('range', range);
  const text = query.toString();
  return `${API}${path}${text ? `?${text}` : ''}`;
}

/** What is asked about the sessions of an address. */
const about = (path: string, address: Address, more: Record<string, string> = {}): Question => ({
  path,
  params: { ...more, ...filters(address) },
  range: address.range,
});

function filters(address: Address): Record<string, string> {
  const params: Record<string, string> = {};
  for (const segment of SEGMENTS) {
    const value = address[segment];
    if (value !== null) params[segment] = value;
  }
  return params;
}

export const metric = (name: string, address: Address, more?: Record<string, string>): Question => about(`/metrics/${name}`, address, more);

export const visits = (address: Address, limit: number): Question =>
  about('/sessions', address, { limit: String(limit), ...(address.chat && { chat: '1' }) });

export const visit = (sessionId: string): Question => ({ path: `/sessions/${encodeURIComponent(sessionId)}`, params: {} });

/** Summaries know every window by name. */
export const summary = (address: Address): Question => ({ path: '/summary', params: { range: address.range, ...filters(address) } });

export const FILTERS: Question = { path: '/metrics/filters', params: {} };

/** Needs no token, and counts everything that is stored. */
export const HEALTH: Question = { path: '/health', params: {} };

const PATIENCE_MS = 10_000;

export async function ask(question: Question, signal: AbortSignal): Promise<unknown> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const token = readToken();
  const headers = { accept: 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
  const response = await fetch(urlOf(question, Date.now()), { signal: patience, headers }).catch(() => {
    throw new Error('the collector does not answer');
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  // The collector says in one sentence what was wrong; a proxy in between does not.
  const reason = isRecord(body) && typeof body.error === 'string' ? body.error : response.statusText;
  if (response.status === 401) throw new TokenWanted(reason);
  throw new Error(`the collector answered ${response.status} ${reason}`.trim());
}
