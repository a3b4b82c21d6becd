// `chatvitals/metrics` from the tarball: the numbers of the golden file in Node, as a module and as CommonJS.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { install, work } from "./lib/installed.mjs";

const run = promisify(execFile);
const BUDGET = { timeout: 300_000 };
const goldenFile = new URL("../metrics/golden.json", import.meta.url).pathname;
const golden = JSON.parse(await readFile(goldenFile, "utf8"));

before(install, BUDGET);

/** Runs a script with the package's functions as `metrics`, and answers with the JSON it prints. */
async function inNode(kind, code) {
  const folder = join(work, "metrics");
  await mkdir(folder, { recursive: true });
  const file = join(folder, kind === "import" ? "main.mjs" : "main.cjs");
  const load = kind === "import" ? 'await import("chatvitals/metrics")' : 'require("chatvitals/metrics")';
  await writeFile(file, `${kind === "import" ? "" : "(async () => {"}
    const golden = JSON.parse(process.getBuiltinModule("node:fs").readFileSync(${JSON.stringify(goldenFile)}, "utf8"));
    const metrics = ${load};
    ${code}
  ${kind === "import" ? "" : "})();"}`);
  return JSON.parse((await run("node", [file])).stdout);
}

/** Numbers as close as two orders of adding them up leave them. */
function assertClose(got, wanted, path) {
  if (typeof wanted === "number" && typeof got === "number") {
    assert.ok(Math.abs(got - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${path}: ${got}, wanted ${wanted}`);
  } else if (wanted !== null && typeof wanted === "object") {
    assert.deepEqual(Object.keys(got).sort(), Object.keys(wanted).sort(), path);
    for (const key of Object.keys(wanted)) assertClose(got[key], wanted[key], `${path}.${key}`);
  } else {
    assert.equal(got, wanted, path);
  }
}

for (const kind of ["import", "require"]) {
  describe(`in Node, by ${kind}`, () => {
    test("every function gives the golden numbers", BUDGET, async () => {
      const results = await inNode(kind, `
        await Promise.all([metrics.ready(), metrics.ready()]);
        const names = Object.keys(metrics).filter((name) => name.startsWith("compute"));
        console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, metrics[name](golden.events, golden.options)]))));`);
      assert.deepEqual(Object.keys(results).sort(), Object.keys(golden.results).sort());
      for (const [name, wanted] of Object.entries(golden.results)) assertClose(results[name], wanted, name);
    });

    test("mistakes are errors that say what to do", BUDGET, async () => {
      const errors = await inNode(kind, `
        const failure = (act) => { try { act() } catch (error) { return error.message } };
        const early = failure(() => metrics.computeCsat([]));
        const unreachable = await metrics.ready("file:///nowhere.wasm").catch((error) => error.message);
        await metrics.ready();
        console.log(JSON.stringify({ early, unreachable, range: failure(() => metrics.computeCsat([], { filter: { range: "5d" } })), outcome: metrics.outcomeKind({ type: "csat_submitted" }) }));`);
      assert.match(errors.early, /computeCsat\(\).*await ready\(\)/);
      assert.match(errors.unreachable, /nowhere\.wasm/);
      assert.match(errors.range, /24h.*7d.*30d/);
      assert.equal(errors.outcome, "csat");
    });
  });
}
