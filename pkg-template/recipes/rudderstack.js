// @ts-check
// ChatVitals → RudderStack. Copy this file into your application.
//
//   import { createTracker } from "chatvitals";
//   import { rudderstackSink } from "./rudderstack.js";
//   createTracker({ sink: rudderstackSink() });
//
// It speaks to the `rudderanalytics` that your page loads (the snippet or the script). With the npm package, hand it over:
// `rudderstackSink(() => rudderAnalytics)`.
import { details, globalWith, vendorSink } from "chatvitals/sinks/vendor";

/**
 * @typedef {{ track(name: string, properties: object, options: object): unknown }} RudderStack
 * @param {() => RudderStack | undefined} [find] Where RudderStack is, once it is there.
 */
export function rudderstackSink(find = () => globalWith("rudderanalytics", "track")) {
  return vendorSink(find, (rudderanalytics, event) =>
    rudderanalytics.track(event.type, details(event), { originalTimestamp: event.timestamp }),
  );
}
