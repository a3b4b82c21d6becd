// Elements that were really seen: enough of them, for long enough, in a visible page. Marked with
// `data-cv-impression="id"` in the page, whenever they are added, or given by the site's code.
import { SEEN } from "./signals.js";
import { listen } from "./listen.js";

const MARK = "data-cv-impression";
const RATIO = 0.5;
const DWELL_MS = 1000;
// How long the page may change before marks are looked for again, ms.
const SCAN_MS = 200;
// Fine enough for elements that are much taller than the window.
const STEPS = Array.from({ length: 21 }, (_, step) => step / 20);
// Ids that are remembered per view; past that, the oldest may be reported again.
const MAX_SEEN = 1000;

export function watchImpressions(heard) {
  const watched = new Map();
  const seen = new Set();
  let scan = 0;

  const rest = (item) => {
    clearTimeout(item.timer);
    item.timer = item.since = item.most = 0;
  };
  // The element is in sight: reported after a while, unless it leaves before.
  const consider = (item) => {
    const visible = item.share >= item.ratio && document.visibilityState === "visible";
    if (!visible || seen.has(item.id)) return rest(item);
    item.most = Math.max(item.most, item.shown);
    if (item.timer) return;
    item.since = performance.now();
    item.timer = setTimeout(() => {
      if (seen.size >= MAX_SEEN) seen.delete(seen.values().next().value);
      seen.add(item.id);
      heard(SEEN, JSON.stringify({ elementId: item.id, ratio: Math.round(item.most * 100) / 100, dwellMs: Math.round(performance.now() - item.since) }));
      rest(item);
    }, item.dwellMs);
  };
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const item = watched.get(entry.target);
      if (!item) continue;
      const { width, height } = entry.intersectionRect;
      item.shown = entry.isIntersecting ? entry.intersectionRatio : 0;
      // An element larger than the window can never be seen by half; half of the window is as good.
      const space = entry.rootBounds ? entry.rootBounds.width * entry.rootBounds.height : 0;
      item.share = Math.max(item.shown, space && (width * height) / space);
      consider(item);
    }
  }, { threshold: STEPS });

  const add = (element, id, marked, { ratio = RATIO, dwellMs = DWELL_MS } = {}) => {
    watched.set(element, { id, marked, ratio, dwellMs, share: 0, shown: 0, most: 0 });
    sight.observe(element);
  };
  const drop = (element) => {
    const item = watched.get(element);
    if (!item) return;
    rest(item);
    watched.delete(element);
    sight.unobserve(element);
  };
  const look = () => {
    scan = 0;
    for (const [element, item] of watched) {
      if (item.marked && (!element.isConnected || element.getAttribute(MARK) !== item.id)) drop(element);
    }
    for (const element of document.querySelectorAll(`[${MARK}]`)) {
      if (!watched.has(element) && !element.closest("[data-cv-ignore]")) add(element, element.getAttribute(MARK), true);
    }
  };
  const changes = new MutationObserver(() => (scan ||= setTimeout(look, SCAN_MS)));
  changes.observe(document, { subtree: true, childList: true, attributeFilter: [MARK] });
  const shown = listen(document, "visibilitychange", () => watched.forEach(consider));
  look();

  return {
    add(element, id, options) {
      if (!(element instanceof Element)) return;
      add(element, String(id), false, options);
      return () => drop(element);
    },
    view() {
      seen.clear();
      watched.forEach(rest);
      watched.forEach(consider);
    },
    stop() {
      watched.forEach((_, element) => drop(element));
      clearTimeout(scan);
      sight.disconnect();
      changes.disconnect();
      shown();
    },
  };
}
