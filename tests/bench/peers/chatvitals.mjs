/** The script tag as a website owner writes it, with everything it does by default. */
export default {
  name: "ChatVitals",
  ships: true,
  tag: '<script async src="/chatvitals.js" data-endpoint="/api/events"></script>',
  ready: `(async () => {
    // The tag's file only begins; the tracker comes with the shell.
    while (!window.chatvitals.tracker) await new Promise((resolve) => setTimeout(resolve, 10));
    await window.chatvitals.tracker.ready;
    window.bench = { track: (name, properties) => window.chatvitals("track", name, properties) };
  })()`,
  probes: (text) => JSON.parse(text).events.filter((event) => event.type === "probe").map((event) => event.properties.n),
};
