import { formatStep } from "../format.js";
import { Plot } from "./Plot.js";
import { Table } from "./Table.js";
import { HEIGHT, down, niceTop } from "./scale.js";

/** The meaning of a series, which is its colour. */
export type Tone = "accent" | "good" | "fair" | "poor" | "chat" | "vital" | "soft";

export interface Line {
  label: string;
  /** One for each step; null where nothing was measured. */
  values: readonly (number | null)[];
  tone: Tone;
  /** Fills what is below. */
  area?: boolean;
}

export interface TimeChartProps {
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** When each step starts, ms. */
  starts: readonly number[];
  interval: "hour" | "day";
  lines: readonly Line[];
  format: (value: number) => string;
  /** The end of the scale; by default the next round number above all values. */
  top?: number;
}

/** Values over time as lines and areas, with the same numbers as a table. */
export function TimeChart({ label, starts, interval, lines, format, top }: TimeChartProps) {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const end = top ?? niceTop(Math.max(0, ...values));
  const when = (index: number) => formatStep(starts[index] ?? 0, interval);
  const read = (line: Line, index: number) => {
    const value = line.values[index] ?? null;
    return value === null ? "nothing measured" : format(value);
  };
  const last = starts.length - 1;
  return (
    <>
      <Plot
        label={label}
        count={starts.length}
        say={(index) => `${when(index)}: ${lines.map((line) => (lines.length > 1 ? `${line.label} ${read(line, index)}` : read(line, index))).join(" · ")}`}
        top={format(end)}
        axis={[...new Set([0, Math.floor(last / 2), last])].map(when)}
        legend={lines.length > 1 ? <Legend lines={lines} /> : undefined}
      >
        {(chosen) => (
          <>
            {chosen !== null && <path className="cv-cursor" d={`M${chosen + 0.5} 0V${HEIGHT}`} />}
            {lines.map((line) => (
              <Trace key={line.label} line={line} top={end} chosen={chosen} />
            ))}
          </>
        )}
      </Plot>
      <Table
        caption={label}
        columns={[interval === "day" ? "Day (UTC)" : "Hour", ...lines.map((line) => line.label)]}
        rows={starts.map((_, index) => [when(index), ...lines.map((line) => read(line, index))])}
      />
    </>
  );
}

function Legend({ lines }: { lines: readonly Line[] }) {
  return (
    <ul className="cv-legend">
      {lines.map(({ label, tone }) => (
        <li key={label} className={`is-${tone}`}>
          {label}
        </li>
      ))}
    </ul>
  );
}

/** One line. What stands alone between gaps is a dot, or nobody would see it. */
function Trace({ line, top, chosen }: { line: Line; top: number; chosen: number | null }) {
  const points = line.values.map((value, index) => (value === null ? null : ([index + 0.5, down(value, top)] as const)));
  const runs = runsOf(points);
  const at = chosen === null ? null : points[chosen];
  return (
    <g className={`is-${line.tone}`}>
      {line.area &&
        runs.map((run) => {
          const [first, last] = [run[0], run[run.length - 1]];
          return first && last && <path key={first[0]} className="cv-area" d={`M${first[0]} ${HEIGHT}L${run.map(pair).join("L")}L${last[0]} ${HEIGHT}Z`} />;
        })}
      <path className="cv-line" d={runs.map((run) => `M${run.map(pair).join("L")}`).join("")} />
      {/* A line of no length with round ends: a dot that the stretched box does not squash. */}
      <path className="cv-dot" d={runs.filter((run) => run.length === 1).flat().concat(at ? [at] : []).map((point) => `M${pair(point)}h0`).join("")} />
    </g>
  );
}

type Point = readonly [x: number, y: number];

const pair = ([x, y]: Point): string => `${x} ${Number(y.toFixed(2))}`;

/** The stretches without gaps. */
function runsOf(points: readonly (Point | null)[]): Point[][] {
  const runs: Point[][] = [];
  let run: Point[] | null = null;
  for (const point of points) {
    if (!point) run = null;
    else if (run) run.push(point);
    else runs.push((run = [point]));
  }
  return runs;
}
