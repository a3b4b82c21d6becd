/** Google's library alone: it measures and sends nothing, so it stands for what measuring costs. */
export default {
  name: "web-vitals (library only)",
  package: "web-vitals",
  entry: `
    import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
    const seen = [];
    for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on((metric) => seen.push(metric));
    window.bench = { ready: true, seen };`,
};
