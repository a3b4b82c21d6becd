import type { Sink } from "../options.js";
import type { Tracker } from "../tracker.js";

/** The sinks that `data-sink` can name, each in a file of its own. */
const SINKS = {
  anosys: async () => (await import("./anosys.js")).anosysSink,
  console: async () => (await import("./console.js")).consoleSink,
  ga4: async () => (await import("./ga4.js")).ga4Sink,
  http: async () => (await import("./http.js")).httpSink,
  mixpanel: async () => (await import("./mixpanel.js")).mixpanelSink,
  otlp: async () => (await import("./otlp.js")).otlpSink,
  segment: async () => (await import("./segment.js")).segmentSink,
};

/**
 * Adds the sinks that a script tag's `data-sink` names: names apart by spaces, each with its main option after a colon
 * (`"ga4:G-XXXX segment"`), or JSON with options (`'{"otlp":{"url":"https://…"}}'`). A mistake is one line in the console.
 */
export async function addSinks(tracker: Tracker, attribute: string): Promise<void> {
  await Promise.all(parse(attribute).map(([name, options]) => addSink(tracker, name, options)));
}

async function addSink(tracker: Tracker, name: string, options: unknown): Promise<void> {
  let sink: Sink;
  try {
    if (!Object.hasOwn(SINKS, name)) {
      throw new TypeError(`ChatVitals: data-sink wants ${Object.keys(SINKS).join(", ")}, but was given ${JSON.stringify(name)}`);
    }
    const create = (await SINKS[name as keyof typeof SINKS]()) as (options?: unknown) => Sink;
    sink = create(options);
  } catch (error) {
    // A set-up mistake is a TypeError of ours, and loud; a file that did not load is run-time trouble, and quiet.
    if (error instanceof TypeError && error.message.startsWith("ChatVitals")) console.error(error.message);
    return;
  }
  // What happened until now, and from now on; nothing is awaited in between.
  for (const event of tracker.events()) sink(event);
  tracker.subscribe(sink);
}

function parse(attribute: string): [name: string, options: unknown][] {
  if (attribute.trim().startsWith("{")) {
    try {
      return Object.entries(JSON.parse(attribute));
    } catch {
      console.error(`ChatVitals: data-sink wants names or JSON, but was given ${attribute}`);
      return [];
    }
  }
  const words = attribute.split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const [name = "", ...rest] = word.split(":");
    return [name, rest.length ? rest.join(":") : undefined];
  });
}
