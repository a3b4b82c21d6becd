const PLUGINS = ["continuity", "auto-xhr", "spa", "history", "rt", "painttiming", "navtiming", "restiming", "mobile", "memory", "errors", "eventtiming", "bfcache"];

export default {
  name: "Boomerang",
  package: "boomerangjs",
  note: "a beacon per page, no events of the site's own; 13 of its plugins, without its blocks for debugging",
  debugging: /\/\* BEGIN_DEBUG \*\/[^]*?\/\* END_DEBUG \*\//g,
  entry: `
    import "boomerangjs/boomerang.js";
    ${PLUGINS.map((name) => `import "boomerangjs/plugins/${name}.js";`).join("\n")}
    window.BOOMR.init({ beacon_url: location.origin + "/beacon", Continuity: { enabled: true }, History: { enabled: true, auto: true }, instrument_xhr: true, autorun: true });
    window.bench = { ready: true };`,
};
