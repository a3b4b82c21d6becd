import { busy, button, compare, shifter, text, value } from "./lib/vitals-situations.mjs";
import { settled } from "./lib/vitals.mjs";

compare("what moves", {
  "shifts nobody asked for": {
    body: shifter + text,
    act: async ({ page }) => {
      await page.evaluate(() => shift());
      await settled(page, { shift: 1 });
      await page.evaluate(() => shift(60));
      await settled(page, { shift: 2 });
    },
    sees: (v) => value(v, "CLS") > 0,
  },
  "a shift right after an input": {
    body: shifter + text + `<button onclick="shift()">more</button>`,
    act: async ({ page }) => {
      await page.click("button");
      await settled(page, { shift: 1 });
    },
    sees: (v) => value(v, "CLS") === 0,
  },
  "shifts in several windows": {
    body: shifter + text,
    act: async ({ page }) => {
      for (const [count, height] of [[1, 60], [2, 240], [3, 30]]) {
        await page.evaluate((height) => shift(height), height);
        await settled(page, { shift: count });
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1100)));
      }
    },
    sees: (v) => value(v, "CLS") > 0,
  },
  "shifts for longer than a window may last": {
    body: shifter + text,
    act: async ({ page }) => {
      await page.evaluate(() => new Promise((resolve) => {
        let left = 8;
        const next = () => (shift(20), --left ? setTimeout(next, 800) : resolve());
        next();
      }));
      await settled(page, { shift: 8 });
    },
    sees: (v) => value(v, "CLS") > 0,
  },
  "windows that a busy page delivers together": {
    body: shifter + text,
    act: async ({ page }) => {
      await page.evaluate((busy) => new Promise((resolve) => requestAnimationFrame(() => {
        shift(200);
        // The frame is painted, and nothing is delivered until this is over.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          new Function(busy)();
          shift(20);
          requestAnimationFrame(() => resolve());
        };
        port2.postMessage(0);
      })), busy(1200));
      await settled(page, { shift: 2 });
    },
    sees: (v) => value(v, "CLS") > 0,
  },
});
