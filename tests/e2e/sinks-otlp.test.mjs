// OpenTelemetry: the bodies to the letter (tests/otlp.rs reads the same files with opentelemetry-proto's own types), and a
// real receiver that takes them.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { catalogue, kindOf } from "./lib/catalogue.mjs";
import { launchChromium } from "./lib/chromium.mjs";
import { startRotel } from "./lib/rotel.mjs";
import { openPage, pkg, startRecorder, startTracker, tellCatalogue } from "./lib/sink-page.mjs";
import { pass } from "./lib/site.mjs";
import { event, SERVER, story } from "./lib/story.mjs";
import { until } from "./lib/until.mjs";

const { otlpSink } = await import(`${pkg()}/sinks/otlp.js`);

/** Tells events to a sink with these options, and returns what its server got: `{logs: [record], spans: [span], requests}`. */
async function told(events, options = {}) {
  const requests = [];
  const server = createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    requests.push({ path: req.url, headers: req.headers, body: JSON.parse(Buffer.concat(chunks)) });
    res.end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sink = otlpSink({ url: `http://127.0.0.1:${server.address().port}/`, serviceName: "shop", batch: { size: 1000, intervalMs: 50 }, ...options });
  for (const event of events) sink(event);
  sink.shutdown();
  const logs = () => requests.flatMap(({ body }) => body.resourceLogs ?? []).flatMap((r) => r.scopeLogs).flatMap((s) => s.logRecords);
  const spans = () => requests.flatMap(({ body }) => body.resourceSpans ?? []).flatMap((r) => r.scopeSpans).flatMap((s) => s.spans);
  if (options.logs !== false) await until(() => logs().length >= events.length);
  else await until(() => spans().length > 0);
  await new Promise((resolve) => server.close(resolve));
  return { logs: logs(), spans: spans(), requests };
}

/** Attributes as an object: `{name: value}`. */
function plain({ attributes }) {
  const value = (any) => (any.arrayValue ? any.arrayValue.values.map(value) : Object.values(any)[0]);
  return Object.fromEntries(attributes.map((attribute) => [attribute.key, value(attribute.value)]));
}

test("the bodies are these, to the letter", async () => {
  const { requests } = await told(story, { captureContent: true, resource: { "deployment.environment.name": "test" } });
  const merged = (path, list, inner, leaf) => {
    const bodies = requests.filter((request) => request.path === path).map(({ body }) => body);
    const [first] = bodies;
    first[list][0][inner][0][leaf] = bodies.flatMap((body) => body[list][0][inner][0][leaf]);
    first[list][0][inner][0].scope.version = first[list][0].resource.attributes.find((a) => a.key === "telemetry.sdk.version").value.stringValue = "0.0.0";
    return `${JSON.stringify(first, null, 1)}\n`;
  };
  const files = { "logs.json": merged("/v1/logs", "resourceLogs", "scopeLogs", "logRecords"), "traces.json": merged("/v1/traces", "resourceSpans", "scopeSpans", "spans") };
  for (const [name, body] of Object.entries(files)) {
    const file = new URL(`../otlp/${name}`, import.meta.url);
    // `BLESS=1 node --test …`, and read the difference.
    if (process.env.BLESS) await writeFile(file, body);
    assert.equal(body, await readFile(file, "utf8"), name);
  }
});

test("times are decimal strings, ids hex, and a number's type goes by its field", async () => {
  const { logs, spans } = await told(story);
  for (const record of logs) {
    assert.match(record.timeUnixNano, /^\d{19}$/);
    if (record.traceId) assert.match(record.traceId, /^[0-9a-f]{32}$/);
    if (record.spanId) assert.match(record.spanId, /^[0-9a-f]{16}$/);
  }
  for (const span of spans) {
    assert.match(span.traceId, /^[0-9a-f]{32}$/);
    assert.match(span.spanId, /^[0-9a-f]{16}$/);
    assert.match(span.startTimeUnixNano + span.endTimeUnixNano, /^\d{38}$/);
    assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano), span.name);
  }
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
  const every = await told(catalogue.map(([type, properties], index) => event(index, type, { ...properties, ...Object.fromEntries(Object.keys(properties).filter((key) => kindOf(type, key) === "number").map((key) => [key, 7])) })));
  for (const { attributes, eventName } of every.logs) {
    const type = attributes.find(({ key }) => key === "chatvitals.event.type").value.stringValue;
    const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
    for (const [name, value] of Object.entries(catalogue.find(([known]) => known === type)[1])) {
      const its = attributes.find(({ key }) => key === `chatvitals.${snake(name)}`);
      if (!its || typeof value !== "number") continue;
      assert.deepEqual(Object.keys(its.value), [kindOf(type, name) === "integer" ? "intValue" : "doubleValue"], `${eventName}.${name}`);
    }
  }
});

