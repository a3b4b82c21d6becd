// Page views: one per distinct route, however the visitor got there; each closed once, with what was seen of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers, running } from "./lib/stage.mjs";

const paths = (views) => views.map((view) => view.path);
const how = (views) => views.map((view) => view.properties.navigationType);
const noNavigationApi = () => Object.defineProperty(window, "navigation", { value: undefined });

inBrowsers("page views", (stage, browser) => {
  test("a loaded page is one view, with its title, address and referrer", async (t) => {
    const { page, site, received, settled, noise } = await stage(t, {
      pages: { "/": '<a href="/next?email=a%40b.example&utm_source=here#part">on</a>', "/next": "<h1>Next</h1>" },
      title: "Kites & more",
    });
    await Promise.all([page.waitForNavigation(), page.click("a")]);
    await running(page);
    const [first, second] = await received("page_view", 2);
    assert.equal(first.properties.url, `${site.url}/`);
    assert.equal(first.properties.title, "Kites &amp; more".replace("&amp;", "&"));
    assert.equal(first.properties.referrer, undefined, "typed in: there is no referrer");
    assert.deepEqual([second.path, second.properties.path], ["/next", "/next"]);
    assert.equal(second.properties.url, `${site.url}/next?utm_source=here`, "the rest of the query and the fragment stay here");
    assert.equal(second.properties.referrer, `${site.url}/`);
    assert.deepEqual(how([first, second]), ["navigate", "navigate"]);
    await page.reload();
    await running(page);
    assert.equal((await received("page_view", 3))[2].properties.navigationType, "reload");
    const all = await settled(page);
    assert.equal(all.filter((event) => event.type === "page_view").length, 3);
    assert.deepEqual(noise, []);
  });

  for (const [api, init] of [["the Navigation API", undefined], ["a wrapped history", noNavigationApi]]) {
    test(`an event of the site's own belongs to the view in which it was tracked (by ${api})`, async (t) => {
      const { page, settled, noise } = await stage(t, { init, pages: { "/": "<h1>App</h1>" } });
      const told = await page.evaluate(() => {
        const captured = () => window.chatvitals("stats").captured;
        window.chatvitals("track", "own", { n: 0 });
        const before = captured();
        window.chatvitals("track", "own", { n: 1 });
        const after = captured();
        history.pushState({}, "", "/a");
        window.chatvitals("track", "own", { n: 2 });
        return after - before;
      });
      assert.equal(told, 1, "whoever asks hears of it at once");
      const all = await settled(page);
      const events = all.filter((event) => event.type === "own").sort((a, b) => a.properties.n - b.properties.n);
      assert.deepEqual(paths(events), ["/", "/", "/a"]);
      assert.deepEqual(events.map(({ id }) => id), events.map(({ id }) => id).sort(), "ids are in the order of the calls");
      assert.deepEqual(noise, []);
    });

    test(`routes are views once each: push, replace, pop (by ${api})`, async (t) => {
      const { page, site, settled, received, noise } = await stage(t, { init, pages: { "/": "<h1>App</h1>" } });
      await page.evaluate(() => {
        history.pushState({}, "", "/a");
        // Frameworks say it twice, and once more by replacing it.
        history.pushState({}, "", "/a");
        history.replaceState({ key: 1 }, "", "/a");
        document.title = "A, set late";
      });
      await received("page_view", 2);
      await page.evaluate(() => {
        history.replaceState({}, "", "/a?typed=k");
        history.replaceState({}, "", "/a?typed=ki");
        history.pushState({}, "", "/b#part");
        location.hash = "other";
        document.title = "B";
      });
      await received("page_view", 3);
      await page.evaluate(() => history.replaceState({}, "", "/c"));
      await received("page_view", 4);
      await page.evaluate(() => new Promise((done) => {
        addEventListener("popstate", done, { once: true });
        history.go(-2);
      }));
      await received("page_view", 5);
      const views = (await settled(page)).filter((event) => event.type === "page_view");
      assert.deepEqual(paths(views), ["/", "/a", "/b", "/c", "/a"]);
      assert.deepEqual(how(views), ["navigate", "push", "push", "replace", "pop"]);
      assert.equal(views[1].properties.title, "A, set late");
      assert.deepEqual(views.slice(1).map((view) => view.properties.referrer), ["/", "/a", "/b", "/c"].map((path) => site.url + path));
      assert.equal(new Set(views.map((view) => view.viewId)).size, 5);
      assert.deepEqual(noise, []);
    });
  }

  test("fragments are routes only when the site says so", async (t) => {
    const { page, received, settled } = await stage(t, { attributes: `data-page='{"hashRoutes":true}'`, pages: { "/": "<h1>App</h1>" } });
    await page.evaluate(() => (location.hash = "#/cart?coupon=secret"));
    const views = await received("page_view", 2);
    assert.deepEqual(paths(views), ["/", "/#/cart"]);
    const all = JSON.stringify(await settled(page));
    assert.ok(!all.includes("secret"), "what follows the route stays here");
  });

  test("every view is left once, with its own attention, by a route and by leaving the page", async (t) => {
    const { page, received } = await stage(t);
    await page.mouse.move(50, 50);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    await page.evaluate(() => history.pushState({}, "", "/second"));
    const [left] = await received("page_leave");
    assert.equal(left.path, "/");
    assert.ok(left.properties.engagedMs >= 300 && left.properties.engagedMs <= left.properties.visibleMs, JSON.stringify(left.properties));
    assert.ok(left.properties.visibleMs < 5_000);
    // Firefox loses some beacons of a tab that is closed, whoever sends them; what was seen went out when it was hidden.
    await (browser === "firefox" ? page.goto("about:blank") : page.close());
    const leaves = await received("page_leave", 2);
    assert.deepEqual(paths(leaves), ["/", "/second"]);
    assert.ok(leaves[1].properties.visibleMs < left.properties.visibleMs + 5_000);
    assert.equal(new Set(leaves.map((leave) => leave.viewId)).size, 2);
  });

  test("a page that is hidden says so far, and once", async (t) => {
    const { page, received, settled, newTab } = await stage(t);
    await page.mouse.move(50, 50);
    const other = await newTab("about:blank").catch(() => newTab(null));
    await other.bringToFront();
    await page.evaluate(() => {
      // Where the browser keeps a headless tab visible, the page is told what a real one is told.
      if (document.visibilityState === "visible") {
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }
      document.dispatchEvent(new Event("visibilitychange"));
    });
    const [beat] = await received("page_engagement");
    assert.ok(beat.properties.visibleMs > 0 && beat.properties.maxScrollPercent === 100, JSON.stringify(beat.properties));
    const all = await settled(page);
    assert.equal(all.filter((event) => event.type === "page_engagement").length, 1, "nothing new, nothing said");
  });

  test("a tab in the background is engaged with only once it is looked at", async (t) => {
    const { page, received, settled } = await stage(t, {
      init: () => {
        Object.defineProperty(document, "visibilityState", { get: () => (window.shown ? "visible" : "hidden") });
        document.hasFocus = () => !!window.focused;
      },
    });
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    await page.evaluate(() => history.pushState({}, "", "/two"));
    const [hidden] = await received("page_leave");
    assert.deepEqual([hidden.properties.engagedMs, hidden.properties.visibleMs], [0, 0]);
    await page.evaluate(() => {
      window.shown = true;
      document.dispatchEvent(new Event("visibilitychange"));
      return new Promise((done) => setTimeout(done, 300));
    });
    await page.evaluate(() => history.pushState({}, "", "/three"));
    const [, visible] = await received("page_leave", 2);
    assert.equal(visible.properties.engagedMs, 0, "visible, but the focus is elsewhere");
    assert.ok(visible.properties.visibleMs >= 250);
    await page.evaluate(() => {
      window.focused = true;
      window.dispatchEvent(new Event("focus"));
      return new Promise((done) => setTimeout(done, 300));
    });
    await page.evaluate(() => history.pushState({}, "", "/four"));
    const [, , engaged] = await received("page_leave", 3);
    assert.ok(engaged.properties.engagedMs >= 200, JSON.stringify(engaged.properties));
    await settled(page);
  });

  test("a view by hand says what it is told", async (t) => {
    const { page, site, received } = await stage(t, { attributes: `data-page='{"views":false}'` });
    await page.evaluate(() => window.chatvitals("page", { path: "/wizard/2", title: "Step 2", url: location.href + "?q=1" }));
    const [view] = await received("page_view");
    assert.deepEqual([view.path, view.properties.path, view.properties.title, view.properties.navigationType], ["/wizard/2", "/wizard/2", "Step 2", "manual"]);
    assert.equal(view.properties.url, `${site.url}/`);
  });

  test("a page brought back from the back/forward cache is a new view", async (t) => {
    const { page, site, received, noise } = await stage(t, { pages: { "/": '<a href="/away">away</a>', "/away": "<!doctype html><title>away</title><link rel=icon href=data:,>gone" } });
    await page.evaluate(() => (window.kept = true));
    await Promise.all([page.waitForNavigation(), page.click("a")]);
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => location.pathname === "/" && document.readyState === "complete");
    const restored = await page.evaluate(() => window.kept === true);
    if (!restored) {
      const why = await page.evaluate(() => JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons ?? null));
      assert.equal(browser, "firefox", `not restored: ${why}`);
      return t.skip("Firefox did not keep the page: while it is remote-controlled it does not always");
    }
    const views = await received("page_view", 2);
    assert.deepEqual(how(views), ["navigate", "back-forward-cache"]);
    assert.deepEqual(paths(views), ["/", "/"]);
    assert.notEqual(views[0].viewId, views[1].viewId);
    assert.equal(views[0].sessionId, views[1].sessionId);
    assert.equal(views[1].properties.referrer, undefined, `the page's own, not ${site.url}`);
    assert.equal((await received("page_leave")).length, 1);
    assert.deepEqual(noise, []);
  });

  test("an answer that comes while the page is in the back/forward cache holds nothing up", async (t) => {
    const { page, site, received } = await stage(t, { pages: { "/": '<a href="/away">away</a>', "/away": "<!doctype html><title>away</title><link rel=icon href=data:,>gone" } });
    await received("page_view");
    await page.evaluate(() => (window.kept = true));
    let release, asked;
    const held = new Promise((resolve) => (release = resolve));
    const isHeld = new Promise((resolve) => (asked = resolve));
    site.before = (req, res, path) => path === "/api/events" && (asked(), held.then(() => false));
    t.after(release);
    await page.evaluate(() => window.chatvitals("track", "one"));
    await isHeld;
    await Promise.all([page.waitForNavigation(), page.click("a")]);
    release();
    await received("one");
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => location.pathname === "/" && document.readyState === "complete");
    if (!(await page.evaluate(() => window.kept === true))) return t.skip("the browser did not keep the page: with a request in flight it need not");
    await page.evaluate(() => window.chatvitals("track", "two"));
    assert.equal((await received("two")).length, 1);
    assert.equal((await received("one")).length, 1);
  });

  test("a consent that was withdrawn while the page was in the back/forward cache is withdrawn there too", async (t) => {
    const { page, newTab, site, received, noise } = await stage(t, { pages: { "/": '<a href="/away">away</a>', "/away": "<!doctype html><title>away</title><link rel=icon href=data:,>gone" } });
    await received("page_view");
    const other = await newTab();
    await page.bringToFront();
    await page.evaluate(() => (window.kept = true));
    await Promise.all([page.waitForNavigation(), page.click("a")]);
    await other.evaluate(() => window.chatvitals("setConsent", "none"));
    const told = site.requests.filter(({ path }) => path === "/api/events").length;
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => location.pathname === "/" && document.readyState === "complete");
    if (!(await page.evaluate(() => window.kept === true))) {
      assert.equal(browser, "firefox", "not restored");
      return t.skip("Firefox did not keep the page: while it is remote-controlled it does not always");
    }
    await page.evaluate(() => window.chatvitals("track", "never"));
    await page.evaluate(() => window.chatvitals("flush"));
    const { dropped, waiting } = await page.evaluate(() => window.chatvitals("stats"));
    assert.ok(dropped.consent > 0);
    assert.equal(waiting, 0);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    await page.evaluate(() => fetch("/away").then((marker) => marker.text()));
    assert.equal(site.requests.filter(({ path }) => path === "/api/events").length, told);
    // Given again here, another visit begins.
    await page.evaluate(() => window.chatvitals("setConsent", "all"));
    await page.evaluate(() => window.chatvitals("track", "again"));
    const [again] = await received("again");
    assert.notEqual(again.sessionId, (await received("page_view"))[0].sessionId);
    assert.deepEqual(noise, []);
  });
});

