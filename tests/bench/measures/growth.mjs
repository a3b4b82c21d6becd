// Whether memory grows with events: what 10,000 of them leave behind once they have left.
import { heapBytes, newVisitor, openPage, track } from "../lib/browser.mjs";
import { sleep } from "../lib/numbers.mjs";
import { openSite } from "../lib/site.mjs";

const EVENTS = 10_000;
/** Not part of it: code that runs for the first time is compiled, buffers get their size. */
const FIRST = 100;
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
    await track(page, 0, FIRST, PAUSE_MS);
    await site.arrived(FIRST, LIMIT_MS, SILENCE_MS);
    await sleep(SETTLE_MS);
    const before = await heapBytes(page);
    await track(page, FIRST, FIRST + EVENTS, PAUSE_MS);
    const arrived = await site.arrived(FIRST + EVENTS, LIMIT_MS, SILENCE_MS);
    await sleep(SETTLE_MS);
    return { bytes: (await heapBytes(page)) - before, arrived: Math.max(arrived - FIRST, 0) };
  } finally {
    await visitor.close();
    await site.close();
  }
}
