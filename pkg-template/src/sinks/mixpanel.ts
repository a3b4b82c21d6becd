import type { Sink } from "../options.js";
import { details, rename } from "./details.js";
import { globalWith, vendorSink, type VendorOptions } from "./vendor.js";

interface Mixpanel {
  track(event: string, properties: object): unknown;
}

/** Properties that mean something to Mixpanel. */
const isReserved = (name: string) => /^(token|time|distinct_id|length|bucket|mp_.*|\$.*)$/.test(name);

/** Sends every event to Mixpanel, through the page's `mixpanel` or its snippet. */
export function mixpanelSink(options?: VendorOptions): Sink {
  return vendorSink<Mixpanel>(
    findMixpanel,
    (mixpanel, event) => {
      const properties = Object.fromEntries(
        Object.entries(details(event)).map(([name, value]) => [rename(name, isReserved), value]),
      );
      // Seconds, as the library itself writes it. With our id, Mixpanel knows an event that it is told twice.
      mixpanel.track(event.type, { ...properties, time: Date.parse(event.timestamp) / 1000, $insert_id: event.id });
    },
    options,
  );
}

/** Mixpanel's snippet keeps calls; the library before its `init` throws them away. */
function findMixpanel(): Mixpanel | undefined {
  const mixpanel = globalWith<Mixpanel & { __loaded?: boolean }>("mixpanel", "track");
  return Array.isArray(mixpanel) || mixpanel?.__loaded ? mixpanel : undefined;
}
