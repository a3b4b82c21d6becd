import { type ReactNode, useId } from "react";
import { useStyles } from "./styles.js";
import { type Answer, type Compute, type Source, useReport } from "./useReport.js";

/** What every widget takes. */
export interface WidgetProps {
  /** The heading; every widget has one of its own. */
  title?: string;
  /** Overrides what the visitor's system prefers. */
  theme?: "light" | "dark";
  /** Added to the widget's own class. */
  className?: string;
  /** Becomes `data-testid`. */
  testId?: string;
}

/** What every widget of a metric takes. */
export type MetricProps<Report> = WidgetProps & Source<Report>;

interface FrameProps extends WidgetProps {
  title: string;
  /** Beside the heading: what chooses or acts. */
  actions?: ReactNode;
  busy?: boolean;
  children: ReactNode;
}

/** The frame of a widget: a titled region with the styles it needs. */
export function Widget({ title, theme, className, testId, actions, busy = false, children }: FrameProps) {
  const styled = useStyles<HTMLElement>();
  const id = useId();
  return (
    <section
      ref={styled}
      className={className ? `cv cv-widget ${className}` : "cv cv-widget"}
      data-cv-theme={theme}
      data-testid={testId}
      aria-labelledby={id}
      aria-busy={busy}
    >
      <header className="cv-widget-head">
        <h3 id={id}>{title}</h3>
        {actions}
      </header>
      {children}
    </section>
  );
}

export interface AnsweredProps<Report> extends Answer<Report> {
  /** Whether there is nothing to show, and what to say then. */
  isEmpty: (report: Report) => boolean;
  empty: string;
  children: (report: Report) => ReactNode;
}

/** Shows a report, or says why it cannot: loading, failed, nothing measured. */
export function Answered<Report>({ report, error, isEmpty, empty, children }: AnsweredProps<Report>) {
  if (report && !isEmpty(report)) return children(report);
  if (report) return <p className="cv-empty">{empty}</p>;
  if (!error) return <Loading />;
  return (
    <p className="cv-empty is-error" role="alert">
      This cannot be shown: {error.message}
    </p>
  );
}

interface MetricWidgetProps<Report> extends MetricProps<Report>, Omit<AnsweredProps<Report>, keyof Answer<Report>> {
  title: string;
  compute: Compute<Report>;
  actions?: ReactNode;
}

/** A widget that shows the report of a metric. */
export function MetricWidget<Report>(props: MetricWidgetProps<Report>) {
  const { title, theme, className, testId, actions, compute, isEmpty, empty, children } = props;
  const answer = useReport(compute, props);
  return (
    <Widget title={title} theme={theme} className={className} testId={testId} actions={actions} busy={!answer.report && !answer.error}>
      <Answered {...answer} isEmpty={isEmpty} empty={empty}>
        {children}
      </Answered>
    </Widget>
  );
}

/** Says that numbers are on their way, with about the room they will take. */
function Loading() {
  return (
    <p className="cv-empty is-loading" role="status">
      Loading…
    </p>
  );
}
