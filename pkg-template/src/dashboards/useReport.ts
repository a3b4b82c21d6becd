import { useEffect, useMemo, useState } from "react";
import { ready } from "../metrics.js";
import type { MetricsEvent, MetricsOptions } from "../metrics.types.js";

/** Where a widget's numbers come from: `events` to compute them from, or `data`, the report as the collector answers. */
export interface Source<Report> {
  /** Any events; the widget computes its report from them with `chatvitals/metrics`. */
  events?: readonly MetricsEvent[];
  /** The window and segment to compute. */
  options?: MetricsOptions;
  /** The report, computed elsewhere. `undefined` or `null` while it is being loaded. */
  data?: Report | null;
  /** Why there is no report. */
  error?: Error | null;
}

/** What a widget shows: the report, the reason why there is none, or that it is on its way (both null). */
export interface Answer<Report> {
  report: Report | null;
  error: Error | null;
}

/** One of the functions of `chatvitals/metrics`. */
export type Compute<Report> = (events: readonly MetricsEvent[], options?: MetricsOptions) => Report;

export function useReport<Report>(compute: Compute<Report>, { events, options, data, error }: Source<Report>): Answer<Report> {
  const metrics = useMetrics(events !== undefined);
  // Options are often written in place: what they say counts, not which object says it.
  const asked = JSON.stringify(options);
  const computed = useMemo<Answer<Report>>(() => {
    if (!events || !metrics.loaded) return { report: null, error: metrics.error };
    try {
      return { report: compute(events, asked === undefined ? undefined : (JSON.parse(asked) as MetricsOptions)), error: null };
    } catch (cause) {
      return { report: null, error: toError(cause) };
    }
  }, [compute, events, asked, metrics]);
  if (error) return { report: data ?? null, error };
  return events ? computed : { report: data ?? null, error: null };
}

interface Metrics {
  loaded: boolean;
  error: Error | null;
}

/** Whether `chatvitals/metrics` is there; asked for only where something is to be computed. */
function useMetrics(needed: boolean): Metrics {
  const [metrics, setMetrics] = useState<Metrics>({ loaded: false, error: null });
  useEffect(() => {
    if (!needed) return;
    let mounted = true;
    const settle = (settled: Metrics) => {
      if (mounted) setMetrics(settled);
    };
    ready().then(
      () => settle({ loaded: true, error: null }),
      (cause: unknown) => settle({ loaded: false, error: toError(cause) }),
    );
    return () => {
      mounted = false;
    };
  }, [needed]);
  return metrics;
}

const toError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));
