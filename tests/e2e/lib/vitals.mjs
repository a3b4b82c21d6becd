// Three measurements of the same page load: the npm package web-vitals, `chatvitals/vitals`, and the tracker.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import puppeteer from "puppeteer-core";
import { startCollector } from "./collector.mjs";
import { required } from "./env.mjs";
import { startSite } from "./site.mjs";
import { until } from "./until.mjs";

const METRICS = ["LCP", "CLS", "INP", "FCP", "TTFB"];

// Runs first on every page. `web-vitals` is there from the start ("early"), as its documentation wants; it is there a
// second time from the very moment `chatvitals/vitals` is, with every option, so that both see the same.
const PROBE = `
const OPTIONS = { plain: {}, all: { reportAllChanges: true }, soft: { reportSoftNavs: true }, everything: { reportSoftNavs: true, reportAllChanges: true, durationThreshold: 0 } };
const path = location.pathname;
window.doc = Math.random().toString(36).slice(2);
window.records = [];
window.step = 0;
window.seen = { click: 0, keyup: 0, shift: 0, largest: 0, soft: 0, first: 0 };
// The first input has an entry however short it was: once a person has acted, it will come.
for (const type of ["pointerup", "keydown"]) addEventListener(type, (event) => event.isTrusted && (window.acted = true), true);
window.failures = [];
addEventListener("error", (event) => failures.push(String(event.message)));
addEventListener("unhandledrejection", (event) => failures.push(String(event.reason)));
const send = (what) => navigator.sendBeacon("/log", JSON.stringify({ doc, path, ...what }));
const plain = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => ["number", "string"].includes(typeof value)));
const entryOf = (entry) => entry && [entry.entryType, entry.name, entry.startTime, entry.duration, entry.interactionId].join();
const ids = {};
function record(library, options) {
  return (metric) => {
    const { id, entries, attribution, ...rest } = metric;
    const known = (ids[[library, options, metric.name]] ??= []);
    if (!known.includes(id)) known.push(id);
    const told = { ...plain(rest), id: known.indexOf(id), entries: entries.map(entryOf), attribution: plain(attribution) };
    for (const name of ["lcpEntry", "lcpResourceEntry", "fcpEntry", "largestShiftEntry"]) told.attribution[name] = entryOf(attribution[name]);
    told.attribution.navigationEntry = attribution.navigationEntry?.name;
    const { entry, ...longest } = attribution.longestScript ?? {};
    told.attribution.longest = { entry: entryOf(entry), ...longest };
    told.attribution.frames = attribution.longAnimationFrameEntries?.map(entryOf);
    const line = { library, options, at: performance.timeOrigin + performance.now(), moment: [document.visibilityState, step], told };
    records.push(line);
    send(line);
  };
}
const listen = (from, library, names) => {
  for (const options of names) for (const name of ${JSON.stringify(METRICS)}) from["on" + name](record(library, options), OPTIONS[options]);
};
listen(webVitals, "early", ["plain", "soft"]);
// Heard after everybody who listens on the window: what was told by then is complete.
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send({ told: null, count: records.length }), true);
for (const [type, count] of [
  ["event", (entry) => entry.name in seen && seen[entry.name]++],
  ["first-input", () => seen.first++],
  ["layout-shift", () => seen.shift++],
  ["largest-contentful-paint", () => seen.largest++],
  ["soft-navigation", () => seen.soft++],
]) new PerformanceObserver((list) => list.getEntries().forEach(count)).observe({ type, buffered: true, durationThreshold: 16 });
// The value of a restored page is the time at which a listener asks for it, one after the other; here they all ask at once.
const [frame, now] = [requestAnimationFrame.bind(window), performance.now.bind(performance)];
let frameTime = 0, reading;
performance.now = () => reading ?? now();
window.requestAnimationFrame = (callback) => frame((time) => {
  if (time !== frameTime) [frameTime, frame.began] = [time, now()];
  reading = frame.began;
  try {
    callback(time);
  } finally {
    reading = undefined;
  }
});
const stream = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (response, imports) => {
  const result = await stream(response, imports);
  if (String((await response).url).includes("vitals_vitals_bg")) queueMicrotask(together);
  return result;
};
// The listeners of chatvitals/vitals begin some microtasks after their module is there, in the same task.
async function together() {
  for (let tick = 0; tick < 50; tick++) await null;
  listen(webVitals, "web-vitals", Object.keys(OPTIONS));
  window.ready = true;
}
`;

