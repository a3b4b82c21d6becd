export default {
  name: "Sentry",
  package: "@sentry/browser",
  note: "an event is a structured log, the only thing with properties that it sends in batches",
  entry: `
    import * as Sentry from "@sentry/browser";
    Sentry.init({
      dsn: location.protocol + "//bench@" + location.host + "/1",
      integrations: [Sentry.browserTracingIntegration()],
      tracesSampleRate: 1,
      enableLogs: true,
      release: "bench@1.0.0",
    });
    window.bench = { ready: true, track: (name, properties) => Sentry.logger.info(name, properties) };`,
  // An envelope: a header, then a header and a payload for each item, one per line.
  probes(text) {
    const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const logs = lines.slice(1).flatMap((line, index, rest) => (rest[index - 1]?.type === "log" ? line.items : []));
    return logs.filter((log) => log.body === "probe").map((log) => log.attributes.n.value);
  },
};
