import type { Aside } from "./aside.js";
import type { Options, Sink } from "./options.js";
import { snapshot } from "./snapshot.js";

/** The site's own sinks and listeners. What they throw or reject is not the page's problem. */
export interface Audience {
  listeners: Set<Sink>;
  /** Every one of them gets the event (JSON); parsed for each anew: what one does to it is not the others' business. */
  hear(json: string): void;
  withdrawn(): void;
  shutdown(): void;
}

/** The audience a site gave as sinks. A mistake is one line in the console. */
export function createAudience(sink: Options["sink"]): Audience {
  const listeners = new Set<Sink>();
  for (const one of Array.isArray(sink) ? sink : sink ? [sink] : []) {
    if (typeof one === "function") listeners.add(one);
    else console.error(`ChatVitals: option "sink" should be a function or an array of functions, but was ${snapshot(one)}`);
  }
  const each = (act: (listener: Sink) => unknown): void => {
    for (const listener of listeners) {
      try {
        const result = act(listener);
        if (result instanceof Promise) result.catch(() => {});
      } catch {
        // Counted by nobody: the event has been delivered as far as we can.
      }
    }
  };
  return {
    listeners,
    hear: (json) => each((listener) => listener(JSON.parse(json))),
    withdrawn: () => each((listener) => listener.withdrawn?.()),
    shutdown: () => each((listener) => listener.shutdown?.()),
  };
}

/** What the site says about each event, as JSON; nothing when its function throws. */
export function dimensionsOf({ dimensions }: Options): string | undefined {
  try {
    return dimensions && snapshot(dimensions());
  } catch {
    return undefined;
  }
}

/** What only JavaScript can do for the core (`Host` of src/tracker/mod.rs). None of it throws. */
export function createHost(options: Options, { hear, withdrawn }: Audience, aside: Aside) {
  let isAsking = false;
  return {
    dimensions() {
      // What the site's function itself tracks goes without: it would never end.
      if (isAsking) return;
      isAsking = true;
      const dimensions = dimensionsOf(options);
      isAsking = false;
      return dimensions;
    },
    aside: aside.take,
    emit: hear,
    withdrawn,
    log(line: string) {
      console.debug(line);
    },
  };
}
