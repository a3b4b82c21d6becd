// What one visit talks to: the peer's page and files, its settings, and the address that takes its events and counts them.
import { createServer, request } from "node:http";
import { gunzipSync } from "node:zlib";
import { sleep } from "./numbers.mjs";

const TYPES = { js: "text/javascript", wasm: "application/wasm", html: "text/html; charset=utf-8" };
const POLL_MS = 25;
/** Finer clocks in the page: 5 µs instead of 100. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** The page every peer is put into; without a tag it is the blank one. */
const html = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kites</title><link rel="icon" href="data:,">
<script>performance.mark("bench")</script>${head}</head>
<body><h1>Kites</h1><p>Everything that flies on a string.</p><button>Buy</button> <a href="/other">Elsewhere</a></body></html>`;

/**
 * Starts a site for one visitor of `peer`. `files` are what the page may load (path → bytes). `latencyMs`: how long an answer
 * to events takes. `collector`: a running collector that takes them (ChatVitals only).
 */
export async function openSite(peer, { files, latencyMs = 0, isolated = false, collector }) {
  const site = {
    /** Answers of the address that takes events: "ok", "fail" (500), "hang" (held until released), "refuse". */
    mode: "ok",
    /** With "fail": how many are still to fail. */
    failures: 0,
    /** How often each numbered probe was in a request that was answered 2xx. */
    got: new Map(),
    /** Requests that had probes: bytes of the body, and which. */
    bodies: [],
    /** What the page loaded: path → bytes. */
    downloads: new Map(),
    /** The connections of requests that hang. */
    held: [],
  };

  const take = async (req, body) => {
    const probes = peer.probes?.(text(body), req.url) ?? [];
    const answered = collector ? await pass(req, body, collector) : { status: 204 };
    if (answered.status < 200 || answered.status > 299 || probes.length === 0) return answered;
    const seen = site.bodies.flatMap((one) => one.probes);
    site.bodies.push({ bytes: body.length, probes, again: probes.some((n) => seen.includes(n)) });
    for (const n of probes) site.got.set(n, (site.got.get(n) ?? 0) + 1);
    return answered;
  };

  const server = createServer(async (req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    const send = (status, type, body) => res.writeHead(status, { ...(type && { "content-type": type }), ...(isolated && ISOLATED) }).end(body);
    try {
      if (req.method === "GET") {
        if (path === "/") return void send(200, TYPES.html, html(peer.tag ?? ""));
        if (path === "/other") return void send(200, TYPES.html, html(""));
        const file = files.get(path);
        if (file) {
          site.downloads.set(path, file);
          return void send(200, TYPES[path.split(".").pop()], file);
        }
        const settings = peer.settings?.(path, req.headers.host);
        if (settings) return void send(200, "application/json", JSON.stringify(settings));
        // The pixel is the only other thing that is asked for and carries events.
        if (!path.endsWith(".gif")) return void send(404);
      }
      if (site.mode === "refuse") return void req.socket.destroy();
      const body = Buffer.concat(await req.toArray());
      if (site.mode === "hang") return void site.held.push(req.socket);
      if (latencyMs) await sleep(latencyMs);
      if (site.mode === "fail" && site.failures-- > 0) return void send(500);
      const { status, text: answer } = await take(req, body);
      send(peer.answer && status === 204 ? 200 : status, "application/json", peer.answer ?? answer);
    } catch {
      // The visitor went away in the middle of a request; its events do not count.
      req.socket.destroy();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${server.address().port}`;

  /** Ends the requests that hang, unanswered. */
  site.dropHeld = () => site.held.splice(0).forEach((socket) => socket.destroy());
  /** Waits until `count` probes arrived; gives up after `limitMs`, or when for `silenceMs` none did. */
  site.arrived = async (count, limitMs, silenceMs = limitMs) => {
    const end = Date.now() + limitMs;
    for (let known = site.got.size, silence = Date.now() + silenceMs; site.got.size < count && Date.now() < Math.min(end, silence); ) {
      await sleep(POLL_MS);
      if (site.got.size > known) [known, silence] = [site.got.size, Date.now() + silenceMs];
    }
    return site.got.size;
  };
  site.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return site;
}

/** A body as text, unpacked if it is gzip, whatever its headers say. */
const text = (body) => (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString();

/** Hands a request to the collector. */
function pass(req, body, collector) {
  return new Promise((resolve, reject) => {
    const { host, ...headers } = req.headers;
    const onward = request(collector.url + req.url, { method: req.method, headers }, async (answer) => {
      resolve({ status: answer.statusCode, text: Buffer.concat(await answer.toArray()) });
    });
    onward.on("error", reject);
    onward.end(body);
  });
}
