/**
 * What the functions of `chatvitals/metrics` take and give. The values are made by `src/metrics` in Rust; its test
 * `the_declared_types_are_those_of_the_values` holds every line here against them. `null` stands where there was nothing
 * to divide by, or nothing measured. Times are ms since 1970 UTC, durations ms, days UTC days.
 */

/** Which events, and when. A session belongs to the window in which it started. */
export interface MetricsOptions {
  /** `range` ends now; or `from` and `to`, both included: RFC 3339, ms, or a Date. */
  filter?: MetricsFilter;
  /** The moment to take for now. */
  now?: string | number | Date;
  /** The trend's step; by default hours for windows up to two days, else days. */
  interval?: 'hour' | 'day';
  /** Revenue by item category too. */
  groupByCategory?: boolean;
  /** How many rows a breakdown lists, largest first. Default 50. */
  limit?: number;
}

export interface MetricsFilter {
  range?: '24h' | '7d' | '30d';
  from?: string | number | Date;
  to?: string | number | Date;
  /** Only sessions on this class of device. */
  device?: string;
  /** Only sessions brought by this campaign. */
  campaign?: string;
  /** Only sessions that saw this route. */
  route?: string;
}

/** Any event, as `tracker.events()` or the collector's API give it. */
export interface MetricsEvent {
  id?: string;
  type?: string;
  timestamp?: string | number;
  sessionId?: string;
  properties?: object;
}

export type OutcomeKind = 'csat' | 'resolution' | 'handoff' | 'purchase';

/** A metric, its window, and how it went. */
export type Report<Result, Point = Result> = Result & Frame & { trend: Array<Point & Step> };

export interface Frame {
  window: TimeWindow;
  interval: 'hour' | 'day';
}

export interface TimeWindow {
  from: number | null;
  to: number | null;
}

/** Where a point of a trend starts. */
export interface Step {
  start: number;
}

/** A row of a breakdown: the metric of one route, conversation, connection or category. */
export type Row<Result> = Result & Key;

export interface Key {
  key: string;
}

/** How values are spread. */
export interface Distribution {
  count: number;
  mean: number | null;
  p50: number | null;
  p75: number | null;
  p95: number | null;
  p99: number | null;
}

export interface Deflection {
  /** deflected ÷ (deflected + escalated) */
  rate: number | null;
  /** Share of the engaged sessions that did not escalate. */
  containmentRate: number | null;
  deflected: number;
  escalated: number;
  engaged: number;
  sessions: number;
}

export interface Csat {
  /** Mean of score ÷ maxScore × 5. */
  average: number | null;
  /** Sessions rated 1 to 5. */
  distribution: number[];
  /** Share of the rated with 4 or more. */
  satisfiedShare: number | null;
  /** rated ÷ sessions */
  responseRate: number | null;
  rated: number;
  sessions: number;
}

export interface HandleTime {
  all: ChannelTime;
  bot: ChannelTime;
  human: ChannelTime;
}

export interface ChannelTime {
  count: number;
  mean: number | null;
  median: number | null;
  p90: number | null;
  histogram: Bin[];
}

export interface Bin {
  from: number;
  to: number | null;
  count: number;
}

export interface AgentAssist {
  /** assisted ÷ answered */
  rate: number | null;
  assisted: number;
  answered: number;
}

export interface Gmv {
  byCurrency: Record<string, Revenue>;
  /** buyers ÷ sessions */
  conversion: number | null;
  orders: number;
  buyers: number;
  sessions: number;
}

export interface Revenue {
  total: number;
  orders: number;
  /** Average order value. */
  aov: number | null;
  /** With `groupByCategory`. */
  byCategory?: Row<CategoryTotal>[];
}

export interface CategoryTotal {
  total: number;
}

export interface Vitals {
  overall: VitalSet;
  byRoute: Row<VitalSet>[];
}

export interface VitalSet {
  LCP: VitalStats;
  CLS: VitalStats;
  INP: VitalStats;
  FCP: VitalStats;
  TTFB: VitalStats;
  FID: VitalStats;
}

export interface VitalStats {
  count: number;
  p75: number | null;
  /** The rating of p75. */
  rating: 'good' | 'needs-improvement' | 'poor' | null;
  /** Share of good values. */
  good: number | null;
  needsImprovement: number | null;
  poor: number | null;
}

export interface TurnLatency {
  overall: ResponseTimes;
  stalledRate: number | null;
  byConversation: Row<ResponseTimes>[];
  byRoute: Row<ResponseTimes>[];
  byConnection: Row<ResponseTimes>[];
}

export interface ResponseTimes {
  /** Submit to first token. */
  ttftMs: Distribution;
  /** Submit to the start of the response, where the first token itself could not be seen. */
  responseStartMs: Distribution;
  /** Submit to the first token painted. */
  visibleMs: Distribution;
  /** Start of the response to its natural end. */
  durationMs: Distribution;
  /** Submit to that end. */
  totalMs: Distribution;
}

export interface LatencyPoint {
  overall: ResponseTimes;
  stalledRate: number | null;
}

export interface Funnel {
  steps: FunnelStep[];
}

export interface FunnelStep {
  step: 'opened' | 'sent' | 'first_token' | 'completed' | 'resolved';
  sessions: number;
  /** Share of those that opened. */
  fromStart: number | null;
  /** Share of the step before. */
  fromPrevious: number | null;
}

export interface Abandonment {
  /** abandoned ÷ turns */
  rate: number | null;
  turns: number;
  abandoned: number;
  beforeFirstToken: number;
  streaming: number;
  waitedMs: Distribution;
  opened: number;
  neverAsked: number;
  neverAskedRate: number | null;
}

export interface Engagement {
  visits: number;
  pageViews: number;
  viewsPerVisit: number | null;
  bounceRate: number | null;
  /** Engaged time of a visit. */
  engagedMs: Distribution;
  /** Deepest point of a view, % of the page. */
  scrollPercent: Distribution;
  byRoute: Row<RouteEngagement>[];
}

export interface RouteEngagement {
  pageViews: number;
  engagedMs: Distribution;
  scrollPercent: Distribution;
}

export interface EngagementPoint {
  visits: number;
  pageViews: number;
  viewsPerVisit: number | null;
  bounceRate: number | null;
  engagedMs: Distribution;
}

/** The functions of `chatvitals/metrics`. They throw only when `options` are wrong or `events` is no array. */
export interface MetricsFunctions {
  computeDeflectionRate(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Deflection>;
  computeCsat(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Csat>;
  computeAverageHandleTime(events: readonly MetricsEvent[], options?: MetricsOptions): Report<HandleTime>;
  computeAgentAssistRate(events: readonly MetricsEvent[], options?: MetricsOptions): Report<AgentAssist>;
  computeGmv(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Gmv>;
  computeVitals(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Vitals, VitalSet>;
  computeTurnLatency(events: readonly MetricsEvent[], options?: MetricsOptions): Report<TurnLatency, LatencyPoint>;
  computeFunnel(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Funnel>;
  computeAbandonment(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Abandonment>;
  computeEngagement(events: readonly MetricsEvent[], options?: MetricsOptions): Report<Engagement, EngagementPoint>;
  isOutcomeEvent(event: MetricsEvent): boolean;
  outcomeKind(event: MetricsEvent): OutcomeKind | null;
}
