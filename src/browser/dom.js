// The part of the browser room that would cost too much piece by piece: high-rate signals are coalesced here, and what
// is read of an element leaves as one JSON string. No rule lives here; Rust decides what any of it means.

const LISTEN = { capture: true, passive: true };

// Calls back at most once per `ms`, however often the events fire: `leading` at the first, otherwise after the last.
function coalesced(target, types, ms, leading, callback) {
  let timer = 0;
  const listener = () => {
    if (timer) return;
    if (leading) callback();
    timer = setTimeout(() => {
      timer = 0;
      if (!leading) callback();
    }, ms);
  };
  for (const type of types) target.addEventListener(type, listener, LISTEN);
  return () => {
    clearTimeout(timer);
    for (const type of types) target.removeEventListener(type, listener, LISTEN);
  };
}

// The visitor moved, typed, touched or scrolled: at most one call a second.
export function watchActivity(callback) {
  return coalesced(window, ["pointermove", "pointerdown", "keydown", "wheel", "scroll", "touchstart"], 1000, true, callback);
}

// Scrolling came to rest for a moment. The layout is read by `scrollExtent`, outside the scroll handler.
export function watchScroll(callback) {
  return coalesced(window, ["scroll"], 150, false, callback);
}

// [top, viewport, height] of the page, CSS px.
export function scrollExtent() {
  const root = document.scrollingElement || document.documentElement;
  return root ? [root.scrollTop, window.innerHeight, root.scrollHeight] : [];
}

// How the page was loaded, in the words of web-vitals.
export function navigationType() {
  const entry = performance.getEntriesByType?.("navigation")[0];
  if (document.prerendering || entry?.activationStart > 0) return "prerender";
  if (document.wasDiscarded) return "restore";
  return entry?.type ? entry.type.replace(/_/g, "-") : "navigate";
}

// Calls back with "push", "replace", "pop" or "hash" after the address changed. The Navigation API tells without
// touching the page's history object; only where it is missing are pushState and replaceState wrapped.
export function watchRoutes(callback) {
  const off = [];
  const on = (target, type, listener) => {
    target.addEventListener(type, listener);
    off.push(() => target.removeEventListener(type, listener));
  };
  if (window.navigation?.addEventListener) {
    on(window.navigation, "currententrychange", (event) => {
      const type = event.navigationType;
      if (type) callback(type === "traverse" ? "pop" : type);
    });
  } else {
    for (const [method, type] of [["pushState", "push"], ["replaceState", "replace"]]) {
      const original = history[method];
      if (typeof original !== "function") continue;
      let active = true;
      const wrapped = function () {
        const result = original.apply(this, arguments);
        if (active) callback(type);
        return result;
      };
      try {
        history[method] = wrapped;
      } catch {
        continue; // A frozen history: its pushes go unseen, pops and hashes do not.
      }
      off.push(() => {
        active = false;
        if (history[method] === wrapped) history[method] = original;
      });
    }
    on(window, "popstate", () => callback("pop"));
  }
  on(window, "hashchange", () => callback("hash"));
  return () => off.forEach((undo) => undo());
}

const INTERACTIVE = "a,button,input,select,textarea,summary,label,[role],[data-cv-cta],[data-cv-event],[onclick],[tabindex]";

// A short path that survives re-rendering: an id or test id where there is one, otherwise tag and place, upwards.
function selector(element) {
  const parts = [];
  for (let at = element; at && parts.length < 5; at = at.parentElement) {
    const tag = at.localName;
    const mark = at.getAttribute("data-testid");
    // Ids with several digits are made by frameworks and differ on the next page load.
    if (mark || (at.id && !/\d{3}|:/.test(at.id))) {
      parts.unshift(mark ? `${tag}[data-testid="${mark}"]` : `${tag}#${at.id}`);
      break;
    }
    let place = 1;
    for (let before = at.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.localName === tag) place++;
    }
    parts.unshift(tag === "body" || tag === "html" ? tag : `${tag}:nth-of-type(${place})`);
    if (tag === "body") break;
  }
  return parts.join(">");
}

// What a click hit, as JSON; undefined when it is to be ignored.
export function describeClick(event) {
  const path = event.composedPath ? event.composedPath() : [event.target];
  let target = path[0];
  if (!(target instanceof Element)) return;
  const find = (css) => path.find((node) => node instanceof Element && node.matches(css));
  if (find("[data-cv-ignore]")) return;
  target = find(INTERACTIVE) || target;
  const link = find("a[href],area[href]");
  const mark = find("[data-cv-event]");
  const properties = {};
  for (const name in mark ? mark.dataset : {}) {
    if (/^cv[A-Z]/.test(name) && name !== "cvEvent") properties[name[2].toLowerCase() + name.slice(3)] = mark.dataset[name];
  }
  return JSON.stringify({
    selector: selector(target),
    tag: target.localName,
    role: target.getAttribute("role") || "",
    x: Math.round(event.clientX),
    y: Math.round(event.clientY),
    text: (target.textContent || "").trim().replace(/\s+/g, " ").slice(0, 200),
    href: link ? link.href?.baseVal ?? link.href : "",
    download: !!link && link.hasAttribute("download"),
    cta: find("[data-cv-cta]")?.getAttribute("data-cv-cta") || "",
    event: mark?.getAttribute("data-cv-event") || "",
    properties,
  });
}
