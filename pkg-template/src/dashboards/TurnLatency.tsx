import { useState } from "react";
import { computeTurnLatency } from "../metrics.js";
import type { LatencyPoint, Report, ResponseTimes, Row, TurnLatency as Latency } from "../metrics.types.js";
import { Choice } from "./Choice.js";
import { Figures } from "./charts/Figures.js";
import { DataTable } from "./charts/Table.js";
import { TimeChart } from "./charts/TimeChart.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatCount, formatDuration, formatMany, formatShare, formatTime } from "./format.js";

const TIMES = [
  { value: "ttftMs", label: "First token", says: "Time from the question to the first token" },
  { value: "totalMs", label: "Whole answer", says: "Time from the question to the end of the answer" },
] as const;
type Time = (typeof TIMES)[number]["value"];

const GROUPS = [
  { value: "byRoute", label: "Route" },
  { value: "byConnection", label: "Connection" },
  { value: "byConversation", label: "Conversation" },
] as const;
type Group = (typeof GROUPS)[number]["value"];

/** How long people wait for the first token and for the whole answer: percentiles, over time and by group. */
export function TurnLatency(props: MetricProps<Report<Latency, LatencyPoint>>) {
  const [time, setTime] = useState<Time>("ttftMs");
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Waiting for the assistant"}
      compute={computeTurnLatency}
      isEmpty={({ overall }) => overall.ttftMs.count + overall.totalMs.count + overall.responseStartMs.count === 0}
      empty="No answer was timed in this time."
      actions={<Choice label="Time" options={TIMES} value={time} onChoose={setTime} />}
    >
      {(report) => <Times report={report} time={time} />}
    </MetricWidget>
  );
}

function Times({ report, time }: { report: Report<Latency, LatencyPoint>; time: Time }) {
  const { overall, stalledRate, trend, interval } = report;
  const { p50, p75, p95, count } = overall[time];
  const course = (percentile: "p50" | "p95") => trend.map((point) => point.overall[time][percentile]);
  return (
    <>
      <Figures
        figures={[
          { label: "Median", value: p50, format: formatDuration, note: formatMany(count, "answer"), testId: `${time}-p50` },
          { label: "p75", value: p75, format: formatDuration, testId: `${time}-p75` },
          { label: "p95", value: p95, format: formatDuration, testId: `${time}-p95` },
          { label: "Stalled", value: stalledRate, format: formatShare, note: "paused 2 s or more" },
        ]}
      />
      <TimeChart
        label={TIMES.find(({ value }) => value === time)?.says ?? time}
        starts={trend.map(({ start }) => start)}
        interval={interval}
        lines={[
          { label: "Median", values: course("p50"), tone: "accent", area: true },
          { label: "p95", values: course("p95"), tone: "fair" },
        ]}
        format={formatDuration}
      />
      <Groups report={report} time={time} />
    </>
  );
}

function Groups({ report, time }: { report: Latency; time: Time }) {
  const [group, setGroup] = useState<Group>("byRoute");
  const rows: readonly Row<ResponseTimes>[] = report[group].filter((row) => row[time].count > 0);
  return (
    <div className="cv-part">
      <Choice label="Group by" options={GROUPS} value={group} onChoose={setGroup} />
      {rows.length === 0 ? (
        <p className="cv-empty">Nothing was timed by {GROUPS.find(({ value }) => value === group)?.label.toLowerCase()}.</p>
      ) : (
        <div className="cv-scroll" tabIndex={0} role="group" aria-label="Times by group">
          <DataTable
            caption="Percentiles by group"
            columns={[GROUPS.find(({ value }) => value === group)?.label ?? group, "Answers", "Median", "p95"]}
            rows={rows.map((row) => [row.key, formatCount(row[time].count), formatTime(row[time].p50), formatTime(row[time].p95)])}
          />
        </div>
      )}
    </div>
  );
}
