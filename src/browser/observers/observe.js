// The one door by which the page is heard: `hear(signal, which, numbers, text)` of Rust hears all of it. Nothing here
// decides anything; Rust does.
import { watchActivity } from "./activity.js";
import { watchClicks } from "./clicks.js";
import { watchErrors } from "./errors.js";
import { watchImpressions } from "./impressions.js";
import { watchLife } from "./life.js";
import { measureVitals } from "./measure.js";
import { watchRoutes } from "./routes.js";
import { watchScroll } from "./scroll.js";

// In the order of the bits of `wanted`. Each answers with what undoes it, function by function.
const WATCHERS = [watchRoutes, watchActivity, watchScroll, watchClicks, watchErrors];

export function observe(wanted, content, endpoint, hear) {
  // The signals of the page have a text at the most.
  const heard = (signal, text) => void hear(signal, 0, [], text);
  const undo = watchLife(heard);
  WATCHERS.forEach((watch, bit) => {
    if (wanted & (1 << bit)) undo.push(...watch(heard, content, endpoint));
  });
  const impressions = wanted & (1 << WATCHERS.length) ? watchImpressions(heard) : undefined;
  let vitals;
  let measure;
  return {
    // In a task of its own: the page may have something to do first, and what happened meanwhile is buffered.
    measure(softNavigations) {
      const timer = setTimeout((measure = () => {
        clearTimeout(timer);
        measure = undefined;
        vitals = measureVitals(hear, softNavigations);
      }));
      undo.push(() => clearTimeout(timer));
    },
    resources: (url) => vitals?.resources(url) ?? [],
    leave() {
      measure?.();
      vitals?.leave();
    },
    // A new view: what was seen in the one before counts anew.
    view: () => impressions?.view(),
    // Watches one more element, until the function that is returned is called.
    element: (element, id, options) => impressions?.add(element, id, options) ?? (() => {}),
    stop() {
      vitals?.stop();
      impressions?.stop();
      undo.forEach((end) => end());
    },
  };
}
