// Everything that can go wrong between a page and the collector, in real Chromium: what arrives, what arrives twice,
// what is lost, and what the tracker says about it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { launchPuppet, listen } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { arrival, assertAccount, newVisitor, startWorld, stats, track } from "./lib/probes.mjs";
import { until } from "./lib/until.mjs";

const N = 30;
const table = [];

/** A request that carries events, by whatever way. */
const carriesEvents = (path) => path === "/api/events" || path === "/p.gif";

/** Lets the first `count` requests with events fail in this way; gives how many have failed so far. */
function failing(site, count, fail) {
  const failed = { count: 0 };
  site.before = async (req, res, path) => {
    if (!carriesEvents(path) || failed.count >= count) return false;
    failed.count++;
    await fail(req, res);
    return true;
  };
  return failed;
}

const answers = (status, headers) => async (req, res) => {
  req.resume();
  await once(req, "end");
  res.writeHead(status, headers);
  res.end();
};

const posts = (site) => site.requests.filter(({ path }) => carriesEvents(path)).length;

/** Time passes on the page's clock, and whatever that sets off has been sent when this returns. */
async function pass_ms(page, ms) {
  await page.clock.fastForward(ms);
  await page.evaluate(() => fetch("/other").then((marker) => marker.text()));
}

/** Lets time pass until every failure has happened, as often as it takes. */
async function sitOut(page, failed, count) {
  for (let at = 0; at < count; at++) {
    await until(() => failed.count > at, () => `failure ${at + 1} of ${count}`);
    await pass_ms(page, 130_000);
  }
}

