// Two or more builds of the tracker beside each other, for who makes it faster: `node tests/bench/compare.mjs before=/path/pkg after=pkg`.
// What other programs take from the machine both have to bear: they take turns, and ratios within one run are what counts.
// Options: --rounds N  --profile NAME (writes the functions of that build that took most, by name where it was built with them)
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, newVisitor, openPage, watchCpu } from "./lib/browser.mjs";
import { median, sleep } from "./lib/numbers.mjs";
import { openSite } from "./lib/site.mjs";
import { thousand } from "./measures/calls.mjs";
import peer from "./peers/chatvitals.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, profile: { type: "string" }, only: { type: "string", default: "calls,warm,thousand" } },
});
const rounds = Number(options.rounds);
const only = options.only.split(",");
/** As in measures/calls.mjs. */
const BATCH = 50;
const SETTLE_MS = 1000;

const builds = await Promise.all(
  positionals.map(async (word) => {
    const [name, folder] = word.split("=");
    const files = (await readdir(folder)).filter((file) => /^chatvitals.*\.(js|wasm)$/.test(file));
    return { name, files: new Map(await Promise.all(files.map(async (file) => [`/${file}`, await readFile(join(folder, file))]))) };
  }),
);

const chromium = await launch();
const results = Object.fromEntries(builds.map(({ name }) => [name, { fresh: [], freshLeast: [], warm: [], warmLeast: [], task: [], thousand: [], requests: [] }]));

/** µs per call of every batch. */
const batches = (page, count, pause) =>
  page.evaluate(
    async (count, batch, pause) => {
      const times = [];
      for (let b = 0; b < count; b++) {
        const started = performance.now();
        for (let i = 0; i < batch; i++) window.bench.track("probe", { n: b * batch + i, plan: "pro", source: "search", price: 12.5, trial: true });
        times.push(((performance.now() - started) * 1000) / batch);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      return times;
    },
    count,
    BATCH,
    pause,
  );

async function visit(build, act) {
  const site = await openSite(peer, { files: build.files, isolated: true });
  const visitor = await newVisitor(chromium);
  try {
    const page = await openPage(visitor, site, peer);
    await sleep(SETTLE_MS);
    return await act(page, site);
  } finally {
    await visitor.close();
    await site.close();
  }
}

for (let round = 0; round < rounds; round++) {
  const turned = round % 2 ? [...builds].reverse() : builds;
  for (const build of turned) {
    const of = results[build.name];
    if (only.includes("calls") || only.includes("warm"))
      await visit(build, async (page) => {
        const fresh = await batches(page, 30, 20);
        of.fresh.push(median(fresh));
        of.freshLeast.push(Math.min(...fresh));
        if (!only.includes("warm")) return;
        await batches(page, 200, 5);
        const cpu = await watchCpu(page);
        const before = await cpu();
        const warm = await batches(page, 100, 5);
        await sleep(200);
        of.task.push(((await cpu()) - before) / 5);
        of.warm.push(median(warm));
        of.warmLeast.push(Math.min(...warm));
      });
    if (only.includes("thousand")) {
      const { cpu, requests } = await thousand(chromium, peer, build.files);
      of.thousand.push(cpu);
      if (requests) of.requests.push(requests);
    }
  }
}

if (options.profile) {
  const build = builds.find(({ name }) => name === options.profile);
  await visit(build, async (page) => {
    // Fresh, as in the comparison: what runs before the engine has optimised it is what a page has to bear.
    const session = await page.createCDPSession();
    await session.send("Profiler.enable");
    await session.send("Profiler.setSamplingInterval", { interval: 50 });
    await session.send("Profiler.start");
    await batches(page, 20, 20);
    await sleep(1500);
    const { profile } = await session.send("Profiler.stop");
    const self = new Map();
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    let all = 0;
    profile.samples.forEach((id, at) => {
      const { functionName, url, lineNumber } = byId.get(id).callFrame;
      if (functionName === "(idle)") return;
      const name = `${functionName || "(anonymous)"} ${url.split("/").pop()}:${url.endsWith("wasm") ? "" : lineNumber}`;
      const took = profile.timeDeltas[at];
      all += took;
      self.set(name, (self.get(name) ?? 0) + took);
    });
    console.log(`µs per event, ${(all / 1000).toFixed(2)} in all`);
    for (const [name, took] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 45)) console.log((took / 1000).toFixed(3).padStart(8), name);
  });
}

await chromium.browser.close();
const columns = ["fresh", "freshLeast", "warm", "warmLeast", "task", "thousand", "requests"];
console.log(["", ...columns].map((word) => word.padStart(11)).join(""));
for (const { name } of builds) {
  for (const [what, of] of [["median", median], ["least", (values) => Math.min(...values)]]) {
    console.log([`${name} ${what}`, ...columns.map((column) => (results[name][column].length ? of(results[name][column]).toFixed(2) : "-"))].map((word) => word.padStart(11)).join(""));
  }
}
