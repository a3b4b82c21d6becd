import { computeDeflectionRate } from "../metrics.js";
import type { Deflection, Report } from "../metrics.types.js";
import { Figures } from "./charts/Figures.js";
import { TimeChart } from "./charts/TimeChart.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatCount, formatMany, formatShare } from "./format.js";

/** How many conversations were settled without a human, over time. */
export function DeflectionTrend(props: MetricProps<Report<Deflection>>) {
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Deflection"}
      compute={computeDeflectionRate}
      isEmpty={({ deflected, escalated, engaged }) => deflected + escalated + engaged === 0}
      empty="No conversation was settled or handed to a human in this time."
    >
      {({ rate, containmentRate, deflected, escalated, engaged, trend, interval }) => (
        <>
          <Figures
            figures={[
              { label: "Deflected", value: rate, format: formatShare, note: `${formatCount(deflected)} settled, ${formatCount(escalated)} escalated` },
              { label: "Contained", value: containmentRate, format: formatShare, note: `of ${formatMany(engaged, "conversation")}` },
            ]}
          />
          <TimeChart
            label="Share of the conversations settled without a human"
            starts={trend.map(({ start }) => start)}
            interval={interval}
            lines={[{ label: "Deflected", values: trend.map((point) => point.rate), tone: "good", area: true }]}
            format={formatShare}
            top={1}
          />
        </>
      )}
    </MetricWidget>
  );
}