const ROWS = {
  async "navigation away"(world) {
    const visitor = await newVisitor(world);
    const page = await visitor.open();
    await track(page, 0, N);
    await page.goto(`${world.site.url}/other`);
    return visitor;
  },

  async "tab closed"(world) {
    const visitor = await newVisitor(world);
    const page = await visitor.open();
    await track(page, 0, N);
    await page.close();
    return visitor;
  },

  async "five events of 30 KB on close, then the next visit"(world) {
    const visitor = await newVisitor(world);
    const page = await visitor.open();
    await track(page, 0, 5, 30_000);
    await page.close();
    await visitor.open();
    return { ...visitor, tracked: 5 };
  },

  async "hidden, then killed"(world) {
    // Playwright keeps every page visible; Puppeteer does not.
    const browser = await launchPuppet();
    const page = await browser.newPage();
    const noise = listen(page);
    await page.goto(world.site.url);
    await page.waitForFunction(() => window.chatvitals?.tracker?.ready);
    await track(page, 0, N);
    await (await browser.newPage()).bringToFront();
    const session = await page.createCDPSession();
    session.send("Page.crash").catch(() => {});
    return { context: browser, noise };
  },

  async "offline for 10 s"(world) {
    const visitor = await newVisitor(world, { clock: true });
    const page = await visitor.open();
    await visitor.context.setOffline(true);
    await track(page, 0, N);
    await page.clock.fastForward(10_000);
    assert.ok((await stats(page)).waiting >= N);
    await visitor.context.setOffline(false);
    return { ...visitor, page };
  },

  async "offline, closed, next visit, three tabs"(world) {
    const visitor = await newVisitor(world);
    const tabs = [await visitor.open(), await visitor.open(), await visitor.open()];
    await visitor.context.setOffline(true);
    const before = posts(world.site);
    await Promise.all(tabs.map((tab, at) => track(tab, at * 10, at * 10 + 10)));
    await Promise.all(tabs.map((tab) => tab.close()));
    assert.equal(posts(world.site), before);
    await visitor.context.setOffline(false);
    await Promise.all([visitor.open(), visitor.open(), visitor.open()]);
    return visitor;
  },

  async "500, three times"(world) {
    const failed = failing(world.site, 3, answers(500));
    const visitor = await newVisitor(world, { clock: true });
    const page = await visitor.open();
    await track(page, 0, N);
    await sitOut(page, failed, 3);
    return { ...visitor, page };
  },

  async "503 with Retry-After in seconds"(world) {
    const failed = failing(world.site, 1, answers(503, { "retry-after": "20" }));
    return silenced(world, failed, 20_000);
  },

  async "503 with Retry-After as a date"(world) {
    const failed = failing(world.site, 1, (req, res) => answers(503, { "retry-after": new Date(Date.now() + 20_000).toUTCString() })(req, res));
    return silenced(world, failed, 19_000);
  },

  async "429"(world) {
    const failed = failing(world.site, 2, answers(429));
    const visitor = await newVisitor(world, { clock: true });
    const page = await visitor.open();
    await track(page, 0, N);
    await sitOut(page, failed, 2);
    return { ...visitor, page };
  },

  async "413: halves, and one event that is too large alone"(world) {
    world.site.before = async (req, res, path) => {
      if (!carriesEvents(path) || Number(req.headers["content-length"]) < 5_000) return false;
      await answers(413)(req, res);
      return true;
    };
    const visitor = await newVisitor(world);
    const page = await visitor.open();
    await track(page, 0, N - 1, 500);
    await track(page, N - 1, N, 9_000);
    await until(async () => (await stats(page)).dropped.oversized === 1, () => "the large one to be dropped");
    await track(page, N, N + 1);
    return { ...visitor, tracked: N + 1, expected: N, reported: { dropped: 1 } };
  },

  async "a server that hangs"(world) {
    const failed = failing(world.site, 1, (req) => req.resume());
    const visitor = await newVisitor(world, { clock: true });
    const page = await visitor.open();
    await track(page, 0, N);
    await until(() => failed.count === 1, () => "the request that hangs");
    await pass_ms(page, 30_000);
    await pass_ms(page, 5_000);
    return { ...visitor, page };
  },

  async "connection reset, before and after the collector had it"(world) {
    const failed = failing(world.site, 2, async (req) => {
      if (failed.count === 2) {
        // The collector stores it, and nobody hears of that.
        const chunks = await req.toArray();
        await fetch(world.collector.url + req.url, { method: "POST", body: Buffer.concat(chunks) });
      }
      req.socket.resetAndDestroy();
    });
    const visitor = await newVisitor(world, { clock: true });
    const page = await visitor.open();
    await track(page, 0, N);
    await sitOut(page, failed, 2);
    return { ...visitor, page };
  },

  async "endpoint blocked for an hour, unblocked on the next visit"(world) {
    const visitor = await newVisitor(world, { clock: true });
    let attempts = 0;
    const block = (route) => (attempts++, route.abort("blockedbyclient"));
    for (const blocked of ["**/api/events*", "**/p.gif*"]) await visitor.context.route(blocked, block);
    const page = await visitor.open();
    await track(page, 0, N);
    for (let minute = 0; minute < 60; minute++) await pass_ms(page, 60_000);
    const { sent, waiting, captured } = await stats(page);
    assert.deepEqual({ sent, waiting }, { sent: 0, waiting: captured });
    // One a minute, and the quick ones of the first two minutes.
    assert.ok(attempts >= 10 && attempts <= 67, `${attempts} attempts in an hour`);
    assert.equal(posts(world.site), 0);
    await page.close();
    await visitor.context.unrouteAll();
    await visitor.open();
    return visitor;
  },

  async "collector killed, and restarted"(world) {
    const { dir, url } = world.collector;
    const visitor = await newVisitor(world, { clock: true });
    const page = await visitor.open();
    await world.collector.stop("SIGKILL");
    await track(page, 0, N / 2);
    await until(async () => (await stats(page)).retried > 0, () => "a failed attempt");
    world.collector = world.site.collector = await startCollector({ dir, port: new URL(url).port });
    await pass_ms(page, 130_000);
    await track(page, N / 2, N);
    return { ...visitor, page };
  },

  async "storage that throws"(world) {
    failing(world.site, 1, answers(500));
    const visitor = await newVisitor(world, {
      clock: true,
      init: () => {
        for (const name of ["localStorage", "sessionStorage"]) {
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException("not here", "SecurityError");
            },
          });
        }
      },
    });
    const page = await visitor.open();
    await track(page, 0, N);
    await until(async () => (await stats(page)).retried > 0, () => "a failed attempt");
    await pass_ms(page, 130_000);
    return { ...visitor, page };
  },

  async "storage that is full"(world) {
    failing(world.site, 1, answers(500));
    const visitor = await newVisitor(world, {
      init: () => {
        Storage.prototype.setItem = () => {
          throw new DOMException("full", "QuotaExceededError");
        };
      },
    });
    const page = await visitor.open();
    await track(page, 0, N);
    await until(async () => (await stats(page)).retried > 0, () => "a failed attempt");
    await page.close();
    return visitor;
  },

  "a clock a day behind": (world) => withClockOff(world, -86_400_000),
  "a clock a day ahead": (world) => withClockOff(world, 86_400_000),
};

