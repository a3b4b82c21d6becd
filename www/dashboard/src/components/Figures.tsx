import type { Summary } from '../api';
import { formatCount, formatDuration, formatPercent } from '../format';

export function Figures({ summary }: { summary: Summary | null }) {
  return (
    <section className="cv-panel cv-strip" aria-labelledby="figures-title">
      <h2 id="figures-title" className="cv-unseen">
        Numbers
      </h2>
      <dl className="cv-figures">
        <Figure id="active-now" label="Active now" value={summary?.activeNow} format={formatCount} note="last 5 minutes" live />
        <Figure id="visitors" label="Visitors" value={summary?.visitors} format={formatCount} />
        <Figure id="sessions" label="Sessions" value={summary?.sessions} format={formatCount} />
        <Figure id="views" label="Page views" value={summary?.views} format={formatCount} />
        <Figure id="avg-engaged" label="Engaged time" value={summary?.avgEngagedMs} format={formatDuration} note="mean of a view" />
        <Figure id="avg-scroll" label="Scrolled" value={summary?.avgScrollPercent} format={formatPercent} note="mean of a view" />
      </dl>
    </section>
  );
}

interface FigureProps {
  id: string;
  label: string;
  /** undefined: not known yet; null: nothing to count. */
  value: number | null | undefined;
  format: (value: number) => string;
  note?: string;
  live?: boolean;
}

function Figure({ id, label, value, format, note, live = false }: FigureProps) {
  return (
    <div className={live ? 'cv-figure is-live' : 'cv-figure'}>
      <dt>{label}</dt>
      <dd data-testid={id} data-value={value ?? undefined}>
        {value == null ? <span title={value === null ? 'Nothing to measure yet' : 'Loading'}>–</span> : format(value)}
      </dd>
      {note && <dd className="cv-note">{note}</dd>}
    </div>
  );
}
