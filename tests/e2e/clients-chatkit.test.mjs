// ChatKit: OpenAI's own React package around the stand-in element, heard from outside and through its API.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium } from "./lib/chromium.mjs";
import { chatkitServer, standIn } from "./lib/chatkit.mjs";
import { arrival, assertFirstToken, assertNothingLeaked, bundle, chatEvents, of, open, script, settled, told, types } from "./lib/clients.mjs";
import { startCollector } from "./lib/collector.mjs";
import { page as tagged, startSite } from "./lib/site.mjs";

/** An application: `window.kit` is what useChatKit returns, `window.options` what it was given besides. */
const APP = `
import { createRoot } from "react-dom/client";
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { createTracker } from "chatvitals";
import { chatkitCallbacks, observeChatKitApi } from "chatvitals/chatkit";
const ask = new URLSearchParams(location.search);
const tracker = (window.tracker = createTracker({ endpoint: "/api/events", includeContent: ask.has("content"), ...(ask.has("deaf") && { chat: false }) }));
let options = { api: { url: "/chat/kit", domainKey: "local", uploadStrategy: { type: "direct", uploadUrl: "/chat/upload" } }, threadItemActions: { feedback: true, retry: true }, composer: { attachments: { enabled: true } }, onClientTool: async () => ({ answer: "PLANTED" }) };
if (ask.has("hosted")) options.api = { getClientSecret: async () => "PLANTED-secret" };
function App({ name }) {
  const observed = ask.has("observed") ? observeChatKitApi(tracker, options) : options;
  const kit = useChatKit(ask.has("callbacks") ? { ...observed, ...chatkitCallbacks(tracker) } : observed);
  (window.kits ??= {})[name] = window.kit = kit;
  return <ChatKit control={kit.control} id={name} hosted-url="/chat/kit" style={{ height: 600 }} />;
}
createRoot(document.getElementById("root")).render(ask.has("two") ? <><App name="one" /><App name="two" /></> : <App name="one" />);
// Late, as from a network: React has put the element there before anybody knew what it is.
setTimeout(() => import("/chatkit/element.js"), 50);
window.say = async (text, which = "one") => {
  while (!document.getElementById(which)?.dataset.loaded) await new Promise(requestAnimationFrame);
  const at = performance.now();
  void window.kits[which].sendUserMessage({ text });
  return at;
};
`;
const APP_PAGE = `<!doctype html><html lang="en"><title>Kit</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/app.js"></script></html>`;

/** A page without any code for measuring: the script tag, and ChatKit. */
const TAG_PAGE = tagged(
  `<script type="module">
    while (!window.chatvitals?.tracker) await new Promise(requestAnimationFrame);
    window.tracker = window.chatvitals.tracker;
    await customElements.whenDefined("openai-chatkit");
    const kit = document.createElement("openai-chatkit");
    kit.setOptions({ api: { url: "/chat/kit", domainKey: "local" } });
    document.body.append(kit);
    await new Promise((ready) => kit.addEventListener("chatkit.ready", ready));
    window.say = (text) => { const at = performance.now(); void kit.sendUserMessage({ text }); return at; };
  </script><script type="module" src="/chatkit/element.js"></script>`,
);

/** Text in this frame is the client's; only its own buttons are pressed. */
const inside = (page, which = 0) => page.locator("openai-chatkit").nth(which).locator("iframe").contentFrame();
const TURN = (type) => /^(user_|assistant_|stream_|regenerate|turn_|error_|transport_|tool_|message_action|agent_task|custom_payload|file_)/.test(type);

