/** The numbers of one range, kept fresh: soon after an event, and every now and then because windows move. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Range, type Summary, fetchSummary } from './api';

/** After an event: long enough for its neighbours to be counted with it, short enough to feel immediate. */
const SETTLE_MS = 200;
/** At most one question in this time, however many events arrive. */
const PACE_MS = 1000;
/** Without any event: active visitors become inactive, and old events leave the window. */
const IDLE_MS = 15_000;

export interface Numbers {
  /** The last answer for this range; null before the first. */
  summary: Summary | null;
  /** Why the last question failed. */
  error: Error | null;
  /** Something has happened: ask again soon. Never changes between renders. */
  refresh: () => void;
}

export function useSummary(range: Range): Numbers {
  const [answer, setAnswer] = useState<{ range: Range; summary: Summary } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const request = useRef<() => void>(() => {});
  const refresh = useCallback(() => request.current(), []);

  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = Number.POSITIVE_INFINITY;
    let askedAt = Number.NEGATIVE_INFINITY;
    let asking = false;

    function askIn(ms: number): void {
      const at = performance.now() + ms;
      if (at >= due) return;
      due = at;
      clearTimeout(timer);
      timer = setTimeout(ask, ms);
    }

    async function ask(): Promise<void> {
      due = Number.POSITIVE_INFINITY;
      // One question at a time: a slow collector must not be asked faster than it answers.
      if (asking) return askIn(SETTLE_MS);
      asking = true;
      askedAt = performance.now();
      try {
        const summary = await fetchSummary(range, leaving.signal);
        setAnswer({ range, summary });
        setError(null);
      } catch (cause) {
        if (leaving.signal.aborted) return;
        setError(cause instanceof Error ? cause : new Error(String(cause)));
      }
      asking = false;
      askIn(IDLE_MS);
    }

    request.current = () => askIn(Math.max(SETTLE_MS, askedAt + PACE_MS - performance.now()));
    void ask();
    return () => {
      request.current = () => {};
      leaving.abort();
      clearTimeout(timer);
    };
  }, [range]);

  // Numbers of another range would be wrong under this one's name.
  return { summary: answer?.range === range ? answer.summary : null, error, refresh };
}
