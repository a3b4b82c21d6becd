const unpack = (text) => {
  if (!text.startsWith("data=")) return JSON.parse(text);
  const data = decodeURIComponent(text.slice(5).split("&")[0].replaceAll("+", " "));
  return JSON.parse(/^[[{]/.test(data) ? data : Buffer.from(data, "base64").toString());
};

export default {
  name: "Mixpanel",
  package: "mixpanel-browser",
  note: "no vitals; the build without the recorder",
  entry: `
    import mixpanel from "mixpanel-browser/src/loaders/loader-module-core";
    mixpanel.init("bench", { api_host: location.origin, autocapture: true, track_pageview: true, persistence: "localStorage" });
    window.bench = { ready: true, track: (name, properties) => mixpanel.track(name, properties) };`,
  answer: '{"status":1,"error":null}',
  probes(text, url) {
    if (!url.startsWith("/track")) return [];
    const body = unpack(text);
    return (Array.isArray(body) ? body : [body]).filter(({ event }) => event === "probe").map(({ properties }) => properties.n);
  },
};
