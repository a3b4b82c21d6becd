import { computeVitals } from "../metrics.js";
import type { Report, Row, VitalSet, VitalStats, Vitals } from "../metrics.types.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { NOTHING, formatDuration, formatMany, formatShare, formatShift } from "./format.js";

const NAMES = {
  LCP: "Largest Contentful Paint",
  INP: "Interaction to Next Paint",
  CLS: "Cumulative Layout Shift",
  FCP: "First Contentful Paint",
  TTFB: "Time to First Byte",
} as const;
type Name = keyof typeof NAMES;
const SHOWN = Object.keys(NAMES) as Name[];
/** Search engines judge by these; a table of all five would not fit a phone. */
const CORE: readonly Name[] = ["LCP", "INP", "CLS"];

const RATINGS = { good: "good", "needs-improvement": "fair", poor: "poor" } as const;
const RATED = { good: "good", "needs-improvement": "needs improvement", poor: "poor" } as const;

/** Web Vitals as three quarters of the visitors had them or better (p75), overall and by route. */
export function VitalsPanel(props: MetricProps<Report<Vitals, VitalSet>>) {
  return (
    <MetricWidget
      {...props}
      title={props.title ?? "Web Vitals"}
      compute={computeVitals}
      isEmpty={({ overall }) => SHOWN.every((name) => overall[name].count === 0)}
      empty="No page reported its vitals in this time."
    >
      {({ overall, byRoute }) => (
        <>
          <dl className="cv-vitals">
            {SHOWN.map((name) => (
              <Vital key={name} name={name} stats={overall[name]} />
            ))}
          </dl>
          {byRoute.length > 0 && <Routes rows={byRoute} />}
        </>
      )}
    </MetricWidget>
  );
}

function Vital({ name, stats }: { name: Name; stats: VitalStats }) {
  const { rating, good, needsImprovement, poor, count } = stats;
  return (
    <div className={rating ? `cv-vital is-${RATINGS[rating]}` : "cv-vital"}>
      <dt>
        <abbr title={NAMES[name]}>{name}</abbr>
      </dt>
      <dd data-testid={`vital-${name}`} data-value={stats.p75 ?? undefined}>
        {valueOf(name, stats)}
      </dd>
      <dd className="cv-rating">{rating ? RATED[rating] : "not measured"}</dd>
      {good !== null && needsImprovement !== null && poor !== null && (
        <>
          <dd className="cv-parts" title={`${formatShare(good)} good, ${formatShare(needsImprovement)} need improvement, ${formatShare(poor)} poor`}>
            <Parts shares={[good, needsImprovement, poor]} />
            <span className="cv-unseen">
              {formatShare(good)} good, {formatShare(needsImprovement)} need improvement, {formatShare(poor)} poor
            </span>
          </dd>
          <dd className="cv-note">{formatMany(count, "view")}</dd>
        </>
      )}
    </div>
  );
}

/** Good, fair and poor as parts of one bar. */
function Parts({ shares }: { shares: readonly [number, number, number] }) {
  const [good, fair] = shares;
  const tones = ["good", "fair", "poor"] as const;
  const from = [0, good, good + fair];
  return (
    <svg aria-hidden="true" focusable="false">
      {shares.map((share, at) => (
        <rect key={tones[at]} className={`is-${tones[at]}`} x={`${(from[at] ?? 0) * 100}%`} width={`${share * 100}%`} height="100%" />
      ))}
    </svg>
  );
}

function Routes({ rows }: { rows: readonly Row<VitalSet>[] }) {
  return (
    <div className="cv-scroll" tabIndex={0} role="group" aria-label="Web Vitals by route">
      <table className="cv-table">
        <caption className="cv-unseen">Web Vitals by route, 75th percentile</caption>
        <thead>
          <tr>
            <th scope="col">Route</th>
            {CORE.map((name) => (
              <th key={name} scope="col">
                <abbr title={NAMES[name]}>{name}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" title={row.key}>
                <bdi>{row.key}</bdi>
              </th>
              {CORE.map((name) => (
                <Rated key={name} name={name} stats={row[name]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rated({ name, stats }: { name: Name; stats: VitalStats }) {
  const { rating } = stats;
  return (
    <td className={rating ? `cv-rated is-${RATINGS[rating]}` : undefined}>
      {valueOf(name, stats)}
      {rating && <span className="cv-unseen"> ({RATED[rating]})</span>}
    </td>
  );
}

function valueOf(name: Name, { p75 }: VitalStats): string {
  if (p75 === null) return NOTHING;
  return name === "CLS" ? formatShift(p75) : formatDuration(p75);
}
