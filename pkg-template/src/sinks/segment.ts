import type { Sink } from "../options.js";
import { details } from "./details.js";
import { globalWith, vendorSink, type VendorOptions } from "./vendor.js";

interface Analytics {
  track(event: string, properties: object, options: object): unknown;
}

/** Sends every event to Segment as a track call, through the page's `analytics` or its snippet. */
export function segmentSink(options?: VendorOptions): Sink {
  return vendorSink<Analytics>(
    () => globalWith("analytics", "track"),
    (analytics, event) =>
      // With our id, Segment knows an event that it is told twice.
      analytics.track(event.type, details(event), { timestamp: new Date(event.timestamp), messageId: event.id }),
    options,
  );
}
