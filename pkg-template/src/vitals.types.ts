// The shapes of web-vitals' metrics, so that code written for it can change the import and nothing else.

/** How good a value is. */
export type Rating = "good" | "needs-improvement" | "poor";

/** How the page that a metric describes was reached. */
export type NavigationType =
  | "navigate"
  | "reload"
  | "back-forward"
  | "back-forward-cache"
  | "prerender"
  | "restore"
  | "soft-navigation";

/** How far the page had loaded. */
export type LoadState = "loading" | "dom-interactive" | "dom-content-loaded" | "complete";

/** One report of a metric. */
export interface Metric<Name extends string, Attribution> {
  name: Name;
  /** Milliseconds, or the score for CLS. */
  value: number;
  rating: Rating;
  /** The change since the last report with this `id`. All deltas of an id add up to its value. */
  delta: number;
  /** One id per listener and navigation. */
  id: string;
  /** What the value comes from; empty for a CLS of 0 and for a page that was restored. */
  entries: PerformanceEntry[];
  navigationType: NavigationType;
  /** The browser's id of the navigation, 0 where it gives none. */
  navigationId: number;
  /** The interaction that caused a soft navigation. */
  navigationInteractionId?: number;
  /** When the navigation began, ms. */
  navigationStartTime?: number;
  /** The address measured: a report may come when the page has moved on. */
  navigationURL?: string;
  attribution: Attribution;
}

export interface LCPAttribution {
  /** The element. */
  target?: string;
  /** The image or video. */
  url?: string;
  timeToFirstByte: number;
  resourceLoadDelay: number;
  resourceLoadDuration: number;
  elementRenderDelay: number;
  navigationEntry?: PerformanceEntry;
  lcpResourceEntry?: PerformanceResourceTiming;
  lcpEntry?: PerformanceEntry;
}

export interface CLSAttribution {
  /** The first element that moved in the largest shift. */
  largestShiftTarget?: string;
  largestShiftTime?: number;
  largestShiftValue?: number;
  largestShiftEntry?: PerformanceEntry;
  largestShiftSource?: unknown;
  loadState?: LoadState;
}

export interface INPAttribution {
  interactionTarget?: string;
  interactionTime?: number;
  interactionType?: "pointer" | "keyboard";
  nextPaintTime?: number;
  inputDelay: number;
  processingDuration: number;
  presentationDelay: number;
  loadState: LoadState;
  /** Always empty here: see `longAnimationFrameEntries` for what ran meanwhile. */
  processedEventEntries: PerformanceEntry[];
  /** The long frames between the action and the end of its handlers. The rest is there when there are any. */
  longAnimationFrameEntries: PerformanceEntry[];
  longestScript?: LongestScript;
  totalScriptDuration?: number;
  totalStyleAndLayoutDuration?: number;
  totalPaintDuration?: number;
  totalUnattributedDuration?: number;
}

/** The script that ran longest while the person waited. */
export interface LongestScript {
  entry: PerformanceEntry;
  /** The phase it began in. */
  subpart: "input-delay" | "processing-duration" | "presentation-delay";
  /** How long it ran after the action. */
  intersectingDuration: number;
}

export interface FCPAttribution {
  timeToFirstByte: number;
  firstByteToFCP: number;
  loadState: LoadState;
  fcpEntry?: PerformanceEntry;
  navigationEntry?: PerformanceEntry;
}

export interface TTFBAttribution {
  waitingDuration: number;
  cacheDuration: number;
  dnsDuration: number;
  connectionDuration: number;
  requestDuration: number;
  navigationEntry?: PerformanceEntry;
}

/** As web-vitals 4 had it. */
export interface FIDAttribution {
  eventTarget: string;
  eventType: string;
  eventTime: number;
  eventEntry: PerformanceEntry;
  loadState: LoadState;
}

export type LCPMetric = Metric<"LCP", LCPAttribution>;
export type CLSMetric = Metric<"CLS", CLSAttribution>;
export type INPMetric = Metric<"INP", INPAttribution>;
export type FCPMetric = Metric<"FCP", FCPAttribution>;
export type TTFBMetric = Metric<"TTFB", TTFBAttribution>;
export type FIDMetric = Metric<"FID", FIDAttribution>;

/** What every listener may ask for. */
export interface ReportOptions {
  /** Every change, not only values that are settled or in danger of being lost. */
  reportAllChanges?: boolean;
  /** Route changes within the page begin new metrics, where the browser recognises them. */
  reportSoftNavs?: boolean;
  /** Names an element instead of the built-in selector; `undefined` leaves it to that. */
  generateTarget?: (node: Node) => string | undefined | null;
  /** Where the WebAssembly lies; the first listener's word counts. Default: beside the module. */
  wasmUrl?: string;
}

export interface INPReportOptions extends ReportOptions {
  /** The least duration of events to look at, ms. Default 40. */
  durationThreshold?: number;
}
