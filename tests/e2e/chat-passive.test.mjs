// Observing a stream changes nothing for the page: bytes, objects, times, cancellation, backpressure, memory.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { startSite } from "./lib/site.mjs";
import { npmPage, stream, wait } from "./lib/streams.mjs";
import { until } from "./lib/until.mjs";

/** Every way a page can read a body; each gives what it read as text. */
const WAYS = `
window.readers = {
  async reader(response) {
    const reader = response.body.getReader(), decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    reader.releaseLock();
    return text + (response.body.locked ? " locked" : "");
  },
  async byob(response) {
    const reader = response.body.getReader({ mode: "byob" }), decoder = new TextDecoder();
    let text = "";
    for (let view = new Uint8Array(64); ; ) {
      const { done, value } = await reader.read(view);
      if (done) break;
      text += decoder.decode(value, { stream: true });
      view = new Uint8Array(value.buffer);
    }
    return text;
  },
  async iterator(response) {
    const decoder = new TextDecoder();
    let text = "";
    for await (const value of response.body) text += decoder.decode(value, { stream: true });
    return text;
  },
  async pipeThrough(response) {
    let text = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let result; !(result = await reader.read()).done; ) text += result.value;
    return text + (response.body.locked ? " locked" : "");
  },
  async pipeTo(response) {
    let text = "";
    const decoder = new TextDecoder();
    await response.body.pipeTo(new WritableStream({ write: (value) => void (text += decoder.decode(value, { stream: true })) }));
    return text + (response.body.locked ? " locked" : "");
  },
  text: (response) => response.text(),
  arrayBuffer: async (response) => new TextDecoder().decode(await response.arrayBuffer()),
  blob: async (response) => (await response.blob()).text(),
  async clone(response) {
    const copy = response.clone();
    const [one, two] = await Promise.all([readers.reader(response), copy.text()]);
    return one + "|" + two;
  },
  async tee(response) {
    const [a, b] = response.body.tee();
    const texts = await Promise.all([new Response(a).text(), readers.reader({ body: b })]);
    return texts.join("|");
  },
  rewrapped: (response) => new Response(response.body, response).text(),
};`;

