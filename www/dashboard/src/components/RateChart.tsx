import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { Summary } from '../api';
import { formatCount, formatMinute } from '../format';

type Minutes = Summary['eventsPerMinute'];

/** Bars are drawn in a box of this height and one unit per minute, and stretched by the browser. */
const HEIGHT = 100;
const GAP = 0.22;
/** So that one event is still seen beside a minute with thousands. */
const LOWEST_BAR = 2;

/** Events per minute as bars. Point at a bar, or focus the chart and use the arrow keys, to read one minute. */
export function RateChart({ minutes }: { minutes: Minutes | null }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const last = (minutes?.length ?? 0) - 1;
  const index = Math.min(chosen ?? last, last);
  const shown = minutes?.[index];
  const top = niceTop(Math.max(1, ...(minutes ?? []).map(({ count }) => count)));

  function point(event: PointerEvent): void {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * (last + 1));
    setChosen(Math.max(0, Math.min(at, last)));
  }

  function move(event: KeyboardEvent): void {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(to, last)));
  }

  return (
    <section className="cv-panel cv-chart" aria-labelledby="chart-title">
      <header className="cv-panel-head">
        <h2 id="chart-title">Events per minute</h2>
        {shown && (
          <p className="cv-readout" data-testid="chart-readout">
            <b>{formatCount(shown.count)}</b> {chosen === null ? 'in this minute' : `at ${formatMinute(shown.minute)}`}
          </p>
        )}
      </header>
      {minutes === null || shown === undefined ? (
        <p className="cv-empty">{minutes === null ? 'Loading…' : 'No minute to show.'}</p>
      ) : (
        <>
          <div
            className="cv-plot"
            role="slider"
            tabIndex={0}
            aria-readonly="true"
            aria-labelledby="chart-title"
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={last}
            aria-valuenow={index}
            aria-valuetext={`${formatMinute(shown.minute)}: ${formatCount(shown.count)} events`}
            onPointerMove={point}
            onPointerLeave={() => setChosen(null)}
            onKeyDown={move}
            onBlur={() => setChosen(null)}
          >
            <span className="cv-plot-top" aria-hidden="true">
              {formatCount(top)}
            </span>
            <svg viewBox={`0 0 ${minutes.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
              {minutes.map(({ minute, count }, i) => {
                const height = count === 0 ? 0 : Math.max(LOWEST_BAR, (count / top) * HEIGHT);
                return (
                  <rect
                    key={minute}
                    className={i === chosen ? 'is-chosen' : i === last ? 'is-now' : undefined}
                    x={i + GAP / 2}
                    width={1 - GAP}
                    y={HEIGHT - height}
                    height={height}
                  />
                );
              })}
            </svg>
          </div>
          <p className="cv-axis" aria-hidden="true">
            {[0, Math.floor(last / 2), last].map((i, n) => (
              <span key={n}>{n === 2 ? 'now' : formatMinute(minutes[i]?.minute ?? 0)}</span>
            ))}
          </p>
        </>
      )}
    </section>
  );
}

/** The next round number: a scale that does not jump with every event. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return step * power;
}