describe("ChatKit", () => {
  let browser, collector, site;
  const log = [];
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    const server = chatkitServer({ log });
    site = await startSite({ collector, pages: { "/": APP_PAGE, "/tag": TAG_PAGE, "/app.js": script(await bundle(APP)), "/chat/kit": server, "/chat/upload": server, ...standIn() } });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await collector?.close();
  });

  test("with nothing but the script tag: every turn event once, the start called what it is", async () => {
    const { page, noise } = await open(browser, `${site.url}/tag`);
    const submitted = await page.evaluate(() => say("PLANTED hello"));
    const events = await told(collector, page, "assistant_response_completed");
    assert.deepEqual(types(events, TURN), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed"]);
    const first = of(events, "assistant_response_first_token");
    assert.equal(first.ttftSource, "response.start");
    assert.ok(first.ttftMs < (await arrival(page, "hello")) - submitted - 100, "the start is earlier than the text, and does not claim to be it");
    assert.equal(first.visibleMs, undefined, "nobody can look into the frame");
    assert.equal(of(events, "user_message_sent").charCount, "PLANTED hello".length);
    assert.equal(chatEvents(events).find((e) => e.type === "assistant_response_completed").dimensions.conversationId, "thr_1");
    await inside(page).getByRole("button", { name: "Copy" }).click();
    assert.deepEqual(of(await told(collector, page, "message_action"), "message_action"), { action: "copy" });
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("in React with its own API observed: the true first token, once, though three listen", async () => {
    const { page, noise } = await open(browser, `${site.url}/?observed&callbacks`);
    const submitted = await page.evaluate(() => say("PLANTED hello"));
    await told(collector, page, "assistant_response_completed");
    const entry = log.at(-1);
    const arrived = await arrival(page, "hello");
    const frame = inside(page);
    await frame.getByRole("button", { name: "Good answer" }).click();
    await frame.getByRole("button", { name: "Retry" }).click();
    await told(collector, page, "assistant_response_completed", 2);
    const events = await settled(collector, page);
    const id = entry.request && "msg_";
    assert.deepEqual(types(events, TURN), [
      "user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed",
      "message_action", "message_action", "regenerate_requested", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed",
    ]);
    // Thread, item, empty part, then text.
    await assertFirstToken(page, of(events, "assistant_response_first_token"), { submitted, arrived, server: entry.sent[3], source: "stream" });
    const [feedback, retry] = chatEvents(events).filter((e) => e.type === "message_action");
    assert.equal(feedback.properties.action, "feedback.positive");
    assert.ok(feedback.properties.messageId.startsWith(id) && feedback.turnIndex === 0, JSON.stringify(feedback));
    assert.equal(retry.properties.action, "retry");
    assert.equal(of(events, "assistant_response_completed").chunkCount, 2);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("tasks, widgets, effects and tools that run in the page, in the turn they belong to", async () => {
    const { page, noise } = await open(browser, `${site.url}/?observed`);
    await page.evaluate(() => say("PLANTED tasks"));
    await told(collector, page, "assistant_response_completed");
    await inside(page).getByRole("button", { name: "buy" }).click();
    await told(collector, page, "assistant_response_completed", 2);
    await page.evaluate(() => say("PLANTED tool"));
    await told(collector, page, "tool_executed");
    await told(collector, page, "assistant_response_completed", 3);
    const events = await settled(collector, page);
    const tasks = events.filter((e) => e.type === "agent_task").map((e) => e.properties);
    assert.deepEqual(tasks.map((task) => task.taskType).sort(), ["progress", "search", "workflow"]);
    const search = tasks.find((task) => task.taskType === "search");
    assert.ok(search.durationMs >= 150 && search.durationMs < 2000, JSON.stringify(search));
    assert.deepEqual(of(events, "custom_payload_interacted"), { payloadType: "widget" });
    assert.ok(events.some((e) => e.type === "message_action" && e.properties.action === "effect"));
    const tool = events.find((e) => e.type === "tool_executed");
    assert.equal(tool.properties.toolName, "read_page");
    const last = events.filter((e) => e.type === "assistant_response_completed").at(-1);
    assert.equal(tool.turnIndex, last.turnIndex, "one turn, in two responses");
    assert.equal(events.filter((e) => e.type === "user_message_sent").length, 2);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("stopped, failed and cut off, each by its name; uploads with their size", async () => {
    const { page, noise } = await open(browser, `${site.url}/?observed`, { noise: [/ERR_INCOMPLETE_CHUNKED/] });
    await page.evaluate(() => say("PLANTED slow"));
    await told(collector, page, "assistant_response_first_token");
    await inside(page).getByRole("button", { name: "Stop" }).click();
    await told(collector, page, "assistant_response_completed");
    await page.evaluate(() => say("PLANTED error"));
    await told(collector, page, "assistant_response_completed", 2);
    await page.evaluate(() => say("PLANTED drop"));
    await told(collector, page, "assistant_response_completed", 3);
    const frame = inside(page);
    await frame.getByLabel("Attach a file").setInputFiles({ name: "PLANTED.png", mimeType: "image/png", buffer: Buffer.alloc(1234) });
    await frame.getByLabel("Message", { exact: true }).fill("PLANTED hello");
    await frame.getByRole("button", { name: "Send" }).click();
    await told(collector, page, "assistant_response_completed", 4);
    const events = await settled(collector, page);
    const ends = events.filter((e) => e.type === "assistant_response_completed").map((e) => e.properties.finishReason);
    assert.deepEqual(ends, ["stopped", "errored", "errored", "natural"]);
    assert.equal(events.filter((e) => e.type === "stream_stopped").length, 1);
    assert.deepEqual(events.filter((e) => e.type === "error_shown").map((e) => e.properties.errorCode)[0], "rate_limited");
    assert.equal(events.filter((e) => e.type === "transport_disconnected").length, 1);
    assert.deepEqual(types(events, (type) => type.startsWith("file_")), ["file_upload_started", "file_upload_completed"]);
    assert.equal(of(events, "file_upload_completed").bytes, 1234);
    assert.equal(events.filter((e) => e.type === "user_message_sent").at(-1).properties.attachmentCount, 1);
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("hosted: heard through the callbacks alone, and the secret is nobody's business", async () => {
    const { page, noise } = await open(browser, `${site.url}/?hosted&observed&callbacks&deaf`);
    await page.evaluate(() => say("PLANTED hello"));
    const events = await told(collector, page, "assistant_response_completed");
    assert.deepEqual(types(events, TURN), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed"]);
    assert.equal(of(events, "assistant_response_first_token").ttftSource, "response.start");
    await assertNothingLeaked("PLANTED", collector, site, page);
    assert.deepEqual(noise(), []);
  });

  test("two on one page are two conversations", async () => {
    const { page, noise } = await open(browser, `${site.url}/?two`);
    await page.evaluate(async () => {
      await say("PLANTED hello", "one");
      await say("PLANTED hello", "two");
    });
    const events = await told(collector, page, "assistant_response_completed", 2);
    const turns = chatEvents(events).filter((e) => e.type === "assistant_response_completed");
    assert.equal(new Set(turns.map((e) => e.dimensions.conversationId)).size, 2);
    assert.deepEqual(turns.map((e) => e.turnIndex), [0, 0]);
    assert.equal(turns.filter((e) => e.properties.finishReason === "natural").length, 2);
    assert.deepEqual(noise(), []);
  });

  test("inside of a shadow root, where nothing but its readiness gets out", async () => {
    const { page, noise } = await open(browser, `${site.url}/tag`);
    await page.evaluate(() => {
      const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
      const kit = document.createElement("openai-chatkit");
      kit.setOptions({ api: { url: "/chat/kit", domainKey: "local" } });
      const ready = new Promise((ready) => kit.addEventListener("chatkit.ready", ready));
      root.append(kit);
      return ready.then(() => kit.sendUserMessage({ text: "PLANTED hello" }));
    });
    const events = await told(collector, page, "assistant_response_completed");
    assert.deepEqual(types(events, TURN), ["user_message_sent", "assistant_response_started", "assistant_response_first_token", "assistant_response_completed"]);
    assert.deepEqual(noise(), []);
  });

  test("with includeContent, prompt and reply are there", async () => {
    const { page, noise } = await open(browser, `${site.url}/?observed&content`);
    await page.evaluate(() => say("PLANTED hello"));
    const events = await told(collector, page, "assistant_response_completed");
    assert.equal(of(events, "user_message_sent").text, "PLANTED hello");
    assert.equal(of(events, "assistant_response_completed").text, "PLANTED hello there");
    assert.deepEqual(noise(), []);
  });
});
