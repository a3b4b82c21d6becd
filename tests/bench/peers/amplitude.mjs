export default {
  name: "Amplitude",
  package: "@amplitude/analytics-browser",
  entry: `
    import * as amplitude from "@amplitude/analytics-browser";
    const { promise } = amplitude.init("bench", {
      serverUrl: location.origin + "/2/httpapi",
      fetchRemoteConfig: false,
      autocapture: { pageViews: true, sessions: true, elementInteractions: true, webVitals: true },
    });
    window.bench = { ready: promise.then(() => true), track: (name, properties) => void amplitude.track(name, properties) };`,
  answer: '{"code":200}',
  probes: (text) => (JSON.parse(text).events ?? []).filter((event) => event.event_type === "probe").map((event) => event.event_properties.n),
};