/** The server asks for silence of `ms`, and gets it. */
async function silenced(world, failed, ms) {
  const visitor = await newVisitor(world, { clock: true });
  const page = await visitor.open();
  await track(page, 0, N);
  await until(() => failed.count === 1, () => "the answer that asks for silence");
  await until(async () => (await stats(page)).retried === 1, () => "the answer to be heard");
  // The page goes on, has another full batch, and is hidden and shown: none of that is a reason to ask earlier.
  await track(page, N, 2 * N);
  await page.evaluate(() => window.chatvitals("flush"));
  await pass_ms(page, ms - 2_000);
  assert.equal(posts(world.site), 1);
  await pass_ms(page, 4_000);
  return { ...visitor, page, tracked: 2 * N };
}

async function withClockOff(world, ms) {
  const visitor = await newVisitor(world);
  await visitor.context.addInitScript((ms) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + ms;
  }, ms);
  const page = await visitor.open();
  await track(page, 0, N);
  await page.close();
  await arrival(world.collector, N);
  for (const event of await world.collector.events("probe")) {
    const off = Math.abs(Date.parse(event.timestamp) - Date.now());
    assert.ok(off < 60_000, `${event.timestamp} is ${off} ms off`);
  }
  return visitor;
}

describe("delivery survives", { concurrency: false }, () => {
  let world;
  before(async () => {
    world = await startWorld({ attributes: `data-endpoint="/api/events" data-batch='{"intervalMs":300}'` });
  });
  after(async () => {
    await world.close();
    console.log(`\n${"fault".padEnd(60)} tracked  arrived  duplicate  lost  reported lost`);
    for (const [name, ...numbers] of table) {
      console.log(name.padEnd(60) + numbers.map((number, at) => String(number).padStart([8, 9, 11, 6, 15][at])).join(""));
    }
  });

  for (const [name, play] of Object.entries(ROWS)) {
    test(name, async () => {
      await world.collector.close();
      world.collector = world.site.collector = await startCollector();
      world.site.before = undefined;
      world.site.requests.length = 0;
      const { context, noise, tracked = N, expected = tracked, reported = {} } = await play(world);
      const { arrived, duplicates } = await arrival(world.collector, expected);
      const lost = tracked - arrived;
      const said = (reported.lost ?? 0) + (reported.dropped ?? 0);
      table.push([name, tracked, arrived, duplicates, lost, said]);
      assert.deepEqual({ duplicates, lost }, { duplicates: 0, lost: said });
      await until(
        async () => assertAccount(world.collector, reported).then(() => true, (error) => ((world.last = error), false)),
        () => world.last.message,
        3_000,
      );
      assert.deepEqual(noise, []);
      assert.deepEqual(world.site.requests.filter(({ method }) => method === "OPTIONS"), []);
      await context.close();
    });
  }
});
