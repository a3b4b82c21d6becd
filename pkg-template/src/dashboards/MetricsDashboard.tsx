import { useMemo } from "react";
import type { MetricsEvent, MetricsFilter } from "../metrics.types.js";
import { AgentAssistRate } from "./AgentAssistRate.js";
import { AhtHistogram } from "./AhtHistogram.js";
import { ChatFunnel } from "./ChatFunnel.js";
import { CsatDistribution } from "./CsatDistribution.js";
import { DeflectionTrend } from "./DeflectionTrend.js";
import { GmvBreakdown } from "./GmvBreakdown.js";
import { TurnLatency } from "./TurnLatency.js";
import { VitalsPanel } from "./VitalsPanel.js";
import type { WidgetProps } from "./Widget.js";
import { useStyles } from "./styles.js";

export interface MetricsDashboardProps extends Pick<WidgetProps, "theme" | "className"> {
  events: readonly MetricsEvent[];
  /** How far back. Default 7 days. */
  window?: NonNullable<MetricsFilter["range"]>;
  /** The moment to take for now. */
  now?: string | number | Date;
}

/** Every metric of a list of events on one page. */
export function MetricsDashboard({ events, window = "7d", now, theme, className }: MetricsDashboardProps) {
  const styled = useStyles<HTMLDivElement>();
  const options = useMemo(() => ({ filter: { range: window }, ...(now !== undefined && { now }) }), [window, now]);
  const shared = { events, options, theme };
  return (
    <div ref={styled} className={className ? `cv cv-grid ${className}` : "cv cv-grid"} data-cv-theme={theme}>
      <TurnLatency {...shared} />
      <ChatFunnel {...shared} />
      <DeflectionTrend {...shared} />
      <CsatDistribution {...shared} />
      <AhtHistogram {...shared} />
      <AgentAssistRate {...shared} />
      <GmvBreakdown {...shared} />
      <VitalsPanel {...shared} />
    </div>
  );
}
