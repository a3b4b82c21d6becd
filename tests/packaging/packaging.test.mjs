// The package from its tarball, in fresh applications: each is built by its own tool, runs in Chromium and delivers.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { launchChromium, listen as hearPage } from "../e2e/lib/chromium.mjs";
import { startCollector } from "../e2e/lib/collector.mjs";
import { pass } from "../e2e/lib/site.mjs";
import { freshApp, install, work } from "./lib/installed.mjs";
import { listen, serve } from "./lib/serve.mjs";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const BUDGET = { timeout: 300_000 };

let browser, collector;
before(async () => {
  await install();
  [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
}, BUDGET);
after(async () => {
  await browser?.close();
  await collector?.close();
});

/** Opens an application, does something there, and answers with what the collector got of that visit. */
async function visit(url, act = () => {}, views = 1) {
  const known = new Set((await collector.events()).map((event) => event.id));
  const context = await browser.newContext();
  const page = await context.newPage();
  const noise = hearPage(page);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  await act(page);
  const fresh = (all) => all.filter((event) => !known.has(event.id));
  await collector.waitFor((all) => fresh(all).some((e) => e.type === "signup") && fresh(all).some((e) => e.type === "page_view"), `the events of ${url}; the page said ${noise}`);
  await page.close();
  const events = fresh(await collector.waitFor((all) => fresh(all).filter((e) => e.type === "page_leave").length === views));
  await context.close();
  assert.deepEqual(noise.filter((line) => !/^(debug|info): (\[vite\]|%cDownload the React DevTools)/.test(line)), []);
  assert.deepEqual([asked.some((url) => url.includes(".wasm")), asked.some((url) => url.includes("fallback"))], [true, false], "the module was found");
  return events;
}
const countOf = (events, type) => events.filter((event) => event.type === type).length;

/** One visit that began once, saw one page and signed up once. */
function assertOneVisit(events, views = 1) {
  for (const [type, count] of [["session_started", 1], ["page_view", views], ["signup", 1]]) assert.equal(countOf(events, type), count, type);
}
const signUp = (page) => page.getByRole("button", { name: "Sign up" }).click();

describe("in a page", () => {
  const served = async (t, folder) => {
    const site = await serve(folder, collector);
    t.after(() => site.close());
    return site.url;
  };
  const html = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"></head><body>${script}</body></html>`;

  test("without any tool: a module of the installed package", BUDGET, async (t) => {
    const folder = await freshApp("plain", "bare");
    await cp(join(work, "node_modules/chatvitals"), join(folder, "chatvitals"), { recursive: true });
    await writeFile(join(folder, "index.html"), html('<script type="importmap">{"imports":{"chatvitals":"./chatvitals/index.js"}}</script><script type="module" src="main.js"></script>'));
    assertOneVisit(await visit(await served(t, folder)));
  });

  test("esbuild: the module lies where the bundle is", BUDGET, async (t) => {
    const folder = await freshApp("plain", "esbuild");
    const esbuild = require("esbuild");
    await esbuild.build({ entryPoints: [join(folder, "main.js")], bundle: true, minify: true, format: "esm", outfile: join(folder, "out/main.js"), logLevel: "silent" });
    await cp(join(work, "node_modules/chatvitals/chatvitals_bg.wasm"), join(folder, "out/chatvitals_bg.wasm"));
    await writeFile(join(folder, "out/index.html"), html('<script type="module" src="/main.js"></script>'));
    assertOneVisit(await visit(await served(t, join(folder, "out"))));
  });

  test("Rollup: the module lies where the bundle is", BUDGET, async (t) => {
    const folder = await freshApp("plain", "rollup");
    const { rollup } = await import("rollup");
    const { nodeResolve } = await import("@rollup/plugin-node-resolve");
    const bundle = await rollup({ input: join(folder, "main.js"), plugins: [nodeResolve({ browser: true })], onwarn: (warning) => assert.fail(warning.message) });
    await bundle.write({ dir: join(folder, "out"), format: "es" });
    await cp(join(work, "node_modules/chatvitals/chatvitals_bg.wasm"), join(folder, "out/chatvitals_bg.wasm"));
    await writeFile(join(folder, "out/index.html"), html('<script type="module" src="/main.js"></script>'));
    assertOneVisit(await visit(await served(t, join(folder, "out"))));
  });

  for (const [kind, entry] of [["import", "main.js"], ["require", "main.cjs"]]) {
    test(`webpack 5, ${kind}: the module is found by itself`, BUDGET, async (t) => {
      const folder = await freshApp("plain", `webpack-${kind}`);
      const webpack = require("webpack");
      const stats = await promisify(webpack)({ mode: "production", context: folder, entry: `./${entry}`, output: { path: join(folder, "out"), publicPath: "/" }, performance: { hints: false } });
      const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
      assert.deepEqual([...errors, ...warnings], []);
      await writeFile(join(folder, "out/index.html"), html('<script src="/main.js"></script>'));
      assertOneVisit(await visit(await served(t, join(folder, "out"))));
    });
  }

  test("Vite, in development", BUDGET, async (t) => {
    const root = await freshApp("vite", "vite-dev");
    const { createServer } = await import("vite");
    const vite = await createServer({ root, logLevel: "error", server: { port: 0, host: "127.0.0.1", proxy: { "/api": collector.url }, hmr: { overlay: true } } });
    t.after(() => vite.close());
    await vite.listen();
    const events = await visit(vite.resolvedUrls.local[0], signUp);
    assertOneVisit(events);
    assert.equal(countOf(events, "message_impression"), 1);
  });

  test("Vite, built", BUDGET, async (t) => {
    const root = await freshApp("vite", "vite-build");
    const { build } = await import("vite");
    await build({ root, logLevel: "error" });
    const events = await visit(await served(t, join(root, "dist")), signUp);
    assertOneVisit(events);
    assert.equal(countOf(events, "message_impression"), 1);
  });

  test("Vite, rendered on the server and hydrated", BUDGET, async (t) => {
    const root = await freshApp("vite", "vite-ssr");
    const { build } = await import("vite");
    await build({ root, logLevel: "error" });
    await build({ root, logLevel: "error", build: { ssr: "server.jsx", outDir: "dist-server" } });
    const [server] = (await readdir(join(root, "dist-server"))).filter((file) => file.startsWith("server."));
    const { render } = await import(join(root, "dist-server", server));
    const index = await readFile(join(root, "dist/index.html"), "utf8");
    await writeFile(join(root, "dist/index.html"), index.replace("<!--app-->", render()));
    const events = await visit(await served(t, join(root, "dist")), signUp);
    assertOneVisit(events);
    assert.equal(countOf(events, "message_impression"), 1);
  });

  for (const bundler of ["turbopack", "webpack"]) {
    test(`Next, app router, by ${bundler}`, BUDGET, async (t) => {
      const folder = await freshApp("next", `next-${bundler}`);
      const next = require.resolve("next/dist/bin/next");
      const env = { ...process.env, COLLECTOR: collector.url, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
      await run("node", [next, "build", `--${bundler}`], { cwd: folder, env });
      const server = spawn("node", [next, "start", "-p", "0", "-H", "127.0.0.1"], { cwd: folder, env });
      t.after(() => server.kill());
      const url = await new Promise((resolve, reject) => {
        let said = "";
        const take = (chunk) => {
          said += chunk;
          const found = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said);
          if (found) resolve(found[0]);
        };
        server.stdout.on("data", take);
        server.stderr.on("data", take);
        server.once("exit", () => reject(new Error(said)));
      });
      const events = await visit(url, async (page) => {
        await signUp(page);
        await page.getByRole("link", { name: "About" }).click();
        await page.getByRole("heading", { name: "About" }).waitFor();
      }, 2);
      assertOneVisit(events, 2);
      assert.deepEqual(events.filter((e) => e.type === "page_view").map((e) => e.path), ["/", "/about"]);
      assert.equal(countOf(events, "message_impression"), 1);
      assert.equal(countOf(events, "on_server"), 0);
    });
  }
});
