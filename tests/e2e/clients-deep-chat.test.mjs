// deep-chat as its package ships it: recognised on the page, and by its handler.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { arrival, assertFirstToken, assertNothingLeaked, bundle, chatEvents, of, open, script, settled, told, types } from "./lib/clients.mjs";
import { required } from "./lib/env.mjs";
import { startCollector } from "./lib/collector.mjs";
import { page as tagged, startSite } from "./lib/site.mjs";
import { stream } from "./lib/streams.mjs";

/** A page that knows nothing of measuring. The tracker comes before or after the chat, as networks have it. */
const tagPage = (attributes = "") => tagged(
  `<script type="module" src="/deep-chat.js"></script><main></main><script type="module">
    const chat = document.createElement("deep-chat");
    chat.connect = { url: "/chat/deep", stream: true };
    chat.mixedFiles = true;
    chat.errorMessages = { displayServiceErrorMessages: true };
    if (location.search === "?upwards") chat.upwardsMode = true;
    chat.history = [{ role: "ai", text: "PLANTED earlier" }, { role: "ai", html: '<button class="deep-chat-button deep-chat-suggestion-button">PLANTED not this</button> <button class="deep-chat-button deep-chat-suggestion-button">PLANTED hello</button>' }];
    document.querySelector("main").append(chat);
    await new Promise((rendered) => (chat.onComponentRender = rendered));
    // What anybody who watches the document sees, without the tracker.
    const reply = () => [...chat.shadowRoot.querySelectorAll(".ai-message-text")].at(-1)?.textContent.trim();
    new MutationObserver(() => { if (window.asked && reply()?.startsWith("PLANTED hello")) window.shown ??= performance.now(); }).observe(chat.shadowRoot, { subtree: true, childList: true, characterData: true });
    while (!window.chatvitals?.tracker) await new Promise(requestAnimationFrame);
    window.tracker = window.chatvitals.tracker;
    window.say = (text, files) => { const at = (window.asked = performance.now()); chat.submitUserMessage({ text, files }); return at; };
  </script>`,
  { attributes: `data-endpoint="/api/events" ${attributes}` },
);
const APP = `
import { createTracker } from "chatvitals";
import { observeDeepChat } from "chatvitals/deep-chat";
const tracker = (window.tracker = createTracker({ endpoint: "/api/events", chat: { auto: [] } }));
await import("/deep-chat.js");
const chat = document.createElement("deep-chat");
chat.connect = { stream: true, handler: async (body, signals) => {
  const response = await fetch("/chat/deep", { method: "POST", body: JSON.stringify(body) });
  signals.onOpen();
  signals.stopClicked.listener = () => {};
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    for (const [, json] of decoder.decode(chunk, { stream: true }).matchAll(/data: (.*)/g)) await signals.onResponse(JSON.parse(json));
  }
  signals.onClose();
} };
window.observed = observeDeepChat(tracker, chat);
const rendered = new Promise((rendered) => (chat.onComponentRender = rendered));
document.body.append(chat);
await rendered;
window.say = (text) => { const at = performance.now(); chat.submitUserMessage({ text }); return at; };
`;
const APP_PAGE = `<!doctype html><html lang="en"><title>Deep</title><link rel="icon" href="data:,"><script type="module" src="/app.js"></script></html>`;
const TURN = (type) => !/^(session|message_impression)/.test(type);

