"use client";
// Widgets of React 18 and 19 for what ChatVitals measures, drawn as plain SVG: nothing is imported but React.
export { AgentAssistRate } from "./AgentAssistRate.js";
export { AhtHistogram, type AhtHistogramProps } from "./AhtHistogram.js";
export { ChatFunnel } from "./ChatFunnel.js";
export { ConversationTrace, type ConversationTraceProps } from "./ConversationTrace.js";
export { CsatDistribution } from "./CsatDistribution.js";
export { DeflectionTrend } from "./DeflectionTrend.js";
export { GmvBreakdown, type GmvBreakdownProps } from "./GmvBreakdown.js";
export { LiveFeed, type LiveFeedProps } from "./LiveFeed.js";
export { MetricsDashboard, type MetricsDashboardProps } from "./MetricsDashboard.js";
export { TurnLatency } from "./TurnLatency.js";
export { VitalsPanel } from "./VitalsPanel.js";
export type { LiveStatus } from "./feed/live.js";
export type { Source } from "./useReport.js";

// What they are made of, for widgets of one's own beside them.
export { type Family, familyOf } from "./event.js";
export { Bars, type Bar } from "./charts/Bars.js";
export { Choice } from "./Choice.js";
export { Columns, type Column, type ColumnsProps } from "./charts/Columns.js";
export { DataTable, type TableProps } from "./charts/Table.js";
export { Figures, type Figure } from "./charts/Figures.js";
export { TimeChart, type Line, type TimeChartProps, type Tone } from "./charts/TimeChart.js";
export { Answered, MetricWidget, Widget, type MetricProps, type WidgetProps } from "./Widget.js";
export { formatCount, formatDuration, formatMany, formatMoney, formatPercent, formatShare, formatWhen } from "./format.js";
export { styles } from "./styles.js";
