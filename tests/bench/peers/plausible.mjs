export default {
  name: "Plausible",
  package: "@plausible-analytics/tracker",
  note: "sessions are made on its server; no vitals",
  entry: `
    import { init, track } from "@plausible-analytics/tracker";
    init({ domain: "bench.test", endpoint: location.origin + "/api/event", captureOnLocalhost: true, outboundLinks: true, fileDownloads: true, formSubmissions: true, logging: false });
    window.bench = { ready: true, track: (name, props) => track(name, { props }) };`,
  probes(text) {
    const { n: name, p: props } = JSON.parse(text);
    return name === "probe" ? [Number((typeof props === "string" ? JSON.parse(props) : props).n)] : [];
  },
};
