// The whole comparison, run by `cargo xtask bench`. Options: --only a,b  --rounds N  --quick  --skip-delivery
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { launch } from "./lib/browser.mjs";
import { filesOf, versionOf } from "./lib/files.mjs";
import { machine } from "./lib/machine.mjs";
import { pool } from "./lib/numbers.mjs";
import { bytesPerEvent } from "./measures/bytes.mjs";
import { perCall, thousand } from "./measures/calls.mjs";
import { delivery, FAULTS } from "./measures/delivery.mjs";
import { growth } from "./measures/growth.mjs";
import { size } from "./measures/size.mjs";
import { startup } from "./measures/startup.mjs";
import { peers } from "./peers/index.mjs";
import { report } from "./report.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    "skip-delivery": { type: "boolean", default: false },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds wants a number from 1 on, was given ${options.rounds}`);
/** How many visits that mostly wait run at a time. */
const WAITING = 12;
/** How many that work and then wait. */
const BUSY = 3;
/** Delivery is the same in most rounds and takes minutes: it needs fewer. */
const DELIVERY_ROUNDS = Math.ceil(rounds / 3);

const started = Date.now();
const say = (text) => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  ${text}`);

const chosen = peers(options.only?.split(","));
const before = machine();
const chromium = await launch();
// Left to itself the run would go on without its browser.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => chromium.browser.close().finally(() => process.exit(130)));
const results = [];
for (const peer of chosen) {
  const version = await versionOf(peer);
  results.push({ peer, files: await filesOf(peer), version, startups: { 1: [], 4: [] }, calls: [], thousands: [], bytes: { 100: [], 1: [] }, growths: [], delivery: {}, failed: {} });
}
say(`${chosen.length} pages are ready, ${before.load} programs wait for ${before.cores} cores`);

/** Does one measurement of one peer; one that fails is told in the report and not tried again. */
async function attempt(result, what, measure) {
  if (result.failed[what]) return undefined;
  try {
    return await measure();
  } catch (error) {
    result.failed[what] = error.message.split("\n")[0];
    say(`${result.peer.name}: ${what} not measured: ${result.failed[what]}`);
    return undefined;
  }
}

/** Writes what there is so far: a run that is ended early has not been for nothing. */
async function save() {
  const told = results.map(({ files, ...rest }) => rest);
  const run = { before, after: machine(), chromium: chromium.version, rounds, quick: options.quick, results: told };
  const folder = new URL("../../target/bench/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("results.json", folder), JSON.stringify(run, (key, value) => (key === "downloads" ? undefined : value), 1));
  const text = report(run);
  await writeFile(new URL("table.md", folder), text);
  return text;
}

const tracking = results.filter(({ peer }) => peer.probes);
for (let round = 1; round <= rounds; round++) {
  // Whoever is first in a round meets another machine than who is last: the order turns with every round.
  const turned = (list) => [...list.slice(round % list.length), ...list.slice(0, round % list.length)];
  for (const throttle of [1, 4]) {
    for (const result of turned(results)) {
      const measured = await attempt(result, `start-up at ${throttle}×`, () => startup(chromium, result.peer, result.files, throttle));
      if (!measured) continue;
      result.startups[throttle].push(measured);
      if (measured.downloads) result.size ??= size(measured.downloads);
    }
    say(`round ${round} of ${rounds}: start-up at ${throttle}×`);
  }
  for (const result of turned(tracking)) {
    const call = await attempt(result, "call", () => perCall(chromium, result.peer, result.files));
    if (call !== undefined) result.calls.push(call);
  }
  say(`round ${round} of ${rounds}: calls`);
  // Those that wait half a minute before they send may wait together: each account is the thread's own time.
  await pool(
    turned(tracking).map((result) => async () => {
      const measured = await attempt(result, "1,000 events", () => thousand(chromium, result.peer, result.files));
      if (measured) result.thousands.push(measured);
    }),
    BUSY,
  );
  say(`round ${round} of ${rounds}: 1,000 events`);
  await save();
}

await pool(
  tracking.flatMap((result) =>
    [100, 1].map((count) => async () => {
      const bytes = await attempt(result, `bytes of ${count}`, () => bytesPerEvent(chromium, result.peer, result.files, count));
      if (bytes !== undefined) result.bytes[count].push(bytes);
    }),
  ),
  WAITING,
);
say("bytes per event");
await save();

await pool(
  tracking.map((result) => async () => {
    const grown = await attempt(result, "memory after 10,000 events", () => growth(chromium, result.peer, result.files));
    if (grown) result.growths.push(grown);
  }),
  BUSY,
);
say("memory after 10,000 events");
await save();

for (let round = 1; !options["skip-delivery"] && round <= DELIVERY_ROUNDS; round++) {
  for (const fault of Object.keys(FAULTS)) {
    const jobs = tracking.map((result) => async () => {
      const measured = await attempt(result, fault, () => delivery(chromium, result.peer, result.files, fault));
      if (measured) (result.delivery[fault] ??= []).push(measured);
    });
    await pool(jobs, WAITING);
    say(`delivery ${round} of ${DELIVERY_ROUNDS}: ${fault}`);
    await save();
  }
}
await chromium.browser.close();
console.log(`\n${await save()}`);
