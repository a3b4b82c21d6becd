// The browser's side of Web Vitals: observes what they are made of, in the order and at the moments `src/vitals/mod.rs`
// asks for, and tells it as numbers. What any of it means is decided there.
//
// Code that runs on hidden is synchronous: what is told then is reported before the page is gone.

// What is told, and the entry types and metrics, by the numbers that `src/vitals/` knows too.
const START = 0, WATCH = 1, WISHES = 2, OBSERVED = 3, STARTED = 4, LEAVING = 5, HIDDEN = 6, INTERRUPTED = 7, SETTLE = 8, LOADING = 9;
const LOADED = 10, COUNT = 11, IDS = 12, RESTORED = 13, SEEN_ANEW = 14, REPAINTED = 15;
const TYPES = ["largest-contentful-paint", "interaction-contentful-paint", "layout-shift", "event", "first-input", "paint", "soft-navigation"];
const LARGEST = 0, PAINTED = 1, SHIFT = 2, FIRST_INPUT = 4, PAINT = 5, SOFT = 6;
export const NAMES = ["LCP", "CLS", "INP", "FCP", "TTFB", "FID"];
// Beyond their bits: whether records are to be taken.
const TAKES_RECORDS = 1 << 7;
// What each metric needs of the browser.
const NEEDS = { LCP: LARGEST, CLS: SHIFT, FCP: PAINT, FID: FIRST_INPUT };
const TIMES = ["navigationId", "activationStart", "workerStart", "fetchStart", "domainLookupStart", "connectStart", "connectEnd", "responseStart"];
// Two and a half frames at 60 Hz: shorter interactions are good ones.
const DURATION_THRESHOLD_MS = 40;
// A very busy page has no idle moment; then it is made one.
const IDLE_MS = 1000;
// The browser keeps the page's first resources, this many more of the last are kept here.
const MAX_RESOURCES = 50;

