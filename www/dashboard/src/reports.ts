/** The reports of the metrics, by the names the views use. */
import type { Abandonment, AgentAssist, Csat, Deflection, Engagement, EngagementPoint, Funnel, Gmv, HandleTime, LatencyPoint, Report, TurnLatency, VitalSet, Vitals } from 'chatvitals/metrics';

export type DeflectionReport = Report<Deflection>;
export type CsatReport = Report<Csat>;
export type HandleTimeReport = Report<HandleTime>;
export type AgentAssistReport = Report<AgentAssist>;
export type GmvReport = Report<Gmv>;
export type VitalsReport = Report<Vitals, VitalSet>;
export type LatencyReport = Report<TurnLatency, LatencyPoint>;
export type FunnelReport = Report<Funnel>;
export type AbandonmentReport = Report<Abandonment>;
export type EngagementReport = Report<Engagement, EngagementPoint>;
