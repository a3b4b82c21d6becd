import type { ReactNode } from "react";
import { HEIGHT } from "./scale.js";
import { useReading } from "./useReading.js";

interface PlotProps {
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** How many points or columns there are. */
  count: number;
  /** A point in words: "18 Nov: 42 %". */
  say: (index: number) => string;
  /** What the end of the scale stands for. */
  top: string;
  /** What stands below the chart: at its beginning, in between, at its end. */
  axis: readonly string[];
  /** Above the chart while no point is being read; by default the last point. */
  legend?: ReactNode;
  /** The drawing, `count` units wide and {@link HEIGHT} high. */
  children: (chosen: number | null) => ReactNode;
}

/**
 * The frame of a chart. Point at it, or focus it and use the arrow keys, to read one point: to assistive technology it is
 * a slider whose value is that point in words.
 */
export function Plot({ label, count, say, top, axis, legend, children }: PlotProps) {
  const { chosen, index, handlers } = useReading(count);
  return (
    <div className="cv-chart">
      <div className="cv-readout">{chosen === null ? (legend ?? say(count - 1)) : <b>{say(chosen)}</b>}</div>
      <div
        className="cv-plot"
        role="slider"
        tabIndex={0}
        aria-readonly="true"
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={count - 1}
        aria-valuenow={index}
        aria-valuetext={say(index)}
        {...handlers}
      >
        <span className="cv-plot-top" aria-hidden="true">
          {top}
        </span>
        <svg viewBox={`0 0 ${count} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
          {children(chosen)}
        </svg>
      </div>
      <p className="cv-axis" aria-hidden="true">
        {axis.map((text, at) => (
          <span key={at}>{text}</span>
        ))}
      </p>
    </div>
  );
}
