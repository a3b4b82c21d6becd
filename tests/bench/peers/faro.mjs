export default {
  name: "Grafana Faro",
  package: "@grafana/faro-web-sdk",
  entry: `
    import { getWebInstrumentations, initializeFaro } from "@grafana/faro-web-sdk";
    const faro = initializeFaro({
      url: location.origin + "/collect",
      app: { name: "bench", version: "1.0.0" },
      instrumentations: getWebInstrumentations({ captureConsole: false }),
      sessionTracking: { enabled: true, samplingRate: 1 },
    });
    // Attributes are strings there.
    const text = (properties) => Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]));
    window.bench = { ready: true, track: (name, properties) => faro.api.pushEvent(name, text(properties)) };`,
  probes: (text) => (JSON.parse(text).events ?? []).filter((event) => event.name === "probe").map((event) => Number(event.attributes.n)),
};