test("a turn is a span in its server's trace, its tools below it", async () => {
  const { logs, spans } = await told(story);
  assert.deepEqual(spans.map(({ name }) => name), ["invoke_agent", "execute_tool find_order", "invoke_agent"]);
  const [turn, tool, failed] = spans;
  assert.deepEqual([turn.traceId, turn.parentSpanId], [SERVER.traceId, SERVER.spanId]);
  assert.deepEqual([tool.traceId, tool.parentSpanId], [SERVER.traceId, turn.spanId]);
  assert.equal(BigInt(turn.endTimeUnixNano) - BigInt(turn.startTimeUnixNano), 2_000_000_000n);
  assert.equal(BigInt(tool.endTimeUnixNano) - BigInt(tool.startTimeUnixNano), 250_500_000n);
  assert.deepEqual(turn.events.map(({ name }) => name), ["trace_linked", "gen_ai.first_token", "agent_task"]);
  const attributes = plain(turn);
  for (const [name, value] of Object.entries({
    "session.id": story[0].sessionId,
    "gen_ai.conversation.id": "c1",
    "user.id": "u1",
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.provider.name": "acme",
    "gen_ai.response.model": "kite-1",
    "gen_ai.response.id": "r1",
    "gen_ai.response.finish_reasons": ["natural"],
    "gen_ai.usage.input_tokens": "5",
    "gen_ai.usage.output_tokens": "3",
    "gen_ai.response.time_to_first_chunk": 0.7,
    "kortyx.run.id": "run-7",
    "kortyx.tool.call.count": "1",
  })) {
    assert.deepEqual(attributes[name], value, name);
  }
  assert.equal(turn.kind, 3);
  assert.deepEqual([failed.status.code, plain(failed)["error.type"]], [2, "RATE_LIMITED"]);
  assert.notEqual(failed.traceId, turn.traceId);
  // The turn's log records are found from its span, and the other way round.
  const of = (type) => logs.find(({ body }) => body.stringValue === type);
  for (const type of ["user_message_sent", "assistant_response_completed", "tool_executed", "message_action"]) {
    assert.deepEqual([of(type).traceId, of(type).spanId], [turn.traceId, turn.spanId], type);
  }
  assert.equal(of("page_view").traceId, undefined);
});

test("a trace that the page itself sent along is the turn's own", async () => {
  const own = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
  const server = { traceId: "1".repeat(32), spanId: "3".repeat(16), runId: "r" };
  const turn = { turnIndex: 0 };
  const { spans } = await told([
    event(0, "user_message_sent", turn, turn),
    event(1, "trace_linked", { ...own, propagated: true }, { ...turn, ...own }),
    event(2, "trace_linked", server, { ...turn, ...server }),
    event(3, "assistant_response_completed", { ...turn, finishReason: "natural" }, { ...turn, ...server }),
  ]);
  assert.deepEqual(spans.map(({ traceId, spanId, parentSpanId }) => [traceId, spanId, parentSpanId]), [[own.traceId, own.spanId, undefined]]);
});

test("turns in every order: abandoned, seen only at the end, asked for again", async () => {
  const turn = (index) => ({ turnIndex: index });
  const { spans } = await told([
    event(0, "user_message_sent", turn(0), turn(0)),
    event(500, "turn_abandoned", { ...turn(0), phase: "before_first_token", waitedMs: 500 }, turn(0)),
    event(3000, "assistant_response_completed", { ...turn(1), totalMs: 2000, finishReason: "stopped" }, turn(1)),
    event(4000, "regenerate_requested", turn(1), turn(1)),
    event(4100, "assistant_response_started", turn(1), turn(1)),
    event(5000, "assistant_response_completed", { ...turn(1), finishReason: "natural" }, turn(1)),
    event(6000, "assistant_response_first_token", { ...turn(2), ttftMs: 10, ttftSource: "response.start" }, turn(2)),
  ]);
  assert.deepEqual(spans.map((span) => Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1000000n)), [500, 2000, 1000]);
  assert.deepEqual(spans.map((span) => plain(span)["gen_ai.response.finish_reasons"]), [undefined, ["stopped"], ["natural"]]);
});

