// @ts-check
// ChatVitals → Amplitude. Copy this file into your application.
//
//   import { createTracker } from "chatvitals";
//   import { amplitudeSink } from "./amplitude.js";
//   createTracker({ sink: amplitudeSink() });
//
// It speaks to the `amplitude` that your page loads (the snippet or the script). With the npm package, hand it over:
// `amplitudeSink(() => amplitude)`.
import { details, globalWith, vendorSink } from "chatvitals/sinks/vendor";

/**
 * @typedef {{ track(name: string, properties: object, options: object): unknown }} Amplitude
 * @param {() => Amplitude | undefined} [find] Where Amplitude is, once it is there.
 */
export function amplitudeSink(find = () => globalWith("amplitude", "track")) {
  return vendorSink(find, (amplitude, event) =>
    // The event's own time; and its id, by which Amplitude knows an event that it is told twice.
    amplitude.track(event.type, details(event), { time: Date.parse(event.timestamp), insert_id: event.id }),
  );
}