describe("deep-chat", () => {
  let browser, collector, site;
  /** Its default font is on a server of its own. */
  const FONT = /ERR_FAILED/;
  const log = [];
  const answers = {
    // As far apart as a busy machine needs to paint in between.
    hello: () => [120, { text: "PLANTED hello" }, 400, { text: " there" }, 400, { text: "!" }],
    slow: () => [50, { text: "PLANTED" }, 20_000, { text: "never" }],
    error: () => [50, { text: "PLANTED" }, 20, { error: "PLANTED error" }],
    drop: () => [50, { text: "PLANTED" }, 20, (res) => res.socket.destroy()],
  };
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    const client = await readFile(new URL("../node_modules/deep-chat/dist/deepChat.bundle.js", import.meta.url), "utf8");
    const digest = createHash("sha256").update(await readFile(join(required("CHATVITALS_PKG"), "chatvitals.js"))).digest("base64");
    const answer = ({ body }) => answers[Object.keys(answers).find((name) => body.includes(name))]();
    site = await startSite({ collector, pages: { "/": tagPage(), "/digest": tagPage(`crossorigin integrity="sha256-${digest}"`), "/handler": APP_PAGE, "/app.js": script(await bundle(APP)), "/deep-chat.js": script(client), "/chat/deep": stream(answer, { log }) } });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await collector?.close();
  });

  for (const direction of ["", "?upwards"]) {
    test(`with nothing but the script tag: the first text when it appears ${direction}`, async () => {
      const { page, noise } = await open(browser, `${site.url}/${direction}`, { noise: [FONT] });
      const submitted = await page.evaluate(() => say("PLANTED hello"));
      const events = await told(collector, page, "assistant_response_completed");
      assert.deepEqual(types(events, TURN), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed"]);
      const first = of(events, "assistant_response_first_token");
      // deep-chat takes its time from the network to the document.
      await assertFirstToken(page, first, { submitted, arrived: await page.evaluate(() => window.shown), server: log.at(-1).sent[0], source: "dom" });
      assert.ok(first.visibleMs >= first.ttftMs && first.visibleMs < first.ttftMs + 2000, JSON.stringify(first));
      assert.equal(of(events, "assistant_response_completed").chunkCount, 3);
      await assertNothingLeaked("PLANTED", collector, site, page);
      assert.deepEqual(noise(), []);
    });
  }

  test("on a page that trusts by digests, what understands the chat has one too", async () => {
    const whole = await open(browser, `${site.url}/digest`, { noise: [FONT] });
    await whole.page.evaluate(() => say("PLANTED hello"));
    await told(collector, whole.page, "assistant_response_completed");
    assert.deepEqual(whole.noise(), []);

    site.before = (req, res, path) => path === "/chatvitals.elements.js" && (res.writeHead(200, { "content-type": "text/javascript" }), res.end("window.forged = true; export const adopt = () => () => {};"), true);
    const { page } = await open(browser, `${site.url}/digest`);
    await page.evaluate(() => say("PLANTED hello"));
    await page.locator("deep-chat").getByText("PLANTED hello there!").waitFor();
    const events = await settled(collector, page);
    site.before = undefined;
    assert.deepEqual(types(events, TURN), []);
    assert.equal(await page.evaluate(() => window.forged), undefined);
  });

  test("stopped, failed and cut off; chips and files; what was there before is nobody's turn", async () => {
    const { page, noise } = await open(browser, site.url, { noise: [FONT, /ERR_INCOMPLETE_CHUNKED/, /PLANTED error/, /network error/] });
    const chat = page.locator("deep-chat");
    await chat.getByRole("button", { name: "PLANTED hello" }).click();
    await told(collector, page, "assistant_response_completed");
    await page.evaluate(() => say("PLANTED slow"));
    await told(collector, page, "assistant_response_first_token", 2);
    await chat.locator("#stop-icon").click();
    await told(collector, page, "assistant_response_completed", 2);
    await page.evaluate(() => say("PLANTED error"));
    await told(collector, page, "assistant_response_completed", 3);
    await page.evaluate(() => say("PLANTED drop"));
    await told(collector, page, "assistant_response_completed", 4);
    await page.evaluate(() => say("PLANTED hello", [new File(["kite"], "PLANTED.txt", { type: "text/plain" })]));
    await told(collector, page, "assistant_response_completed", 5);
    const events = await settled(collector, page);
    const ends = events.filter((e) => e.type === "assistant_response_completed").map((e) => e.properties.finishReason);
    assert.deepEqual(ends, ["natural", "stopped", "errored", "errored", "natural"]);
    assert.deepEqual(of(events, "suggestion_chip_clicked").chipIndex, 1);
    assert.equal(events.filter((e) => e.type === "stream_stopped").length, 1);
    assert.deepEqual(events.filter((e) => e.type === "error_shown").map((e) => e.properties.errorCode), ["deep_chat", "deep_chat"]);
    const sent = events.filter((e) => e.type === "user_message_sent").map((e) => e.properties.attachmentCount);
    assert.deepEqual(sent, [undefined, undefined, undefined, undefined, 1]);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("after the shutdown nobody listens any more, and the chat goes on", async () => {
    const { page, noise } = await open(browser, site.url, { noise: [FONT] });
    await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed");
    await page.evaluate(() => {
      window.looks = 0;
      const root = document.querySelector("deep-chat").shadowRoot;
      // Only who looks for the reply asks for it this way.
      const { querySelectorAll } = root;
      root.querySelectorAll = function (selector) {
        if (selector === ".message-bubble") window.looks++;
        return querySelectorAll.call(this, selector);
      };
    });
    await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed", 2);
    assert.ok((await page.evaluate(() => window.looks)) > 0);
    // In the middle of a turn, when everything listens.
    await page.evaluate(async () => {
      say("PLANTED hello");
      while (window.tracker.events().filter((e) => e.type === "user_message_sent").length < 3) await new Promise(requestAnimationFrame);
      window.tracker.shutdown();
      window.looks = 0;
    });
    await page.locator("deep-chat").getByText("PLANTED hello there!").nth(2).waitFor();
    assert.equal(await page.evaluate(() => window.looks), 0);
    assert.deepEqual(noise(), []);
  });

  test("by its handler: the first text when it arrives, and feedback by hand in the same turn", async () => {
    const { page, noise } = await open(browser, `${site.url}/handler`, { noise: [FONT, /PLANTED error/] });
    const submitted = await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed");
    const [server] = log.at(-1).sent;
    await page.evaluate(() => window.observed.chat.action("thumbs up"));
    await page.evaluate(() => say("PLANTED error"));
    await told(collector, page, "assistant_response_completed", 2);
    const all = await settled(collector, page);
    assert.deepEqual(chatEvents(all).filter((e) => e.turnIndex === 1).map((e) => e.properties.finishReason ?? e.type), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "error_shown", "errored"]);
    assert.ok(!all.some((e) => e.type === "js_error" && e.properties.type.includes("deep-chat")), "an error of the chat is none of the page");
    const events = all.filter((e) => e.turnIndex !== 1);
    assert.deepEqual(types(events, TURN), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed", "message_action"]);
    await assertFirstToken(page, of(events, "assistant_response_first_token"), { submitted, arrived: await arrival(page, "hello"), server, source: "stream" });
    assert.equal(of(events, "assistant_response_completed").chunkCount, 3);
    assert.equal(events.find((e) => e.type === "message_action").turnIndex, 0);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });
});
