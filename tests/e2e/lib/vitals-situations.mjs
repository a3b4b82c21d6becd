// A situation is a page and what a person does on it. It is measured by web-vitals, by `chatvitals/vitals` and by the
// tracker at once, and what differs is listed. There must be nothing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { differences, fromTracker } from "./vitals-compare.mjs";
import { measured, open, settled, startVitals } from "./vitals.mjs";

/** A script that keeps the page busy. */
export const busy = (ms) => `{ const until = performance.now() + ${ms}; while (performance.now() < until); }`;
export const button = (id, ms, more = "") => `<button id="${id}" onclick="${busy(ms)}${more}">${id}</button>`;
// Moves what follows by `height` px, `ms` after the call.
export const shifter = `<script>const shift = (height = 120) => { const box = document.createElement("div"); box.style.height = height + "px"; box.className = "box"; document.body.prepend(box); };</script>`;
export const text = "<h1 id=heading>A heading that is large enough to be the largest</h1><p>And some text below it.</p>";
export const image = (query = "") => `<img src="/image.svg?${query}" alt="">`;
export const away = async ({ page, site }) => void (await page.goto(`${site.url}/elsewhere`));
export const hide = async ({ page, browser }) => {
  const other = await browser.newPage();
  await other.bringToFront();
  await page.waitForFunction(() => document.visibilityState === "hidden", { polling: 20 });
  return async () => {
    await page.bringToFront();
    await page.waitForFunction(() => document.visibilityState === "visible", { polling: 20 });
    await other.close();
  };
};
export const clicks = async (page, times, selector = "button") => {
  for (let time = 1; time <= times; time++) {
    await page.click(selector);
    await page.waitForFunction((count) => seen.click >= count, {}, time);
  }
};
/** The final value of each id, per metric. */
export const value = (of, name) => of[name]?.at(-1);

/** Opens a page in a tab that is not shown. */
export async function openBehind(browser, url, front) {
  const created = new Promise((resolve) => browser.once("targetcreated", resolve));
  const session = await browser.target().createCDPSession();
  await session.send("Target.createTarget", { url, background: true });
  const page = await (await created).page();
  await front.bringToFront();
  return page;
}

/** Waits until the page is back, and was painted and reported. */
export async function restored(page, times) {
  await page.waitForFunction((times) => records.filter(({ library, options, told }) =>
    library === "early" && options === "plain" && told.name === "FCP" && told.navigationType === "back-forward-cache").length === times, {}, times);
  await settled(page);
}


/**
 * Compares in every situation of `situations`, by name:
 * body, head: the page. act: what is done on it until it is left by `leave`. sees: what web-vitals must have reported
 * (the last value of each id, by metric), so that no situation is an empty one. docs: how many documents are left;
 * hides: how often. as: the options of web-vitals that the tracker is compared with.
 */
export function compare(title, situations) {
  describe(`web-vitals, chatvitals/vitals and the tracker agree on ${title}`, () => {
    const paths = Object.fromEntries(Object.keys(situations).map((name, number) => [name, `/s/${number}`]));
    const table = [];
    let vitals;
    before(async () => {
      const pages = {
        "/inner": (req, res) => res.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><link rel="icon" href="data:,"><p>Inner</p><button onclick="${busy(100)}document.body.prepend(document.createElement('hr'), 'moved'); window.clicked = true">inside</button>`),
        "/speculate": (req, res) => res.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Before</title><link rel="icon" href="data:,"><a href="${req.url.split("?")[1]}">go</a><script type="speculationrules">{"prerender":[{"urls":["${req.url.split("?")[1]}"],"eagerness":"immediate"}]}</script>`),
        "/redirect": (req, res) => res.writeHead(302, { location: req.url.split("to=")[1] }).end(),
      };
      for (const [name, { body, head = "", headers = {}, wait = 0, tracker }] of Object.entries(situations)) {
        pages[paths[name]] = (req, res) => setTimeout(() => {
          res.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(measured(body, { head, tracker }));
        }, wait);
      }
      vitals = await startVitals(pages);
    });
    after(async () => {
      await vitals?.close();
      console.log(`${table.length} situations; reports compared, and differences:`);
      console.log(table.map(({ name, reports, events, found }) => `${name.padEnd(52)} ${String(reports).padStart(4)} reports ${String(events).padStart(3)} events ${found} differences`).join("\n"));
    });

    for (const [name, situation] of Object.entries(situations)) {
      test(name, async () => {
        const { browser, site, collector } = vitals;
        const path = paths[name];
        const here = { browser, site, path, url: site.url + path };
        const noise = [];
        let page;
        if (situation.open) {
          page = await situation.open(here);
        } else {
          const opened = await open(browser, site.url + (situation.path ?? "") + path);
          page = opened.page;
          noise.push(opened.noise);
          await settled(page);
        }
        await situation.act?.({ ...here, page });
        const failures = !page || page.isClosed() ? [] : await page.evaluate(() => window.failures ?? []);
        await (situation.leave ?? away)({ ...here, page });

        const told = await vitals.told(path, situation);
        const wanted = told.filter((line) => line.library === "early" && line.options === (situation.as ?? "plain"));
        const events = await fromTracker(collector, path, wanted);
        const found = [...differences(told), ...events.differences];
        table.push({ name, reports: told.filter((line) => line.library === "chatvitals").length, events: events.count, found: found.length });
        assert.deepEqual(found, []);
        assert.deepEqual([failures, noise.flat()], [[], []]);

        const values = {};
        const at = {};
        for (const { doc, told: { name, id, value } } of wanted) {
          const place = (at[`${doc} ${name} ${id}`] ??= ((values[name] ??= []).push(0), values[name].length - 1));
          values[name][place] = value;
        }
        assert.ok(situation.sees(values), `web-vitals reported ${JSON.stringify(values)}`);
        if (situation.kind) assert.ok(wanted.some((line) => line.told.navigationType === situation.kind));
        if (page && !page.isClosed()) await page.close();
      });
    }
  });
}
