// Streaming chat endpoints with known delays, for pages of `startSite`.
import { performance } from "node:perf_hooks";

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * An endpoint that streams. `script`: steps in order, each a number (wait, ms), a string (sent as it is), an object (sent
 * as one server-sent event) or a function of the response. `log` gets one entry per request: when it came, when each
 * step was sent, whether the client went away.
 */
export function stream(script, { type = "text/event-stream", status = 200, headers = {}, log = [] } = {}) {
  return async (req, res) => {
    const entry = { at: performance.now(), headers: req.headers, sent: [], closed: false };
    log.push(entry);
    entry.body = await read(req);
    const gone = new Promise((done) => res.on("close", () => {
      entry.closed ||= !res.writableFinished;
      entry.closedAt = performance.now();
      done();
    }));
    res.writeHead(status, { "content-type": type, "cache-control": "no-store", ...headers });
    res.flushHeaders();
    for (const step of typeof script === "function" ? script(entry) : script) {
      if (entry.closed) return;
      if (typeof step === "number") await Promise.race([wait(step), gone]);
      else if (typeof step === "function") await step(res, entry);
      else {
        entry.sent.push(performance.now() - entry.at);
        res.write(typeof step === "string" ? step : `data: ${JSON.stringify(step)}\n\n`);
      }
    }
    res.end();
  };
}

async function read(req) {
  let body = "";
  for await (const chunk of req) body += chunk;
  return body;
}

/** A page that loads the npm package from the site and starts a tracker: `window.tracker`, `window.cv` (the entries). */
export const npmPage = (script, options = {}) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chat</title><link rel="icon" href="data:,"></head>
<body><main id="log"></main><script type="module">
import { createTracker } from "/index.js";
import * as stream from "/stream.js";
const tracker = (window.tracker = createTracker({ endpoint: "/api/events", ...${JSON.stringify(options)} }));
const log = document.getElementById("log");
${script}
await tracker.ready;
window.started = true;
</script></body></html>`;
