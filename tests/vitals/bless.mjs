// Writes golden.jsonl: what the npm package web-vitals reports in page situations made up at random.
//
//   node tests/vitals/bless.mjs <directory of the web-vitals package> [scenarios] [seed] > tests/vitals/golden.jsonl
//
// The package runs in a browser made of a clock, queues and fake performance entries. Each line is one page: how it
// started, then steps (`op`) and the reports each of them caused. tests/vitals.rs plays the same pages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

const [packageDir, scenarios = "40", seed = "1"] = process.argv.slice(2);
const library = new vm.Script(readFileSync(join(packageDir, "dist/web-vitals.attribution.iife.js"), "utf8"));

const TYPES = ["event", "first-input", "largest-contentful-paint", "layout-shift", "paint", "resource"];
const SOFT_TYPES = ["soft-navigation", "interaction-contentful-paint"];

// mulberry32: the scenarios of a seed stay the same.
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// A browser in which nothing happens by itself.
function browser(start) {
  const listeners = [];
  const observers = [];
  const buffer = [];
  let timers = [], frames = [], idle = new Map(), handles = 0, now = start.now;

  class PerformanceEventTiming {}
  PerformanceEventTiming.prototype.interactionId = 0;
  class PerformanceSoftNavigation {
    getLargestInteractionContentfulPaint() {
      return this.largest;
    }
  }
  class PerformanceNavigationTiming {}
  class PerformanceObserver {
    static supportedEntryTypes = start.soft ? [...TYPES, ...SOFT_TYPES] : TYPES;
    types = new Map();
    queue = [];
    constructor(callback) {
      this.callback = callback;
      observers.push(this);
    }
    observe({ type, durationThreshold = 0 }) {
      this.types.set(type, durationThreshold);
      for (const entry of buffer) if (entry.entryType === type) this.offer(entry);
    }
    offer(entry) {
      const least = this.types.get(entry.entryType);
      if (least === undefined || (entry.entryType === "event" && entry.duration < least)) return;
      this.queue.push(entry);
    }
    disconnect() {
      this.types.clear();
      this.queue = [];
    }
    takeRecords() {
      return this.queue.splice(0);
    }
  }

  const navigation = Object.assign(new PerformanceNavigationTiming(), start.navigation, { entryType: "navigation" });
  const document = {
    prerendering: false,
    wasDiscarded: start.wasDiscarded,
    visibilityState: start.isHidden ? "hidden" : "visible",
    readyState: start.readyState,
  };
  const performance = {
    now: () => now,
    timeOrigin: 1.8e12,
    interactionCount: 0,
    getEntriesByType: (type) =>
      type === "navigation" ? (start.hasNavigation ? [navigation] : [])
      : type === "visibility-state" ? start.hiddenAt.map((startTime) => ({ name: "hidden", startTime }))
      : type === "resource" ? buffer.filter((entry) => entry.entryType === "resource")
      : [],
  };
  if (!start.countsInteractions) delete performance.interactionCount;
  const global = {
    document, performance, PerformanceObserver, PerformanceEventTiming, PerformanceNavigationTiming,
    addEventListener(type, listener, options) {
      listeners.push({ type, listener, once: !!options?.once });
    },
    removeEventListener(type, listener) {
      const at = listeners.findIndex((l) => l.type === type && l.listener === listener);
      if (at >= 0) listeners.splice(at, 1);
    },
    queueMicrotask: (callback) => callback(),
    setTimeout: (callback) => timers.push(callback),
    clearTimeout() {},
    requestAnimationFrame: (callback) => frames.push(callback),
    requestIdleCallback: (callback) => (idle.set(++handles, callback), handles),
    cancelIdleCallback: (handle) => idle.delete(handle),
  };
  if (start.soft) global.PerformanceSoftNavigation = PerformanceSoftNavigation;
  global.globalThis = global;
  vm.createContext(global);
  library.runInContext(global);

  const fire = (type, more) => {
    const event = { type, timeStamp: now, isTrusted: true, ...more };
    for (const l of [...listeners]) {
      if (l.type !== type || !listeners.includes(l)) continue;
      if (l.once) listeners.splice(listeners.indexOf(l), 1);
      l.listener(event);
    }
  };
  const drain = (take) => {
    for (const callback of take) callback();
  };
  return {
    wv: vm.runInContext("webVitals", global), document, performance, navigation, fire,
    at: (time) => (now = time),
    soft: (entry) => Object.assign(new PerformanceSoftNavigation(), entry),
    emit(entry) {
      buffer.push(entry);
      for (const observer of observers) observer.offer(entry);
    },
    pending: (type) => observers.some((o) => o.queue.some((entry) => entry.entryType === type)),
    forget: (type) => buffer.splice(0, buffer.length, ...buffer.filter((entry) => entry.entryType !== type)),
    deliver() {
      const batches = observers.map((o) => [o, o.takeRecords()]).filter(([, batch]) => batch.length);
      for (const [observer, batch] of batches) {
        batch.sort((a, b) => a.startTime - b.startTime);
        observer.callback({ getEntries: () => batch });
      }
    },
    timers: () => drain(timers.splice(0)),
    idle() {
      const callbacks = [...idle.values()];
      idle.clear();
      drain(callbacks);
    },
    frames() {
      drain(frames.splice(0));
      drain(frames.splice(0));
    },
  };
}

