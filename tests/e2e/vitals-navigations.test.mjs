import { away, busy, button, clicks, compare, image, restored, shifter, text, value } from "./lib/vitals-situations.mjs";
import { until } from "./lib/until.mjs";
import { measuring, settled } from "./lib/vitals.mjs";

compare("how they came", {
  "back from the back/forward cache": {
    body: shifter + text + button("slow", 120),
    act: async (situation) => {
      const { page } = situation;
      await clicks(page, 1);
      await settled(page);
      await away(situation);
      await page.goBack();
      await restored(page, 1);
      // For half a second after an input what moves is its effect, and none of the layout's faults.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
      await page.evaluate(() => shift(150));
      await settled(page, { shift: 1 });
      await clicks(page, 1);
      await settled(page, { click: 2 });
    },
    hides: 2,
    sees: (v) => v.LCP.length === 2 && v.FCP.length === 2 && v.TTFB[1] === 0 && value(v, "CLS") > 0 && v.INP.length === 2,
  },
  "twice back, with quick clicks only": {
    body: text + button("quick", 0),
    act: async (situation) => {
      const { page } = situation;
      for (let time = 1; time <= 2; time++) {
        await away(situation);
        await page.goBack();
        await restored(page, time);
        await page.click("#quick");
        await settled(page);
      }
    },
    hides: 3,
    sees: (v) => v.LCP.length === 3 && v.FCP.length === 3 && v.CLS.length === 3,
  },
  "prerendered, then shown": {
    // puppeteer loses sight of a page that takes another's place, so this one does everything itself.
    body: `${shifter}${text}${image("w=600&h=400")}<script type="module">
const until = async (condition) => { while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20)); };
const idle = () => new Promise((resolve) => setTimeout(() => requestIdleCallback(resolve, { timeout: 1000 })));
await until(() => !document.prerendering && window.ready && window.chatvitals?.tracker?.ready);
for (let round = 0; round < 3; round++) await idle();
shift();
await until(() => seen.shift);
for (let round = 0; round < 3; round++) await idle();
location.href = "/elsewhere";</script>`,
    open: async ({ browser, site, path }) => {
      const page = await browser.newPage();
      await page.goto(`${site.url}/speculate?${path}`);
      await until(() => site.requests.some((request) => request.path === "/image.svg"));
      await page.click("a").catch(() => {});
    },
    leave: async () => {},
    sees: (v) => value(v, "TTFB") === 0 && value(v, "CLS") > 0,
    kind: "prerender",
  },
  "loaded again": {
    body: text,
    act: async ({ page }) => {
      await page.reload();
      await measuring(page);
      await settled(page);
    },
    docs: 2,
    sees: (v) => v.LCP.length === 2,
    kind: "reload",
  },
  "back without the cache": {
    headers: { "cache-control": "no-store" },
    body: `${text}<script>addEventListener("unload", () => {})</script>`,
    act: async (situation) => {
      await away(situation);
      await situation.page.goBack();
      await measuring(situation.page);
      await settled(situation.page);
    },
    docs: 2,
    sees: (v) => v.LCP.length === 2,
  },
  "soft navigations": {
    body: `${shifter}<main>${text}</main><button onclick="window.route = (window.route ?? 0) + 1; ${busy(60)}history.pushState({}, '', '/route/' + route + '?secret=1');
document.querySelector('main').innerHTML = '<h2>Route ' + route + '</h2><p>' + 'Words of this route. '.repeat(20 * route) + '</p>'">next</button>`,
    act: async ({ page }) => {
      for (let route = 1; route <= 3; route++) {
        await clicks(page, 1);
        await settled(page, { soft: route });
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
        await page.evaluate((route) => shift(route * 30), route);
        await settled(page, { shift: route });
      }
    },
    tracker: `data-endpoint="/api/events" data-page='{"softNavigations":true}'`,
    as: "soft",
    sees: (v) => v.LCP.length === 4 && v.FCP.length === 4 && v.TTFB.length === 4 && v.CLS.length === 4,
  },
});
