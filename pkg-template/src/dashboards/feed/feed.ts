/** The rows of the live feed: what is shown, and what waits while the reader looks at something. */
import type { CvEvent } from "../event.js";

/** A reader does not scroll further than this, and the page must not grow for ever. */
export const MOST_ROWS = 200;

export interface FeedState {
  /** Newest first. */
  rows: CvEvent[];
  /** Arrived while held, newest first. */
  waiting: CvEvent[];
  held: boolean;
  /** Whether the events from before the page was opened are in. */
  loaded: boolean;
}

export const emptyFeed: FeedState = { rows: [], waiting: [], held: false, loaded: false };

export type FeedAction =
  /** The latest stored events, newest first: asked for whenever the stream opens. */
  | { is: "loaded"; events: CvEvent[] }
  /** Live events in the order they arrived. */
  | { is: "arrived"; events: CvEvent[] }
  | { is: "hold" }
  | { is: "release" };

export function feedReducer(state: FeedState, action: FeedAction): FeedState {
  switch (action.is) {
    case "loaded":
      // The first time they are the past of what has streamed in already. Later they hold what was missed meanwhile.
      return state.loaded ? prepend(state, action.events) : { ...state, loaded: true, rows: merge(state.rows, action.events) };
    case "arrived":
      return prepend(state, [...action.events].reverse());
    case "hold":
      return { ...state, held: true };
    case "release":
      return { ...state, held: false, rows: merge(state.waiting, state.rows), waiting: [] };
  }
}

/** `events`, newest first, on top, or in the waiting room while the reader holds the feed. */
function prepend(state: FeedState, events: CvEvent[]): FeedState {
  const fresh = without(without(events, state.rows), state.waiting);
  return state.held ? { ...state, waiting: merge(fresh, state.waiting) } : { ...state, rows: merge(fresh, state.rows) };
}

/** `newer` before `older`, each event once: a stream that reconnects may say things twice. */
function merge(newer: CvEvent[], older: CvEvent[]): CvEvent[] {
  const seen = new Set<string>();
  const merged: CvEvent[] = [];
  for (const event of [...newer, ...older]) {
    if (merged.length === MOST_ROWS) break;
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    merged.push(event);
  }
  return merged;
}

function without(events: CvEvent[], known: CvEvent[]): CvEvent[] {
  const ids = new Set(known.map((event) => event.id));
  return events.filter((event) => !ids.has(event.id));
}
