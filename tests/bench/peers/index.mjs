// Everyone in the table. A peer is:
//   name, package      what it is called there, and the npm package whose version is shown
//   entry              source of the application that uses it; esbuild makes one file of it. It sets `bench.track(name, properties)`
//   vendored           instead of package: one file of a package [name, version, file, sha256]; the entry follows it
//   debugging          what of its source its own build leaves out
//   ships              instead of package and entry: it is the package built here
//   tag, ready         what stands in the page's head; what to await in the page before it tracks (an expression)
//   settings(path)     JSON it asks its server for, if any
//   answer             JSON without which it takes events for refused; all others are answered 204
//   probes(text, url)  the numbers `n` of the probes in one request's body
//   note               what it has no counterpart for
import amplitude from "./amplitude.mjs";
import blank from "./blank.mjs";
import boomerang from "./boomerang.mjs";
import chatvitals from "./chatvitals.mjs";
import datadog from "./datadog.mjs";
import elastic from "./elastic.mjs";
import faro from "./faro.mjs";
import mixpanel from "./mixpanel.mjs";
import opentelemetry from "./opentelemetry.mjs";
import plausible from "./plausible.mjs";
import posthog from "./posthog.mjs";
import rudderstack from "./rudderstack.mjs";
import segment from "./segment.mjs";
import sentry from "./sentry.mjs";
import snowplow from "./snowplow.mjs";
import umami from "./umami.mjs";
import webVitals from "./web-vitals.mjs";

const BUNDLED = { tag: '<script async src="/bench.js"></script>', ready: "window.bench.ready" };
const all = { blank, chatvitals, posthog, datadog, faro, sentry, segment, mixpanel, amplitude, snowplow, opentelemetry, elastic, rudderstack, boomerang, plausible, umami, "web-vitals": webVitals };

/** Those named, or all; the blank page is always among them, because everything is measured above it. */
export function peers(only) {
  const unknown = only?.filter((id) => !(id in all)) ?? [];
  if (unknown.length > 0) throw new Error(`--only knows ${Object.keys(all).join(", ")}; was given ${unknown.join(", ")}`);
  const wanted = Object.entries(all).filter(([id]) => id === "blank" || !only || only.includes(id));
  return wanted.map(([id, peer]) => ({ id, ...(peer.entry && BUNDLED), ...peer }));
}
