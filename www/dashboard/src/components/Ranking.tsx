import { Bars, type Bar, Widget, formatCount } from 'chatvitals/dashboards';
import { useState } from 'react';

interface RankingProps {
  title: string;
  testId: string;
  /** Heads of the label, of the number, and of a second one if there is any. */
  heads: readonly string[];
  /** What to say when there is nothing. */
  empty: string;
  /** Largest first; null while loading. */
  rows: readonly { label: string; value: number; note?: string; tone?: Bar['tone'] }[] | null;
}

const SHOWN = 8;

/** A ranking of which the top is shown first. */
export function Ranking({ title, testId, heads, empty, rows }: RankingProps) {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...(rows ?? []).map(({ value }) => value));
  const shown = all ? rows : rows?.slice(0, SHOWN);
  const hidden = (rows?.length ?? 0) - SHOWN;
  return (
    <Widget title={title} busy={rows === null} testId={testId}>
      {shown?.length ? (
        <Bars caption={title} heads={heads} bars={shown.map(({ value, ...row }) => ({ ...row, share: value / most, value: formatCount(value) }))} />
      ) : (
        <p className="cv-empty">{rows === null ? 'Loading…' : empty}</p>
      )}
      {hidden > 0 && (
        <button type="button" className="cv-button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${hidden} more`}
        </button>
      )}
    </Widget>
  );
}
