// Real chat clients on a page: bundled here, timed beside the tracker, held against what the server did.
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "esbuild";
import { listen } from "./chromium.mjs";
import { required } from "./env.mjs";
import { PAUSES, paused } from "./pauses.mjs";

const NODE_MODULES = new URL("../../node_modules", import.meta.url).pathname;

/** An application's bundle: `source` may import what is installed, and the built package as `chatvitals`. */
export async function bundle(source) {
  const pkg = required("CHATVITALS_PKG");
  const entry = (name) => [`chatvitals${name === "index" ? "" : `/${name}`}`, join(pkg, `${name}.js`)];
  const { outputFiles } = await build({
    stdin: { contents: source, loader: "jsx", resolveDir: NODE_MODULES },
    bundle: true,
    write: false,
    external: ["/chatkit/*", "/deep-chat.js"],
    format: "esm",
    jsx: "automatic",
    nodePaths: [NODE_MODULES],
    alias: Object.fromEntries(["index", "stream", "chatkit", "ai-sdk", "deep-chat", "botframework"].map(entry).reverse()),
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Pages that answer with a file's text. */
export const script = (text) => (req, res) => {
  res.writeHead(200, { "content-type": "text/javascript" });
  res.end(text);
};

/**
 * What a plain reader in the same page sees: notes when each chunk of a chat's response arrives, on the page's clock. It
 * sits below everything, where the network ends.
 */
const ARRIVALS = () => {
  const original = window.fetch;
  window.arrivals = [];
  window.fetch = async (input, init) => {
    const response = await original(input, init);
    const url = String(input?.url ?? input);
    if (!url.includes("/chat") || !response.body) return response;
    const decoder = new TextDecoder();
    const noting = new TransformStream({
      transform(chunk, controller) {
        window.arrivals.push({ at: performance.now(), text: decoder.decode(chunk, { stream: true }) });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(noting), response);
  };
};

/** Opens a page and waits until its application has started. */
export async function open(browser, url, { noise = [] } = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 800 } });
  const page = await context.newPage();
  const heard = listen(page);
  await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => route.abort());
  await page.addInitScript(ARRIVALS);
  await page.addInitScript(PAUSES);
  await page.goto(url);
  const started = page.waitForFunction(() => window.say, undefined, { timeout: 10_000 }).then(() => page.evaluate(() => window.tracker.ready));
  await started.catch(() => assert.fail(`the application did not start: ${heard.join("\n")}`));
  return { page, noise: () => heard.filter((line) => !noise.some((known) => known.test(line))) };
}

/** The events of this page's session, once there are as many of `type` as wanted. */
export async function told(collector, page, type, count = 1) {
  let id;
  const all = await collector.waitFor(async (events) => {
    id = await page.evaluate(() => (window.tracker.flush(), window.tracker.events()[0]?.sessionId));
    return events.filter((e) => e.sessionId === id && e.type === type).length >= count;
  }, `${count} ${type}`);
  return all.filter((e) => e.sessionId === id);
}

/** Makes sure that nothing more is on its way: a marker sent now has arrived. */
export async function settled(collector, page) {
  const name = `marker_${Math.random().toString(36).slice(2)}`;
  await page.evaluate((name) => window.tracker.track(name), name);
  return told(collector, page, name);
}

/** The events of chats, in short: their types in order. */
export const types = (events, only = () => true) => chatEvents(events).map((e) => e.type).filter(only);

/** The events of chats; the page's own signals and the sessions' are not what these tests are about. */
export const chatEvents = (events) =>
  events.filter((e) => !/^(page_|session_(started|ended)|scroll|click|rage|dead|web_vital|element_|js_error|marker_|outbound|cta|file_download)/.test(e.type));

/** The turn's events of one kind. */
export const of = (events, type, turnIndex) => events.find((e) => e.type === type && (turnIndex === undefined || e.turnIndex === turnIndex))?.properties;

/** Holds a first token against the moment its text reached the page, and against the server's own delay. */
export async function assertFirstToken(page, properties, { submitted, arrived, server, source }) {
  assert.equal(properties.ttftSource, source);
  const real = arrived - submitted;
  const pauses = await paused(page, submitted - 5, Math.max(arrived, submitted + properties.ttftMs) + 5);
  assert.ok(Math.abs(properties.ttftMs - real) <= 20 + pauses, `${properties.ttftMs} ms told, ${real} ms by a plain reader, ${pauses} ms of pauses`);
  if (server !== undefined) assert.ok(properties.ttftMs >= server - 2, `${properties.ttftMs} ms told, and the server had sent nothing before ${server} ms`);
}

/** When the page got the first chunk with this text after a moment. */
export const arrival = (page, text, after = 0) => page.evaluate(([text, after]) => window.arrivals.find((one) => one.at >= after && one.text.includes(text))?.at, [text, after]);

/** Nothing that was planted left the page or stayed in it. */
export async function assertNothingLeaked(planted, collector, site, page) {
  await settled(collector, page);
  const stored = await page.evaluate(async () => {
    const databases = (await indexedDB.databases?.()) ?? [];
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, databases]);
  });
  const places = {
    "the collector": JSON.stringify(await collector.events()),
    storage: stored,
    "an address": site.requests.filter(({ path }) => path.startsWith("/api/") || path.endsWith(".gif")).map(({ url, headers }) => url + JSON.stringify(headers)).join(),
    "the tracker's own buffer": await page.evaluate(() => JSON.stringify(window.tracker.events())),
  };
  for (const [place, text] of Object.entries(places)) assert.ok(!text.includes(planted), `${planted} is in ${place}: ${text.slice(Math.max(0, text.indexOf(planted) - 200)).slice(0, 400)}`);
}
