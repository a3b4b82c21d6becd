import { HEIGHT, down } from "./scale.js";

/** The course of a value without a scale: whether it goes up or down. Its words are the caller's. */
export function Sparkline({ values, top }: { values: readonly (number | null)[]; top: number }) {
  const points = values.flatMap((value, index) => (value === null ? [] : [`${index + 0.5} ${Number(down(value, top).toFixed(2))}`]));
  return (
    <svg className="cv-spark is-accent" viewBox={`0 -4 ${Math.max(1, values.length)} ${HEIGHT + 8}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {points.length > 1 && <path className="cv-line" d={`M${points.join("L")}`} />}
      {points.length > 0 && <path className="cv-dot" d={`M${points[points.length - 1]}h0`} />}
    </svg>
  );
}
