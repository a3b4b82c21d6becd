/** The feed as React state: events that are handed in, or the collector's latest and then live ones. */
import { useCallback, useEffect, useReducer, useState } from "react";
import { type CvEvent, parseEvents } from "../event.js";
import { type FeedState, MOST_ROWS, emptyFeed, feedReducer } from "./feed.js";
import { type Endpoint, type LiveStatus, fetchLatest, listenLive } from "./live.js";

export interface Feed extends FeedState {
  hold: () => void;
  release: () => void;
}

/** Events that the caller has, newest first. */
export function useGivenFeed(events: readonly unknown[]): Feed {
  const [state, dispatch] = useReducer(feedReducer, emptyFeed);
  useEffect(() => dispatch({ is: "loaded", events: parseEvents(events) }), [events]);
  return { ...state, ...useHold(dispatch) };
}

/** What a live feed tells of itself. Functions that change with every render make it connect anew. */
export interface LiveListeners {
  /** Whether events come in. */
  onStatus?: ((status: LiveStatus) => void) | undefined;
  /** Events have come in. */
  onArrival?: (() => void) | undefined;
}

/** Events that arrive within this time are drawn together: a busy site sends thousands a second. */
const DRAW_EVERY_MS = 40;
const HISTORY = 60;
const RETRY_MS = 5000;

/** The collector's latest events, then every one as it is stored. */
export function useLiveFeed({ url, token }: Endpoint, { onStatus, onArrival }: LiveListeners): Feed & { error: Error | null } {
  const [state, dispatch] = useReducer(feedReducer, emptyFeed);
  const [error, setError] = useState<Error | null>(null);

  useEffect(() => {
    const leaving = new AbortController();
    let bundle: CvEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;

    function draw(): void {
      timer = undefined;
      dispatch({ is: "arrived", events: bundle });
      bundle = [];
      onArrival?.();
    }

    // Asked for at once, and again each time the stream has opened: nothing falls between the two, nor into an outage.
    async function loadHistory(): Promise<void> {
      try {
        dispatch({ is: "loaded", events: await fetchLatest({ url, token }, HISTORY, leaving.signal) });
        setError(null);
        onArrival?.();
      } catch (cause) {
        if (leaving.signal.aborted) return;
        setError(cause instanceof Error ? cause : new Error(String(cause)));
        retry = setTimeout(loadHistory, RETRY_MS);
      }
    }

    const stop = listenLive({ url, token }, {
      onStatus(next) {
        onStatus?.(next);
        clearTimeout(retry);
        if (next === "live") void loadHistory();
      },
      onEvent(event) {
        bundle.push(event);
        if (bundle.length > MOST_ROWS) bundle.shift();
        timer ??= setTimeout(draw, DRAW_EVERY_MS);
      },
    });
    void loadHistory();
    return () => {
      leaving.abort();
      clearTimeout(timer);
      clearTimeout(retry);
      stop();
    };
  }, [url, token, onStatus, onArrival]);

  return { ...state, ...useHold(dispatch), error };
}

function useHold(dispatch: (action: { is: "hold" | "release" }) => void) {
  const hold = useCallback(() => dispatch({ is: "hold" }), [dispatch]);
  const release = useCallback(() => dispatch({ is: "release" }), [dispatch]);
  return { hold, release };
}
