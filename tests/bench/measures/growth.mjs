// Whether memory grows with events: what 10,000 of them leave behind once they have left.
import { heapBytes, newVisitor, openPage } from "../lib/browser.mjs";
import { sleep } from "../lib/numbers.mjs";
import { openSite } from "../lib/site.mjs";

const EVENTS = 10_000;
const BATCH = 50;
/** 500 a second: nobody's buffer is full because the machine is slow. */
const PAUSE_MS = 100;
const SETTLE_MS = 1000;
const LIMIT_MS = 90_000;
/** Longer than the longest interval at which anybody here sends: nothing more is coming. */
const SILENCE_MS = 31_000;

/** Bytes of heap and buffers above what there was before, and how many events had arrived by then. */
export async function growth(chromium, peer, files) {
  const site = await openSite(peer, { files });
  const visitor = await newVisitor(chromium);
  try {
    const page = await openPage(visitor, site, peer);
    const send = (from, to) =>
      page.evaluate(
        async (from, to, batch, pause) => {
          for (let n = from; n < to; n++) {
            window.bench.track("probe", { n, plan: "pro", source: "search", price: 12.5, trial: true });
            if (n % batch === batch - 1) await new Promise((resolve) => setTimeout(resolve, pause));
          }
        },
        from,
        to,
        BATCH,
        PAUSE_MS,
      );
    // The first hundred are not part of it: code that runs for the first time is compiled, buffers get their size.
    await send(0, 2 * BATCH);
    await site.arrived(2 * BATCH, LIMIT_MS, SILENCE_MS);
    await sleep(SETTLE_MS);
    const before = await heapBytes(page);
    await send(2 * BATCH, 2 * BATCH + EVENTS);
    const arrived = await site.arrived(2 * BATCH + EVENTS, LIMIT_MS, SILENCE_MS);
    await sleep(SETTLE_MS);
    return { bytes: (await heapBytes(page)) - before, arrived: Math.max(arrived - 2 * BATCH, 0) };
  } finally {
    await visitor.close();
    await site.close();
  }
}
