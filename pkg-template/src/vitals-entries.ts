// The browser's own entries in a report's attribution: what Rust decided is numbers and texts, these are its sources.
import { explainByLongFrames } from "./vitals-frames.js";
import type { Metric } from "./vitals.types.js";

type Attributed = Metric<string, Record<string, unknown>>;
type Timing = PerformanceEntry & Record<string, unknown>;
interface Shift extends PerformanceEntry {
  value: number;
  sources: { node: Node | null }[];
}

/** Adds the entries that web-vitals gives to the attribution of `metric`. */
export function addEntries(metric: Attributed): void {
  const { entries, attribution, navigationType, navigationId } = metric;
  const last = entries.at(-1) as Timing | undefined;
  const add = (more: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(more)) if (value !== undefined) attribution[name] = value;
  };
  const ofType = (type: string) => performance.getEntriesByType(type) as Timing[];
  const navigationEntry =
    navigationType === "soft-navigation"
      ? ofType("soft-navigation").find((entry) => entry.navigationId === navigationId)
      : ofType("navigation")[0];
  switch (metric.name) {
    case "LCP": {
      if (!last) break;
      const painted = (at: PerformanceResourceTiming) =>
        at.name === last.url && (at.requestStart || at.startTime) <= last.startTime;
      const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      add({ lcpEntry: last, navigationEntry, lcpResourceEntry: last.url ? resources.filter(painted).at(-1) : undefined });
      break;
    }
    case "CLS": {
      const shifts = entries as Shift[];
      if (!shifts.length) break;
      const largest = shifts.reduce((a, b) => (a.value > b.value ? a : b));
      const source = largest.sources.find(({ node }) => node?.nodeType === Node.ELEMENT_NODE) ?? largest.sources[0];
      if (source) add({ largestShiftEntry: largest, largestShiftSource: source });
      break;
    }
    case "INP":
      add({ processedEventEntries: [], ...explainByLongFrames(attribution) });
      break;
    case "FCP":
      if (last || navigationType === "soft-navigation") add({ fcpEntry: last, navigationEntry });
      break;
    case "TTFB":
      add({ navigationEntry: last });
      break;
    case "FID":
      add({ eventEntry: last, eventType: last?.name });
  }
}