inBrowsers("prerendered pages", (stage) => {
  const rules = (path) => `<!doctype html><title>from</title><a href="${path}">on</a><script type="speculationrules">{"prerender":[{"source":"list","urls":["${path}"],"eagerness":"immediate"}]}</script>`;

  test("say nothing before they are activated, and one view then", async (t) => {
    const { page, collector, site, received } = await stage(t, { open: null, pages: { "/from": rules("/to"), "/to": "<h1>To</h1>" } }).then(async (set) => ({ ...set, page: await set.newTab(null) }));
    await page.goto(`${site.url}/from`);
    await collector.waitFor(() => site.requests.some((request) => request.path === "/chatvitals_bg.wasm"), "the prerendered page loads its tracker");
    // Long enough for it to have said something, had it started: events leave after 50 ms.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    assert.deepEqual(await collector.events(), []);
    await Promise.all([page.waitForNavigation().catch(() => {}), page.click("a")]);
    const views = await received("page_view");
    assert.deepEqual(how(views), ["prerender"]);
    assert.equal(views[0].properties.referrer, `${site.url}/from`);
  });

  test("say nothing at all when they never are", async (t) => {
    const set = await stage(t, { open: null, pages: { "/from": rules("/to"), "/to": "<h1>To</h1>", "/else": "<h1>Else</h1>" } });
    const page = await set.newTab(null);
    await page.goto(`${set.site.url}/from`);
    await set.collector.waitFor(() => set.site.requests.some((request) => request.path === "/chatvitals_bg.wasm"), "the prerendered page loads its tracker");
    await set.go(page, "/else");
    const all = await set.settled(page);
    assert.deepEqual([...new Set(all.map((event) => event.path))], ["/else"]);
  });
}, { only: ["chromium"] });
