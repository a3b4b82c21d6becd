import { computeCsat } from "../metrics.js";
import type { Csat, Report } from "../metrics.types.js";
import { Bars } from "./charts/Bars.js";
import { Figures } from "./charts/Figures.js";
import type { Tone } from "./charts/TimeChart.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatCount, formatMany, formatScore, formatShare } from "./format.js";

/** By rating, 1 to 5. */
const TONES: readonly Tone[] = ["poor", "poor", "fair", "good", "good"];

/** How satisfied people say they are: the mean, and how the ratings spread. */
export function CsatDistribution(props: MetricProps<Report<Csat>>) {
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Satisfaction"}
      compute={computeCsat}
      isEmpty={({ rated }) => rated === 0}
      empty="Nobody rated a conversation in this time."
    >
      {({ average, satisfiedShare, responseRate, distribution, rated, sessions }) => (
        <>
          <Figures
            figures={[
              { label: "Mean", value: average, format: formatScore, note: "of 5" },
              { label: "Satisfied", value: satisfiedShare, format: formatShare, note: "rated 4 or 5" },
              { label: "Response rate", value: responseRate, format: formatShare, note: `${formatCount(rated)} of ${formatMany(sessions, "session")}` },
            ]}
          />
          <Bars
            caption="Sessions by rating"
            heads={["Rating", "Sessions", "Share"]}
            bars={distribution
              .map((count, at) => ({ label: formatMany(at + 1, "star"), share: count / rated, value: formatCount(count), note: formatShare(count / rated), tone: TONES[at] ?? "accent" }))
              .reverse()}
          />
        </>
      )}
    </MetricWidget>
  );
}
