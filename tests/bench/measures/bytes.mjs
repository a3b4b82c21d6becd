// Bytes of request bodies per event; those that carry no probe do not count.
import { newVisitor, openPage, track } from "../lib/browser.mjs";
import { sleep } from "../lib/numbers.mjs";
import { openSite } from "../lib/site.mjs";

/** What a page sends about itself has left by then, and does not share a body with the probes. */
const SETTLE_MS = 6000;
const LIMIT_MS = 45_000;

/** Bytes per event when `count` are tracked at once. */
export async function bytesPerEvent(chromium, peer, files, count) {
  const site = await openSite(peer, { files });
  const visitor = await newVisitor(chromium);
  try {
    const page = await openPage(visitor, site, peer);
    await sleep(SETTLE_MS);
    await track(page, 0, count);
    const arrived = await site.arrived(count, LIMIT_MS);
    if (arrived === 0) return undefined;
    // A body that only repeats what had arrived is a matter of delivery.
    const bytes = site.bodies.filter((body) => !body.again).reduce((sum, body) => sum + body.bytes, 0);
    return Math.round(bytes / arrived);
  } finally {
    await visitor.close();
    await site.close();
  }
}
