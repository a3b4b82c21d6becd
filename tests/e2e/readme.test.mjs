// Every snippet of the README is run: what is promised there works as it stands.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { launchChromium, listen } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { required } from "./lib/env.mjs";
import { startSite } from "./lib/site.mjs";
import { until } from "./lib/until.mjs";

const root = new URL("../../", import.meta.url).pathname;
const readme = await readFile(join(root, "README.md"), "utf8");
const snippets = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code], at) => ({ language, code, name: `${language} snippet ${at + 1}` }));
const of = (...languages) => snippets.filter((snippet) => languages.includes(snippet.language));
const tool = (name) => join(root, "pkg-template/node_modules/.bin", name);
const run = promisify(execFile);

test("every snippet is of a kind that is run here", () => {
  assert.ok(snippets.length > 0);
  assert.deepEqual(snippets.filter((s) => !["sh", "html", "ts", "tsx"].includes(s.language)), []);
});

describe("in a page", () => {
  let browser, collector;
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector()]);
  });
  after(async () => {
    await browser?.close();
    await collector?.close();
  });

  for (const { name, code } of of("html")) {
    test(`${name} sends a page view`, async () => {
      const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><title>${name}</title></head><body>${code}</body></html>`;
      const site = await startSite({ collector, pages: { "/shop": html } });
      const noscript = code.includes("<noscript>");
      const context = await browser.newContext({ javaScriptEnabled: !noscript });
      const page = await context.newPage();
      const noise = listen(page);
      const known = new Set((await collector.events()).map((event) => event.id));
      await page.goto(`${site.url}/shop`);
      if (!noscript) await page.waitForFunction(() => window.chatvitals?.tracker?.events().some((e) => e.type === "page_view"));
      await page.close();
      const events = await collector.waitFor((all) => all.some((e) => e.type === "page_view" && !known.has(e.id)));
      const fresh = events.filter((event) => !known.has(event.id));
      if (code.includes("'signup'")) assert.deepEqual(fresh.find((e) => e.type === "signup")?.properties, { plan: "pro" });
      if (noscript) assert.match(JSON.stringify(fresh), /newsletter/);
      assert.deepEqual(noise, []);
      await context.close();
      await site.close();
    });
  }

  for (const { name, code, language } of of("ts", "tsx")) {
    test(`${name} compiles under strict and runs from the package`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "chatvitals-readme-"));
      await mkdir(join(folder, "node_modules"));
      await symlink(required("CHATVITALS_PKG"), join(folder, "node_modules/chatvitals"));
      for (const name of ["react", "react-dom", "@types", "csstype", "scheduler"]) {
        await symlink(join(root, "pkg-template/node_modules", name), join(folder, "node_modules", name));
      }
      const main = join(folder, `main.${language}`);
      await writeFile(main, code);
      const strict = ["--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--jsx", "react-jsx"];
      await run(tool("tsc"), ["--noEmit", ...strict, "--preserveSymlinks", main], { cwd: folder });
      await run(tool("esbuild"), [main, "--bundle", "--format=esm", "--jsx=automatic", "--preserve-symlinks", `--define:process.env.NODE_ENV="production"`, `--outfile=${join(folder, "main.js")}`]);
      const script = await readFile(join(folder, "main.js"), "utf8");
      const site = await startSite({
        collector,
        pages: {
          "/app": `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><title>App</title></head><body><script type="module" src="/main.js"></script></body></html>`,
          // Bundled without a bundler's knowledge of WebAssembly: the file lies beside the script, where the site serves it.
          "/main.js": (_, res) => res.writeHead(200, { "content-type": "text/javascript" }).end(script),
        },
      });
      // Not `browser.newPage()`: with such a page its whole context goes, and with that what the page sent last.
      const context = await browser.newContext();
      const page = await context.newPage();
      const printed = listen(page);
      const known = new Set((await collector.events()).map((event) => event.id));
      // Widgets show what is stored: there is something, whichever snippets ran before.
      await fetch(`${collector.url}/api/events`, { method: "POST", body: JSON.stringify({ id: name, type: "stored_before", sessionId: "s" }) });
      await page.goto(`${site.url}/app`);
      if (code.includes("chatvitals/dashboards")) {
        for (const name of ["Web Vitals", "Live events"]) await page.getByRole("region", { name }).waitFor();
      } else if (language === "tsx") await page.getByRole("button").click();
      if (code.includes("chatvitals/vitals")) {
        await until(() => printed.some((line) => /^log: TTFB \d/.test(line)));
      } else if (code.includes("chatvitals/dashboards")) {
        await page.getByTestId("feed-row").first().waitFor();
        await page.close();
      } else if (code.includes("chatvitals/metrics")) {
        await until(() => printed.some((line) => /^log: CSAT (null|\d)/.test(line)));
      } else {
        const promised = code.includes("chat.submit(") ? "csat_submitted" : "signup";
        if (code.includes("console.log")) await until(() => printed.some((line) => line.startsWith(`log: ${promised}`)));
        await page.waitForFunction(() => performance.getEntriesByType("resource").some((entry) => entry.name.endsWith(".wasm")));
        await page.close();
        const events = await collector.waitFor((all) => all.some((e) => e.type === promised && !known.has(e.id)), promised);
        const fresh = events.filter((event) => !known.has(event.id));
        if (promised === "signup") assert.deepEqual(fresh.find((e) => e.type === "signup").properties, { plan: "pro" });
        if (promised === "csat_submitted") {
          const completed = fresh.find((e) => e.type === "assistant_response_completed");
          assert.equal(completed.properties.finishReason, "natural");
          assert.equal(completed.properties.chunkCount, 2);
          assert.ok(!JSON.stringify(fresh).includes("kite flies"), "no content without includeContent");
        }
        if (language === "tsx") assert.equal(fresh.filter((e) => e.type === "message_impression").length, 1);
      }
      assert.deepEqual(printed.filter((line) => !line.startsWith("log: ")), []);
      await context.close();
      await site.close();
      await rm(folder, { recursive: true });
    });
  }
});

test("the collector in front of visitors, and its database in SQL", async (t) => {
  const [start, ask] = of("sh").map(({ code }) => code.trim()).filter((command) => !command.startsWith("cargo xtask"));
  const folder = await mkdtemp(join(tmpdir(), "chatvitals-readme-"));
  const settings = { cwd: folder, env: { ...process.env, READ_TOKEN: "secret", CHATVITALS_LISTEN: "127.0.0.1:0" } };
  const collector = spawn("sh", ["-c", `exec ${start.replace("chatvitals-collector", required("CHATVITALS_COLLECTOR"))}`], settings);
  const exited = once(collector, "exit");
  t.after(async () => {
    collector.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true, force: true });
  });
  const [line] = await once(collector.stdout, "data");
  const url = /http:\S+/.exec(line)[0];
  assert.equal((await fetch(`${url}/api/events`)).status, 401);
  const view = (id, path) => ({ id, type: "page_view", timestamp: new Date().toISOString(), sessionId: "s", path, properties: {} });
  const body = JSON.stringify({ events: [view("1", "/a"), view("2", "/b"), view("3", "/b")] });
  assert.equal((await fetch(`${url}/api/events`, { method: "POST", body })).status, 204);
  const { stdout } = await run("sh", ["-c", ask.replace(/^cargo run .* --example sql --/, required("CHATVITALS_SQL"))], settings);
  assert.deepEqual(stdout.trim().split("\n").map((row) => JSON.parse(row)), [{ path: "/b", views: 2 }, { path: "/a", views: 1 }]);
});

test("the two commands are there, and the demo shows the shop and the dashboard", { timeout: 1_200_000 }, async () => {
  const { stdout: help } = await run("cargo", ["xtask", "--help"], { cwd: root });
  const commands = of("sh").flatMap(({ code }) => code.trim().split("\n")).filter((command) => command.startsWith("cargo xtask"));
  assert.deepEqual(commands, ["cargo xtask demo", "cargo xtask test"]);
  for (const command of commands) assert.match(help, new RegExp(`^ *${command.split(" ").at(-1)}\\b`, "m"));

  const folder = await mkdtemp(join(tmpdir(), "chatvitals-demo-"));
  // A group of its own, so that Ctrl-C reaches all of it and nothing else.
  const demo = spawn("cargo", ["xtask", "demo", "--port", "0", "--db", join(folder, "demo.db")], { cwd: root, detached: true });
  const exited = once(demo, "exit");
  try {
    let printed = "";
    const addresses = await new Promise((resolve, reject) => {
      const take = (chunk) => {
        printed += chunk;
        const found = [...new Set(printed.match(/http:\/\/127\.0\.0\.1:\d+\S*/g))];
        if (found.length >= 2) resolve(found);
      };
      demo.stdout.on("data", take);
      demo.stderr.on("data", take);
      exited.then(() => reject(new Error(`the demo ended:\n${printed}`)));
    });
    for (const address of addresses.slice(0, 2)) {
      const response = await fetch(address);
      assert.equal(response.status, 200, address);
      assert.match(await response.text(), /<title>/);
    }
  } finally {
    process.kill(-demo.pid, "SIGINT");
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
});