const TOGETHER = `import * as vitals from "/vitals.js"; listen(vitals, "chatvitals", Object.keys(OPTIONS));`;

/** A page that is measured three times. */
export const measured = (body = "<h1>Heading</h1>", { head = "", tracker = 'data-endpoint="/api/events"' } = {}) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Vitals</title><link rel="icon" href="data:,">
<script src="/web-vitals.js"></script><script src="/probe.js"></script><script type="module">${TOGETHER}</script>
<script async src="/chatvitals.js" ${tracker}></script><style>* { margin: 0; font: 20px sans-serif }</style>${head}</head><body>${body}</body></html>`;

// Chromium takes images with less than 0.05 bits per pixel for backgrounds; these have 0.1.
const svg = (width, height) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="teal"/><circle cx="50%" cy="50%" r="20%" fill="gold"/><!--${"x".repeat((width * height) / 80)}--></svg>`;

const answer = (body, type = "text/html; charset=utf-8", headers = {}) => (req, res) => {
  res.writeHead(200, { "content-type": type, ...headers });
  res.end(body);
};

/** Starts a browser, a collector and a site whose `pages` are measured. */
export async function startVitals(pages) {
  const library = join(dirname(createRequire(import.meta.url).resolve("web-vitals")), "web-vitals.attribution.iife.js");
  const log = [];
  const collector = await startCollector();
  const site = await startSite({
    collector,
    pages: {
      "/web-vitals.js": answer(await readFile(library, "utf8"), "text/javascript"),
      "/probe.js": answer(PROBE, "text/javascript"),
      "/elsewhere": answer('<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><p>Elsewhere'),
      "/log": async (req, res) => {
        let text = "";
        for await (const chunk of req) text += chunk;
        log.push(JSON.parse(text));
        res.writeHead(204).end();
      },
      "/image.svg": (req, res) => {
        const { searchParams } = new URL(req.url, "http://x");
        const number = (name, otherwise) => Number(searchParams.get(name) ?? otherwise);
        setTimeout(() => answer(svg(number("w", 400), number("h", 300)), "image/svg+xml")(req, res), number("wait", 0));
      },
      ...pages,
    },
  });
  const browser = await puppeteer.launch({
    executablePath: required("CHATVITALS_CHROMIUM"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  return {
    site,
    collector,
    browser,
    log,
    /** Waits until everything told by `docs` documents of `path` up to their last hiding has arrived, and returns it in order. */
    async told(path, { docs = 1, hides = 1 } = {}) {
      const of = () => log.filter((line) => line.path === path);
      await until(() => {
        const ends = of().filter((line) => line.told === null);
        const complete = ends.every((end) => of().filter((line) => line.doc === end.doc && line.told).length >= end.count);
        return complete && new Set(ends.map((end) => end.doc)).size >= docs && ends.length >= hides;
      }, () => `the reports of ${path}: ${JSON.stringify(of().map((line) => [line.library, line.options, line.told?.name ?? line.count]))}`);
      return of().filter((line) => line.told).sort((a, b) => a.at - b.at);
    },
    async close() {
      await browser.close();
      await site.close();
      await collector.close();
    },
  };
}

/** Opens a measured page and waits until everybody measures. */
export async function open(browser, url) {
  const page = await browser.newPage();
  const noise = [];
  page.on("console", (message) => noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
  await page.goto(url, { waitUntil: "load" });
  await measuring(page);
  return { page, noise };
}

/** A page in the background paints nothing, so waiting for its frames would be waiting for ever. */
const POLLING = { polling: 50 };

/** Waits until everybody measures on this page. */
export const measuring = (page) =>
  page.waitForFunction(() => window.ready && window.chatvitals?.tracker?.ready, POLLING);

/** Waits until what has happened has been painted, observed and told; then begins the next step. */
export async function settled(page, seen = {}) {
  await page.waitForFunction((wanted) => (!window.acted || window.seen.first > 0) && Object.entries(wanted).every(([name, count]) => window.seen[name] >= count), POLLING, seen);
  await page.evaluate(async () => {
    const task = () => new Promise((resolve) => setTimeout(resolve));
    const idle = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
    // An input has its entries once its frame was shown, and a frame is begun only when the ones before the last were.
    for (let frames = window.acted && document.visibilityState === "visible" ? 5 : 0; frames > 0; frames--) {
      await new Promise(requestAnimationFrame);
    }
    for (let round = 0; round < 3; round++) {
      await task();
      await idle();
    }
    window.step++;
  });
}
