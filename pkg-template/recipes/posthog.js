// @ts-check
// ChatVitals → PostHog. Copy this file into your application.
//
//   import { createTracker } from "chatvitals";
//   import { posthogSink } from "./posthog.js";
//   createTracker({ sink: posthogSink() });
//
// It speaks to the `posthog` that your page loads (the snippet or the script). With the npm package, hand it over:
// `posthogSink(() => posthog.__loaded && posthog)`.
import { details, globalWith, vendorSink } from "chatvitals/sinks/vendor";

/**
 * @typedef {{ capture(name: string, properties: object, options: object): unknown, __loaded?: boolean }} PostHog
 * @param {() => PostHog | false | undefined} [find] Where PostHog is, once it is there.
 */
export function posthogSink(find = findPostHog) {
  return vendorSink(find, (posthog, event) =>
    posthog.capture(event.type, details(event), { timestamp: new Date(event.timestamp), uuid: event.id }),
  );
}

/** The snippet (an array) keeps calls; the library before its `init` throws them away. */
function findPostHog() {
  const posthog = /** @type {PostHog | undefined} */ (globalWith("posthog", "capture"));
  return (Array.isArray(posthog) || posthog?.__loaded) && posthog;
}
