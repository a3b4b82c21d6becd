import type { Family } from "../event.js";
import type { Tone } from "./TimeChart.js";

export interface Bar {
  label: string;
  /** Of the longest possible bar, 0 to 1. */
  share: number;
  /** The number beside the bar. */
  value: string;
  /** A second one, quieter. */
  note?: string;
  tone?: Tone | Family;
}

/** A ranking or a distribution: a table with a bar in every row. */
export function Bars({ caption, heads, bars }: { caption: string; heads: readonly string[]; bars: readonly Bar[] }) {
  const notes = bars.some(({ note }) => note !== undefined);
  return (
    <table className="cv-bars">
      <caption className="cv-unseen">{caption}</caption>
      <thead className="cv-unseen">
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bars.map(({ label, share, value, note, tone = "accent" }) => (
          <tr key={label} className={`is-${tone}`}>
            <th scope="row" title={label}>
              <svg aria-hidden="true" focusable="false">
                <rect width={`${Math.max(0, Math.min(1, share)) * 100}%`} height="100%" rx="4" />
              </svg>
              <bdi>{label}</bdi>
            </th>
            <td>{value}</td>
            {notes && <td className="cv-note">{note}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
