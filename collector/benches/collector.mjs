// What the collector bears, on this machine:
//
//   node collector/benches/collector.mjs [--collector FILE] [--rate 20000] [--seconds 60] [--events 2000000] [--rounds 20]
//
// 1. ingest: `rate` events a second for `seconds`, in batches of 20 over keep-alive connections. Latency counts from the
//    moment a batch was due, so that a collector that falls behind cannot hide it.
// 2. queries: the store is filled up to `events`, spread over 30 days; then everything the dashboard asks, `rounds` times.
//
// Progress goes to stderr; the last line of stdout is one JSON object. It starts a collector of its own on a free port, with
// a database in a temporary folder, and removes both.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import http from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { visit } from "./visits.mjs";

const { values: options } = parseArgs({
  options: {
    collector: { type: "string", default: "target/release/chatvitals-collector" },
    rate: { type: "string", default: "20000" },
    seconds: { type: "string", default: "60" },
    events: { type: "string", default: "2000000" },
    rounds: { type: "string", default: "20" },
  },
});
const number = (name) => {
  const value = Number(options[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, got ${options[name]}`);
  return value;
};
const [rate, seconds, total, rounds] = ["rate", "seconds", "events", "rounds"].map(number);

const BATCH = 20;
const CONNECTIONS = 64;
const DAY = 86_400_000;
const say = (text) => process.stderr.write(`${text}\n`);
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** The `p`-th percentile of ascending numbers. */
const percentile = (ascending, p) => ascending[Math.min(ascending.length - 1, Math.floor(p * ascending.length))];
const spread = (times) => {
  const ascending = [...times].sort((a, b) => a - b);
  const round = (ms) => Math.round(ms * 10) / 10;
  return { p50Ms: round(percentile(ascending, 0.5)), p95Ms: round(percentile(ascending, 0.95)), p99Ms: round(percentile(ascending, 0.99)), maxMs: round(ascending.at(-1)) };
};

async function start(folder) {
  const child = spawn(options.collector, ["--listen", "127.0.0.1:0", "--db", join(folder, "bench.db")], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = new Promise((_, reject) => child.once("error", reject));
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), failed]);
  return { child, url: new URL(line.replace("listening on ", "")) };
}

const once = (emitter, name) => new Promise((resolve) => emitter.once(name, (...values) => resolve(values)));

function request(url, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { "content-type": "text/plain", "content-length": Buffer.byteLength(body) } : {};
    const sent = http.request({ agent, host: url.hostname, port: url.port, path, method: body ? "POST" : "GET", headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => { bytes += chunk.length; });
      answer.on("end", () => resolve({ status: answer.statusCode, bytes }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Kilobytes of the process: now, and at most so far. Linux only; elsewhere null. */
function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const of = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024);
    return { rssMb: of("VmRSS"), peakMb: of("VmHWM") };
  } catch {
    return null;
  }
}

/** Seconds of processor time the process has used; Linux only, where the clock of /proc ticks a hundred times a second. */
function processorTime(pid) {
  try {
    const [, fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const [user, system] = fields.split(" ").slice(11, 13).map(Number);
    return (user + system) / 100;
  } catch {
    return NaN;
  }
}

/** Bodies of `size` events each, visit after visit. */
function* bodies(size, visits) {
  let events = [];
  for (const some of visits) {
    events.push(...some);
    while (events.length >= size) yield JSON.stringify({ events: events.splice(0, size) });
  }
}

function* visitsNow() {
  for (let index = 0; ; index++) yield visit(index, Date.now() - 60_000, 0.2);
}

function* visitsOfAMonth(first, now) {
  for (let index = first; ; index++) yield visit(index, now - DAY * 30 + ((index * 7919) % 100_000) / 100_000 * DAY * 30);
}

async function sustain(url, pid) {
  const due = 1000 / (rate / BATCH);
  const batches = Math.ceil((rate / BATCH) * seconds);
  const texts = bodies(BATCH, visitsNow());
  const latencies = [];
  const refused = {};
  const [began, busy] = [performance.now(), processorTime(pid)];
  let sent = 0;
  let under = 0;
  let peak = 0;
  await new Promise((resolve, reject) => {
    const tick = setInterval(() => {
      const now = performance.now();
      while (sent < batches && began + sent * due <= now) {
        const moment = began + sent * due;
        sent++;
        under++;
        request(url, "/api/events", texts.next().value).then(({ status }) => {
          under--;
          if (status === 204) latencies.push(performance.now() - moment);
          else refused[status] = (refused[status] ?? 0) + 1;
          if (sent === batches && under === 0) { clearInterval(tick); resolve(); }
        }, reject);
      }
      peak = Math.max(peak, under);
    }, 1);
  });
  const took = (performance.now() - began) / 1000;
  const result = { eventsPerSecond: Math.round((latencies.length * BATCH) / took), seconds: Math.round(took), batches: latencies.length, ...spread(latencies), refused, mostWaiting: peak, cpuMicrosPerEvent: Math.round(((processorTime(pid) - busy) * 1e7) / (latencies.length * BATCH)) / 10, ...memory(pid) };
  say(`ingest: ${JSON.stringify(result)}`);
  return result;
}

async function fill(url, have) {
  const FILL_BATCH = 1000;
  const texts = bodies(FILL_BATCH, visitsOfAMonth(100_000_000, Date.now()));
  const began = performance.now();
  let left = Math.ceil((total - have) / FILL_BATCH);
  let done = 0;
  const senders = Array.from({ length: 4 }, async () => {
    while (left-- > 0) {
      const { status } = await request(url, "/api/events", texts.next().value);
      if (status !== 204) throw new Error(`a batch was answered with ${status}`);
      if (++done % 200 === 0) say(`filling: ${have + done * FILL_BATCH} of ${total} events`);
    }
  });
  await Promise.all(senders);
  return Math.round((done * FILL_BATCH * 1000) / (performance.now() - began));
}

const NAMES = ["deflection", "csat", "handle-time", "agent-assist", "gmv", "vitals", "latency", "funnel", "abandonment", "engagement", "tools", "transport"];
const SEGMENTS = ["", "&device=mobile", "&campaign=first-kite", "&route=/guide/"];

function questions() {
  const asked = ["/api/metrics/filters", "/api/sessions?range=30d&chat=1", "/api/summary?range=5m", "/api/summary?range=1h", "/api/events?limit=100"];
  for (const range of ["24h", "7d", "30d"]) {
    for (const segment of SEGMENTS) {
      asked.push(`/api/summary?range=${range}${segment}`, `/api/sessions?range=${range}${segment}`);
      for (const name of NAMES) asked.push(`/api/metrics/${name}?range=${range}${segment}`);
    }
  }
  return asked;
}

async function ask(url, pid) {
  const times = new Map();
  const busy = processorTime(pid);
  for (let round = 0; round < rounds; round++) {
    for (const path of questions()) {
      const began = performance.now();
      const { status } = await request(url, path);
      if (status !== 200) throw new Error(`${path} was answered with ${status}`);
      const known = times.get(path) ?? [];
      known.push(performance.now() - began);
      times.set(path, known);
    }
    if (round === 0) say("queries: every question asked once");
  }
  const each = [...times].map(([path, list]) => ({ path, ...spread(list) })).sort((a, b) => b.p95Ms - a.p95Ms);
  for (const { path, p50Ms, p95Ms, maxMs } of each.slice(0, 12)) say(`queries: ${path} p50 ${p50Ms} p95 ${p95Ms} max ${maxMs} ms`);
  const cpuMillisEach = Math.round(((processorTime(pid) - busy) * 1e4) / (each.length * rounds)) / 10;
  return { questions: each.length, cpuMillisEach, ...spread([...times.values()].flat()), worstP95Ms: each[0].p95Ms, first: spread([...times.values()].map(([cold]) => cold)), slowest: each.slice(0, 5) };
}

const folder = mkdtempSync(join(tmpdir(), "chatvitals-bench-"));
const { child, url } = await start(folder);
try {
  const ingest = await sustain(url, child.pid);
  const fillPerSecond = await fill(url, ingest.batches * BATCH);
  const queries = await ask(url, child.pid);
  const storeMb = Math.round(statSync(join(folder, "bench.db")).size / 1e6);
  console.log(JSON.stringify({ ingest, queries: { events: total, fillPerSecond, ...queries, ...memory(child.pid) }, storeMb, load: loadavg().map((one) => Math.round(one * 10) / 10) }));
} finally {
  child.kill();
  await once(child, "exit");
  agent.destroy();
  rmSync(folder, { recursive: true });
}
