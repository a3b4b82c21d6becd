// Sinks of the script tag, by `data-sink`: only what is named is loaded, and it hears everything from the start.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen, ready } from "./lib/chromium.mjs";
import { startRecorder } from "./lib/sink-page.mjs";
import { page as html } from "./lib/site.mjs";
import { until } from "./lib/until.mjs";

const GTAG = "<script>window.dataLayer = []; function gtag() { dataLayer.push(arguments); }</script>";

describe("data-sink", { concurrency: false }, () => {
  let browser, site;
  let tag = "";
  before(async () => {
    const pages = { "/tag": (_, res) => res.writeHead(200, { "content-type": "text/html" }).end(tag) };
    [browser, site] = await Promise.all([launchChromium(), startRecorder({ pages })]);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(attributes, { body = "", head = GTAG } = {}) {
    site.requests.length = site.received.length = 0;
    tag = html(body, { attributes, head });
    const page = await (await browser.newContext()).newPage();
    const noise = listen(page);
    await page.goto(`${site.url}/tag`);
    await ready(page);
    return { page, noise };
  }
  const scripts = () => site.requests.map(({ path }) => path).filter((path) => path.includes("sink")).sort();
  const told = (page) => page.evaluate(() => window.dataLayer.map(([, name, params]) => [name, params]));

  test("without it, no file of a sink is asked for", async () => {
    const { noise } = await open("");
    assert.deepEqual(scripts(), []);
    assert.deepEqual(noise, []);
  });

  test("names with their main option: each hears every event once, from the first", async () => {
    const { page, noise } = await open('data-sink="ga4:G-1 http:/collect"');
    await page.waitForFunction(() => window.dataLayer.length >= 2);
    await page.evaluate(() => window.chatvitals("track", "later", { a: 1 }));
    assert.deepEqual(scripts(), ["/chatvitals-sink-ga4.js", "/chatvitals-sink-http.js", "/chatvitals-sinks.js"]);
    const events = await page.evaluate(() => window.chatvitals("events"));
    const got = await told(page);
    assert.deepEqual(got.map(([, params]) => params.eventId), events.map((event) => event.id));
    assert.ok(got.every(([, params]) => params.send_to === "G-1"));
    assert.deepEqual(got.slice(0, 2).map(([name]) => name), ["session_started", "chat_page_view"]);
    await page.evaluate(() => window.chatvitals("shutdown"));
    await until(() => site.received.some(({ path, body }) => path === "/collect" && String(body).includes("session_ended")));
    assert.deepEqual(noise, []);
  });

  test("JSON with options", async () => {
    const { page, noise } = await open(`data-sink='{"http":{"url":"/collect","headers":{"x-key":"k"},"batch":{"size":2}}}'`);
    await until(() => site.received.length > 0);
    assert.equal(site.received[0].headers["x-key"], "k");
    assert.equal(await page.evaluate(() => window.dataLayer.length), 0);
    assert.deepEqual(noise, []);
  });

  test("a mistake is one line in the console, and the rest goes on", async () => {
    const { page, noise } = await open('data-sink="ga5 http ga4"');
    await page.waitForFunction(() => window.dataLayer.length >= 2);
    await until(() => noise.length === 2);
    assert.deepEqual([...noise].sort(), [
      'error: ChatVitals: data-sink wants anosys, console, ga4, http, mixpanel, otlp, segment, but was given "ga5"',
      'error: ChatVitals: httpSink wants a "url" to send to, but was given nothing',
    ]);
  });

  test("nothing is told before consent allows it", async () => {
    const { page } = await open('data-consent="functional" data-sink="ga4"');
    await until(() => scripts().includes("/chatvitals-sink-ga4.js"));
    await page.evaluate(() => window.chatvitals("track", "held"));
    assert.deepEqual(await told(page), []);
    await page.evaluate(() => window.chatvitals("setConsent", "analytics"));
    await page.waitForFunction(() => window.dataLayer.some(([, name]) => name === "held"));
    assert.equal((await told(page)).filter(([name]) => name === "held").length, 1);
  });

  test("a plain function, through the queue", async () => {
    const head = "<script>window.chatvitals = function () { (chatvitals.q = chatvitals.q || []).push([Date.now(), ...arguments]); }; window.heard = []; chatvitals('subscribe', (event) => heard.push(event.type));</script>";
    const { page } = await open("", { head });
    await page.waitForFunction(() => window.heard.includes("page_view"));
    assert.deepEqual(await page.evaluate(() => window.heard.slice(0, 2)), ["session_started", "page_view"]);
  });
});
