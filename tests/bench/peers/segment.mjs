export default {
  name: "Segment",
  package: "@segment/analytics-next",
  note: "no clicks, no vitals",
  entry: `
    import { AnalyticsBrowser } from "@segment/analytics-next";
    const analytics = AnalyticsBrowser.load({ writeKey: "bench", cdnURL: location.origin + "/cdn" });
    analytics.page();
    window.bench = { ready: analytics.ready().then(() => true), track: (name, properties) => void analytics.track(name, properties) };`,
  settings: (path, host) =>
    path.endsWith("/settings") ? { integrations: { "Segment.io": { apiKey: "bench", apiHost: `${host}/v1`, protocol: "http" } } } : undefined,
  probes(text) {
    const body = JSON.parse(text);
    return (body.batch ?? [body]).filter((one) => one.event === "probe").map((one) => one.properties.n);
  },
};
