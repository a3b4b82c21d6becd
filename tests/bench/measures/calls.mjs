// What one call costs the page's code, and what 1,000 of them cost its thread until the server has them.
import { newVisitor, openPage, track, watchCpu } from "../lib/browser.mjs";
import { sleep } from "../lib/numbers.mjs";
import { openSite } from "../lib/site.mjs";

const BATCHES = 30;
const BATCH = 50;
const PAUSE_MS = 20;
const EVENTS = 1000;
/** How long the page is left alone before: its own start is not part of this. */
const SETTLE_MS = 1000;
/** Mixpanel sends 50 events every 5 s: nobody needs longer for 1,000. */
const LIMIT_MS = 150_000;
/** Longer than the longest interval at which anybody here sends (Datadog's 30 s): nothing more is coming. */
const SILENCE_MS = 40_000;

/** µs per call: the median of batches. */
export async function perCall(chromium, peer, files) {
  const site = await openSite(peer, { files, isolated: true });
  const visitor = await newVisitor(chromium);
  try {
    const page = await openPage(visitor, site, peer);
    await sleep(SETTLE_MS);
    return await page.evaluate(
      async (batches, batch, pause) => {
        const times = [];
        for (let b = 0; b < batches; b++) {
          const started = performance.now();
          for (let i = 0; i < batch; i++) window.bench.track("probe", { n: b * batch + i, plan: "pro", source: "search", price: 12.5, trial: true });
          times.push(((performance.now() - started) * 1000) / batch);
          await new Promise((resolve) => setTimeout(resolve, pause));
        }
        return times.sort((a, b) => a - b)[batches >> 1];
      },
      BATCHES,
      BATCH,
      PAUSE_MS,
    );
  } finally {
    await visitor.close();
    await site.close();
  }
}

/** `cpu`: ms of the main thread for 1,000 events, 50 at a time, until they have arrived; `arrived`: how many did, in how many `requests`. */
export async function thousand(chromium, peer, files) {
  const site = await openSite(peer, { files });
  const visitor = await newVisitor(chromium);
  try {
    const page = await openPage(visitor, site, peer);
    const cpu = await watchCpu(page);
    await sleep(SETTLE_MS);
    const before = await cpu();
    await track(page, 0, EVENTS, PAUSE_MS);
    const arrived = await site.arrived(EVENTS, LIMIT_MS, SILENCE_MS);
    // The answers to the last requests are still to be handled.
    await sleep(SETTLE_MS);
    return { cpu: (await cpu()) - before, arrived, requests: site.bodies.length };
  } finally {
    await visitor.close();
    await site.close();
  }
}
