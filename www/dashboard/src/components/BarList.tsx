import { useState } from 'react';
import type { Family } from '../event';
import { formatCount } from '../format';

interface Row {
  label: string;
  value: number;
  /** A second number, shown before the first. */
  extra?: number;
  family?: Family;
}

interface BarListProps {
  title: string;
  testId: string;
  /** Heads of the label, of the second number if rows have one, and of the value. */
  columns: string[];
  /** What to say when there is nothing. */
  empty: string;
  /** Largest first; null while loading. */
  rows: Row[] | null;
}

const SHOWN = 8;

/** A ranking: a table whose rows carry a bar behind them. */
export function BarList({ title, testId, columns, empty, rows }: BarListProps) {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...(rows ?? []).map(({ value }) => value));
  const shown = all ? rows : rows?.slice(0, SHOWN);
  const hidden = (rows?.length ?? 0) - SHOWN;
  return (
    <section className="cv-panel" data-testid={testId}>
      {rows === null || rows.length === 0 ? (
        <>
          <h2>{title}</h2>
          <p className="cv-empty">{rows === null ? 'Loading…' : empty}</p>
        </>
      ) : (
        <table className="cv-bars">
          <caption>
            <h2>{title}</h2>
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown?.map(({ label, value, extra, family }) => (
              <tr key={label} data-testid={`${testId}-row`}>
                <th scope="row" title={label}>
                  <span className={`cv-bar${family ? ` is-${family}` : ''}`} style={{ width: `${(value / most) * 100}%` }} />
                  <bdi>{label}</bdi>
                </th>
                {extra !== undefined && <td>{formatCount(extra)}</td>}
                <td data-value={value}>{formatCount(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 && (
        <button type="button" className="cv-button is-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${hidden} more`}
        </button>
      )}
    </section>
  );
}
