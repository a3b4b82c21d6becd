// Events that can be counted: a page tracks `probe` with a number, and the collector tells which of them it has.
import assert from "node:assert/strict";
import { launchChromium, ready } from "./chromium.mjs";
import { startCollector } from "./collector.mjs";
import { page as html, startSite } from "./site.mjs";

/** Browser, collector and a site between them, as every row of a fault table needs them. */
export async function startWorld({ pages, attributes = 'data-endpoint="/api/events"', page: quiet = true } = {}) {
  const [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
  const signals = quiet ? " data-page=false" : "";
  const own = html("<h1>Probes</h1>", { attributes: attributes + signals });
  const site = await startSite({ pages: { "/": own, "/next": own, "/other": "<!doctype html><title>Elsewhere</title>", ...pages }, collector });
  const world = {
    browser,
    collector,
    site,
    async close() {
      await browser.close();
      await site.close();
      await world.collector.close();
    },
  };
  return world;
}

/** A new visitor: a context of their own, with the noise of all their pages. */
export async function newVisitor({ browser, site }, { init, clock, ...options } = {}) {
  const context = await browser.newContext(options);
  const noise = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      // A failed request is the browser's own line; no page can keep it from being written.
      if (!message.text().startsWith("Failed to load resource: ")) noise.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => noise.push(`thrown: ${error.message}`));
  });
  if (clock) await context.clock.install();
  if (init) await context.addInitScript(init);
  return {
    context,
    noise,
    async open(path = "/") {
      const page = await context.newPage();
      await page.goto(site.url + path);
      await ready(page);
      return page;
    },
  };
}

/** Tracks the probes `from` up to, not including, `to`; `fill` makes each of them as many characters longer. */
export function track(page, from, to, fill = 0) {
  return page.evaluate(
    ([from, to, fill]) => {
      // Nothing that packs well, so that sizes are what they are said to be.
      const noise = () => Array.from({ length: fill }, () => Math.random().toString(36)[2] ?? "0").join("");
      for (let n = from; n < to; n++) window.chatvitals("track", "probe", { n, fill: noise() });
    },
    [from, to, fill],
  );
}

export const stats = (page) => page.evaluate(() => window.chatvitals("stats"));

/** Waits until the collector has `count` different probes from number `from` on; gives how many it has, and how many twice. */
export async function arrival(collector, count, from = 0) {
  const isProbe = ({ type, properties }) => type === "probe" && properties.n >= from;
  const numbers = (events) => events.filter(isProbe).map((event) => event.properties.n);
  const events = await collector.waitFor((all) => new Set(numbers(all)).size >= count, `${count} probes`);
  const all = numbers(events);
  return { arrived: new Set(all).size, duplicates: all.length - new Set(all).size };
}

/** The account that trackers sent, as the dashboard shows it: it adds up. */
export async function assertAccount(collector, { lost = 0, dropped = 0 } = {}) {
  const { delivery } = await collector.get("/api/summary?range=1h");
  const all = Object.values(delivery.dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(delivery.captured, delivery.sent + delivery.lost + all, `the account adds up: ${JSON.stringify(delivery)}`);
  assert.deepEqual({ lost: delivery.lost, dropped: all }, { lost, dropped });
}
