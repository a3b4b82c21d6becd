/** What the dashboard shows, as its address says it: a link shows the same to somebody else. */
export const VIEWS = ['overview', 'chat', 'outcomes', 'visits', 'live', 'delivery'] as const;
export type View = (typeof VIEWS)[number];

/** The windows of time, shortest first. */
export const RANGES = ['5m', '1h', '24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

/** What sessions can be filtered by. */
export const SEGMENTS = ['route', 'device', 'campaign'] as const;
export type Segment = (typeof SEGMENTS)[number];

export interface Address extends Record<Segment, string | null> {
  view: View;
  range: Range;
  /** The session whose story is told. */
  visit: string | null;
  /** Whether only visits with a chat are listed. */
  chat: boolean;
}

const DEFAULTS = { view: 'overview', range: '24h' } as const;

export function readAddress(search: string): Address {
  const asked = new URLSearchParams(search);
  return {
    view: VIEWS.find((view) => view === asked.get('view')) ?? DEFAULTS.view,
    range: RANGES.find((range) => range === asked.get('range')) ?? DEFAULTS.range,
    route: asked.get('route') || null,
    device: asked.get('device') || null,
    campaign: asked.get('campaign') || null,
    visit: asked.get('visit') || null,
    chat: asked.get('chat') === '1',
  };
}

/** The query that says this, without what goes without saying. */
export function writeAddress({ view, range, visit, chat, ...segments }: Address): string {
  const query = new URLSearchParams();
  if (view !== DEFAULTS.view) query.set('view', view);
  if (range !== DEFAULTS.range) query.set('range', range);
  for (const segment of SEGMENTS) {
    const value = segments[segment];
    if (value !== null) query.set(segment, value);
  }
  if (view === 'visits') {
    if (visit !== null) query.set('visit', visit);
    if (chat) query.set('chat', '1');
  }
  const text = query.toString();
  return text ? `?${text}` : '.';
}

export const isFiltered = (address: Address): boolean => SEGMENTS.some((segment) => address[segment] !== null);
