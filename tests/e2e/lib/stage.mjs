// One body of a test for both browsers: a site, a collector and a fresh profile for each test, and pages that speak the
// same language (puppeteer's) in Chromium and Firefox.
import { after, before, describe } from "node:test";
import puppeteer from "puppeteer-core";
import { startCollector } from "./collector.mjs";
import { required } from "./env.mjs";
import { launchFirefox } from "./firefox.mjs";
import { page as html, startSite } from "./site.mjs";
import { until } from "./until.mjs";

const LAUNCH = {
  chromium: ({ args = [] } = {}) =>
    puppeteer.launch({
      executablePath: required("CHATVITALS_CHROMIUM"),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", ...args],
    }),
  firefox: () => launchFirefox(),
};

/** Events leave soon, so that a test waits for an arrival and not for a batch. */
export const SOON = `data-endpoint="/api/events" data-batch='{"size":500,"intervalMs":50}'`;

/** A page with the script tag whose events leave soon. `attributes` are those beyond it. */
export const tracked = (body, { attributes = "", ...rest } = {}) => html(body, { attributes: `${SOON} ${attributes}`, ...rest });

/**
 * Describes the same promises for Chromium and Firefox. `promises` gets `stage` (below) and the browser's name; `only` and
 * `launch` narrow that for what a single browser can do.
 */
export function inBrowsers(title, promises, { only = Object.keys(LAUNCH), launch } = {}) {
  for (const name of only) {
    describe(`${title} (${name})`, () => {
      let browser;
      before(async () => {
        browser = await LAUNCH[name](launch);
      });
      after(() => browser?.close());
      promises((t, setting) => setStage(t, browser, setting), name);
    });
  }
}

/**
 * Starts a collector and a site of `pages` (path → body, or whole page when it begins with `<!`), and opens a tab in a
 * fresh profile. `init` runs in every page before anything else. Everything is put away when the test `t` ends.
 */
async function setStage(t, browser, { pages = { "/": "<h1>Page</h1>" }, init, open = "/", headers, ...look } = {}) {
  const collector = await startCollector();
  const whole = Object.entries(pages).map(([path, body]) => [path, typeof body === "string" && !body.startsWith("<!") ? tracked(body, look) : body]);
  const site = await startSite({ pages: Object.fromEntries(whole), collector, headers });
  const context = await browser.createBrowserContext();
  t.after(async () => {
    await context.close();
    await Promise.all([site.close(), collector.close()]);
  });
  const noise = [];
  const stage = {
    site,
    collector,
    context,
    browser,
    /** What pages printed or threw. */
    noise,
    async newTab(path = "/") {
      const page = await context.newPage();
      page.on("console", (message) => noise.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => noise.push(`thrown: ${error.message}`));
      if (init) await page.evaluateOnNewDocument(init);
      if (path) await stage.go(page, path);
      return page;
    },
    /** Goes to a path of the site and waits until the tracker runs there. */
    async go(page, path) {
      await page.goto(site.url + path);
      await running(page);
    },
    /** Waits until events of this type (and more, if `matching` says so) were received; answers with them. */
    async received(type, count = 1, matching = () => true) {
      let found = [];
      await collector.waitFor((all) => (found = all.filter((event) => event.type === type && matching(event))).length >= count, `${count} ${type}`);
      return found;
    },
    /** All events received once everything captured so far has arrived: a marker is sent after them. */
    async settled(page) {
      const name = `marker_${++markers}`;
      await page.evaluate((marker) => window.chatvitals("track", marker), name);
      const all = await collector.waitFor((events) => events.some((event) => event.type === name), name);
      return all.filter((event) => !event.type.startsWith("marker_"));
    },
  };
  stage.page = open && (await stage.newTab(open));
  return stage;
}

let markers = 0;

/** Waits until the tracker of a script-tag page runs. By time: a tab in the background has no frames. */
export function running(page) {
  return page.waitForFunction(() => window.chatvitals?.tracker?.ready.then((runs) => runs), { polling: 50 });
}

export { until };