// One page: random steps, and what was reported at each.
function scenario(seed) {
  const next = random(seed);
  const chance = (p) => next() < p;
  const pick = (list) => list[Math.floor(next() * list.length)];
  // One decimal, so that both sides read the very same number from the file.
  const round = (number) => Math.round(number * 10) / 10;
  const between = (low, high) => round(low + next() * (high - low));
  let now = between(60, 3000);

  const prerendered = chance(0.15);
  const activation = prerendered ? between(1, now) : 0;
  const readyState = pick(["loading", "interactive", "complete"]);
  const responseStart = chance(0.05) ? pick([0, -5, 1e7]) : between(5, 55);
  const isHidden = chance(0.12);
  const start = {
    now, isHidden, readyState,
    soft: chance(0.4),
    countsInteractions: chance(0.8),
    hasNavigation: chance(0.95),
    wasDiscarded: chance(0.1),
    hiddenAt: chance(0.15) ? [between(0, now)] : isHidden && chance(0.5) ? [0] : [],
    navigation: {
      name: "https://shop.example/start",
      type: pick(["navigate", "navigate", "reload", "back_forward"]),
      navigationId: chance(0.5) ? 4711 : undefined,
      activationStart: activation,
      workerStart: chance(0.3) ? 2 : 0,
      fetchStart: 3, domainLookupStart: 4, connectStart: 4.5, connectEnd: between(4.5, 5),
      responseStart,
      domInteractive: readyState === "loading" ? 0 : between(56, now),
      domContentLoadedEventStart: 0,
      domComplete: 0,
    },
  };
  if (readyState === "complete") {
    start.navigation.domContentLoadedEventStart = start.navigation.domInteractive + 1;
    start.navigation.domComplete = start.navigation.domInteractive + 2;
  }
  const page = browser(structuredClone(start));

  const steps = [];
  const ids = [];
  let reports = [];
  const step = (op, act) => {
    reports = [];
    act();
    steps.push({ ...op, at: now, reports });
  };
  const told = (watch) => (metric) => {
    const known = (ids[watch] ??= []);
    if (!known.includes(metric.id)) known.push(metric.id);
    const { name, value, delta, rating, navigationType, navigationId, navigationInteractionId, navigationURL,
      navigationStartTime } = metric;
    const attribution = {};
    for (const [field, number] of Object.entries(metric.attribution)) {
      if (typeof number === "number" || typeof number === "string") attribution[field] = number;
    }
    reports.push({
      watch, id: known.indexOf(metric.id), name, value, delta, rating, navigationType, navigationId, navigationURL,
      navigationInteractionId, navigationStartTime, attribution, entries: metric.entries.map((entry) => entry.key ?? 0),
    });
  };

  let watches = 0, keys = 0, interactionId = 1000, navigationId = 9000, hidden = isHidden;
  let interactions = 0, paintedAt = 0, firstInput = false, loaded = readyState === "complete";
  const shifts = { first: now, last: now, missed: false };
  const listen = () => {
    // TTFB never asks for the page's visibility, which the library follows only from when it is first asked.
    const name = pick(["LCP", "CLS", "INP", "FCP", ...(watches ? ["TTFB"] : [])]);
    const options = { reportAllChanges: chance(0.4), reportSoftNavs: start.soft && chance(0.6) };
    if (name === "INP" && chance(0.3)) options.durationThreshold = pick([0, 16, 104]);
    const watch = watches++;
    shifts.missed = true;
    step({ op: "watch", watch, name, ...options }, () => page.wv[`on${name}`](told(watch), options));
  };
  const deliver = () => step({ op: "deliver" }, page.deliver);
  const element = () => {
    const id = `e${Math.floor(next() * 9)}`;
    return { node: { nodeType: 1, nodeName: "DIV", id }, target: `#${id}` };
  };
  // Entries are told to both sides: as objects to the library, as plain fields to the test.
  const emit = (fields, object = {}) => {
    const entry = { key: ++keys, duration: 0, ...fields };
    step({ op: "emit", entry }, () => {
      const whole = { ...entry, ...object };
      page.emit(entry.entryType === "soft-navigation" ? page.soft(whole) : whole);
    });
    return entry;
  };
  const largestPaint = (startTime) => {
    const { node, target } = element();
    const removed = chance(0.1);
    const fields = {
      entryType: "largest-contentful-paint", startTime, renderTime: chance(0.2) ? 0 : startTime,
      url: chance(0.5) ? `https://img.example/${Math.floor(next() * 3)}.png` : "", target,
    };
    return [fields, removed ? { element: null, id: target.slice(1) } : { element: node, id: "" }];
  };
  const happenings = [
    [4, () => {
      if (paintedAt) return;
      const startTime = (paintedAt = between(Math.max(0, now - 200), now));
      emit({ entryType: "paint", name: "first-paint", startTime });
      emit({
        entryType: "paint", name: "first-contentful-paint", startTime,
        navigationId: chance(0.3) ? 4712 : undefined,
      });
    }],
    [5, () => {
      if (chance(0.5)) {
        const requestStart = between(Math.max(0, now - 500), now);
        emit({
          entryType: "resource", name: `https://img.example/${Math.floor(next() * 3)}.png`,
          startTime: round(requestStart - 1), requestStart: chance(0.3) ? 0 : requestStart,
          responseEnd: round(requestStart + 80),
        });
      }
      emit(...largestPaint(between(Math.max(0, now - 100), now)));
    }],
    [8, () => {
      // A listener that comes late never finds several windows: ChatVitals would count them as a listener that was
      // there did (src/vitals/mod.rs).
      if (now - shifts.last >= 1000 || now - shifts.first >= 5000) {
        while (shifts.missed && (page.pending("paint") || page.pending("layout-shift"))) deliver();
        shifts.missed = false;
        shifts.first = now;
        step({ op: "forget", type: "layout-shift" }, () => page.forget("layout-shift"));
      }
      const hadRecentInput = chance(0.2);
      if (!hadRecentInput) shifts.last = now;
      const sources = chance(0.8) ? [element()] : [];
      if (sources.length && chance(0.3)) sources.unshift({ node: { nodeType: 3, nodeName: "#text" } });
      emit(
        {
          entryType: "layout-shift", startTime: now, value: Math.ceil(next() * 300) / 1000,
          hadRecentInput, hasSource: sources.length > 0, target: sources.at(-1)?.target,
        },
        { sources: sources.map(({ node }) => ({ node })) },
      );
    }],
    [10, () => {
      // An interaction: some events, answered by one frame or two.
      interactionId += 7;
      interactions += 1;
      const keyboard = chance(0.3);
      const names = keyboard ? ["keydown", "keyup"] : ["pointerdown", "pointerup", "click"];
      const { node, target } = element();
      let startTime = between(Math.max(0, now - 300), now);
      if (!firstInput || chance(0.1)) {
        const event = {
          name: names[0], startTime, duration: pick([8, 16, 48]), processingStart: round(startTime + 2),
          processingEnd: round(startTime + 5), interactionId: keyboard && chance(0.1) ? 0 : interactionId,
        };
        if (!firstInput) emit({ entryType: "first-input", ...event, target }, { target: node });
        firstInput = true;
      }
      for (const name of names) {
        if (chance(0.3)) continue;
        if (chance(0.4)) startTime = round(startTime + between(0, 40));
        const duration = 8 * Math.ceil(next() * next() * 90);
        const gone = chance(0.2);
        const processingStart = round(startTime + between(0, duration));
        emit(
          {
            entryType: "event", name, startTime, duration, processingStart,
            processingEnd: round(processingStart + between(0, duration)), interactionId, target: gone ? undefined : target,
          },
          { target: gone ? null : node },
        );
      }
      if (chance(0.3)) {
        emit({
          entryType: "event", name: "pointerover", startTime: round(startTime - 10), duration: 64,
          processingStart: round(startTime - 8), processingEnd: round(startTime + 20), interactionId: 0,
        });
      }
      step({ op: "interactions", count: interactions }, () => {
        if (start.countsInteractions) page.performance.interactionCount = interactions;
      });
    }],
    [2, () => {
      // Many quick ones nobody sees, which move the percentile.
      interactions += Math.ceil(next() * 120);
      interactionId += 7 * 20;
      step({ op: "interactions", count: interactions }, () => {
        if (start.countsInteractions) page.performance.interactionCount = interactions;
      });
    }],
    [10, deliver],
    [8, () => step({ op: "idle" }, page.idle)],
    [6, () => step({ op: "timers" }, page.timers)],
    [3, () => {
      const trusted = chance(0.8);
      step({ op: "input", trusted }, () => page.fire(pick(["keydown", "click"]), { isTrusted: trusted }));
    }],
    [3, () => {
      hidden = !hidden;
      step({ op: hidden ? "hide" : "show" }, () => {
        page.document.visibilityState = hidden ? "hidden" : "visible";
        page.fire("visibilitychange");
      });
    }],
    [1, () => {
      // Into the back/forward cache and back.
      if (!hidden) {
        step({ op: "hide" }, () => {
          page.document.visibilityState = "hidden";
          page.fire("visibilitychange");
        });
      }
      step({ op: "timers" }, page.timers);
      now = round(now + between(1, 20000));
      page.at(now);
      hidden = chance(0.1);
      shifts.missed = true;
      step({ op: "restore", isHidden: hidden }, () => {
        page.fire("pageshow", { persisted: true });
        page.document.visibilityState = hidden ? "hidden" : "visible";
      });
      if (!hidden) step({ op: "show" }, () => page.fire("visibilitychange"));
      step({ op: "timers" }, page.timers);
      if (chance(0.3)) deliver();
      now = round(now + between(1, 300));
      page.at(now);
      step({ op: "frames" }, page.frames);
    }],
    [3, () => {
      if (loaded) return;
      const { navigation, document } = page;
      if (document.readyState === "loading") {
        document.readyState = "interactive";
        navigation.domInteractive = now;
      } else if (!navigation.domContentLoadedEventStart) {
        navigation.domContentLoadedEventStart = now;
      } else {
        document.readyState = "complete";
        navigation.domComplete = now;
        loaded = true;
      }
      const { domInteractive, domContentLoadedEventStart, domComplete } = navigation;
      step({ op: "loading", domInteractive, domContentLoadedEventStart, domComplete, loaded }, () => {
        if (loaded) page.fire("load");
      });
    }],
    [start.soft ? 6 : 0, () => {
      if (!paintedAt) return;
      interactionId += 7;
      interactions += 1;
      if (start.countsInteractions) page.performance.interactionCount = interactions;
      step({ op: "interactions", count: interactions }, () => {});
      const startTime = between(Math.max(paintedAt, now - 100), now);
      const [paint, object] = largestPaint(now);
      const icp = () => ({
        entryType: "interaction-contentful-paint", startTime, duration: round(now - startTime),
        ...(chance(0.8) && { interactionId }),
      });
      const largest = chance(0.85) && { key: ++keys, ...icp(), paint: { key: ++keys, duration: 0, ...paint } };
      emit(
        {
          entryType: "soft-navigation", startTime, duration: chance(0.5) ? round(now - startTime) : 0,
          name: `https://shop.example/${navigationId}`, navigationId: ++navigationId,
          interactionId, presentationTime: chance(0.7) ? now : 0, paintTime: now, largest: largest || undefined,
        },
        { largest: largest ? { ...largest, largestContentfulPaint: { ...largest.paint, ...object } } : null },
      );
      if (chance(0.6)) {
        const [paint, object] = largestPaint(round(now + 1));
        const fields = { ...icp(), paint: { key: ++keys, duration: 0, ...paint } };
        emit(fields, { largestContentfulPaint: { ...fields.paint, ...object } });
      }
    }],
    [3, () => watches < 8 && listen()],
  ];
  const total = happenings.reduce((sum, [weight]) => sum + weight, 0);

  for (let n = Math.ceil(next() * 5); n > 0; n--) listen();
  for (let n = 10 + Math.floor(next() * 40); n > 0; n--) {
    now = round(now + (chance(0.2) ? between(0, 3000) : between(0, 150)));
    page.at(now);
    let at = next() * total;
    happenings.find(([weight]) => (at -= weight) < 0)[1]();
  }
  // Every page is left in the end.
  deliver();
  if (!hidden) {
    step({ op: "hide" }, () => {
      page.document.visibilityState = "hidden";
      page.fire("visibilitychange");
    });
  }
  return { seed, start, steps };
}

// Pages on which little was reported prove little.
for (let n = 0, written = 0; written < Number(scenarios); n++) {
  const page = scenario(Number(seed) * 100000 + n);
  if (page.steps.reduce((sum, { reports }) => sum + reports.length, 0) < 10) continue;
  process.stdout.write(JSON.stringify(page) + "\n");
  written++;
}
