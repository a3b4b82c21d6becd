// Errors: what kind, where, how often; what they said only when the site lets content through.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers } from "./lib/stage.mjs";

const kinds = (events) => events.map((event) => event.properties.type);
const errors = (events) => events.filter((event) => event.type === "js_error");

const SCRIPT = `function fail(name) { throw new TypeError("card of " + name + " is missing"); }
function reject(name) { Promise.reject(new RangeError("no seat for " + name)); }
function rejectWith(words) { Promise.reject(words); }
function once(act) { setTimeout(act, 0); }`;
const ENDLESS = Array.from({ length: 200 }, (_, at) => `once(() => { throw new Error("at ${at}") });`).join("\n");
const script = (text) => (req, res) => {
  res.writeHead(200, { "content-type": "text/javascript" });
  res.end(text);
};
const PAGES = { "/": '<script src="/app.js?v=secret"></script>', "/app.js": script(SCRIPT), "/endless.js": script(ENDLESS) };

inBrowsers("errors", (stage) => {
  test("errors, rejections and failed resources, with their place", async (t) => {
    const { page, site, received, settled } = await stage(t, { pages: PAGES });
    await page.evaluate(() => {
      once(() => fail("Ann"));
      once(() => reject("Bob"));
      once(() => rejectWith("a word for Cleo"));
      document.body.insertAdjacentHTML("beforeend", '<img src="/missing.png?user=Dora">');
    });
    const all = await received("js_error", 4);
    const by = Object.fromEntries(all.map((event) => [event.properties.type, event.properties]));
    assert.deepEqual(Object.keys(by).sort(), ["error:TypeError", "resource:img", "unhandledrejection", "unhandledrejection:RangeError"]);
    assert.deepEqual([by["error:TypeError"].source, by["error:TypeError"].line], [`${site.url}/app.js`, 1]);
    assert.ok(by["error:TypeError"].column > 1);
    assert.deepEqual([by["unhandledrejection:RangeError"].source, by["unhandledrejection:RangeError"].line], [`${site.url}/app.js`, 2]);
    assert.equal(by["resource:img"].source, `${site.url}/missing.png`);
    for (const { fingerprint, count } of Object.values(by)) {
      assert.match(fingerprint, /^[0-9a-f]{8}$/);
      assert.equal(count, 1);
    }
    assert.equal(new Set(all.map((event) => event.properties.fingerprint)).size, 4);
    const said = JSON.stringify(await settled(page));
    for (const name of ["Ann", "Bob", "Cleo", "Dora", "secret"]) assert.ok(!said.includes(name), name);
  });

  test("messages are let through when the site asks for content", async (t) => {
    const { page, received } = await stage(t, { pages: PAGES, attributes: "data-include-content" });
    await page.evaluate(() => once(() => fail("the deck")));
    assert.match((await received("js_error"))[0].properties.message, /card of the deck is missing/);
  });

  test("an error that comes again is counted, not repeated, and told of when the view is left", async (t) => {
    const { page, received, settled } = await stage(t, { pages: PAGES });
    await page.evaluate(() => {
      for (let at = 0; at < 50; at++) once(() => fail(`visitor ${at}`));
      return new Promise((done) => setTimeout(done, 100));
    });
    await received("js_error");
    assert.equal(errors(await settled(page)).length, 1);
    await page.evaluate(() => history.pushState({}, "", "/next"));
    const [first, rest] = await received("js_error", 2);
    assert.deepEqual([first.properties.count, rest.properties.count], [1, 49]);
    assert.equal(first.properties.fingerprint, rest.properties.fingerprint);
    assert.equal(first.viewId, rest.viewId);
  });

  test("a page that throws without end is bounded, and what is left out is counted", async (t) => {
    const { page, received, settled } = await stage(t, { pages: PAGES });
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement("script"), { src: "/endless.js" }));
      return new Promise((done) => setTimeout(done, 300));
    });
    await received("js_error", 30);
    assert.equal(errors(await settled(page)).length, 30);
    const { captured, sent, dropped, waiting } = await page.evaluate(() => window.chatvitals("stats"));
    assert.equal(dropped.overflow, 170);
    assert.ok(captured >= 200 && captured === sent + waiting + dropped.overflow, JSON.stringify({ captured, sent, waiting, dropped }));
  });

  test("what a Content Security Policy refuses", async (t) => {
    const { page, received } = await stage(t, {
      pages: PAGES,
      headers: { "content-security-policy": "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' data:; img-src data:" },
    });
    await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<img src="https://ads.example/p.png?id=secret">'));
    const all = await received("js_error", 1, (event) => event.properties.type.startsWith("csp"));
    assert.deepEqual([all[0].properties.type, all[0].properties.source], ["csp:img-src", "https://ads.example/p.png"]);
  });

  test("the tracker's own troubles and what extensions do are not the page's errors", async (t) => {
    const { page, site, settled, received } = await stage(t, { pages: PAGES });
    await received("page_view");
    await page.evaluate((endpoint) => {
      const say = (init) => window.dispatchEvent(new ErrorEvent("error", { message: "x", lineno: 1, colno: 1, error: new Error("x"), ...init }));
      say({ filename: "chrome-extension://abc/content.js" });
      say({ filename: "moz-extension://abc/content.js" });
      say({ filename: `${location.origin}/chatvitals.js` });
      document.dispatchEvent(new SecurityPolicyViolationEvent("securitypolicyviolation", { blockedURI: endpoint, effectiveDirective: "connect-src", violatedDirective: "connect-src", documentURI: location.href, originalPolicy: "x", disposition: "enforce", statusCode: 200 }));
      // Whatever a page throws, also what throws when it is read.
      const trap = new Proxy({}, { get() { throw new Error("trap"); } });
      window.dispatchEvent(new ErrorEvent("error", { error: trap, message: "trapped" }));
    }, `${site.url}/api/events`);
    assert.deepEqual(kinds(errors(await settled(page))), []);
  });
});
