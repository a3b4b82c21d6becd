import { button, compare, image, text, value } from "./lib/vitals-situations.mjs";
import { settled } from "./lib/vitals.mjs";

compare("what is painted", {
  "text only": { body: text, sees: (v) => value(v, "LCP") > 0 && value(v, "CLS") === 0 && !v.INP },
  "an image": { body: text + image("w=700&h=500"), sees: (v) => value(v, "LCP") > 0 },
  "an image that comes late": { body: text + image("w=900&h=600&wait=700"), sees: (v) => value(v, "LCP") >= 700 },
  "an image of the style sheet": {
    head: `<style>#hero { width: 800px; height: 500px; background: url("/image.svg?w=800&h=500") }</style>`,
    body: `<div id="hero"></div>${text}`,
    sees: (v) => value(v, "LCP") > 0,
  },
  "a page without content": { body: "", sees: (v) => !v.LCP && !v.FCP && !v.CLS && value(v, "TTFB") > 0 },
  "ever larger paints": {
    body: `${text}<script>for (const [wait, size] of [[100, 20], [200, 40], [300, 60], [400, 80]]) setTimeout(() => document.querySelector("p").style.fontSize = size + "px", wait);
setTimeout(() => document.body.insertAdjacentHTML("beforeend", '<img src="/image.svg?w=900&h=500">'), 600)</script>`,
    act: ({ page }) => settled(page, { largest: 2 }),
    sees: (v) => value(v, "LCP") >= 600,
  },
  "the largest element leaves": {
    body: `${text}<p id="gone" class="b a" style="font-size: 60px">Large and soon removed, this text fills more than the heading does.</p>`,
    act: async ({ page }) => {
      await page.evaluate(() => document.querySelector("#gone").remove());
      await settled(page);
    },
    sees: (v) => value(v, "LCP") > 0,
  },
  "a click that a script made": {
    body: text + button("slow", 150),
    act: async ({ page }) => {
      await page.evaluate(() => document.querySelector("button").click());
      await settled(page);
    },
    // Untrusted: it neither settles the largest paint nor is it an interaction.
    sees: (v) => !v.INP,
  },
  "a click settles what comes larger later": {
    body: text + button("go", 0),
    act: async ({ page }) => {
      await page.click("#go");
      await settled(page);
      await page.evaluate(() => new Promise((resolve) => {
        document.body.insertAdjacentHTML("beforeend", '<img src="/image.svg?w=900&h=600">');
        document.querySelector("img").onload = resolve;
      }));
      await settled(page);
    },
    sees: (v) => value(v, "LCP") > 0,
  },
  "a slow server and a redirect": {
    path: "/redirect?to=",
    wait: 300,
    body: text,
    sees: (v) => value(v, "TTFB") >= 300,
  },
});
