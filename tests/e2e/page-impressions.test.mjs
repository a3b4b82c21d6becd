// Impressions: really seen, for long enough, once per view, whenever the element came.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers } from "./lib/stage.mjs";

const box = (id, style = "") => `<div data-cv-impression="${id}" style="height:100px;${style}">${id}</div>`;
const ids = (events) => events.map((event) => event.properties.elementId);
const wait = (page, ms) => page.evaluate((time) => new Promise((done) => setTimeout(done, time)), ms);

inBrowsers("impressions", (stage) => {
  test("what is in sight for a second is seen, what is below is not, until it is scrolled to", async (t) => {
    const { page, received, noise } = await stage(t, { pages: { "/": `${box("top")}<div style="height:3000px"></div>${box("bottom")}` } });
    const [top] = await received("element_impression");
    assert.deepEqual([top.properties.elementId, top.properties.ratio, top.path], ["top", 1, "/"]);
    assert.ok(top.properties.dwellMs >= 990, JSON.stringify(top.properties));
    await page.evaluate(() => scrollTo(0, 99999));
    assert.deepEqual(ids(await received("element_impression", 2)), ["top", "bottom"]);
    await page.evaluate(() => scrollTo(0, 0));
    await wait(page, 1300);
    assert.deepEqual(ids(await received("element_impression", 2)), ["top", "bottom"], "once per view");
    await page.evaluate(() => history.pushState({}, "", "/next"));
    const third = (await received("element_impression", 3))[2];
    assert.deepEqual([third.properties.elementId, third.path], ["top", "/next"], "the next view sees it anew");
    assert.deepEqual(noise, []);
  });

  test("less than half, or less than a second, is not seen; half of the window is enough of what is larger", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: { "/": `<body style="margin:0">${box("peek", "position:fixed;bottom:-60px;width:200px")}${box("brief")}${box("huge", "height:5000px")}<script>setTimeout(() => document.querySelector("[data-cv-impression=brief]").style.display = "none", 500)</script>` },
    });
    assert.deepEqual(ids(await received("element_impression")), ["huge"]);
    await wait(page, 1200);
    assert.deepEqual(ids((await settled(page)).filter((event) => event.type === "element_impression")), ["huge"]);
  });

  test("elements that come later, get their mark later, or are off-limits", async (t) => {
    const { page, received, settled } = await stage(t, { pages: { "/": `<div id="later" style="height:50px">x</div><div data-cv-ignore>${box("ignored")}</div>` } });
    await page.evaluate(() => {
      document.querySelector("#later").setAttribute("data-cv-impression", "marked");
      for (const name of ["added", "removed"]) {
        const element = document.createElement("div");
        element.textContent = element.dataset.cvImpression = name;
        document.body.append(element);
        if (name === "removed") setTimeout(() => element.remove(), 600);
      }
    });
    await received("element_impression", 2);
    await wait(page, 700);
    assert.deepEqual(ids((await settled(page)).filter((event) => event.type === "element_impression")).sort(), ["added", "marked"]);
  });

  test("the site's code can have an element watched, with its own measure, and stop that", async (t) => {
    const { page, received, settled } = await stage(t, { pages: { "/": '<div id="a">a</div><div id="b">b</div><div id="c">c</div><div id="d">d</div>' } });
    await page.evaluate(() => {
      const watch = (id, options) => window.chatvitals("observe", document.getElementById(id), `card-${id}`, options);
      watch("d");
      watch("a", { ratio: 0.1, dwellMs: 100 });
      watch("b")();
      const stop = watch("c", { dwellMs: 600 });
      setTimeout(stop, 200);
    });
    const [a] = await received("element_impression", 2);
    assert.ok(a.properties.dwellMs >= 90, JSON.stringify(a.properties));
    await wait(page, 1200);
    // Watched before `a`, but for longer.
    assert.deepEqual(ids((await settled(page)).filter((event) => event.type === "element_impression")), ["card-a", "card-d"]);
  });

  test("a hidden tab sees nothing", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: { "/": box("one") },
      init: () => Object.defineProperty(document, "visibilityState", { get: () => (window.shown ? "visible" : "hidden") }),
    });
    await wait(page, 1300);
    assert.deepEqual(ids((await settled(page)).filter((event) => event.type === "element_impression")), []);
    await page.evaluate(() => {
      window.shown = true;
      document.dispatchEvent(new Event("visibilitychange"));
    });
    assert.deepEqual(ids(await received("element_impression")), ["one"]);
  });
});
