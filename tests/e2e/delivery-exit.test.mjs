// A page that is left: everything goes out at once, within what browsers allow, without asking anybody first.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { arrival, newVisitor, startWorld, stats, track } from "./lib/probes.mjs";
import { page as html, startSite } from "./lib/site.mjs";
import { until } from "./lib/until.mjs";

/** Watches, in the page, what goes out by beacon and fetch, and for how long. */
function spy() {
  window.out = [];
  const bytes = (body) => new Blob([body]).size;
  const beacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (url, body) => {
    const taken = beacon(url, body);
    window.out.push({ way: "beacon", bytes: bytes(body), taken, packed: url.includes("gzip"), alive: taken });
    return taken;
  };
  const fetch = window.fetch.bind(window);
  window.fetch = (url, init) => {
    if (!init?.body) return fetch(url, init);
    const entry = { way: init.keepalive ? "keepalive" : "plain", bytes: bytes(init.body), packed: String(url).includes("gzip"), alive: true };
    window.out.push(entry);
    const answer = fetch(url, init);
    answer.catch(() => {}).finally(() => (entry.alive = false));
    return answer;
  };
  // Beacon and keepalive bytes in flight, at the most.
  window.most = 0;
  const push = Array.prototype.push.bind(window.out);
  window.out.push = (entry) => {
    push(entry);
    const alive = window.out.filter((one) => one.alive && one.way !== "plain");
    window.most = Math.max(window.most, alive.reduce((sum, one) => sum + one.bytes, 0));
    window.mostRequests = Math.max(window.mostRequests ?? 0, alive.length);
  };
}

/** The page is hidden as far as its scripts can tell, within one call. */
const leave = (page) =>
  page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new PageTransitionEvent("pagehide"));
  });

