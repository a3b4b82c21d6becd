import { type ReactNode, useId } from "react";
import { useStyles } from "./styles.js";
import { type Compute, type Source, useReport } from "./useReport.js";

/** What every widget takes. */
export interface WidgetProps {
  /** The heading; every widget has one of its own. */
  title?: string;
  /** Overrides what the visitor's system prefers. */
  theme?: "light" | "dark";
  /** Added to the widget's own class. */
  className?: string;
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
export function Widget({ title, theme, className, actions, busy = false, children }: FrameProps) {
  const styled = useStyles<HTMLElement>();
  const id = useId();
  return (
    <section
      ref={styled}
      className={className ? `cv cv-widget ${className}` : "cv cv-widget"}
      data-cv-theme={theme}
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

interface MetricWidgetProps<Report> extends MetricProps<Report> {
  title: string;
  compute: Compute<Report>;
  /** Whether there is nothing to show, and what to say then. */
  isEmpty: (report: Report) => boolean;
  empty: string;
  actions?: ReactNode;
  children: (report: Report) => ReactNode;
}

/** A widget that shows a report, or says why it cannot: loading, failed, nothing measured. */
export function MetricWidget<Report>(props: MetricWidgetProps<Report>) {
  const { title, theme, className, actions, compute, isEmpty, empty, children } = props;
  const { report, error } = useReport(compute, props);
  return (
    <Widget title={title} theme={theme} className={className} actions={actions} busy={!report && !error}>
      {error && !report ? (
        <p className="cv-empty is-error" role="alert">
          This cannot be shown: {error.message}
        </p>
      ) : !report ? (
        <Loading />
      ) : isEmpty(report) ? (
        <p className="cv-empty">{empty}</p>
      ) : (
        children(report)
      )}
    </Widget>
  );
}

/** Says that numbers are on their way, with about the room they will take. */
export function Loading() {
  return (
    <p className="cv-empty is-loading" role="status">
      Loading…
    </p>
  );
}
