// What is stored and what is on the network, for every consent there is: asserted both ways.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { arrival, newVisitor, startWorld, stats, track } from "./lib/probes.mjs";
import { page as html } from "./lib/site.mjs";
import { until } from "./lib/until.mjs";

/** Notes every touch of storage, cookies included. */
const watchStorage = () => {
  window.touches = [];
  for (const method of ["getItem", "setItem", "removeItem", "key", "clear"]) {
    const original = Storage.prototype[method];
    Storage.prototype[method] = function (...args) {
      window.touches.push(`${method} ${args[0]}`);
      return original.apply(this, args);
    };
  }
  const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    get() {
      window.touches.push("cookie");
      return get.call(this);
    },
    set(value) {
      window.touches.push(`cookie ${value}`);
      set.call(this, value);
    },
  });
};
const signalGpc = () => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true, configurable: true });

const stored = (page) =>
  page.evaluate(async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await indexedDB.databases()).map(({ name }) => name), document.cookie].filter(Boolean));
const touches = (page) => page.evaluate(() => window.touches);

/** Requests with events, of the page and of everything before it; asked after a marker has made its way. */
async function network(world, page) {
  await page.evaluate(() => fetch("/other").then((marker) => marker.text()));
  return world.site.requests.filter(({ path }) => path.startsWith("/api/") || path.endsWith(".gif")).length;
}

const attributes = (more) => ({ attributes: `data-endpoint="/api/events" data-batch='{"intervalMs":100}' ${more}` });

