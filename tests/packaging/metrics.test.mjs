// `chatvitals/metrics` from the tarball: the numbers of the golden file in Node, as a module and as CommonJS, and in pages
// by every bundler that finds the module by itself.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { launchChromium, listen as hearPage } from "../e2e/lib/chromium.mjs";
import { freshApp, install, work } from "./lib/installed.mjs";
import { serve } from "./lib/serve.mjs";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
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

describe("in a page", () => {
  let browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());

  /** What the page shows once the module is there. */
  async function shown(t, url) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    const noise = hearPage(page);
    await page.goto(url);
    await page.getByText("average").waitFor();
    assert.deepEqual(noise.filter((line) => !line.includes("[vite]")), []);
    return JSON.parse(await page.locator("body").innerText());
  }
  async function assertCounts(t, url) {
    const { average, rated } = await shown(t, url);
    assert.deepEqual([average, rated], [4, 2]);
  }
  const served = async (t, folder) => {
    const site = await serve(folder);
    t.after(() => site.close());
    return site.url;
  };

  test("webpack 5", BUDGET, async (t) => {
    const folder = await freshApp("metrics", "metrics-webpack");
    const stats = await promisify(require("webpack"))({ mode: "production", context: folder, entry: "./main.js", output: { path: join(folder, "out"), publicPath: "/" }, performance: { hints: false } });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    assert.deepEqual([...errors, ...warnings], []);
    await cp(join(folder, "index.html"), join(folder, "out/index.html"));
    await assertCounts(t, await served(t, join(folder, "out")));
  });

  test("Vite, built", BUDGET, async (t) => {
    const root = await freshApp("metrics", "metrics-vite");
    await (await import("vite")).build({ root, logLevel: "error" });
    await assertCounts(t, await served(t, join(root, "dist")));
  });

  test("Vite, in development", BUDGET, async (t) => {
    const root = await freshApp("metrics", "metrics-vite-dev");
    const vite = await (await import("vite")).createServer({ root, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
    t.after(() => vite.close());
    await vite.listen();
    await assertCounts(t, vite.resolvedUrls.local[0]);
  });

  test("esbuild: the module lies where the bundle is", BUDGET, async (t) => {
    const folder = await freshApp("metrics", "metrics-esbuild");
    await require("esbuild").build({ entryPoints: [join(folder, "main.js")], bundle: true, minify: true, format: "esm", outfile: join(folder, "out/main.js"), logLevel: "silent" });
    await cp(join(work, "node_modules/chatvitals/chatvitals_metrics_bg.wasm"), join(folder, "out/chatvitals_metrics_bg.wasm"));
    await cp(join(folder, "index.html"), join(folder, "out/index.html"));
    await assertCounts(t, await served(t, join(folder, "out")));
  });
});
