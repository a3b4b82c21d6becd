// 50 events, and then something goes wrong. Only what was answered 2xx counts; of ChatVitals, only what its collector stored.
import { newVisitor, openPage, track } from "../lib/browser.mjs";
import { startCollector } from "../../e2e/lib/collector.mjs";
import { sleep } from "../lib/numbers.mjs";
import { openSite } from "../lib/site.mjs";

const EVENTS = 50;
const LATENCY_MS = 80;
const SETTLE_MS = 3000;
/** After a page has gone nothing more can come; after a fault has ended, the slowest of retries. */
const GONE_MS = 3000;
const LIMIT_MS = 45_000;
const NEXT_PAGE_MS = 8000;
const HANG_MS = 10_000;

/** Each does its harm and says how many events there are and how long to wait for them. */
export const FAULTS = {
  "navigate away": async ({ page }) => {
    await page.evaluate((count) => {
      for (let n = 0; n < count; n++) window.bench.track("probe", { n, plan: "pro", source: "search", price: 12.5, trial: true });
      location.href = "/other";
    }, EVENTS);
    return { limit: GONE_MS };
  },
  "tab close": async ({ page }) => {
    await track(page, 0, EVENTS);
    await page.close();
    return { limit: GONE_MS };
  },
  "offline 5 s": (world) => offline(world, 5000),
  "offline 15 s": (world) => offline(world, 15_000),
  "500 three times": async ({ page, site }) => {
    Object.assign(site, { mode: "fail", failures: 3 });
    await track(page, 0, EVENTS);
    return { limit: LIMIT_MS };
  },
  "hangs 10 s": async ({ page, site }) => {
    site.mode = "hang";
    await track(page, 0, EVENTS);
    await sleep(HANG_MS);
    site.mode = "ok";
    site.dropHeld();
    await track(page, EVENTS, EVENTS + 1);
    return { events: EVENTS + 1, limit: LIMIT_MS };
  },
};

async function offline({ page, site }, ms) {
  await page.setOfflineMode(true);
  // Beacons do not ask DevTools whether there is a network.
  site.mode = "refuse";
  await track(page, 0, EVENTS);
  await sleep(ms);
  site.mode = "ok";
  await page.setOfflineMode(false);
  return { limit: LIMIT_MS };
}

/** How many arrived by themselves, how many after the visitor's next page, how many twice, and how long it took. */
export async function delivery(chromium, peer, files, fault) {
  const collector = peer.ships ? await startCollector() : undefined;
  const site = await openSite(peer, { files, latencyMs: LATENCY_MS, collector });
  const visitor = await newVisitor(chromium);
  try {
    const page = await openPage(visitor, site, peer);
    await sleep(SETTLE_MS);
    const started = Date.now();
    const { events = EVENTS, limit } = await FAULTS[fault]({ page, site });
    const alone = await site.arrived(events, limit);
    const seconds = Math.round((Date.now() - started) / 1000);
    const next = await openPage(visitor, site, peer);
    await site.arrived(events, NEXT_PAGE_MS);
    // Duplicates come a little later than what they repeat.
    await sleep(SETTLE_MS);
    await next.close();
    const stored = collector ? await storedProbes(collector) : site.got;
    return { events, alone, after: stored.size, duplicates: [...stored.values()].reduce((sum, count) => sum + count - 1, 0), seconds };
  } finally {
    await visitor.close();
    await site.close();
    await collector?.close();
  }
}

/** How often each probe is in the collector's store. */
async function storedProbes(collector) {
  const stored = new Map();
  for (const { properties } of await collector.events("probe")) stored.set(properties.n, (stored.get(properties.n) ?? 0) + 1);
  return stored;
}
