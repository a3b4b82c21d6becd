export default {
  name: "Elastic APM RUM",
  package: "@elastic/apm-rum",
  note: "no sessions; an event is a transaction, and the limit of 80 a minute is lifted",
  entry: `
    import { init } from "@elastic/apm-rum";
    const apm = init({ serviceName: "bench", serverUrl: location.origin, eventsLimit: 1_000_000, apiVersion: 3 });
    window.bench = {
      ready: true,
      track: (name, properties) => {
        // One without any duration is thrown away.
        const transaction = apm.startTransaction(name, "custom", { startTime: performance.now() - 1 });
        transaction.addLabels(properties);
        transaction.end();
      },
    };`,
  probes(text) {
    // Version 3 of its protocol: x is a transaction, n its name, c.g its labels.
    const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    return lines.filter((line) => line.x?.n === "probe").map((line) => Number(line.x.c.g.n));
  },
};
