import { Plot } from "./Plot.js";
import { Table } from "./Table.js";
import { HEIGHT, down, niceTop } from "./scale.js";

/** Of the width of a column. */
const GAP = 0.22;
/** So that one is still seen beside thousands. */
const LOWEST = 2;

export interface Column {
  /** What the column stands for: "18 Nov", "1 to 2 min". */
  label: string;
  value: number;
}

export interface ColumnsProps {
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** What the columns stand for, and what they count: heads of the table. */
  heads: readonly [string, string];
  columns: readonly Column[];
  format: (value: number) => string;
  /** What stands below; by default the first label, the one in the middle, the last. */
  axis?: readonly string[];
  /** The last column is now, and still growing. */
  growing?: boolean;
}

/** Counts or sums as upright bars, with the same numbers as a table. */
export function Columns({ label, heads, columns, format, axis, growing = false }: ColumnsProps) {
  const top = niceTop(Math.max(0, ...columns.map(({ value }) => value)));
  const last = columns.length - 1;
  const name = (index: number) => columns[index]?.label ?? "";
  const say = (index: number) => `${name(index)}: ${format(columns[index]?.value ?? 0)}`;
  const most = columns.reduce((best, { value }, index) => (value > (columns[best]?.value ?? 0) ? index : best), 0);
  return (
    <>
      <Plot
        label={label}
        count={columns.length}
        say={say}
        legend={growing ? undefined : `Most: ${say(most)}`}
        top={format(top)}
        axis={axis ?? [...new Set([0, Math.floor(last / 2), last])].map(name)}
      >
        {(chosen) =>
          columns.map(({ label, value }, index) => {
            const height = value > 0 ? Math.max(LOWEST, HEIGHT - down(value, top)) : 0;
            const state = index === chosen ? " is-chosen" : growing && index === last ? " is-now" : "";
            return <rect key={label} className={`cv-column${state}`} x={index + GAP / 2} width={1 - GAP} y={HEIGHT - height} height={height} />;
          })
        }
      </Plot>
      <Table caption={label} columns={heads} rows={columns.map(({ label, value }) => [label, format(value)])} />
    </>
  );
}
