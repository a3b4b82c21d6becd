// The page is the page's: it behaves the same with the tracker, whatever it did to the browser's objects, and after a
// shutdown nothing of the tracker is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers } from "./lib/stage.mjs";
import { page as html } from "./lib/site.mjs";
import { SOON } from "./lib/stage.mjs";

const noNavigationApi = () => Object.defineProperty(window, "navigation", { value: undefined });
const paths = (events) => events.filter((event) => event.type === "page_view").map((event) => event.path);

/** Keeps account of every listener, timer and observer there is, by what they are. */
function account() {
  const live = (window.live = new Map());
  const began = (key, what) => live.set(key, what);
  const keys = new WeakMap();
  let next = 0;
  const keyOf = (object) => keys.get(object) ?? (keys.set(object, ++next), next);
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  window.types = new Set();
  const capture = (options) => (typeof options === "object" && options ? !!options.capture : !!options);
  const key = (target, type, listener, options) => ["listener", keyOf(target), type, keyOf(listener), capture(options)].join();
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    window.types.add(type);
    if (listener && !options?.signal && !options?.once) began(key(this ?? window, type, listener, options), `listener ${type}`);
    return addEventListener.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (listener) live.delete(key(this ?? window, type, listener, options));
    return removeEventListener.call(this, type, listener, options);
  };
  for (const [set, clear, repeats] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval", true], ["requestAnimationFrame", "cancelAnimationFrame"], ["requestIdleCallback", "cancelIdleCallback"]]) {
    const [start, stop] = [window[set], window[clear]];
    if (!start) continue;
    window[set] = (act, ...rest) => {
      const id = start.call(window, (...args) => {
        if (!repeats) live.delete(set + id);
        return act(...args);
      }, ...rest);
      began(set + id, set);
      return id;
    };
    window[clear] = (id) => {
      live.delete(set + id);
      return stop.call(window, id);
    };
  }
  for (const name of ["MutationObserver", "IntersectionObserver", "PerformanceObserver", "ResizeObserver"]) {
    const { observe, disconnect } = window[name].prototype;
    window[name].prototype.observe = function (...args) {
      began(name + keyOf(this), name);
      return observe.apply(this, args);
    };
    window[name].prototype.disconnect = function () {
      live.delete(name + keyOf(this));
      return disconnect.call(this);
    };
  }
}

inBrowsers("coexistence", (stage) => {
  for (const [api, init] of [["the Navigation API", () => {}], ["a wrapped history", noNavigationApi]]) {
    test(`shutdown leaves no listener, timer or observer behind (with ${api})`, async (t) => {
      const { page, received, noise } = await stage(t, {
        init: `(${account})();(${init})()`,
        pages: { "/": '<button data-cv-impression="b">x</button><div style="height:3000px"></div>' },
      });
      // Everything that starts something is done first: pressing, scrolling, routes, errors, chats, impressions.
      await page.click("button");
      await page.mouse.move(5, 5);
      await page.evaluate(() => {
        scrollTo(0, 900);
        history.pushState({}, "", "/next");
        window.chatvitals("observe", document.body, "body");
        window.chatvitals("chat").submit({ text: "x" });
        document.body.append("changed");
      });
      await received("page_view", 2);
      const before = await page.evaluate(() => [...window.live.values()]);
      for (const needed of ["listener click", "listener pagehide", "setInterval", "MutationObserver", "IntersectionObserver"]) assert.ok(before.includes(needed), `the account misses ${needed}`);
      await page.evaluate(() => {
        window.chatvitals("shutdown");
        // What was under way when it was asked to stop, such as a request, may come back; it must start nothing.
        return new Promise((done) => setTimeout(done, 1500));
      });
      assert.deepEqual(await page.evaluate(() => [...window.live.values()]), []);
      assert.equal(await page.evaluate(() => Object.hasOwn(history, "pushState") || Object.hasOwn(history, "replaceState")), false);
      assert.deepEqual(await page.evaluate(() => [...window.types].filter((type) => /unload/.test(type))), []);
      assert.deepEqual(noise, []);
    });
  }

  test("a wrapped history looks and throws like the browser's own", async (t) => {
    const { page, received, settled, noise } = await stage(t, { init: noNavigationApi });
    const seen = await page.evaluate(() => {
      const own = document.createElement("iframe");
      document.body.append(own);
      const real = own.contentWindow.history.pushState;
      let thrown;
      try {
        history.pushState({}, "", "https://elsewhere.example/");
      } catch (error) {
        thrown = error.name;
      }
      return [history.pushState.name === real.name, history.pushState.length === real.length, /native code/.test(history.pushState), thrown, history.pushState({}, "", "/ok") === undefined];
    });
    assert.deepEqual(seen, [true, true, true, "SecurityError", true]);
    await received("page_view", 2);
    assert.deepEqual(paths(await settled(page)), ["/", "/ok"]);
    assert.deepEqual(noise, []);
  });

  test("wrappers come and go in any order", async (t) => {
    const { page, received, settled, noise } = await stage(t, { init: noNavigationApi });
    await page.evaluate(() => {
      window.calls = [];
      const inner = history.pushState;
      const outer = function (...args) {
        window.calls.push(args[2]);
        return inner.apply(this, args);
      };
      history.pushState = outer;
      history.pushState({}, "", "/a");
      window.chatvitals("flush");
      window.restore = () => (history.pushState = inner);
      window.outer = outer;
    });
    await received("page_view", 2);
    const after = await page.evaluate(() => {
      window.chatvitals("shutdown");
      const kept = history.pushState === window.outer;
      history.pushState({}, "", "/b");
      window.restore();
      history.pushState({}, "", "/c");
      return [kept, window.calls, location.pathname];
    });
    assert.deepEqual(after, [true, ["/a", "/b"], "/c"]);
    assert.deepEqual(noise, []);
    void settled;
  });

  test("a frozen history is left alone, and the rest goes on", async (t) => {
    const { page, received, noise } = await stage(t, { init: `(${noNavigationApi})();Object.freeze(history)`, pages: { "/": "<button>x</button>" } });
    await page.click("button");
    await received("click");
    await page.evaluate(() => history.pushState({}, "", "/a"));
    assert.equal(await page.evaluate(() => location.pathname), "/a");
    await page.evaluate(() => history.back());
    await received("click");
    assert.deepEqual(noise, []);
  });

  test("a page that stops every event, and one that throws in its handlers, is heard and not changed", async (t) => {
    const { page, received } = await stage(t, {
      pages: { "/": `<button>x</button><script>
        for (const type of ["click", "scroll", "pointerdown"]) document.addEventListener(type, (event) => { event.stopImmediatePropagation(); (window.heard ??= []).push(type + event.defaultPrevented); }, true);
      </script>` },
    });
    await page.click("button");
    await received("page_view");
    assert.deepEqual(await page.evaluate(() => window.heard), ["pointerdownfalse", "clickfalse"]);
  });

  test("included twice, it is one tracker and one view", async (t) => {
    const { page, settled, received } = await stage(t, { pages: { "/": html('<script async src="/chatvitals.js" data-endpoint="/api/events"></script>', { attributes: SOON }) } });
    await received("page_view");
    assert.deepEqual(paths(await settled(page)), ["/"]);
  });
});