describe("consent", { concurrency: false }, () => {
  let world;
  let first = 0;
  before(async () => {
    world = await startWorld();
    const pages = { absent: "", respected: "data-respect-consent=false data-consent=none", unsignalled: "data-respect-gpc=false", cookieless: `data-session='{"persistence":"memory"}'` };
    for (const posture of ["none", "functional", "analytics", "all"]) pages[posture] = `data-consent=${posture}`;
    for (const [name, more] of Object.entries(pages)) world.site.pages[`/${name}`] = html("<button>Buy</button>", attributes(more));
  });
  after(() => world.close());

  /** A new visitor opens a page and does a few things. */
  async function visit(posture, { gpc = false } = {}) {
    world.site.requests.length = 0;
    first += 1_000;
    const visitor = await newVisitor(world, { init: watchStorage });
    if (gpc) await visitor.context.addInitScript(signalGpc);
    const page = await visitor.open(`/${posture}`);
    await track(page, first, first + 3);
    await page.click("button");
    return { ...visitor, page };
  }

  const MATRIX = [
    ["absent", false, "open"],
    ["none", false, "closed"],
    ["functional", false, "held"],
    ["analytics", false, "open"],
    ["all", false, "open"],
    ["absent", true, "closed"],
    ["none", true, "closed"],
    ["functional", true, "closed"],
    ["analytics", true, "closed"],
    ["all", true, "closed"],
    ["respected", true, "open"],
    ["unsignalled", true, "open"],
  ];

  for (const [posture, gpc, gate] of MATRIX) {
    test(`${posture}, Global Privacy Control ${gpc ? "on" : "off"}: the gate is ${gate}`, async () => {
      const { context, page, noise } = await visit(posture, { gpc });
      await page.evaluate(() => window.chatvitals("flush"));
      if (gate === "open") {
        assert.deepEqual(await arrival(world.collector, 3, first), { arrived: 3, duplicates: 0 });
        assert.ok((await stored(page)).includes("chatvitals.session"));
      } else {
        const { captured, sent, waiting, dropped } = await stats(page);
        assert.ok(captured >= 4 && sent === 0);
        assert.equal(gate === "held" ? waiting : dropped.consent, captured);
        assert.deepEqual(await touches(page), []);
        assert.deepEqual(await stored(page), []);
        assert.equal(await network(world, page), 0);
        // Leaving is no reason either.
        await page.goto(`${world.site.url}/other`);
        assert.deepEqual(await stored(page), []);
        assert.equal(await network(world, page), 0);
      }
      assert.deepEqual(noise, []);
      await context.close();
    });
  }

  test("pending, then given: what was held leaves with its own time, and storage begins", async () => {
    const { context, page } = await visit("functional");
    const held = Date.now();
    assert.deepEqual(await touches(page), []);
    await page.evaluate(() => window.chatvitals("setConsent", "analytics"));
    assert.deepEqual(await arrival(world.collector, 3, first), { arrived: 3, duplicates: 0 });
    const events = (await world.collector.events()).filter(({ type, properties }) => type === "probe" && properties.n >= first);
    assert.ok(events.every(({ timestamp }) => Date.parse(timestamp) <= held));
    assert.equal(new Set(events.map(({ sessionId }) => sessionId)).size, 1);
    assert.ok((await stored(page)).includes("chatvitals.session"));
    const { captured, sent, waiting, dropped } = await stats(page);
    assert.deepEqual({ sum: sent + waiting, dropped }, { sum: captured, dropped: {} });
    await context.close();
  });

  test("pending, then refused: what was held is gone", async () => {
    const { context, page } = await visit("functional");
    await page.evaluate(() => window.chatvitals("setConsent", "none"));
    await track(page, first + 3, first + 5);
    const { captured, waiting, dropped } = await stats(page);
    assert.deepEqual({ waiting, dropped }, { waiting: 0, dropped: { consent: captured } });
    assert.deepEqual(await stored(page), []);
    assert.equal(await network(world, page), 0);
    await context.close();
  });

  test("withheld, then given: the visit begins, and nothing of before is told", async () => {
    const { context, page } = await visit("none");
    await page.evaluate(() => window.chatvitals("setConsent", "all"));
    await track(page, first + 10, first + 12);
    await page.evaluate(() => window.chatvitals("flush"));
    assert.deepEqual(await arrival(world.collector, 2, first), { arrived: 2, duplicates: 0 });
    await context.close();
  });

  test("a signal withholds until the visitor gives consent here", async () => {
    const { context, page } = await visit("absent", { gpc: true });
    await page.evaluate(() => window.chatvitals("setConsent", "analytics"));
    await track(page, first + 10, first + 12);
    await page.evaluate(() => window.chatvitals("flush"));
    assert.deepEqual(await arrival(world.collector, 2, first), { arrived: 2, duplicates: 0 });
    await context.close();
  });

  test("withdrawn in one tab: queues, parcels, ids and sinks of all tabs are empty", async () => {
    const visitor = await newVisitor(world);
    world.site.requests.length = 0;
    first += 1_000;
    // The server fails, so that there is something in storage to forget.
    world.site.before = (req, res, path) => path === "/api/events" && (req.resume(), res.writeHead(503).end(), true);
    const tabs = [await visitor.open("/absent"), await visitor.open("/absent")];
    for (const [at, tab] of tabs.entries()) {
      await tab.evaluate(() => {
        window.told = 0;
        const sink = () => {};
        sink.withdrawn = () => window.told++;
        window.chatvitals("subscribe", sink);
      });
      await track(tab, first + 10 * at, first + 10 * at + 3);
      await tab.evaluate(() => window.chatvitals("identify", { userId: "ada", trusted: true }));
      await until(async () => (await stats(tab)).retried > 0, () => "a failed attempt");
    }
    assert.ok((await stored(tabs[0])).some((key) => key.startsWith("chatvitals.queue.")));
    world.site.before = undefined;

    await tabs[0].evaluate(() => window.chatvitals("setConsent", "none"));
    for (const tab of tabs) {
      await until(async () => (await stats(tab)).waiting === 0, () => "an empty queue");
      assert.deepEqual(await tab.evaluate(() => [window.told, window.chatvitals("events").length]), [1, 0]);
    }
    assert.deepEqual(await stored(tabs[0]), []);
    world.site.requests.length = 0;
    for (const [at, tab] of tabs.entries()) {
      await track(tab, first + 100 * at, first + 100 * at + 3);
      await tab.evaluate(() => window.chatvitals("flush"));
      assert.equal(await network(world, tab), 0);
    }
    for (const tab of tabs) await tab.goto(`${world.site.url}/other`);
    assert.equal(await network(world, tabs[0]), 0);
    assert.deepEqual(await stored(tabs[0]), []);

    // Given again, it is another visit of nobody in particular.
    const page = await visitor.open("/absent");
    await track(page, first + 500, first + 501);
    await page.evaluate(() => window.chatvitals("flush"));
    await arrival(world.collector, 1, first);
    const [{ dimensions, properties }] = (await world.collector.events("probe")).slice(-1);
    assert.deepEqual([properties.n, dimensions.userId, dimensions.identityKind], [first + 500, undefined, "guest"]);
    assert.deepEqual(visitor.noise, []);
    await visitor.context.close();
  });

  test("cookieless: events leave, and nothing is ever stored, not even what could not be delivered", async () => {
    const { context, open } = await newVisitor(world, { init: watchStorage });
    first += 1_000;
    let fail = true;
    world.site.before = (req, res, path) => fail && path === "/api/events" && (req.resume(), res.writeHead(503).end(), true);
    const page = await open("/cookieless");
    await track(page, first, first + 3);
    await until(async () => (await stats(page)).retried > 0, () => "a failed attempt");
    fail = false;
    assert.deepEqual(await arrival(world.collector, 3, first), { arrived: 3, duplicates: 0 });
    assert.deepEqual(await touches(page), []);
    await page.goto(`${world.site.url}/other`);
    assert.deepEqual(await stored(page), []);
    await context.close();
  });
});
