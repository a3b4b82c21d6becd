import { button, clicks, compare, hide, image, openBehind, shifter, text, value } from "./lib/vitals-situations.mjs";
import { measuring, settled } from "./lib/vitals.mjs";

compare("when they look away", {
  "opened in the background": {
    body: text + image("w=700&h=500"),
    open: async ({ browser, url }) => {
      const front = await browser.newPage();
      const page = await openBehind(browser, url, front);
      await measuring(page);
      await settled(page);
      return page;
    },
    act: async ({ page }) => {
      await page.bringToFront();
      await settled(page);
    },
    sees: (v) => !v.LCP && !v.FCP && !v.CLS && value(v, "TTFB") > 0,
  },
  "hidden before the largest paint": {
    body: text + image("w=900&h=600&wait=1500"),
    open: async ({ browser, url }) => {
      const page = await browser.newPage();
      await page.goto(url, { waitUntil: "domcontentloaded" });
      await measuring(page);
      await page.waitForFunction(() => seen.largest > 0);
      await settled(page);
      const show = await hide({ page, browser });
      await page.waitForFunction(() => document.querySelector("img").complete, { polling: 50 });
      await show();
      await settled(page);
      return page;
    },
    sees: (v) => value(v, "LCP") < 1500,
  },
  "hidden and shown, again and again": {
    body: shifter + text + button("slow", 120),
    act: async ({ page, browser }) => {
      for (let time = 1; time <= 3; time++) {
        await page.evaluate((time) => shift(time * 40), time);
        await settled(page, { shift: time });
        await clicks(page, 1);
        await settled(page, { click: time });
        await (await hide({ page, browser }))();
        await settled(page);
      }
    },
    sees: (v) => value(v, "CLS") > 0 && value(v, "INP") >= 120,
  },
  "the tab is closed": {
    body: shifter + text + button("slow", 150),
    act: async ({ page }) => {
      await page.evaluate(() => shift());
      await settled(page, { shift: 1 });
      await clicks(page, 1);
      await settled(page);
    },
    leave: async ({ page }) => void (await page.close({ runBeforeUnload: false })),
    sees: (v) => value(v, "LCP") > 0 && value(v, "CLS") > 0 && value(v, "INP") >= 150,
  },
  "hidden before the last shift was delivered": {
    body: shifter + text,
    act: ({ page }) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => {
      shift(200);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        // The frame has been painted, its shift waits for its turn, and the page is gone in this very task.
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        delete document.visibilityState;
        resolve();
      };
      port2.postMessage(0);
    }))),
    hides: 2,
    sees: (v) => value(v, "CLS") > 0,
  },
});
