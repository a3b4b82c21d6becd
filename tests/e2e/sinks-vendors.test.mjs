// The real SDKs, from npm, in real Chromium, against a local server: every event of the catalogue reaches each vendor's
// endpoint exactly once, whether the SDK is there before the tracker, comes after its stub, or comes late without one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { catalogue } from "./lib/catalogue.mjs";
import { launchChromium } from "./lib/chromium.mjs";
import { installed, openPage, startRecorder, startTracker, tellCatalogue } from "./lib/sink-page.mjs";
import { until } from "./lib/until.mjs";

const text = (request) => (request.headers["content-encoding"] === "gzip" || request.body[0] === 0x1f ? gunzipSync(request.body) : request.body).toString();
const json = (request) => JSON.parse(text(request));
const at = (path) => (request) => request.method === "POST" && request.path.startsWith(path);

/**
 * `lib`: the SDK's file. `init`: run in the page once it is loaded. `prepare`: run before it is loaded, when there is no
 * stub. `stub`: the vendor's documented stub, which keeps calls; it loads nothing by itself here. `read`: requests →
 * `[{id, name, at}]`, as the vendor's endpoint got them. `end`: makes the SDK send what it keeps.
 */
const VENDORS = {
  Segment: {
    sink: "sinks.segmentSink()",
    lib: "@segment/analytics-next/dist/umd/standalone.js",
    prepare: `window.analytics = Object.assign([], { _writeKey: "WK", _cdn: location.origin + "/segment-cdn" });`,
    stub: `window.analytics = [];
      analytics.factory = (method) => (...args) => { analytics.push([method, ...args]); return analytics; };
      for (const method of ["track", "page", "identify", "on", "ready"]) analytics[method] = analytics.factory(method);
      Object.assign(analytics, { invoked: true, methods: ["track", "page", "identify", "on", "ready"], _writeKey: "WK", _cdn: location.origin + "/segment-cdn" });`,
    answer: (request, site) =>
      request.path.startsWith("/segment-cdn") && { json: { integrations: { "Segment.io": { apiKey: "WK", apiHost: `${new URL(site.url).host}/segment/v1`, protocol: "http" } } } },
    read: (requests) => requests.filter(at("/segment/v1/t")).map(json).map((e) => ({ id: e.properties.eventId, name: e.event, at: e.timestamp, messageId: e.messageId })),
    also: (e, event) => assert.equal(e.messageId, event.id),
  },
  Mixpanel: {
    sink: "sinks.mixpanelSink()",
    lib: "mixpanel-browser/dist/mixpanel.umd.js",
    init: `mixpanel.init("TOKEN", { api_host: location.origin + "/mixpanel", batch_flush_interval_ms: 100, autocapture: false, track_pageview: false, ip: false });`,
    stubLib: "mixpanel-browser/dist/mixpanel.min.js",
    stub: async () =>
      `window.MIXPANEL_CUSTOM_LIB_URL = "data:text/javascript,";
      ${await readFile(installed("mixpanel-browser/dist/mixpanel-jslib-snippet.min.js"), "utf8")}
      mixpanel.init("TOKEN", { api_host: location.origin + "/mixpanel", batch_flush_interval_ms: 100, autocapture: false, track_pageview: false, ip: false });`,
    read: (requests) =>
      requests
        .filter(at("/mixpanel/track"))
        .flatMap((request) => {
          const data = new URLSearchParams(text(request)).get("data");
          return JSON.parse(data.startsWith("[") || data.startsWith("{") ? data : Buffer.from(data, "base64").toString());
        })
        .map((e) => ({ id: e.properties.$insert_id, name: e.event, at: new Date(Math.round(e.properties.time * 1000)).toISOString(), token: e.properties.token })),
    also: (e) => assert.equal(e.token, "TOKEN"),
  },
  Amplitude: {
    sink: `(await recipe("amplitude")).amplitudeSink()`,
    lib: "@amplitude/analytics-browser/lib/scripts/amplitude-min.js",
    init: `amplitude.init("KEY", { serverUrl: location.origin + "/amplitude", autocapture: false, fetchRemoteConfig: false, flushIntervalMillis: 100, minIdLength: 1 });`,
    stub: async () =>
      (await readFile(installed("@amplitude/analytics-browser/lib/scripts/amplitude-snippet-min.js"), "utf8"))
        .replace(/c\.integrity="[^"]*",/, "")
        .replace(/c\.src="[^"]*"/, 'c.src="data:text/javascript,"')
        .replace(/c\.onload=function\(\)\{[^}]*\}/, "c.onload=null"),
    answer: (request) => request.path.startsWith("/amplitude") && { json: { code: 200, events_ingested: 1, payload_size_bytes: 1, server_upload_time: 1 } },
    read: (requests) =>
      requests
        .filter(at("/amplitude"))
        .flatMap((request) => json(request).events)
        .filter((e) => !e.event_type.startsWith("$"))
        .map((e) => ({ id: e.insert_id, name: e.event_type, at: new Date(e.time).toISOString() })),
  },
  PostHog: {
    sink: `(await recipe("posthog")).posthogSink()`,
    lib: "posthog-js/dist/array.no-external.js",
    init: `posthog.init("KEY", { api_host: location.origin + "/posthog", autocapture: false, capture_pageview: false, capture_pageleave: false, advanced_disable_flags: true, opt_out_useragent_filter: true, disable_session_recording: true, disable_surveys: true, rate_limiting: { events_per_second: 1000, events_burst_limit: 5000 }, request_queue_config: { flush_interval_ms: 250 } });`,
    stub: `window.posthog = Object.assign([], { _i: [], __SV: 1 });
      posthog.capture = (...args) => posthog.push(["capture", ...args]);
      posthog.people = [];
      posthog.init = (token, config, name) => posthog._i.push([token, config, name]);`,
    stubInit: true,
    read: (requests) =>
      requests
        .filter(at("/posthog/"))
        .filter((request) => /\/(e|i\/v0\/e|batch)\/?$/.test(request.path))
        .flatMap((request) => {
          const body = text(request);
          const parsed = body.startsWith("data=") ? JSON.parse(Buffer.from(new URLSearchParams(body).get("data"), "base64").toString()) : JSON.parse(body);
          return parsed.batch ?? [parsed].flat();
        })
        .filter((e) => !e.event.startsWith("$"))
        .map((e) => ({ id: e.properties.eventId, name: e.event, at: new Date(e.timestamp).toISOString(), uuid: e.uuid })),
    also: (e, event) => assert.equal(e.uuid, event.id),
  },
  RudderStack: {
    sink: `(await recipe("rudderstack")).rudderstackSink()`,
    lib: "@rudderstack/analytics-js/dist/npm/legacy/bundled/umd/index.js",
    init: `window.rudderanalytics = new rudderanalytics.RudderAnalytics();
      rudderanalytics.load("WK", location.origin + "/rudder", { configUrl: location.origin + "/rudder-config", storage: { type: "memoryStorage" }, sessions: { autoTrack: false }, queueOptions: { minRetryDelay: 100, batch: { enabled: false } } });`,
    answer: (request) =>
      request.path.startsWith("/rudder-config") && {
        json: { source: { id: "s", name: "s", writeKey: "WK", enabled: true, workspaceId: "w", config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } }, destinations: [] }, updatedAt: "2026-01-01" },
      },
    read: (requests) => requests.filter(at("/rudder/v1/track")).map(json).map((e) => ({ id: e.properties.eventId, name: e.event, at: e.originalTimestamp })),
  },
  "Datadog RUM": {
    sink: `(await recipe("datadog-rum")).datadogRumSink()`,
    lib: "@datadog/browser-rum/bundle/datadog-rum.js",
    init: `DD_RUM.init({ applicationId: "a", clientToken: "t", site: "datadoghq.com", service: "s", sessionSampleRate: 100, trackUserInteractions: false, trackResources: false, trackLongTasks: false, proxy: location.origin + "/datadog", telemetrySampleRate: 0 });`,
    stub: `window.DD_RUM = { q: [], onReady(act) { this.q.push(act); } };`,
    read: (requests) =>
      requests
        .filter(at("/datadog"))
        .flatMap((request) => text(request).split("\n").filter(Boolean).map((line) => JSON.parse(line)))
        .filter((e) => e.type === "action")
        .map((e) => ({ id: e.context.eventId, name: e.action.target.name, at: e.context.timestamp })),
    // It sends every 30 s, and when the page is left; but begins, and keeps anything to send, only once it has its session.
    async end(page, site) {
      await page.waitForFunction(() => window.DD_RUM.getInternalContext());
      await page.goto(`${site.url}/elsewhere`);
    },
  },
  "OpenTelemetry SDK": {
    sink: `(await recipe("opentelemetry-tracer")).openTelemetrySink()`,
    lib: "bundled: otel",
    init: `otel.start(location.origin + "/otel/v1/traces");`,
    read: (requests) =>
      requests
        .filter(at("/otel/v1/traces"))
        .map(json)
        .flatMap((body) => body.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)))
        .map((span) => ({ id: span.attributes.find((a) => a.key === "eventId")?.value.stringValue, name: span.name, at: new Date(Number(BigInt(span.endTimeUnixNano) / 1000000n)).toISOString() }))
        .filter(({ id }) => id),
    // Turns that are under way end with the tracker.
    async end(page) {
      await page.evaluate(() => window.tracker.shutdown());
      return page.evaluate(() => window.tracker.events());
    },
  },
};

