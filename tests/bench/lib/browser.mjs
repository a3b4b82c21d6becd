// Chromium, and a visitor in it.
import puppeteer from "puppeteer-core";
import { required } from "../../e2e/lib/env.mjs";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  // Pages that are measured at the same time must not be slowed as tabs that nobody looks at.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  // Some peers send nothing for visitors that look automatic: this one looks like a person.
  "--disable-blink-features=AutomationControlled",
];

/** A busy machine may take its time over one command. */
const PROTOCOL_MS = 180_000;

/** Starts Chromium, with the name of an ordinary one. */
export async function launch() {
  const executablePath = required("CHATVITALS_CHROMIUM");
  const browser = await puppeteer.launch({ executablePath, args: ARGS, protocolTimeout: PROTOCOL_MS, handleSIGINT: false, handleSIGTERM: false });
  const agent = (await browser.userAgent()).replace("HeadlessChrome", "Chrome");
  return { browser, agent, version: await browser.version() };
}

/** A new visitor with an empty profile; `close` forgets them. */
export async function newVisitor({ browser, agent }) {
  const context = await browser.createBrowserContext();
  return {
    async newPage() {
      const page = await context.newPage();
      await page.setUserAgent(agent);
      return page;
    },
    close: () => context.close(),
  };
}

/** Opens the peer's page and waits until it tracks. */
export async function openPage(visitor, site, peer) {
  const page = await visitor.newPage();
  await page.goto(site.url);
  if (peer.ready) await page.evaluate(peer.ready);
  return page;
}

/** Milliseconds of CPU the page's main thread has used for tasks; `watchCpu` starts the account. */
export async function watchCpu(page) {
  const session = await page.createCDPSession();
  // The thread's own time: what other programs on the machine take from it does not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
  };
}

/** Bytes of JavaScript heap and of buffers, WebAssembly's memory among them, once the garbage is collected. */
export async function heapBytes(page) {
  const session = await page.createCDPSession();
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize + backingStorageSize;
}

/** How many probes are tracked at once before a pause. */
const BATCH = 50;

/**
 * Runs in the page: tracks the probes `from` up to, not including, `to`, each with five properties; all at once, or 50 at a
 * time with pauses of `pauseMs` after them.
 */
export function track(page, from, to, pauseMs) {
  return page.evaluate(
    async (from, to, batch, pause) => {
      for (let n = from; n < to; n++) {
        window.bench.track("probe", { n, plan: "pro", source: "search", price: 12.5, trial: true });
        if (pause && n % batch === batch - 1) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    },
    from,
    to,
    BATCH,
    pauseMs,
  );
}
