export default {
  name: "Umami",
  note: "one request per event; no sessions of its own, no vitals; clicks only where marked",
  // npm has the script as a source file inside the whole server application.
  vendored: ["umami", "2.10.0", "src/tracker/index.js", "eb8ec1e5fd41f1937b3a6a0df92be46f97ca8bfc3baacaa5f70159d5e0df50d1"],
  entry: `window.bench = { ready: true, track: (name, properties) => void window.umami.track(name, properties) };`,
  tag: '<script async src="/bench.js" data-website-id="bench" data-host-url="/"></script>',
  probes(text) {
    const { name, data } = JSON.parse(text).payload;
    return name === "probe" ? [data.n] : [];
  },
};
