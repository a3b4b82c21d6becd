// @ts-check
// ChatVitals → Datadog RUM, as custom actions. Copy this file into your application.
//
//   import { createTracker } from "chatvitals";
//   import { datadogRumSink } from "./datadog-rum.js";
//   createTracker({ sink: datadogRumSink() });
//
// It speaks to the `DD_RUM` that your page loads (the snippet or the script). With the npm package, hand it over:
// `datadogRumSink(() => datadogRum)`.
import { details, vendorSink } from "chatvitals/sinks/vendor";

/**
 * @typedef {{ addAction?(name: string, context: object): void, onReady?(act: () => void): void }} DatadogRum
 * @param {() => DatadogRum | undefined} [find] Where Datadog RUM is, once it is there.
 */
export function datadogRumSink(find = findDatadogRum) {
  return vendorSink(find, (rum, event) => {
    // An action begins when it is told; the event's own time goes along.
    const act = () => find()?.addAction?.(event.type, { ...details(event), timestamp: event.timestamp });
    if (rum.addAction) act();
    else rum.onReady?.(act);
  });
}

/** The library, or its snippet, which has only `onReady`. @returns {DatadogRum | undefined} */
function findDatadogRum() {
  const rum = /** @type {{ DD_RUM?: DatadogRum }} */ (globalThis).DD_RUM;
  return rum?.addAction || rum?.onReady ? rum : undefined;
}
