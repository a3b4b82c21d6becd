// chatvitals/testing: what a developer's own tests can rely on, with the core and where there is none.
import assert from "node:assert/strict";
import { cp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen } from "../e2e/lib/chromium.mjs";
import { freshApp, install, work } from "./lib/installed.mjs";
import { serve } from "./lib/serve.mjs";

const esbuild = createRequire(import.meta.url)("esbuild");

let browser, site, out;
before(
  async () => {
    await install();
    out = join(await freshApp("testing"), "out");
    await esbuild.build({ entryPoints: [join(out, "../main.js")], bundle: true, format: "esm", outfile: join(out, "main.js"), logLevel: "error" });
    await writeFile(join(out, "index.html"), '<!doctype html><html lang="en"><head><title>Test</title><link rel="icon" href="data:,"></head><body><script type="module" src="/main.js"></script></body></html>');
    [browser, site] = await Promise.all([launchChromium(), serve(out)]);
  },
  { timeout: 300_000 },
);
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Runs `act` in a page; answers with its result and with what the page said and asked for. */
async function inPage(act) {
  const page = await browser.newPage();
  const said = listen(page);
  const asked = [];
  page.on("request", (request) => asked.push(request.method()));
  await page.goto(site.url);
  await page.waitForFunction(() => window.createTestTracker);
  const result = await page.evaluate(act);
  await page.close();
  return { result, said, asked };
}

describe("a tracker for tests", () => {
  for (const core of [true, false]) {
    test(core ? "waits for events, captured already or still to come, and sends nothing" : "does so without a core, too", async () => {
      const module = join(out, "chatvitals_bg.wasm");
      if (core) await cp(join(work, "node_modules/chatvitals/chatvitals_bg.wasm"), module);
      else await rm(module, { force: true });
      const { result, said, asked } = await inPage(async () => {
        const tracker = window.createTestTracker();
        const coming = tracker.waitFor("signup");
        tracker.track("signup", { plan: "pro" });
        const signup = await coming;
        const again = await tracker.waitFor((event) => event.properties.plan === "pro");
        const view = await tracker.waitFor("page_view");
        const before = tracker.ofType("signup").length;
        tracker.clear();
        return { runs: await tracker.ready, plan: signup.properties.plan, same: signup.id === again.id, path: view.path, before, left: tracker.captured.length };
      });
      assert.deepEqual(result, { runs: core, plan: "pro", same: true, path: "/", before: 1, left: 0 });
      assert.ok(asked.every((method) => method === "GET"));
      if (core) assert.deepEqual(said, []);
    });
  }

  test("says what was captured instead when it waited in vain", async () => {
    await cp(join(work, "node_modules/chatvitals/chatvitals_bg.wasm"), join(out, "chatvitals_bg.wasm"));
    const { result } = await inPage(async () => {
      const tracker = window.createTestTracker();
      await tracker.waitFor("page_view");
      return tracker.waitFor("never", { timeoutMs: 50 }).catch((error) => error.message);
    });
    assert.match(result, /^ChatVitals: waited 50 ms for "never", but captured session_started, page_view/);
  });

  test("keeps the visits of two trackers apart", async () => {
    const { result } = await inPage(async () => {
      const ids = [];
      for (const tracker of [window.createTestTracker(), window.createTestTracker()]) {
        ids.push((await tracker.waitFor("session_started")).sessionId);
        tracker.shutdown();
      }
      return { apart: ids[0] !== ids[1], stored: localStorage.length };
    });
    assert.deepEqual(result, { apart: true, stored: 0 });
  });
});