describe("a page that is left", { concurrency: false }, () => {
  let world, elsewhere;
  before(async () => {
    world = await startWorld({
      pages: {
        "/headers": html("", { attributes: `data-endpoint="/api/events" data-page=false data-headers='{"x-tenant":"kites"}'` }),
        "/listeners": html("", {
          attributes: 'data-endpoint="/api/events"',
          head: `<script>
            window.listened = [];
            const add = EventTarget.prototype.addEventListener;
            EventTarget.prototype.addEventListener = function (type) { listened.push(type); return add.apply(this, arguments); };
            window.chatvitals = function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) };
          </script>`,
        }),
      },
    });
    elsewhere = await startSite({ collector: world.collector });
    world.site.pages["/cross"] = html("", { attributes: `data-endpoint="${elsewhere.url}/api/events" data-page=false` });
  });
  after(async () => {
    await elsewhere.close();
    await world.close();
  });

  test("never has more than 60,000 bytes and 9 requests in flight that outlive it, emoji or not", async () => {
    // Nobody answers, so that everything stays in flight; what arrives is stored all the same.
    world.site.before = async (req, res, path) => {
      if (path !== "/api/events") return false;
      const body = Buffer.concat(await req.toArray().catch(() => []));
      if (body.length > 0) await fetch(world.collector.url + req.url, { method: "POST", body });
      return true;
    };
    const { context, open, noise } = await newVisitor(world, { init: spy });
    await context.addInitScript(() => delete window.CompressionStream);
    const page = await open();
    await page.evaluate(() => {
      for (let n = 0; n < 60; n++) window.chatvitals("track", "probe", { n, fill: "😀".repeat(20 + ((n * 170) % 1000)) });
    });
    await leave(page);
    await page.evaluate(() => {
      for (let n = 60; n < 80; n++) window.chatvitals("track", "probe", { n, fill: "é".repeat(100) });
    });
    const { most, requests, ways } = await page.evaluate(() => ({ most: window.most, requests: window.mostRequests, ways: window.out.map((one) => one.way) }));
    assert.ok(most > 40_000 && most <= 60_000, `${most} bytes in flight`);
    assert.ok(requests <= 9, `${requests} requests`);
    assert.ok(ways.includes("beacon") && ways.includes("plain"), ways.join());
    world.site.before = undefined;
    await page.close();
    // What was only in flight is delivered by the next page.
    await open();
    assert.deepEqual(await arrival(world.collector, 80), { arrived: 80, duplicates: 0 });
    assert.deepEqual(noise, []);
    await context.close();
  });

  test("sends before the listener returns: no promise, timer or microtask in between", async () => {
    const { context, open } = await newVisitor(world);
    const page = await open();
    await track(page, 100, 110);
    const sentDuring = await page.evaluate(() => {
      const sent = [];
      const beacon = navigator.sendBeacon.bind(navigator);
      navigator.sendBeacon = (url, body) => (sent.push(body), beacon(url, body));
      // Whatever would wait for a promise, a timer or a microtask waits for ever.
      Promise.prototype.then = window.setTimeout = window.queueMicrotask = window.requestIdleCallback = () => {};
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      return sent.join();
    });
    for (let n = 100; n < 110; n++) assert.ok(sentDuring.includes(`"n":${n},`), `${n} was not sent at once`);
    assert.deepEqual(await arrival(world.collector, 10, 100), { arrived: 10, duplicates: 0 });
    await context.close();
  });

  test("asks no other origin for permission first, packed or not", async () => {
    const { context, open, noise } = await newVisitor(world);
    const page = await open("/cross");
    await track(page, 200, 225);
    await page.evaluate(() => window.chatvitals("flush"));
    await arrival(world.collector, 25, 200);
    await track(page, 225, 235);
    await page.close();
    assert.deepEqual(await arrival(world.collector, 35, 200), { arrived: 35, duplicates: 0 });
    assert.deepEqual(new Set(elsewhere.requests.map(({ method }) => method)), new Set(["POST"]));
    assert.ok(elsewhere.requests.some(({ url }) => url.endsWith("?encoding=gzip")));
    assert.deepEqual(noise, []);
    await context.close();
  });

  test("sends the site's headers, by a fetch that outlives it", async () => {
    const { context, open } = await newVisitor(world);
    const page = await open("/headers");
    await track(page, 300, 310);
    await page.close();
    await arrival(world.collector, 10, 300);
    const [last] = world.site.requests.filter(({ path }) => path === "/api/events").slice(-1);
    assert.equal(last.headers["x-tenant"], "kites");
    await context.close();
  });

  test("says what the site tracks in its own last listener", async () => {
    const { context, open } = await newVisitor(world);
    const page = await open();
    await page.evaluate(() => {
      document.addEventListener("visibilitychange", () => window.chatvitals("track", "probe", { n: 400 }));
      window.addEventListener("pagehide", () => window.chatvitals("track", "probe", { n: 401 }));
    });
    await page.goto(`${world.site.url}/other`);
    assert.deepEqual(await arrival(world.collector, 2, 400), { arrived: 2, duplicates: 0 });
    await context.close();
  });

  test("neither loses nor doubles a batch that was on its way", async () => {
    let held = 0;
    world.site.before = (req, res, path) => {
      if (path !== "/api/events" || held > 0) return false;
      held++;
      req.resume();
      return true;
    };
    const { context, open, noise } = await newVisitor(world);
    const page = await open();
    await track(page, 500, 520);
    await page.evaluate(() => window.chatvitals("flush"));
    await until(() => held > 0, () => "a batch on its way");
    await track(page, 520, 525);
    await page.close();
    world.site.before = undefined;
    await open("/next");
    assert.deepEqual(await arrival(world.collector, 25, 500), { arrived: 25, duplicates: 0 });
    assert.deepEqual(noise, []);
    await context.close();
  });

  test("does not wait for a batch that is still being packed", async () => {
    const { context, open } = await newVisitor(world, {
      init: () => {
        window.CompressionStream = class {
          readable = new ReadableStream();
          writable = new WritableStream();
        };
      },
    });
    const page = await open();
    await track(page, 600, 630);
    await page.evaluate(() => window.chatvitals("flush"));
    assert.equal((await stats(page)).sent, 0);
    await page.close();
    assert.deepEqual(await arrival(world.collector, 30, 600), { arrived: 30, duplicates: 0 });
    await context.close();
  });

  test("stays eligible for the back/forward cache: nothing listens to its unloading", async () => {
    const { context, open } = await newVisitor(world);
    const page = await open("/listeners");
    const listened = await page.evaluate(() => window.listened);
    assert.ok(listened.includes("visibilitychange") && listened.includes("pagehide"), listened.join());
    assert.deepEqual(listened.filter((type) => /unload/.test(type)), []);
    await context.close();
  });
});
