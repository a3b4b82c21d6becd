import { useState } from "react";
import { computeAverageHandleTime } from "../metrics.js";
import type { Bin, HandleTime, Report } from "../metrics.types.js";
import { Choice } from "./Choice.js";
import { Columns } from "./charts/Columns.js";
import { Figures } from "./charts/Figures.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatCount, formatDuration, formatMany } from "./format.js";

const CHANNELS = [
  { value: "all", label: "All" },
  { value: "bot", label: "Bot" },
  { value: "human", label: "Human" },
] as const;
type Channel = (typeof CHANNELS)[number]["value"];

export interface AhtHistogramProps extends MetricProps<Report<HandleTime>> {
  /** Which conversations to begin with: those a human took over, those nobody did, or all. */
  segment?: Channel;
}

/** How long conversations take, by who handled them. */
export function AhtHistogram({ segment = "all", ...props }: AhtHistogramProps) {
  const [channel, setChannel] = useState<Channel>(segment);
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Handle time"}
      compute={computeAverageHandleTime}
      isEmpty={({ all }) => all.count === 0}
      empty="No conversation of known length in this time."
      actions={<Choice label="Handled by" options={CHANNELS} value={channel} onChoose={setChannel} />}
    >
      {({ [channel]: { count, mean, median, p90, histogram } }) => (
        <>
          <Figures
            figures={[
              { label: "Mean", value: mean, format: formatDuration, note: formatMany(count, "conversation") },
              { label: "Median", value: median, format: formatDuration },
              { label: "90th percentile", value: p90, format: formatDuration },
            ]}
          />
          <Columns
            label="Conversations by length"
            heads={["Length", "Conversations"]}
            columns={histogram.map((bin) => ({ label: binName(bin), value: bin.count }))}
            format={formatCount}
          />
        </>
      )}
    </MetricWidget>
  );
}

function binName({ from, to }: Bin): string {
  if (to === null) return `over ${formatDuration(from)}`;
  return from === 0 ? `under ${formatDuration(to)}` : `${formatDuration(from)} to ${formatDuration(to)}`;
}