test("what is said stays out unless it is captured, each direction by itself", async () => {
  const said = ["where is my kite?", "parcel 77", "nice"];
  const answered = ["It flies today.", "It flies.", "on its way"];
  for (const [captureContent, wanted] of [
    [undefined, []],
    [{ input: true }, said],
    [{ output: true }, answered],
    [true, [...said, ...answered]],
  ]) {
    const { logs, spans } = await told(story, { captureContent });
    const everything = JSON.stringify([logs, spans]);
    for (const text of [...said, ...answered]) assert.equal(everything.includes(text), wanted.includes(text), `${JSON.stringify(captureContent)}: ${text}`);
  }
  const { spans } = await told(story, { captureContent: true });
  const attributes = plain(spans[0]);
  assert.equal(attributes["gen_ai.prompt"], "where is my kite?");
  assert.equal(attributes["kortyx.trace.output"], "It flies today.");
  assert.deepEqual(JSON.parse(attributes["gen_ai.input.messages"]), [{ role: "user", parts: [{ type: "text", content: "where is my kite?" }] }]);
});

test("tags, the prompt's identity, and attributes of the site's own", async () => {
  const phases = [];
  const { logs, spans } = await told(story, {
    tags: ["shop"],
    prompt: { name: "p", version: "1", type: "chat", owner: "team" },
    mapPromptMetadata: ({ owner }) => ({ "prompt.owner": owner }),
    mapAttributes({ phase, name, event }) {
      phases.push(phase);
      if (event.type === "csat_submitted") throw new Error("a mapper that throws");
      return phase === "start" ? { early: true } : { "my.name": name, "gen_ai.prompt.version": "9" };
    },
  });
  const turn = plain(spans[0]);
  assert.deepEqual([turn["kortyx.trace.tags"], turn["gen_ai.prompt.name"], turn["kortyx.prompt.type"], turn["prompt.owner"], turn["my.name"], turn.early], [["shop"], "p", "chat", "team", "invoke_agent", true]);
  assert.equal(turn["gen_ai.prompt.version"], "9");
  const signup = plain(logs.find(({ eventName }) => eventName === "signup"));
  assert.deepEqual([signup["kortyx.trace.tags"], signup["gen_ai.prompt.name"], signup["chatvitals.constructor"]], [["beta"], "kite-prompt", "c"]);
  assert.ok(logs.some(({ eventName }) => eventName === "csat_submitted"));
  assert.deepEqual(new Set(phases), new Set(["start", "event", "end", "error"]));
});

test("conventions: session, browser and evaluation", async () => {
  const { logs } = await told(story);
  const of = (name) => logs.find(({ eventName }) => eventName === name);
  assert.equal(plain(of("session.start"))["session.previous_id"], "before");
  assert.ok(of("session.end"));
  const vital = plain(of("browser.web_vital"));
  assert.deepEqual([vital["browser.web_vital.name"], vital["browser.web_vital.value"], vital["browser.web_vital.rating"]], ["lcp", 812.5, "good"]);
  assert.equal(plain(of("page_view"))["browser.document.url.full"], "https://shop.example/shop");
  assert.deepEqual([plain(of("csat_submitted"))["gen_ai.evaluation.name"], plain(of("csat_submitted"))["gen_ai.evaluation.score.value"]], ["csat", 4]);
  assert.equal(plain(of("message_action"))["gen_ai.evaluation.score.label"], "positive");
  assert.deepEqual([of("js_error").severityNumber, of("page_view").severityNumber], [17, 9]);
});

test("no empty request, and only what is wanted", async () => {
  const { requests } = await told(story, { logs: false, headers: { "x-api-key": "k" } });
  assert.deepEqual([...new Set(requests.map(({ path }) => path))], ["/v1/traces"]);
  assert.ok(requests.every(({ headers }) => headers["x-api-key"] === "k" && headers["content-type"] === "application/json"));
  assert.equal((await told(story, { traces: false })).spans.length, 0);
});

