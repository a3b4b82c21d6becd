import { createTracker } from "./index.js";
import type { Options, TrackedEvent } from "./options.js";
import type { Tracker } from "./tracker.js";

/** A tracker whose events a test can wait for and assert on. */
export interface TestTracker extends Tracker {
  /** Every event that passed the policy so far, oldest first. */
  readonly captured: readonly TrackedEvent[];
  /** The captured events of one type. */
  ofType(type: string): TrackedEvent[];
  /**
   * The first event of this type, or for which `wanted` answers true, captured already or from now on. Rejects after
   * `timeoutMs` (default 2000) and says what was captured instead.
   */
  waitFor(wanted: string | ((event: TrackedEvent) => boolean), options?: { timeoutMs?: number }): Promise<TrackedEvent>;
  /** Forgets what was captured. */
  clear(): void;
}

/**
 * Makes a tracker for tests. It sends nothing (unless an `endpoint` is given) and keeps its visit in memory, so that tests
 * do not share one.
 *
 * In a browser it is the real tracker, core and all. Where the core cannot run (jsdom), page views and the calls of
 * `track` and `page` are captured by the shell alone. Without a document (Node) nothing is captured, as on a server.
 */
export function createTestTracker(options: Options = {}): TestTracker {
  const captured: TrackedEvent[] = [];
  const waiting = new Set<(event: TrackedEvent) => void>();
  const hear = (event: TrackedEvent): void => {
    captured.push(event);
    for (const check of waiting) check(event);
  };
  const sinks = [options.sink ?? []].flat();
  const tracker = createTracker({
    session: { persistence: "memory" },
    batch: { intervalMs: 20 },
    ...options,
    sink: [hear, ...sinks],
  });
  return Object.assign(tracker, {
    captured,
    ofType: (type: string) => captured.filter((event) => event.type === type),
    waitFor(wanted: string | ((event: TrackedEvent) => boolean), { timeoutMs = 2000 } = {}): Promise<TrackedEvent> {
      const matches = typeof wanted === "string" ? (event: TrackedEvent) => event.type === wanted : wanted;
      const known = captured.find(matches);
      if (known) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const check = (event: TrackedEvent): void => {
          if (!matches(event)) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve(event);
        };
        const timer = setTimeout(() => {
          waiting.delete(check);
          const seen = captured.map((event) => event.type).join(", ") || "nothing";
          const what = typeof wanted === "string" ? `"${wanted}"` : "an event that matches";
          const why = typeof document === "undefined" ? " (there is no document here, and so no tracker)" : "";
          reject(new Error(`ChatVitals: waited ${timeoutMs} ms for ${what}, but captured ${seen}${why}`));
        }, timeoutMs);
        waiting.add(check);
      });
    },
    clear: () => void captured.splice(0),
  });
}
