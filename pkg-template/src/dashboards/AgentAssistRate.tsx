import { computeAgentAssistRate } from "../metrics.js";
import type { AgentAssist, Report } from "../metrics.types.js";
import { Sparkline } from "./charts/Sparkline.js";
import { Table } from "./charts/Table.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatMany, formatShare, formatStep } from "./format.js";

/** How many of the answered sessions needed no human: one number and its course. */
export function AgentAssistRate(props: MetricProps<Report<AgentAssist>>) {
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Answered by the assistant"}
      compute={computeAgentAssistRate}
      isEmpty={({ answered }) => answered === 0}
      empty="No session got an answer in this time."
    >
      {({ rate, answered, trend, interval }) => (
        <>
          <div className="cv-big">
            <p>
              <b>{formatShare(rate)}</b>
              <span className="cv-note">of {formatMany(answered, "answered session")} needed no human</span>
            </p>
            <Sparkline values={trend.map((point) => point.rate)} top={1} />
          </div>
          <Table
            caption="Share of the answered sessions without a human"
            columns={[interval === "day" ? "Day (UTC)" : "Hour", "Share"]}
            rows={trend.map((point) => [formatStep(point.start, interval), formatShare(point.rate)])}
          />
        </>
      )}
    </MetricWidget>
  );
}
