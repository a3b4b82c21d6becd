/** The feed as React state: the latest stored events, then live ones. */
import { useCallback, useEffect, useReducer, useState } from 'react';
import { fetchLatest } from './api';
import type { CvEvent } from './event';
import { type FeedState, MOST_ROWS, emptyFeed, feedReducer } from './feed';
import { type LiveStatus, listenLive } from './live';

/** Events that arrive within this time are drawn together: a busy site sends thousands a second. */
const DRAW_EVERY_MS = 40;
const HISTORY = 60;
const RETRY_MS = 5000;

export interface Feed extends FeedState {
  status: LiveStatus;
  /** The last trouble with reading the stored events. */
  error: Error | null;
  hold: () => void;
  release: () => void;
}

/** `onArrival` is called when events have come in; it must not change between renders. */
export function useFeed(onArrival: () => void): Feed {
  const [state, dispatch] = useReducer(feedReducer, emptyFeed);
  const [status, setStatus] = useState<LiveStatus>('connecting');
  const [error, setError] = useState<Error | null>(null);

  useEffect(() => {
    const leaving = new AbortController();
    let bundle: CvEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;

    function draw(): void {
      timer = undefined;
      dispatch({ is: 'arrived', events: bundle });
      bundle = [];
      onArrival();
    }

    // Asked for each time the stream has opened, so that nothing falls between the two, nor into an outage.
    async function loadHistory(): Promise<void> {
      try {
        dispatch({ is: 'loaded', events: await fetchLatest(HISTORY, leaving.signal) });
        setError(null);
        onArrival();
      } catch (cause) {
        if (leaving.signal.aborted) return;
        setError(cause instanceof Error ? cause : new Error(String(cause)));
        retry = setTimeout(loadHistory, RETRY_MS);
      }
    }

    const stop = listenLive('/api/live', {
      onStatus(next) {
        setStatus(next);
        clearTimeout(retry);
        if (next === 'live') void loadHistory();
      },
      onEvent(event) {
        bundle.push(event);
        if (bundle.length > MOST_ROWS) bundle.shift();
        timer ??= setTimeout(draw, DRAW_EVERY_MS);
      },
    });
    return () => {
      leaving.abort();
      clearTimeout(timer);
      clearTimeout(retry);
      stop();
    };
  }, [onArrival]);

  const hold = useCallback(() => dispatch({ is: 'hold' }), []);
  const release = useCallback(() => dispatch({ is: 'release' }), []);
  return { ...state, status, error, hold, release };
}
