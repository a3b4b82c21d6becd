const unpack = (text) => JSON.parse(text.startsWith("data=") ? Buffer.from(decodeURIComponent(text.slice(5)), "base64").toString() : text);

export default {
  name: "PostHog",
  package: "posthog-js",
  entry: `
    import posthog from "posthog-js";
    import "posthog-js/dist/web-vitals";
    const ready = new Promise((loaded) => posthog.init("phc_bench", {
      api_host: location.origin,
      advanced_disable_flags: true,
      disable_session_recording: true,
      disable_surveys: true,
      capture_pageview: true,
      capture_pageleave: true,
      capture_performance: { web_vitals: true, web_vitals_attribution: false },
      // By itself it drops what comes faster than 10 a second; 1,000 events would never arrive.
      rate_limiting: { events_per_second: 1000, events_burst_limit: 10_000 },
      loaded,
    }));
    window.bench = { ready: ready.then(() => true), track: (name, properties) => posthog.capture(name, properties) };`,
  settings: (path) => (path.endsWith("/config") ? { supportedCompression: ["gzip", "gzip-js"], capturePerformance: { web_vitals: true } } : undefined),
  probes(text) {
    const body = unpack(text);
    const events = Array.isArray(body) ? body : (body.batch ?? [body]);
    return events.filter(({ event }) => event === "probe").map(({ properties }) => properties.n);
  },
};
