import { busy, button, clicks, compare, image, text, value } from "./lib/vitals-situations.mjs";
import { measuring, settled } from "./lib/vitals.mjs";

compare("what people do", {
  "a slow click": {
    body: text + button("slow", 150),
    act: async ({ page }) => {
      await clicks(page, 1);
      await settled(page);
    },
    sees: (v) => value(v, "INP") >= 150,
  },
  "a slow key": {
    body: `${text}<input id="field" onkeyup="${busy(120)}">`,
    act: async ({ page }) => {
      await page.focus("#field");
      await page.keyboard.press("a");
      await settled(page, { keyup: 1 });
    },
    sees: (v) => value(v, "INP") >= 120,
  },
  "a very slow click": {
    body: text + button("slow", 600),
    act: async ({ page }) => {
      await clicks(page, 1);
      await settled(page);
    },
    sees: (v) => value(v, "INP") > 500,
  },
  "only quick clicks": {
    body: text + button("quick", 0),
    act: async ({ page }) => {
      for (let time = 0; time < 4; time++) await page.click("#quick");
      await settled(page);
    },
    // Nothing asked for slowness: what there is of it is the machine's.
    sees: (v) => value(v, "INP") < 1000,
  },
  "several clicks, each slower": {
    body: `${text}<button onclick="window.turn = (window.turn ?? 0) + 1; const until = performance.now() + turn * 40; while (performance.now() < until);">slower</button>`,
    act: async ({ page }) => {
      for (let time = 1; time <= 5; time++) {
        await clicks(page, 1);
        await settled(page, { click: time });
      }
    },
    sees: (v) => value(v, "INP") >= 200,
  },
  "more than fifty interactions": {
    body: `${text}<button onclick="window.turn = (window.turn ?? 0) + 1; const until = performance.now() + (turn === 3 ? 2000 : 25); while (performance.now() < until);">many</button>`,
    act: async ({ page }) => {
      await clicks(page, 60);
      await settled(page);
    },
    // Of every fifty, one is forgiven; a busy machine makes others slow, but not that slow.
    sees: (v) => value(v, "INP") < 1500,
  },
  "what was clicked is gone": {
    body: `${text}<div class="z a"><button class="menu open" onclick="${busy(100)}this.remove()">close</button></div>`,
    act: async ({ page }) => {
      await clicks(page, 1);
      await settled(page);
    },
    sees: (v) => value(v, "INP") >= 100,
  },
  "a click within a shadow tree": {
    body: `${text}<div id="host" style="width: 300px"></div><script>
const root = document.querySelector("#host").attachShadow({ mode: "open" });
root.innerHTML = '<button style="width: 300px; height: 80px">inside</button>';
root.querySelector("button").onclick = () => ${busy(100)};</script>`,
    act: async ({ page }) => {
      await clicks(page, 1, "#host");
      await settled(page);
    },
    sees: (v) => value(v, "INP") >= 100,
  },
  "a press that is held": {
    body: `${text}<button onpointerdown="${busy(80)}" onpointerup="${busy(130)}">hold</button>`,
    act: async ({ page }) => {
      await page.click("button", { delay: 300 });
      await settled(page, { click: 1 });
    },
    sees: (v) => value(v, "INP") >= 80,
  },
  "an iframe that shifts and is clicked": {
    body: `${text}<iframe src="/inner" width="400" height="200"></iframe>`,
    act: async ({ page }) => {
      const inner = page.frames().find((frame) => frame.url().endsWith("/inner"));
      await inner.click("button");
      await inner.waitForFunction(() => window.clicked);
      await settled(page);
    },
    sees: (v) => value(v, "LCP") > 0,
  },
  "an input while the page is loading": {
    body: `${text}${button("slow", 120)}${image("w=300&h=200&wait=2500")}`,
    open: async ({ browser, url }) => {
      const page = await browser.newPage();
      await page.goto(url, { waitUntil: "domcontentloaded" });
      await measuring(page);
      await clicks(page, 1);
      await settled(page);
      await page.waitForFunction(() => document.readyState === "complete");
      await settled(page);
      return page;
    },
    sees: (v) => value(v, "INP") >= 120,
  },
});