describe("a page whose streams are observed", () => {
  let browser, collector, site, other;
  const pages = {};
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
    pages["/"] = npmPage(`${WAYS}
      window.observe = () => stream.observeStreams(tracker, ["/chat/", "http://127.0.0.1:*/other/"]);`);
    site = await startSite({ collector, pages });
    other = await startSite({ collector, pages: { "/other/x": stream([{ text: "hi" }], { headers: { "access-control-allow-origin": "*" } }) } });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await other?.close();
    await collector?.close();
  });

  async function open() {
    const page = await (await browser.newContext()).newPage();
    const noise = listen(page);
    await page.goto(site.url);
    await page.waitForFunction(() => window.started);
    return { page, noise };
  }
  const types = (page) => page.evaluate(() => tracker.events().filter((e) => e.turnIndex !== undefined).map((e) => e.type));

  test("reads the same in every way there is, and the turn is seen in each", async () => {
    pages["/chat/short"] = stream([{ text: "He" }, 15, { text: "llo, é😀" }, 15, { text: "." }]);
    const { page, noise } = await open();
    const ways = await page.evaluate(() => Object.keys(readers));
    for (const way of ways) {
      const read = (observed) =>
        page.evaluate(async ([way, observed]) => {
          const undo = observed ? observe() : () => {};
          const response = await fetch("/chat/short", { method: "POST" });
          const before = [response.bodyUsed, response.url, response.type, response.headers.get("content-type"), Object.keys(response)];
          const text = await readers[way](response);
          undo();
          return JSON.stringify([text, before, response.bodyUsed]);
        }, [way, observed]);
      const plain = await read(false);
      const seen = (await types(page)).length;
      assert.equal(await read(true), plain, way);
      // A body handed to a new response is read by the browser itself: its end is nobody's to see.
      if (way === "rewrapped") continue;
      const completed = (turn) => turn.filter((type) => type === "assistant_response_completed").length;
      await until(async () => completed((await types(page)).slice(seen)) === 1, () => `${way}: one end`);
    }
    assert.deepEqual(noise, []);
  });

  test("gets the very response the network gave, whoever else wraps fetch, and its own fetch back", async () => {
    pages["/chat/one"] = stream([{ text: "hi" }]);
    const { page, noise } = await open();
    const result = await page.evaluate(async () => {
      const native = window.fetch;
      let given;
      window.fetch = async (...args) => (given = await native(...args));
      const mine = window.fetch;
      const undo = observe();
      const response = await fetch("/chat/one", { method: "POST" });
      await response.text();
      const same = response === given;
      // Somebody wraps us; then we are undone.
      const ours = window.fetch;
      let calls = 0;
      window.fetch = (...args) => (calls++, ours(...args));
      const theirs = window.fetch;
      undo();
      const stays = window.fetch === theirs;
      const before = tracker.stats().captured;
      await (await fetch("/chat/one", { method: "POST" })).text();
      const quiet = tracker.stats().captured === before;
      window.fetch = mine;
      const again = observe();
      again();
      return { same, stays, calls, quiet, back: window.fetch === mine };
    });
    assert.deepEqual(result, { same: true, stays: true, calls: 1, quiet: true, back: true });
    assert.deepEqual(noise, []);
  });

  test("has each chunk within 2 ms of when it would have had it", async () => {
    // Three connections get every chunk in the same moment: one is observed, two are not. How far apart those two are is
    // the machine's own unrest.
    const ROUNDS = 60;
    const clients = [];
    let all;
    const together = new Promise((resolve) => (all = resolve));
    pages["/chat/twin"] = pages["/plain/twin"] = async (req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.flushHeaders();
      if (clients.push(res) === 3) all();
    };
    const { page } = await open();
    const read = page.evaluate(async () => {
      observe();
      const times = async (url) => {
        const reader = (await fetch(url)).body.getReader(), decoder = new TextDecoder();
        const at = [];
        for (let result; !(result = await reader.read()).done; ) {
          const now = performance.now();
          // Several chunks may come as one.
          for (const [, n] of decoder.decode(result.value).matchAll(/"n":(\d+)/g)) at[n] ??= now;
        }
        return at;
      };
      return Promise.all([times("/chat/twin"), times("/plain/twin"), times("/plain/twin?again")]);
    });
    await together;
    for (let n = 0; n < ROUNDS; n++) {
      // Whoever is written to first may be read first.
      for (let turn = 0; turn < 3; turn++) clients[(n + turn) % 3].write(`data: {"n":${n},"type":"text-delta","delta":"${"word ".repeat(20)}"}\n\n`);
      await wait(15);
    }
    for (const client of clients) client.end();
    const [observed, plain, again] = await read;
    const spread = (from, to) => from.map((at, n) => at - to[n]).sort((a, b) => a - b);
    const [late, unrest] = [spread(observed, plain), spread(again, plain)];
    const at = (sorted, share) => sorted[Math.floor((ROUNDS - 1) * share)];
    for (const share of [0.5, 0.9]) {
      assert.ok(at(late, share) <= at(unrest, share) + 2, `${share}: ${at(late, share)} ms late, the machine's own unrest is ${at(unrest, share)}`);
    }
  });

  test("cancels through to the server, by reader, by pipe and by signal", async () => {
    const { page, noise } = await open();
    for (const way of ["reader", "iterator", "pipeTo", "signal"]) {
      const log = [];
      let last;
      pages["/chat/endless"] = stream(function* () {
        for (;;) yield* [{ text: "and on " }, 20];
      }, { log });
      const thrown = await page.evaluate(async (way) => {
        const undo = observe();
        const controller = new AbortController();
        const response = await fetch("/chat/endless", { method: "POST", signal: controller.signal });
        try {
          if (way === "reader") {
            const reader = response.body.getReader();
            await reader.read();
            await reader.cancel("enough");
          } else if (way === "iterator") {
            for await (const _ of response.body) break;
          } else if (way === "pipeTo") {
            let chunks = 0;
            await response.body.pipeTo(new WritableStream({ write: () => { if (++chunks === 2) throw new RangeError("full"); } }));
          } else {
            const reader = response.body.getReader();
            await reader.read();
            setTimeout(() => controller.abort(), 10);
            for (;;) await reader.read();
          }
        } catch (error) {
          return error.name;
        } finally {
          undo();
        }
      }, way);
      assert.equal(thrown, { pipeTo: "RangeError", signal: "AbortError" }[way], way);
      await until(() => log[0].closed, () => `${way}: the server to notice`);
      const end = "stream_stopped,assistant_response_completed";
      await until(async () => String((last = await types(page)).slice(-2)) === end, () => `${way}: the turn to be stopped, but: ${last}`);
    }
    assert.deepEqual(noise, []);
  });

  test("holds the server back as it would have done, also where it pipes", async () => {
    const { page } = await open();
    const written = async (observed, way) => {
      const CHUNK = Buffer.alloc(64 * 1024, 'data: {"text":"x"}\n\n');
      let socket;
      pages["/chat/flood"] = async (req, res) => {
        socket = res.socket;
        res.writeHead(200, { "content-type": "text/event-stream" });
        const more = () => {
          while (!res.destroyed && res.write(CHUNK));
        };
        res.on("drain", more);
        more();
      };
      const start = await page.evaluate(async ([observed, way]) => {
        window.undo = observed ? observe() : () => {};
        const response = await fetch("/chat/flood", { method: "POST" });
        const body = way === "pipe" ? response.body.pipeThrough(new TextDecoderStream()) : response.body;
        window.reader = body.getReader();
        await window.reader.read();
        return true;
      }, [observed, way]);
      assert.ok(start);
      let last = -1, since = 0;
      await until(() => {
        if (socket.bytesWritten !== last) since = Date.now();
        last = socket.bytesWritten;
        return Date.now() - since > 500;
      }, () => "the server to rest");
      await page.evaluate(() => (window.undo(), window.reader.cancel()));
      return last;
    };
    for (const way of ["reader", "pipe"]) {
      const [plain, observed] = [await written(false, way), await written(true, way)];
      // Socket buffers grow as they like; a queue without bound would take all there is.
      assert.ok(observed <= plain * 1.5 + 1_000_000, `${way}: ${observed} bytes observed, ${plain} without`);
    }
  });

  test("keeps nothing of a long stream", async () => {
    const FRAMES = 60_000;
    const frame = `data: ${JSON.stringify({ type: "text-delta", delta: "x".repeat(300) })}\n\n`;
    pages["/chat/long"] = async (req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      for (let n = 0; n < FRAMES && !res.destroyed; n += 100) {
        if (!res.write(frame.repeat(100))) await new Promise((done) => res.once("drain", done));
      }
      res.end();
    };
    const { page } = await open();
    const devtools = await page.context().newCDPSession(page);
    const heap = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize;
    };
    const read = () => page.evaluate(async () => {
      const reader = (await fetch("/chat/long", { method: "POST" })).body.getReader();
      let bytes = 0;
      for (let result; !(result = await reader.read()).done; ) bytes += result.value.length;
      return bytes;
    });
    await page.evaluate(() => void observe());
    await read();
    const before = await heap();
    const bytes = await read();
    const grown = (await heap()) - before;
    assert.ok(bytes > 18_000_000);
    assert.ok(grown < 200_000, `${grown} bytes of heap for ${bytes} streamed`);
    const last = await page.evaluate(() => tracker.events().at(-1).properties);
    assert.equal(last.chunkCount, FRAMES);
  });

  test("sends its requests as they are, with a traceparent only where one may go", async () => {
    const log = [];
    pages["/chat/echo"] = stream([{ text: "ok" }], { log });
    const { page, noise } = await open();
    await page.evaluate(async (otherOrigin) => {
      observe();
      const request = new Request("/chat/echo", { method: "POST", headers: { "x-mine": "1", "content-type": "text/x" }, body: "from a Request" });
      await (await fetch(request)).text();
      await (await fetch(new Request("/chat/echo"), { method: "PUT", headers: [["x-mine", "2"]], body: new Blob(["over a Request"]) })).text();
      const init = { method: "POST", headers: { "x-mine": "3" }, body: "plain" };
      await (await fetch("/chat/echo", init)).text();
      if (Object.keys(init.headers).join() !== "x-mine") throw new Error("the page's own object was changed");
      await (await fetch("/chat/echo", { headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } })).text();
      await (await fetch(`${otherOrigin}/other/x`)).text();
    }, other.url);
    assert.deepEqual(log.map((entry) => entry.body), ["from a Request", "over a Request", "plain", ""]);
    assert.deepEqual(log.map((entry) => entry.headers["x-mine"]), ["1", "2", "3", undefined]);
    assert.equal(log[0].headers["content-type"], "text/x");
    assert.ok(log.every((entry) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(entry.headers.traceparent)));
    assert.equal(log[3].headers.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    const abroad = other.requests.filter((request) => request.path === "/other/x");
    assert.deepEqual(abroad.map((request) => [request.method, request.headers.traceparent]), [["GET", undefined]], "no preflight");
    const same = (observed) => page.evaluate(async (observed) => {
      const undo = observed ? observe() : () => {};
      const outcomes = [];
      for (const attempt of [
        () => fetch("/chat/echo", { method: "POST", body: new ReadableStream({ start: (c) => c.close() }), duplex: "half" }),
        () => fetch("/chat/echo", { method: "GET", body: "no" }),
        () => fetch("http://"),
        () => fetch("/chat/echo", { signal: AbortSignal.abort() }),
      ]) {
        outcomes.push(await attempt().then((response) => response.status, (error) => `${error.name}: ${error.message}`));
      }
      undo();
      return outcomes;
    }, observed);
    assert.deepEqual(await same(true), await same(false));
    assert.deepEqual(noise.filter((line) => !line.includes("ERR_")), []);
  });
});
