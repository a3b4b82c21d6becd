// A first visit: what the page's main thread does until nothing happens any more, and what stays in memory.
import { heapBytes, newVisitor, watchCpu } from "../lib/browser.mjs";
import { longestTasks, TRACE } from "../lib/trace.mjs";
import { sleep } from "../lib/numbers.mjs";
import { openSite } from "../lib/site.mjs";

/** How long after the load event the account is closed, for every peer alike: first events have left by then. */
const IDLE_MS = { 1: 1500, 4: 2500 };

/** CPU in ms, heap in bytes (unthrottled) or the longest tasks in ms (throttled), and what the page downloaded. */
export async function startup(chromium, peer, files, throttle) {
  const site = await openSite(peer, { files });
  const visitor = await newVisitor(chromium);
  try {
    const page = await visitor.newPage();
    const cpu = await watchCpu(page);
    if (throttle > 1) {
      await page.emulateCPUThrottling(throttle);
      await page.tracing.start({ categories: TRACE });
    }
    await page.goto(site.url);
    await sleep(IDLE_MS[throttle]);
    const spent = await cpu();
    if (throttle > 1) return { cpu: spent, ...longestTasks(await page.tracing.stop(), `${site.url}/`) };
    if (peer.ready) await page.evaluate(peer.ready);
    return { cpu: spent, heap: await heapBytes(page), downloads: site.downloads };
  } finally {
    await visitor.close();
    await site.close();
  }
}
