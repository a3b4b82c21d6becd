// What a page hands over, from the careless to the hostile: what may not leave does not, and nothing does any harm.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newVisitor, startWorld, stats } from "./lib/probes.mjs";
import { page as html } from "./lib/site.mjs";

const SECRETS = {
  mail: "ada.lovelace@mail.example.org",
  card: "4111 1111 1111 1111",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl",
  bearer: "Bearer s3cr3t-t0k3n-0f-ada",
};

describe("redaction", { concurrency: false }, () => {
  let world;
  before(async () => {
    world = await startWorld();
    const endpoint = 'data-endpoint="/api/events"';
    const link = `<a id="out" href="https://elsewhere.example/${SECRETS.mail}?q=${SECRETS.mail}&utm_source=kites" target="_blank">Ask ${SECRETS.mail}</a>`;
    world.site.pages["/content"] = html(link, { attributes: `${endpoint} data-include-content=true`, title: `Orders of ${SECRETS.mail}` });
    world.site.pages[`/of/${SECRETS.mail}/`] = html(link, { attributes: endpoint, title: `Orders of ${SECRETS.mail}` });
    world.site.pages["/dimensions"] = html("", {
      head: `<script>
        window.chatvitals = function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]) };
      </script><script type="module">
        import { createTracker } from "/index.js";
        window.tracker = createTracker({
          endpoint: "/api/events", page: false,
          context: { plan: "pro", apiKey: "k-123" },
          dimensions: () => {
            window.asked = (window.asked ?? 0) + 1;
            if (window.asked === 2) throw new Error("not now");
            tracker.track("from_within");
            return { cohort: "b", identityKind: "root", userPassword: "p-123" };
          },
        });
      </script>`,
      attributes: "data-enabled=false",
    });
  });
  after(() => world.close());

  /** The stored events of these types, as text and parsed. */
  const stored = async (...types) => {
    const events = await world.collector.waitFor((all) => types.every((type) => all.some((event) => event.type === type)), types.join());
    const wanted = events.filter((event) => types.includes(event.type));
    return { text: JSON.stringify(wanted), of: (type) => wanted.filter((event) => event.type === type) };
  };

  test("addresses, titles, texts and whatever a site sends are without secrets", async () => {
    const { context, open, noise } = await newVisitor(world);
    await context.route("https://**", (route) => route.fulfill({ contentType: "text/html", body: "elsewhere" }));
    const page = await open(`/of/${SECRETS.mail}/?email=${SECRETS.mail}&utm_content=${SECRETS.mail}#access_token=1`);
    await page.click("#out");
    await page.evaluate((secrets) => {
      const { chatvitals } = window;
      chatvitals("track", "careless", { ...secrets, nested: [{ note: `call ${secrets.card}`, Api_Key: "k-123" }], url: "/cb?access_token=t-123&x=1" });
      chatvitals("setContext", { who: secrets.mail, sessionCookie: "c-123" });
      chatvitals("track", "careless", { n: 2 });
      chatvitals("track", "csat_submitted", { score: 5, maxScore: 5, comment: `I am ${secrets.mail}`, agentToken: "a-123", agent: "kim" });
    }, SECRETS);
    await page.close();
    const { text, of } = await stored("page_view", "careless", "csat_submitted", "outbound_click");
    for (const secret of [...Object.values(SECRETS), "s3cr3t", "k-123", "t-123", "c-123", "a-123", "email=", "#access"]) {
      assert.ok(!text.includes(secret), `${secret} is in ${text}`);
    }
    assert.equal(of("page_view")[0].path, "/of/[REDACTED]/");
    assert.equal(of("page_view")[0].properties.title, "Orders of [REDACTED]");
    assert.equal(of("outbound_click")[0].properties.href, "https://elsewhere.example/[REDACTED]?utm_source=kites");
    assert.deepEqual(of("careless")[0].properties.nested, [{ note: "call [REDACTED]", Api_Key: "[REDACTED]" }]);
    assert.deepEqual(of("csat_submitted")[0].properties, { score: 5, maxScore: 5, agentToken: "[REDACTED]", agent: "kim" });
    assert.deepEqual(noise, []);
    await context.close();
  });

  test("content that is let in is redacted all the same", async () => {
    const { context, open } = await newVisitor(world);
    const page = await open("/content");
    await page.evaluate(({ mail }) => window.chatvitals("track", "handoff_requested", { reason: "price", targetAgent: `ask ${mail}` }), SECRETS);
    await page.close();
    const { of } = await stored("handoff_requested");
    assert.deepEqual(of("handoff_requested")[0].properties, { reason: "price", targetAgent: "ask [REDACTED]" });
    await context.close();
  });

  test("dimensions that throw, track, or claim to be somebody cost no event", async () => {
    const { context } = await newVisitor(world);
    const page = await context.newPage();
    await page.goto(`${world.site.url}/dimensions`);
    await page.waitForFunction(() => window.tracker?.ready);
    await page.evaluate(() => ["one", "two", "three"].forEach((type) => window.tracker.track(`dimensions_${type}`)));
    await page.close();
    const { text, of } = await stored("dimensions_one", "dimensions_two", "dimensions_three", "from_within");
    assert.ok(!/k-123|p-123/.test(text), text);
    const all = ["one", "two", "three"].map((type) => of(`dimensions_${type}`)[0]);
    assert.ok(all.every(({ dimensions, context }) => dimensions.identityKind === "guest" && context.plan === "pro"));
    assert.ok(all.some(({ dimensions }) => dimensions.cohort === "b" && dimensions.userPassword === "[REDACTED]"));
    assert.ok(of("from_within").every(({ dimensions }) => dimensions.cohort === undefined));
    await context.close();
  });

  test("every call with anything at all throws nothing", async () => {
    const { context, open, noise } = await newVisitor(world);
    const page = await open();
    const thrown = await page.evaluate(() => {
      const thrower = () => { throw new Error("mine"); };
      const trap = new Proxy({}, new Proxy({}, { get: () => thrower }));
      const odd = [undefined, null, 0, NaN, 7n, true, Symbol("s"), () => {}, [], {}, Object.create(null), { toString: thrower }, { get conversationId() { return thrower(); } }, trap, "#", "\n", "text"];
      const thrown = [];
      const attempt = (what, act) => {
        try {
          return act();
        } catch (error) {
          thrown.push(`${what}: ${error}`);
        }
      };
      const { tracker } = window.chatvitals;
      const methods = ["track", "identify", "setContext", "page", "observe", "subscribe", "flush", "stats", "summary", "events"];
      odd.forEach((value, at) => {
        for (const method of methods) {
          attempt(`${method}(${at})`, () => tracker[method](value, value, value));
          attempt(`"${method}", ${at}`, () => window.chatvitals(method, value, value, value));
        }
        attempt(`command ${at}`, () => window.chatvitals(value, value));
        attempt(`chat method ${at}`, () => window.chatvitals("chat", value, value));
        attempt(`chat about ${at}`, () => window.chatvitals("chat", "submit", value));
        attempt(`undo ${at}`, () => tracker.observe(document.body, value, value)());
        const chat = attempt(`chat(${at})`, () => tracker.chat(value, value));
        for (const name of Object.keys(chat ?? {})) if (typeof chat[name] === "function") attempt(`chat.${name}(${at})`, () => chat[name](value, value));
      });
      // Whoever listened asked for every event.
      tracker.track("after_all_that", { fine: 1 });
      tracker.flush();
      return thrown;
    });
    assert.deepEqual(thrown, []);
    const { of } = await stored("after_all_that");
    assert.deepEqual(of("after_all_that")[0].properties, { fine: 1 });
    assert.deepEqual(noise.filter((line) => !line.includes("ChatVitals: ")), []);
    await context.close();
  });

  test("hostile objects do no harm", async () => {
    const { context, open, noise } = await newVisitor(world);
    const page = await open();
    const slowest = await page.evaluate(() => {
      const cyclic = { a: 1, list: [] };
      cyclic.self = cyclic;
      cyclic.list.push(cyclic, new Date(0));
      let deep = { bottom: true };
      for (let at = 0; at < 50_000; at++) deep = { deep };
      const endless = () => ({ get next() { return endless(); } });
      const thrower = () => { throw new Error("mine"); };
      const revoked = Proxy.revocable({}, {});
      revoked.revoke();
      const hostile = {
        cyclic,
        deep,
        endless: endless(),
        getter: { fine: 1, get bad() { return thrower(); } },
        proxy: new Proxy({}, { get: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower }),
        revoked: { fine: 1, gone: revoked.proxy },
        toJSON: { fine: 1, bad: { toJSON: thrower }, date: new Date(NaN) },
        bigint: { fine: 1, big: 12345678901234567890n },
        symbols: { fine: 1, [Symbol("s")]: 1, symbol: Symbol("t"), f() {}, nothing: undefined },
        long: { fine: 1, text: "x".repeat(10_000_000) },
        wide: Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, at])),
        emoji: { text: "😀".repeat(30_000), lone: "\ud83d" },
        proto: JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"big":1}'),
        window,
        node: document.body,
      };
      let slowest = 0;
      for (const [name, value] of Object.entries(hostile)) {
        const begun = performance.now();
        window.chatvitals("track", `hostile_${name.toLowerCase()}`, value);
        slowest = Math.max(slowest, performance.now() - begun);
      }
      for (const odd of [null, 1, "text", [1], Symbol("s"), () => {}]) window.chatvitals("track", "hostile_odd", odd);
      window.chatvitals("track", "marker", { polluted: {}.polluted ?? "no" });
      window.chatvitals("flush");
      return slowest;
    });
    await page.close();
    const { text, of } = await stored("hostile_odd", "hostile_node", "marker");
    assert.equal(of("marker")[0].properties.polluted, "no");
    assert.equal(of("hostile_odd").length, 6);
    const names = ["cyclic", "deep", "endless", "getter", "proxy", "revoked", "tojson", "bigint", "symbols", "long", "wide", "emoji", "proto", "window", "node"];
    const all = await stored(...names.map((name) => `hostile_${name}`));
    const of1 = (name) => all.of(`hostile_${name}`)[0].properties;
    assert.equal(of1("cyclic").self, "[Circular]");
    assert.equal(of1("cyclic").list[1], "1970-01-01T00:00:00.000Z");
    assert.deepEqual(of1("getter"), { fine: 1 });
    assert.deepEqual(of1("revoked"), { fine: 1 });
    assert.equal(of1("bigint").big, "12345678901234567890");
    assert.deepEqual(of1("symbols"), { fine: 1 });
    assert.ok(of1("long").text.length > 1_000 && of1("long").text.length < 60_000);
    for (const event of names.map((name) => all.of(`hostile_${name}`)[0])) assert.ok(JSON.stringify(event).length < 60_000);
    assert.ok(slowest < 3_000, `${slowest} ms for the slowest of them`);
    assert.ok(!text.includes("mine"));
    assert.deepEqual(noise, []);
    await context.close();
  });

  test("an event that is too large to travel is dropped, and counted", async () => {
    const { context, open, noise } = await newVisitor(world);
    const page = await open();
    const before = await stats(page);
    await page.evaluate(() => {
      window.chatvitals("setContext", { text: "x".repeat(50_000) });
      window.chatvitals("track", "too_large", { text: "y".repeat(50_000) });
    });
    // It is known to be too large once it is made ready to travel.
    await page.waitForFunction(() => window.chatvitals("stats").dropped.oversized);
    const { captured, dropped } = await stats(page);
    assert.deepEqual([captured - before.captured, dropped], [1, { oversized: 1 }]);
    assert.deepEqual(noise, []);
    await context.close();
  });
});
