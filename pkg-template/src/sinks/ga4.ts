import type { Sink, TrackedEvent } from "../options.js";
import { details, rename } from "./details.js";
import { vendorSink, type VendorOptions } from "./vendor.js";

export interface Ga4Options extends VendorOptions {
  /** The property to send to (`G-XXXXXXX`), on pages that have several; absent: all that the page configured. */
  measurementId?: string;
}

type Gtag = (command: "event", name: string, parameters: object) => unknown;

// The limits of https://support.google.com/analytics/answer/9267744, and the names of
// https://support.google.com/analytics/answer/13316687.
const MAX_NAME = 40;
const MAX_PARAMETERS = 25;
const MAX_VALUE = 100;
const RESERVED_EVENTS = new Set(
  (
    "ad_impression app_remove app_store_refund app_store_subscription_cancel app_store_subscription_renew click error " +
    "file_download first_open first_visit form_start form_submit in_app_purchase page_view scroll session_start " +
    "user_engagement view_complete video_progress video_start view_search_results"
  ).split(" "),
);
const RESERVED_PARAMETERS = new Set(
  (
    "cid currency customer_id customerid dclid gclid session_id sessionid sfmc_id sid srsltid uid user_id userid " +
    "engagement_time_msec session_number items send_to event_callback event_timeout groups"
  ).split(" "),
);
const hasReservedPrefix = (name: string) => /^(_|firebase_|ga_|google_|gtag)/.test(name);

/** What Google Analytics calls them, and lets be longer. */
const OWN_NAMES = new Map<string, [name: string, maxLength: number]>([
  ["url", ["page_location", 1000]],
  ["title", ["page_title", 300]],
  ["referrer", ["page_referrer", 420]],
]);

/**
 * Sends every event to Google Analytics 4, through the page's `gtag`, within its limits: reserved names get the prefix
 * `chat_`, objects and lists are flattened, long values cut, and what exceeds 25 parameters is left out, context first.
 */
export function ga4Sink(options: string | Ga4Options = {}): Sink {
  const given = typeof options === "string" ? { measurementId: options } : options;
  const { measurementId } = given;
  return vendorSink<Gtag>(
    () => {
      const { gtag } = globalThis as { gtag?: Gtag };
      return typeof gtag === "function" ? gtag : undefined;
    },
    (gtag, event) =>
      gtag("event", eventName(event.type), {
        ...(measurementId && { send_to: measurementId }),
        ...parameters(event, MAX_PARAMETERS - (measurementId ? 1 : 0)),
      }),
    given,
  );
}

function eventName(type: string): string {
  const name = rename(type.replace(/\W/g, "_"), (name) => RESERVED_EVENTS.has(name) || hasReservedPrefix(name) || !/^[a-zA-Z]/.test(name));
  return name.slice(0, MAX_NAME);
}

function parameters(event: TrackedEvent, most: number): Record<string, string | number | boolean> {
  const { sessionId, turnIndex, context, ...rest } = details(event);
  const out = new Map<string, string | number | boolean>();
  const add = (path: string, value: unknown): void => {
    if (value === null || value === undefined || out.size === most) return;
    if (typeof value === "object") {
      if (Array.isArray(value) && value.every((element) => typeof element !== "object")) return add(path, value.join());
      for (const [key, inner] of Object.entries(value)) add(path ? `${path}_${key}` : key, inner);
      return;
    }
    const [name, maxLength] = (event.type === "page_view" && OWN_NAMES.get(path)) || [parameterName(path), MAX_VALUE];
    if (!out.has(name)) out.set(name, typeof value === "number" || typeof value === "boolean" ? value : cut(String(value), maxLength));
  };
  // In the order of what matters, for the rest may be left out. Google Analytics has no way to be told a time.
  add("", { sessionId, turnIndex, timestamp: event.timestamp });
  add("", event.properties);
  add("", rest);
  add("", context);
  return Object.fromEntries(out);
}

function parameterName(path: string): string {
  const isReserved = (name: string) => RESERVED_PARAMETERS.has(name.toLowerCase()) || hasReservedPrefix(name) || !/^[a-zA-Z]/.test(name);
  return rename(path.replace(/\W/g, "_"), isReserved).slice(0, MAX_NAME);
}

/** Cut without leaving half of a surrogate pair. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
