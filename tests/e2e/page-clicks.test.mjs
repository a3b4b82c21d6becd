// Clicks: what was hit, where it leads, what the site calls it, and whether it made people angry or did nothing at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers } from "./lib/stage.mjs";

const of = (events, type) => events.filter((event) => event.type === type);
/** Links must not lead away from the test. */
const STAY = `<script>addEventListener("click", (event) => event.preventDefault());addEventListener("auxclick", (event) => event.preventDefault())</script>`;

inBrowsers("clicks", (stage) => {
  test("a click names its element, its role and its place, and not its words", async (t) => {
    const { page, received, settled, noise } = await stage(t, {
      pages: { "/": `<main><p>Hello <b>there</b></p><button data-testid="buy"><span>Buy for Ann</span></button><input type="checkbox" id="agree"><input id="mail" value="ann@mail.example"></main>` },
    });
    for (const css of ["b", "span", "#agree", "#mail"]) await page.click(css);
    const clicks = await received("click", 4);
    assert.deepEqual(clicks.map(({ properties: { selector, tag, role } }) => [selector, tag, role]), [
      ["body>main:nth-of-type(1)>p:nth-of-type(1)>b:nth-of-type(1)", "b", undefined],
      ['button[data-testid="buy"]', "button", "button"],
      ["input#agree", "input", "checkbox"],
      ["input#mail", "input", "textbox"],
    ]);
    const place = await page.$eval("span", (span) => span.getBoundingClientRect().toJSON());
    const { x, y } = clicks[1].properties.position;
    assert.ok(x >= place.left && x <= place.right && y >= place.top && y <= place.bottom);
    const said = JSON.stringify(await settled(page));
    for (const word of ["Ann", "ann@", "Hello"]) assert.ok(!said.includes(word), word);
    assert.deepEqual(noise, []);
  });

  test("words are let through when the site asks for content, redacted values never", async (t) => {
    const { page, received } = await stage(t, { attributes: "data-include-content", pages: { "/": "<button>Buy  the \n kite</button>" } });
    await page.click("button");
    assert.equal((await received("click"))[0].properties.text, "Buy the kite");
  });

  test("links: out, to a file, by the middle button, by the keyboard", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: { "/": `${STAY}<a id="out" href="https://other.example/path?q=secret&utm_source=us#x">out</a> <a id="file" href="/price.PDF?token=1">file</a> <a id="named" href="/export" download>export</a> <a id="in" href="/inside">in</a> <a id="mail" href="mailto:a@b.example">mail</a>` },
    });
    for (const id of ["out", "file", "named", "in", "mail"]) await page.click(`#${id}`);
    await page.click("#out", { button: "middle" });
    await page.click("#in", { button: "right" });
    await page.focus("#out");
    await page.keyboard.press("Enter");
    await received("outbound_click", 3);
    const all = await settled(page);
    assert.deepEqual(of(all, "outbound_click").map((event) => event.properties.href), Array(3).fill("https://other.example/path?utm_source=us"));
    const files = of(all, "file_download").map(({ properties }) => [new URL(properties.href).pathname + new URL(properties.href).search, properties.extension]);
    assert.deepEqual(files, [["/price.PDF", "pdf"], ["/export", undefined]]);
    const clicks = of(all, "click");
    assert.equal(clicks.length, 7, "the right button opens a menu");
    assert.equal(clicks.at(-1).properties.position, undefined, "a key clicks nowhere");
    assert.ok(clicks.every(({ properties }) => properties.role === "link"));
  });

  test("what the site marks: calls to action, events with their values, and what it leaves out", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: { "/": `<section data-cv-cta="hero"><button id="cta">Start</button></section>
        <div data-cv-event="plan_chosen" data-cv-plan="pro" data-cv-seat-count="5" data-other="no"><i id="mark">x</i></div>
        <div data-cv-ignore><button id="quiet" data-cv-event="hidden_event" data-cv-cta="hidden">x</button></div>` },
    });
    for (const id of ["quiet", "cta", "mark"]) await page.click(`#${id}`);
    const [cta] = await received("cta_click");
    assert.deepEqual(cta.properties, { name: "hero" });
    const [chosen] = await received("plan_chosen");
    assert.deepEqual(chosen.properties, { plan: "pro", seatCount: "5" });
    const all = await settled(page);
    assert.equal(of(all, "click").length, 2);
    assert.deepEqual(of(all, "hidden_event"), []);
  });

  test("clicks in open shadow trees are seen for what they hit, in closed ones for their host", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: { "/": `<my-card id="open"></my-card><my-card id="closed"></my-card><script>
        for (const mode of ["open", "closed"]) {
          const root = document.getElementById(mode).attachShadow({ mode });
          root.innerHTML = '<div><button data-cv-cta="' + mode + '">in the shadow</button></div>';
        }</script>` },
    });
    for (const id of ["open", "closed"]) {
      const box = await page.$eval(`#${id}`, (host) => host.getBoundingClientRect().toJSON());
      await page.mouse.click(box.left + 20, box.top + 10);
    }
    const clicks = await received("click", 2);
    assert.deepEqual(clicks.map(({ properties }) => [properties.selector, properties.tag]), [
      ["my-card#open>>>div:nth-of-type(1)>button:nth-of-type(1)", "button"],
      ["my-card#closed", "my-card"],
    ]);
    assert.deepEqual(of(await settled(page), "cta_click").map((event) => event.properties.name), ["open"]);
  });

  test("a click on a label is one click", async (t) => {
    const { page, settled, received } = await stage(t, { pages: { "/": `<label id="label">Agree <input type="checkbox"></label>` } });
    const box = await page.$eval("#label", (label) => label.getBoundingClientRect().toJSON());
    await page.mouse.click(box.left + 5, box.top + 8);
    await received("click");
    assert.equal(of(await settled(page), "click").length, 1);
    assert.equal(await page.$eval("input", (input) => input.checked), true);
  });

  test("three quick clicks at one spot are rage, counted to the last; selecting, typing and stepping are not", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: { "/": `<div id="stuck" style="width:200px;height:60px;user-select:none">stuck</div><p id="text">some words to select</p><textarea></textarea><input type="number">` },
    });
    // Without looking for it each time: the clicks are to come within a second on a busy machine, too.
    const press = async (css, count) => {
      const { left, top } = await page.$eval(css, (element) => element.getBoundingClientRect().toJSON());
      await page.mouse.move(left + 5, top + 5);
      for (let at = 0; at < count; at++) {
        await page.mouse.down();
        await page.mouse.up();
      }
    };
    await press("textarea", 4);
    await press("input", 4);
    const text = await page.$eval("#text", (p) => p.getBoundingClientRect().toJSON());
    await page.mouse.click(text.left + 10, text.top + 8, { clickCount: 3, count: 3 });
    await page.evaluate(() => getSelection().removeAllRanges());
    await press("#stuck", 5);
    const [rage] = await received("rage_click");
    assert.deepEqual(rage.properties, { selector: "div#stuck", count: 5 });
    assert.equal(of(await settled(page), "rage_click").length, 1);
  });

  test("a click on something that does nothing is dead; one that is answered, in whatever way, is not", async (t) => {
    const { page, received, settled } = await stage(t, {
      pages: {
        "/": `<style>#plain{padding:9px}.looks{cursor:pointer}</style>
        <button id="dead">dead</button><div id="looks" class="looks">looks clickable</div><p id="plain">just text</p>
        <button id="changes">changes</button><button id="scrolls">scrolls</button><button id="routes">routes</button><button id="late">late</button>
        <button id="focuses">focuses</button><input><canvas class="looks" width="20" height="20"></canvas><a href="#">link</a><my-box></my-box>
        <div style="height:3000px"></div>
        <script>
          const on = (id, act) => document.getElementById(id).addEventListener("click", act);
          on("changes", () => document.body.setAttribute("data-x", Math.random()));
          on("scrolls", () => scrollTo(0, 40));
          on("routes", () => history.pushState({}, "", "/routed"));
          on("late", () => setTimeout(() => (document.title = "late"), 1500));
          on("focuses", () => document.querySelector("input").focus());
          const root = document.querySelector("my-box").attachShadow({ mode: "open" });
          root.innerHTML = "<button>in</button>";
          root.firstChild.onclick = () => root.firstChild.append("!");
        </script>`,
      },
    });
    // One after the other, each with time to be answered: what answers one click may not answer for the next.
    const answered = ["#changes", "#scrolls", "#routes", "#focuses", "input", "canvas", "a", "my-box", "#plain"];
    for (const css of answered) {
      await page.click(css);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 60)));
    }
    await page.click("#late");
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1700)));
    await page.click("#looks");
    await page.click("#dead");
    const dead = await received("dead_click", 2);
    assert.deepEqual(dead.map((event) => event.properties.selector), ["div#looks", "button#dead"]);
    assert.equal(of(await settled(page), "dead_click").length, 2);
  });
});
