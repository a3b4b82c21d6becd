// The main job: a visit from the first page to the closed tab, seen in the collector.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchChromium, listen, ready } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";

const TRANSPORTS = {
  "as the browser is": () => {},
  "without sendBeacon": () => {
    delete Navigator.prototype.sendBeacon;
  },
  "without sendBeacon and fetch (pixel)": () => {
    delete Navigator.prototype.sendBeacon;
    window.addEventListener("load", () => delete window.fetch);
  },
};

for (const [name, remove] of Object.entries(TRANSPORTS)) {
  describe(`a visit of three demo pages, ${name}`, () => {
    let browser, collector;
    before(async () => {
      [browser, collector] = await Promise.all([launchChromium(), startCollector({ args: ["--demo"] })]);
    });
    after(async () => {
      await browser?.close();
      await collector?.close();
    });

    test("arrives whole, once and in order", async () => {
      const context = await browser.newContext();
      await context.addInitScript(remove);
      await context.route("https://**", (route) => route.fulfill({ contentType: "text/html", body: "elsewhere" }));
      const page = await context.newPage();
      const noise = listen(page);

      await page.goto(`${collector.url}/`);
      await ready(page);
      for (const path of ["/kites/", "/about/"]) {
        await Promise.all([page.waitForURL(`**${path}`), page.evaluate((to) => location.assign(to), path)]);
        await ready(page);
      }
      await page.mouse.move(200, 200);
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await page.waitForFunction(() => window.chatvitals("events").some((e) => e.type === "scroll_depth" && e.properties.percent === 100));
      const outbound = page.locator('a[href^="https://"]').first();
      await outbound.evaluate((link) => link.setAttribute("target", "_blank"));
      await outbound.click();
      await page.waitForFunction(() => window.chatvitals("events").some((e) => e.type === "outbound_click"));
      const captured = await page.evaluate(() => window.chatvitals("stats").captured);
      assert.ok(captured > 0);
      await page.close({ runBeforeUnload: false });

      const events = await collector.waitFor((all) => all.filter((e) => e.type === "page_leave").length === 3, "three page leaves");
      const ids = events.map((e) => e.id);
      assert.equal(new Set(ids).size, ids.length, "each event once");
      assert.equal(new Set(events.map((e) => e.sessionId)).size, 1, "one session");

      const story = events.map((e) => e.type).filter((type) => ["session_started", "page_view", "page_leave", "outbound_click"].includes(type));
      assert.deepEqual(story, ["session_started", "page_view", "page_leave", "page_view", "page_leave", "page_view", "outbound_click", "page_leave"]);
      const views = events.filter((e) => e.type === "page_view");
      assert.deepEqual(views.map((e) => e.path), ["/", "/kites/", "/about/"]);
      assert.ok(views.every((e) => e.properties.title && e.properties.url.startsWith(collector.url)));
      assert.equal(views[1].properties.referrer, `${collector.url}/`);

      const depths = events.filter((e) => e.type === "scroll_depth").map((e) => e.properties.percent);
      assert.deepEqual(depths, [25, 50, 75, 90, 100]);
      const last = events.filter((e) => e.type === "page_leave").at(-1).properties;
      assert.equal(last.maxScrollPercent, 100);
      assert.ok(last.engagedMs > 0 && last.engagedMs <= last.visibleMs, JSON.stringify(last));
      assert.deepEqual(noise, []);
      await context.close();
    });
  });
}
