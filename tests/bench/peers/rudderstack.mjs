export default {
  name: "RudderStack",
  package: "@rudderstack/analytics-js",
  note: "no clicks, no vitals; the build with its plugins, which are loaded from elsewhere otherwise",
  entry: `
    import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";
    const rudder = new RudderAnalytics();
    const source = { id: "bench", name: "bench", writeKey: "bench", enabled: true, workspaceId: "bench", config: {}, connections: [], destinations: [] };
    rudder.load("bench", location.origin, { getSourceConfig: () => ({ source }) });
    rudder.page();
    window.bench = { ready: new Promise((resolve) => rudder.ready(() => resolve(true))), track: (name, properties) => rudder.track(name, properties) };`,
  probes(text) {
    const { event, properties, batch } = JSON.parse(text);
    return (batch ?? [{ event, properties }]).filter((one) => one.event === "probe").map((one) => one.properties.n);
  },
};
