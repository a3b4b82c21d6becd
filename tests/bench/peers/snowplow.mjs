export default {
  name: "Snowplow",
  package: "@snowplow/browser-tracker",
  note: "clicks and vitals are plugins of their own, not loaded here",
  entry: `
    import { enableActivityTracking, newTracker, trackPageView, trackSelfDescribingEvent } from "@snowplow/browser-tracker";
    newTracker("bench", location.origin, { appId: "bench", contexts: { session: true, webPage: true } });
    enableActivityTracking({ minimumVisitLength: 10, heartbeatDelay: 10 });
    trackPageView();
    const schema = "iglu:com.example/probe/jsonschema/1-0-0";
    window.bench = { ready: true, track: (name, properties) => trackSelfDescribingEvent({ event: { schema, data: properties } }) };`,
  probes(text) {
    const described = JSON.parse(text).data.filter((event) => event.ue_pr || event.ue_px);
    const events = described.map(({ ue_pr: plain, ue_px: packed }) => JSON.parse(plain ?? Buffer.from(packed, "base64url").toString()).data);
    return events.filter(({ schema }) => schema.includes("/probe/")).map(({ data }) => data.n);
  },
};