// `hear(signal, watch, numbers, texts, entries)` answers with a number; `targetOf(node)` names an element.
export function watchVitals(hear, targetOf) {
  const tell = (signal, watch = 0, numbers = [], texts = "", entries = []) => hear(signal, watch, numbers, texts, entries);
  const supported = globalThis.PerformanceObserver?.supportedEntryTypes ?? [];
  const supports = (type) => supported.includes(TYPES[type]);
  const softly = supports(SOFT) && typeof PerformanceSoftNavigation.prototype.getLargestInteractionContentfulPaint === "function";
  const counts = "interactionCount" in performance;
  const watches = [];
  const resources = [];
  const undo = [];
  let waiting = new Set();
  let resourceObserver, idObserver;

  const isHidden = () => document.visibilityState === "hidden";
  const on = (target, types, listener) => {
    for (const type of types.split(" ")) {
      target.addEventListener(type, listener, true);
      undo.push(() => target.removeEventListener(type, listener, true));
    }
  };
  const timingOf = (type) => performance.getEntriesByType(type);

  // Tells, and then observes what is wanted now.
  const act = (...told) => {
    tell(...told);
    watches.forEach(reobserve);
  };

  // Safari calls back within the change that is observed.
  const observer = (heard) => new PerformanceObserver((list) => queueMicrotask(() => heard(list.getEntries())));
  const begin = (observer, options) => {
    try {
      observer.observe({ buffered: true, ...options });
    } catch {
      // A type that is listed and refused all the same goes unobserved.
    }
  };

  const reobserve = (watch) => {
    const wanted = tell(WISHES, watch.id) & (TAKES_RECORDS - 1);
    if (wanted === watch.wanted) return;
    const began = wanted & ~watch.wanted;
    watch.wanted = wanted;
    watch.observer.disconnect();
    TYPES.forEach((type, bit) => {
      if (wanted & (1 << bit) && supports(bit)) begin(watch.observer, { type, durationThreshold: type === "event" ? watch.threshold : undefined });
    });
    if (began & (1 << SHIFT)) setTimeout(() => act(STARTED, watch.id));
    // Resources matter only as long as one can be the largest paint.
    if (!watches.some(({ wanted }) => wanted & (1 << LARGEST))) resourceObserver?.disconnect();
  };

  // When the browser has time, at once when the page is hidden, but never after it is gone.
  const whenIdle = (job) => {
    if (isHidden()) return job();
    waiting.add(job);
    const run = () => waiting.delete(job) && job();
    // To a timer, where there is no such callback, an object is no delay.
    (globalThis.requestIdleCallback ?? setTimeout)(run, { timeout: IDLE_MS });
  };

  const count = () => counts && tell(COUNT, 0, [performance.interactionCount]);

  const deliver = (signal, watch, entries) => {
    const told = encode(entries, watch.targetOf);
    if (watch.name === "INP") count();
    act(signal, watch.id, ...told);
  };

  const settle = (event) => {
    const found = event.isTrusted && tell(INTERRUPTED);
    if (found) whenIdle(() => act(SETTLE, found));
  };

  const leave = (time) => {
    for (const watch of watches) {
      if (tell(WISHES, watch.id) & TAKES_RECORDS) deliver(LEAVING, watch, watch.observer.takeRecords());
    }
    tell(HIDDEN, 0, [time]);
  };

  const loading = () => act(LOADING, 0, ...navigation());
  const loaded = () => setTimeout(() => act(LOADED, 0, ...navigation(), timingOf("navigation")));

  const start = () => {
    const [numbers, texts] = navigation();
    const since = numbers[7];
    const hidden = timingOf("visibility-state").find(({ name, startTime }) => name === "hidden" && startTime >= since);
    tell(START, 0, [...numbers, performance.timeOrigin, +isHidden(), hidden ? hidden.startTime : NaN], texts);

    on(window, "visibilitychange", (event) => {
      const before = waiting;
      if (isHidden()) leave(event.timeStamp);
      waiting = new Set();
      settle(event);
      before.forEach((job) => job());
    });
    on(window, "keydown click", settle);
    on(document, "readystatechange DOMContentLoaded", loading);
    on(window, "load", loaded);
    on(window, "pageshow", (event) => {
      if (!event.persisted) return;
      count();
      act(RESTORED, 0, [event.timeStamp]);
      // The visibility is still the old one here: https://crbug.com/1133363
      setTimeout(() => tell(SEEN_ANEW, 0, [+isHidden()]));
      requestAnimationFrame(() => requestAnimationFrame(() => act(REPAINTED, 0, [performance.now()])));
    });
  };

  const encode = (entries, targetOf) => {
    const numbers = [];
    const texts = [];
    const handles = [];
    const row = (kind, entry, handle, id, a, b, c, node, spare, url, more) => {
      const target = node ? named(node, targetOf) : spare;
      numbers.push(kind, entry.startTime, entry.duration, id ?? NaN, a, b, c, +(target != null), +more);
      texts.push(clean(target), clean(url));
      handles.push(handle);
    };
    const paint = (entry, shown) =>
      row(PAINTED, entry, shown, entry.interactionId, shown?.renderTime ?? 0, shown?.startTime ?? 0, 0, shown?.element, idOf(shown), shown?.url, !!shown);
    for (const entry of entries) {
      const kind = TYPES.indexOf(entry.entryType);
      if (kind === PAINT) {
        if (entry.name === "first-contentful-paint") row(kind, entry, entry, entry.navigationId || 0, 0, 0, 0);
      } else if (kind === LARGEST) {
        row(kind, entry, entry, 0, entry.renderTime, 0, 0, entry.element, idOf(entry), entry.url);
      } else if (kind === PAINTED) {
        paint(entry, entry.largestContentfulPaint);
      } else if (kind === SHIFT) {
        const { sources = [], value, hadRecentInput } = entry;
        const source = hadRecentInput ? undefined : sources.find(({ node }) => node?.nodeType === 1) ?? sources[0];
        row(kind, entry, entry, 0, value, +hadRecentInput, +!!sources.length, source?.node);
      } else if (kind === SOFT) {
        const largest = entry.getLargestInteractionContentfulPaint?.();
        row(kind, entry, entry, entry.navigationId || 0, entry.interactionId ?? NaN, entry.presentationTime || entry.paintTime || 0, 0, null, undefined, entry.name, !!largest);
        if (largest) paint(largest, largest.largestContentfulPaint);
      } else {
        const { interactionId = 0, processingStart, processingEnd, name, target, targetSelector } = entry;
        row(kind, entry, entry, interactionId, processingStart, processingEnd, +name.startsWith("key"), interactionId ? target : null, (interactionId && targetSelector) || undefined);
      }
    }
    return [numbers, texts.join("\0"), handles];
  };

  // Watches a metric from now on; the answer is the watch's number, -1 where the browser cannot measure it.
  const watch = (name, options = {}) => {
    const { reportAllChanges, reportSoftNavs, durationThreshold } = options;
    if (name === "INP" ? !("interactionId" in (globalThis.PerformanceEventTiming?.prototype ?? {})) : name in NEEDS && !supports(NEEDS[name])) return -1;
    const numbers = [NAMES.indexOf(name), +!!reportAllChanges, +!!(reportSoftNavs && softly), performance.now()];
    const id = tell(WATCH, 0, numbers);
    const watch = { id, name, wanted: 0, threshold: durationThreshold ?? DURATION_THRESHOLD_MS, targetOf: options.targetOf ?? targetOf };
    watch.observer = observer((entries) => {
      if (name === "INP") whenIdle(() => deliver(OBSERVED, watch, entries));
      else deliver(OBSERVED, watch, entries);
    });
    watches.push(watch);
    reobserve(watch);
    if (name === "INP" && !counts && !idObserver) {
      idObserver = observer((entries) => tell(IDS, 0, entries.map(({ interactionId }) => interactionId)));
      begin(idObserver, { type: "event", durationThreshold: 0 });
    }
    if (name === "LCP") {
      resources.length = 0;
      resourceObserver ??= observer((entries) => {
        resources.push(...entries);
        resources.splice(0, Math.max(0, resources.length - MAX_RESOURCES));
      });
      begin(resourceObserver, { type: "resource" });
    }
    if (name === "TTFB" && document.readyState === "complete") loaded();
    return id;
  };

  start();
  return {
    watch,
    // The timings of an address, oldest first: three numbers each.
    resources: (url) =>
      [...timingOf("resource"), ...resources].flatMap((at) => (at.name === url ? [at.startTime, at.requestStart, at.responseEnd] : [])),
    // Settles and tells what there is, as if the page were being left.
    leave() {
      leave(performance.now());
      const found = tell(INTERRUPTED);
      if (found) act(SETTLE, found);
    },
    stop() {
      undo.forEach((end) => end());
      waiting.clear();
      for (const { observer } of watches) observer.disconnect();
      resourceObserver?.disconnect();
      idObserver?.disconnect();
    },
  };
}

// How the document came and how far it is.
function navigation() {
  const entry = performance.getEntriesByType("navigation")[0] ?? {};
  const { domInteractive, domContentLoadedEventStart, domComplete, type = "", name = "" } = entry;
  const loading = [+(document.readyState === "loading"), domInteractive, domContentLoadedEventStart, domComplete];
  return [[...loading, performance.now(), +!!document.wasDiscarded, ...TIMES.map((time) => entry[time])].map((number) => number ?? 0), `${type}\0${name}`];
}

// An element that has left the document is known by its id.
const idOf = (paint) => (paint?.id ? `#${paint.id}` : undefined);

const clean = (text) => (text ?? "").replaceAll("\0", "");

// Naming an element must not cost us the entry.
function named(node, targetOf) {
  try {
    return targetOf(node);
  } catch {
    return "";
  }
}
