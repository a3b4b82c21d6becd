export default {
  name: "Datadog RUM",
  package: "@datadog/browser-rum",
  entry: `
    import { datadogRum } from "@datadog/browser-rum";
    datadogRum.init({
      applicationId: "00000000-0000-4000-8000-000000000000",
      clientToken: "bench",
      site: "datadoghq.com",
      service: "bench",
      proxy: location.origin + "/rum",
      sessionSampleRate: 100,
      sessionReplaySampleRate: 0,
      trackUserInteractions: true,
      trackResources: true,
      trackLongTasks: true,
    });
    window.bench = { ready: true, track: (name, properties) => datadogRum.addAction(name, properties) };`,
  probes(text) {
    const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    return lines.filter((line) => line.type === "action" && line.action.target?.name === "probe").map((line) => line.context.n);
  },
};
