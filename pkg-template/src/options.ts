import type { Kind } from "./recognise.js";
import type { UrlPattern } from "./stream.js";

/** What the visitor allowed: `analytics` and `all` open the gate, `none` and `functional` close it. */
export type Consent = "none" | "functional" | "analytics" | "all";

/**
 * Where events go besides the endpoint: called once for every event that passed the policy. Any function will do; one
 * that keeps events back also says what becomes of them.
 */
export interface Sink {
  (event: TrackedEvent): unknown;
  /** Consent was withdrawn: forget what waits. */
  withdrawn?(): void;
  /** The tracker was shut down: send what waits, and undo every listener and timer. */
  shutdown?(): void;
}

/** An event as sinks and listeners receive it. */
export interface TrackedEvent {
  /** UUIDv7, made when the event happened. */
  id: string;
  /** A name of the catalogue, or the site's own. */
  type: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  sessionId: string;
  /** The page view it happened in. */
  viewId?: string;
  /** The route of that view. */
  path?: string;
  turnIndex?: number;
  messageId?: string;
  responseId?: string;
  traceId?: string;
  spanId?: string;
  runId?: string;
  /** The share of such events that is kept, when it is not all. */
  sampleRate?: number;
  properties: Record<string, unknown>;
  context?: Record<string, unknown>;
  dimensions?: Record<string, unknown>;
}

/** The options of a tracker; all are optional. */
export interface Options {
  /** `false`: nothing runs, nothing is stored. Default `true`. */
  enabled?: boolean;
  /** Where the built-in HTTP sink posts; absent: no HTTP sink. */
  endpoint?: string;
  /** Headers for the requests to the endpoint, such as `authorization`. When a page is left, fetch is used instead of a beacon. */
  headers?: Record<string, string>;
  /** Sinks of your own, called for every event. */
  sink?: Sink | Sink[];
  /** Lets content fields (message text, labels, comments…) through. Default `false`. */
  includeContent?: boolean;
  /** Static, sent under `event.context`. */
  context?: Record<string, unknown>;
  /** Resolved per event, sent under `event.dimensions`. If it throws, the event goes without it. */
  dimensions?: () => Record<string, unknown>;
  /** Share of events kept, 0 to 1. Default 1. */
  sampleRate?: number;
  /** The consent known at the start; absent: there is no gate. */
  consent?: Consent;
  /** Whether `consent` counts. Default `true`. */
  respectConsent?: boolean;
  /** Whether Global Privacy Control counts as a withheld consent. Default `true`. */
  respectGpc?: boolean;
  /** Bound of the local buffer and of the queue, events. Default 1000. */
  maxEvents?: number;
  /** When a batch leaves: at this many events, or at this age. Default 20 events, 5000 ms. */
  batch?: { size?: number; intervalMs?: number };
  /** When a visit is over, and where its record is kept. Default 30 minutes idle, 24 hours, `local`. */
  session?: { idleMinutes?: number; maxHours?: number; persistence?: "local" | "tab" | "memory" };
  /** Which page signals are captured; `false`: none. Default: all, without hash routes. */
  page?: boolean | PageOptions;
  /** Custom fields, on every event of the page under `event.context`, as in the query of a pixel. */
  fields?: Fields;
  /**
   * Which chats are recognised by themselves; `false`: none. Default: all, by their elements. `streams`: requests whose
   * streams are observed besides, such as `["/api/chat"]`.
   */
  chat?: boolean | { auto?: Kind[]; streams?: UrlPattern[] };
  /** Other origins whose observed requests get a `traceparent` header. The page's own always do. */
  propagateTraceTo?: UrlPattern[];
  /** A readable log of what is captured, dropped and sent. Default `false`. */
  debug?: boolean;
  /** Where the WebAssembly lies. Default: beside the script. */
  wasmUrl?: string;
}

/** Which page signals are captured, and how. */
export interface PageOptions {
  /** Page views and leaves, for every route of the History API. Default `true`. */
  views?: boolean;
  /** Whether the fragment names a route (`#/cart`): a change of it is a view, and it is part of `path`. Default `false`. */
  hashRoutes?: boolean;
  /** Scroll depth. Default `true`. */
  scroll?: boolean;
  /**
   * CSS selector of the element that scrolls instead of the page. By default it is found: where the page itself cannot
   * scroll, it is what scrolls at the middle of the window.
   */
  scrollContainer?: string;
  /** Engagement time. Default `true`. */
  engagement?: boolean;
  /** Clicks, links, downloads, calls to action, `data-cv-event`, rage and dead clicks. Default `true`. */
  clicks?: boolean;
  /** Web Vitals. Default `true`. */
  vitals?: boolean;
  /** Route changes within the page begin new vitals, where the browser recognises them (Chromium). Default `false`. */
  softNavigations?: boolean;
  /** Errors, unhandled rejections, failed resources, CSP violations. Default `true`. */
  errors?: boolean;
  /** Impressions of `data-cv-impression` elements and of those given to `observe`. Default `true`. */
  impressions?: boolean;
  /**
   * Query parameters that may leave in URLs, besides the campaign's (`utm_*`, ad click ids, `ref`) and the custom fields.
   * Everything else of a query is removed. Default: none.
   */
  allowQuery?: string[];
}

/** `s1`… are strings, `n1`… numbers, `b1`… truth values. */
export type Fields = { [name: `s${number}`]: string; [name: `n${number}`]: number; [name: `b${number}`]: boolean };

/** When an element counts as seen. */
export interface ImpressionOptions {
  /** The share of it that has to be visible, 0 to 1. Default 0.5. */
  ratio?: number;
  /** For how long without a break, ms. Default 1000. */
  dwellMs?: number;
}

/** Counts since the tracker started. */
export interface Stats {
  /** Names this tracker instance. */
  id: string;
  captured: number;
  sent: number;
  lost: number;
  retried: number;
  /** Captured, and neither arrived nor given up. */
  waiting: number;
  /** By reason: `consent`, `sampled`, `overflow`, `oversized`. */
  dropped: Record<string, number>;
}
