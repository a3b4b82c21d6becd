// What can be read of the page at any moment, as text for Rust.

// The address that calls were made under which the shell replays.
let past = "";
export function pretend(url) {
  past = url;
}

function href() {
  return past || location.href;
}

// Where we are and where we came from; the query decoded.
function address() {
  return JSON.stringify({ url: href(), referrer: document.referrer, query: queryOf(href()) });
}

const queryOf = (url) => {
  try {
    return Object.fromEntries(new URL(url).searchParams);
  } catch {
    return {};
  }
};

function title() {
  return document.title;
}

// How the page was loaded, in the words of web-vitals.
function navigationType() {
  const entry = performance.getEntriesByType?.("navigation")[0];
  if (document.prerendering || entry?.activationStart > 0) return "prerender";
  if (document.wasDiscarded) return "restore";
  return entry?.type ? entry.type.replace(/_/g, "-") : "navigate";
}

// [top, viewport, height] of what scrolls, CSS px: the container the site named, or the page, or, where the page itself
// cannot scroll, what does at the middle of the window.
function scrollExtent(container) {
  let root = document.scrollingElement || document.documentElement;
  let height = innerHeight;
  let at = container && document.querySelector(container);
  if (!at && root.scrollHeight <= height) {
    at = document.elementFromPoint(innerWidth / 2, height / 2);
    while (at && at !== root && !(at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY))) {
      at = at.parentElement;
    }
  }
  if (at && at !== root) {
    root = at;
    height = at.clientHeight;
  }
  return JSON.stringify([root.scrollTop, height, root.scrollHeight]);
}

// It does not change while a page is open. Intl takes longer over the first question than all the rest of the start
// together; Temporal, where there is one, a fiftieth of that.
let timeZone;
const askTimeZone = () => globalThis.Temporal?.Now?.timeZoneId?.() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

const media = (query) => matchMedia(`(${query})`).matches;

// What device this is, as far as every page may know: nothing high-entropy, nothing drawn, nothing probed.
function device() {
  const { userAgent: agent, userAgentData: hints, connection, language, maxTouchPoints } = navigator;
  const mobile = hints?.mobile ?? /Mobi/.test(agent);
  const tablet = /iPad|Tablet|PlayBook|Silk/.test(agent) || (/Android/.test(agent) && !mobile) || (/Macintosh/.test(agent) && maxTouchPoints > 1);
  const brand = hints?.brands.find(({ brand }) => !/Not.?A|Chromium/.test(brand)) ?? hints?.brands.find(({ brand }) => brand === "Chromium");
  const named = /(Firefox|Edg|OPR|SamsungBrowser|Chrome)\/(\d+)/.exec(agent) ?? /() Version\/(\d+).* Safari/.exec(agent);
  return JSON.stringify({
    class: tablet ? "tablet" : mobile ? "mobile" : /TV\b/.test(agent) ? "tv" : "desktop",
    browser: brand?.brand ?? (named && (named[1] || "Safari")),
    browserVersion: brand?.version ?? named?.[2],
    platform: hints?.platform || (/Android|iPhone|iPad|Windows|Mac|CrOS/.exec(agent) ?? /Linux/.exec(agent))?.[0],
    language,
    timeZone: (timeZone ??= askTimeZone()),
    viewport: { width: innerWidth, height: innerHeight },
    screen: { width: screen.width, height: screen.height },
    pixelRatio: devicePixelRatio,
    touch: maxTouchPoints > 0,
    connection: connection?.effectiveType,
    saveData: connection?.saveData,
    colorScheme: media("prefers-color-scheme:dark") ? "dark" : "light",
    reducedMotion: media("prefers-reduced-motion:reduce"),
    moreContrast: media("prefers-contrast:more"),
  });
}

// By the numbers that page.rs knows too.
const READ = [href, address, title, navigationType, device, scrollExtent];

export const read = (what, container) => READ[what](container);
