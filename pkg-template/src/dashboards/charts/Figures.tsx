import { NOTHING } from "../format.js";

export interface Figure {
  label: string;
  /** undefined: not known yet; null: nothing to count. */
  value: number | null | undefined;
  format: (value: number) => string;
  note?: string;
  tone?: "good" | "fair" | "poor";
  /** Found by tests by this name. */
  testId?: string;
}

/** Numbers side by side, each with its name. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <div className="cv-strip">
      <dl className="cv-figures">
        {figures.map(({ label, value, format, note, tone, testId }) => (
          <div key={label} className={tone ? `cv-figure is-${tone}` : "cv-figure"}>
            <dt>{label}</dt>
            <dd data-testid={testId} data-value={value ?? undefined}>
              {value == null ? <span title={value === null ? "Nothing to measure yet" : "Loading"}>{NOTHING}</span> : format(value)}
            </dd>
            {note && <dd className="cv-note">{note}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}
