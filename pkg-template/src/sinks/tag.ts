import type { Sink } from "../options.js";
import type { Tracker } from "../tracker.js";

/** What `data-sink` can name; each lies in a file of its own beside this one. */
const SINKS = ["anosys", "console", "ga4", "http", "mixpanel", "otlp", "segment"];

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
    if (!SINKS.includes(name)) {
      throw new TypeError(`ChatVitals: data-sink wants ${SINKS.join(", ")}, but was given ${JSON.stringify(name)}`);
    }
    const file = await import(new URL(`chatvitals-sink-${name}.js`, import.meta.url).href);
    sink = file[`${name}Sink`](options);
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
