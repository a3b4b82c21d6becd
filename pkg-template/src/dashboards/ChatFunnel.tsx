import { computeFunnel } from "../metrics.js";
import type { Funnel, FunnelStep, Report } from "../metrics.types.js";
import { Bars } from "./charts/Bars.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatCount, formatShare } from "./format.js";

const STEPS: Record<FunnelStep["step"], string> = {
  opened: "Opened the chat",
  sent: "Asked something",
  first_token: "Saw a first token",
  completed: "Got a whole answer",
  resolved: "Settled without a human",
};

/** How many sessions get from opening the chat to a settled question. */
export function ChatFunnel(props: MetricProps<Report<Funnel>>) {
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Chat funnel"}
      compute={computeFunnel}
      isEmpty={({ steps }) => steps.every(({ sessions }) => sessions === 0)}
      empty="Nobody opened the chat in this time."
    >
      {({ steps }) => (
        <Bars
          caption="Sessions by how far they got, and their share of the step before"
          heads={["Step", "Sessions", "Of the step before"]}
          bars={steps.map(({ step, sessions, fromStart, fromPrevious }, at) => ({
            label: STEPS[step],
            share: fromStart ?? 0,
            value: formatCount(sessions),
            note: at === 0 ? "" : formatShare(fromPrevious),
            tone: step === "resolved" ? "good" : "accent",
          }))}
        />
      )}
    </MetricWidget>
  );
}