/** The OpenTelemetry SDK has no file for a script tag: bundled here, as an application would. */
async function bundleOtel() {
  const root = new URL("../../", import.meta.url).pathname;
  const bundle = (source, format) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        `${root}pkg-template/node_modules/.bin/esbuild`,
        ["--bundle", `--format=${format}`, "--log-level=error"],
        { cwd: `${root}tests`, maxBuffer: 1 << 26 },
        (error, out) => (error ? reject(error) : resolve(out)),
      );
      child.stdin.end(source);
    });
  const sdk = await bundle(
    `import { WebTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-web";
     import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
     window.otel = { start(url) {
       new WebTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url, concurrencyLimit: 1000 }))] }).register();
     } };`,
    "iife",
  );
  return { "bundled: otel": sdk, "/vendor/otel-api.js": await bundle(`export * from "@opentelemetry/api";`, "esm") };
}

describe("every event of the catalogue reaches the vendor once", { concurrency: false }, () => {
  let browser, bundles;
  before(async () => {
    [browser, bundles] = await Promise.all([launchChromium(), bundleOtel()]);
  });
  after(() => browser?.close());

  for (const [name, vendor] of Object.entries(VENDORS)) {
    const ways = vendor.stub ? ["before", "after its stub", "late"] : ["before", "late"];
    for (const way of ways) {
      test(`${name}, loaded ${way}`, async () => {
        const site = await startRecorder({
          answer: (request) => vendor.answer?.(request, site),
          pages: { "/vendor/otel-api.js": (_, res) => res.writeHead(200, { "content-type": "text/javascript" }).end(bundles["/vendor/otel-api.js"]) },
        });
        try {
          const { page, noise } = await openPage(browser, site);
          const isStub = way === "after its stub";
          const file = (isStub && vendor.stubLib) || vendor.lib;
          const run = (code) => page.addScriptTag({ content: code });
          const load = async () => {
            await run(bundles[file] ?? (await readFile(installed(file), "utf8")));
            if (vendor.init && !(isStub && (vendor.stubLib || vendor.stubInit))) await run(vendor.init);
          };
          if (isStub) {
            await run(typeof vendor.stub === "function" ? await vendor.stub() : vendor.stub);
            if (vendor.stubInit) await run(vendor.init);
          }
          if (way !== "late" && !isStub) {
            if (vendor.prepare) await run(vendor.prepare);
            await load();
          }
          await startTracker(page, vendor.sink);
          const told = await tellCatalogue(page);
          const types = new Set(told.map((event) => event.type));
          for (const [type] of catalogue) assert.ok(types.has(type), `${type} was not told`);
          if (way === "late") {
            // Some looks later; and the global has not been made meanwhile.
            await new Promise((resolve) => setTimeout(resolve, 600));
            assert.deepEqual(await page.evaluate(() => ["analytics", "mixpanel", "amplitude", "posthog", "rudderanalytics", "DD_RUM"].filter((name) => name in window)), []);
            if (vendor.prepare) await run(vendor.prepare);
            await load();
          } else if (isStub) {
            await load();
          }
          // What the sink still keeps is handed over before the page is left.
          let events = await page.evaluate(() => window.tracker.events());
          if (way === "late") await new Promise((resolve) => setTimeout(resolve, 600));
          const ended = await vendor.end?.(page, site);
          if (Array.isArray(ended)) events = ended;
          await until(
            () => new Set(vendor.read(site.received).map((e) => e.id)).size >= events.length,
            () => `${name}: ${events.filter((event) => !vendor.read(site.received).some((e) => e.id === event.id)).map((event) => event.type)} of ${site.received.map((r) => r.path)}`,
          );
          const got = vendor.read(site.received);
          for (const event of events) {
            const its = got.filter((e) => e.id === event.id);
            assert.equal(its.length, 1, `${event.type} arrived ${its.length} times`);
            assert.equal(its[0].name, event.type);
            assert.equal(its[0].at, event.timestamp, `${event.type}'s own time`);
            vendor.also?.(its[0], event);
          }
          const known = new Set(events.map((event) => event.id));
          assert.deepEqual(got.filter((e) => !known.has(e.id)), [], "nothing else arrived");
          assert.deepEqual(noise.filter((line) => line.startsWith("thrown")), []);
        } finally {
          await site.close();
        }
      });
    }
  }
});
