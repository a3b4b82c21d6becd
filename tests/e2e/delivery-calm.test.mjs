// While the page stays: batches, packing, and an account that adds up.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { listen, ready } from "./lib/chromium.mjs";
import { arrival, assertAccount, newVisitor, startWorld, stats, track } from "./lib/probes.mjs";
import { page as html } from "./lib/site.mjs";
import { until } from "./lib/until.mjs";

describe("a page that stays", { concurrency: false }, () => {
  let world;
  const bodies = [];
  before(async () => {
    world = await startWorld({ attributes: `data-endpoint="/api/events" data-batch='{"size":50,"intervalMs":100}'` });
    world.site.pages["/debug"] = html("", { attributes: 'data-endpoint="/api/events" data-page=false data-debug=true data-sample-rate=0' });
    world.site.pages["/alone"] = html("", { attributes: "data-page=false" });
  });
  after(() => world.close());

  /** Keeps what is posted, and answers in the collector's place. */
  const keep = (status = () => 204) => {
    bodies.length = 0;
    world.site.before = async (req, res, path) => {
      if (path !== "/api/events") return false;
      const body = Buffer.concat(await req.toArray());
      bodies.push({ url: req.url, body, headers: req.headers });
      res.writeHead(status(req)).end();
      return true;
    };
  };

  test("packs what is worth packing, so that the collector can read it", async () => {
    world.site.before = undefined;
    const { context, open, noise } = await newVisitor(world);
    const page = await open();
    await track(page, 0, 40);
    assert.deepEqual(await arrival(world.collector, 40), { arrived: 40, duplicates: 0 });
    await until(async () => (await stats(page)).waiting === 0, () => "all answers");
    await assertAccount(world.collector);
    const packed = world.site.requests.filter(({ url }) => url.endsWith("?encoding=gzip"));
    assert.equal(packed.length, 1);
    assert.equal(packed[0].headers["content-encoding"], undefined, "which would cost a preflight");
    assert.deepEqual(noise, []);
    await context.close();
  });

  test("leaves a small batch as it is", async () => {
    keep();
    const { context, open } = await newVisitor(world);
    const page = await open();
    await until(() => bodies.length > 0, () => "the session's start");
    assert.equal(bodies[0].url, "/api/events");
    assert.match(bodies[0].headers["content-type"], /^text\/plain/);
    await context.close();
  });

  test("sends plain text when the browser packs badly", async () => {
    keep();
    const { context, open } = await newVisitor(world, {
      init: () => {
        window.CompressionStream = class extends TransformStream {
          constructor() {
            super({ transform: (chunk, control) => control.enqueue(new Uint8Array([31, 139, 8, 0, 1, 2, 3, 4, 5])) });
          }
        };
      },
    });
    const page = await open();
    await track(page, 0, 40);
    const all = () => bodies.flatMap(({ body }) => JSON.parse(body).events).filter(({ type }) => type === "probe");
    await until(() => all().length === 40, () => "40 readable probes");
    assert.ok(bodies.every(({ url }) => url === "/api/events"));
    await context.close();
  });

  test("sends plain text to an endpoint that knows no packing", async () => {
    keep((req) => (req.url.includes("gzip") ? 400 : 204));
    const { context, open } = await newVisitor(world);
    const page = await open();
    await track(page, 0, 40);
    await until(async () => (await stats(page)).sent >= 40, () => "40 probes to be taken");
    await track(page, 40, 80);
    await until(async () => (await stats(page)).sent >= 80, () => "80 probes to be taken");
    const packed = bodies.filter(({ url }) => url.includes("gzip"));
    assert.equal(packed.length, 1, "once is enough to learn it");
    assert.equal(JSON.parse(gunzipSync(packed[0].body)).events.length >= 40, true);
    assert.deepEqual({ lost: 0, waiting: 0 }, (({ lost, waiting }) => ({ lost, waiting }))(await stats(page)));
    await context.close();
  });

  test("gives up what the endpoint refuses, once, and counts it", async () => {
    keep(() => 403);
    const { context, open } = await newVisitor(world);
    const page = await open();
    await track(page, 0, 3);
    await until(async () => (await stats(page)).lost >= 3, () => "the refusal to be counted");
    const { captured, sent, lost, waiting, retried } = await stats(page);
    assert.deepEqual({ sent, waiting, retried }, { sent: 0, waiting: 0, retried: 0 });
    assert.equal(captured, lost);
    await context.close();
  });

  test("counts what only the site's own sinks get", async () => {
    world.site.before = undefined;
    const { context, open } = await newVisitor(world);
    const page = await open("/alone");
    await track(page, 0, 5);
    await until(async () => (await stats(page)).waiting === 0, () => "the sinks to have them");
    const { captured, sent } = await stats(page);
    assert.equal(sent, captured);
    await context.close();
  });

  test("says what it does, and why not, only when it is asked to", async () => {
    const context = await world.browser.newContext();
    const page = await context.newPage();
    const said = listen(page);
    await page.goto(`${world.site.url}/debug`);
    await ready(page);
    await page.evaluate(() => {
      window.chatvitals("track", "probe", { n: 1 });
      window.chatvitals("track", "csat_submitted", { score: 5, maxScore: 5 });
      window.chatvitals("flush");
    });
    await until(() => said.some((line) => line.includes("answer 204")), () => `an answer among ${said.join("; ")}`);
    assert.ok(said.includes("debug: ChatVitals: dropped probe sampled"), said.join("; "));
    assert.ok(said.includes("debug: ChatVitals: captured csat_submitted "), said.join("; "));
    await context.close();
  });
});