describe("a real receiver", { concurrency: false }, () => {
  let browser, rotel;
  before(async () => {
    [browser, rotel] = await Promise.all([launchChromium(), startRotel()]);
  });
  after(async () => {
    await browser?.close();
    await rotel?.close();
  });

  test("takes every event of the catalogue, once, and joins the browser's spans with the server's", async (t) => {
    if (rotel.missing) return t.skip(rotel.missing);
    const site = await startRecorder({
      // Receivers rarely answer a browser's preflight: a relay on the site's own server.
      before: (req, res, path) => path.startsWith("/otlp/") && ((req.url = req.url.slice(5)), pass(req, res, rotel), true),
    });
    try {
      const { page, noise } = await openPage(browser, site);
      await startTracker(page, `sinks.otlpSink({ url: "/otlp", batch: { intervalMs: 200 } })`);
      await tellCatalogue(page);
      await page.evaluate((server) => {
        const chat = window.tracker.chat("c1");
        chat.submit({ text: "where is my kite?" });
        chat.responseStarted({ responseId: "r1" });
        chat.trace(server);
        chat.toolCalled({ toolName: "find_order", toolCallId: "t1" });
        chat.toolFinished({ toolCallId: "t1" });
        chat.chunk("It");
        chat.completed({ model: "kite-1" });
      }, SERVER);
      const server = { traceId: SERVER.traceId, spanId: SERVER.spanId, name: "kortyx.run", kind: 2, startTimeUnixNano: "1772359200000000000", endTimeUnixNano: "1772359201000000000" };
      const sent = await fetch(`${rotel.url}/v1/traces`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [server] }] }] }) });
      assert.equal(sent.status, 200);
      const events = await page.evaluate(() => window.tracker.events());
      // Its log tells records and spans one after the other.
      const parts = (kind) => rotel.log().split(/(?=^(?:LogRecord|Span|ResourceLog|ResourceSpan\w*) #)/m).filter((part) => part.startsWith(`${kind} #`));
      const logged = () => parts("LogRecord");
      await until(() => logged().length >= events.length && rotel.log().includes("execute_tool find_order"), () => rotel.log().slice(-2000));
      for (const { id, type } of events) assert.equal(logged().filter((record) => record.includes(`chatvitals.event.id: Str(${id})`)).length, 1, type);
      const spans = parts("Span");
      const id = (span, what) => new RegExp(`^ *${what} *: *([0-9a-f]*)`, "m").exec(span)?.[1];
      const joined = spans.filter((span) => id(span, "Trace ID") === SERVER.traceId);
      const [run, turn, tool] = ["kortyx.run", "invoke_agent", "execute_tool find_order"].map((name) => joined.find((span) => span.includes(name)));
      assert.ok(run && turn && tool, joined.join("\n"));
      assert.equal(id(turn, "Parent ID"), SERVER.spanId);
      assert.equal(id(tool, "Parent ID"), id(turn, "ID"));
      assert.deepEqual(noise, []);
    } finally {
      await site.close();
    }
  });

  test("a stream that is observed: the server's parent is the turn's span", async () => {
    let traceparent;
    const site = await startRecorder({
      answer: ({ path, headers }) => path === "/api/chat" && ((traceparent = headers.traceparent), { raw: 'data: {"type":"text-delta","delta":"It flies."}\n\ndata: [DONE]\n\n', headers: { "content-type": "text/event-stream" } }),
    });
    try {
      const { page, noise } = await openPage(browser, site);
      await startTracker(page, `sinks.otlpSink({ url: "/otlp", batch: { intervalMs: 100 } })`);
      await page.evaluate(async () => {
        const { observeStreams } = await import("chatvitals/stream");
        observeStreams(window.tracker, ["/api/chat"]);
        await (await fetch("/api/chat", { method: "POST", body: "{}" })).text();
      });
      const spans = () => site.received.filter(({ path }) => path === "/otlp/v1/traces").flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans);
      await until(() => spans().length > 0);
      const [turn] = spans();
      assert.equal(traceparent, `00-${turn.traceId}-${turn.spanId}-01`);
      assert.equal(turn.parentSpanId, undefined);
      assert.deepEqual(noise, []);
    } finally {
      await site.close();
    }
  });
});
