/** The collector's answer to one question, kept fresh: soon after an event, and now and then because windows move. */
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { type Question, ask } from './api';
import { ArrivalsContext } from './arrivals';

/** After an event: long enough for its neighbours to be counted with it, short enough to feel immediate. */
const SETTLE_MS = 200;
/** At most one question in this time, however many events arrive. */
const PACE_MS = 2000;
/** Without any event: active visitors become inactive, and old events leave the window. */
const IDLE_MS = 15_000;
/** After a failure. */
const RETRY_MS = 3000;

export interface Answer<T> {
  /** The last answer to this question; null before the first. */
  data: T | null;
  /** Why the last one failed. */
  error: Error | null;
  /** Asks again soon. Never changes between renders. */
  refresh: () => void;
}

/** `parse` is a function of the module: another one would be another question. */
export function useAnswer<T>(question: Question, parse: (answer: unknown) => T): Answer<T> {
  const key = JSON.stringify(question);
  const arrivals = useContext(ArrivalsContext);
  const [answer, setAnswer] = useState<{ key: string; data: T } | null>(null);
  const [failure, setFailure] = useState<{ key: string; error: Error } | null>(null);
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
      timer = setTimeout(askNow, ms);
    }

    async function askNow(): Promise<void> {
      due = Number.POSITIVE_INFINITY;
      // One question at a time: a slow collector must not be asked faster than it answers.
      if (asking) return askIn(SETTLE_MS);
      asking = true;
      askedAt = performance.now();
      let next = IDLE_MS;
      try {
        const data = parse(await ask(JSON.parse(key) as Question, leaving.signal));
        setAnswer({ key, data });
        setFailure(null);
      } catch (cause) {
        if (leaving.signal.aborted) return;
        setFailure({ key, error: cause instanceof Error ? cause : new Error(String(cause)) });
        next = RETRY_MS;
      }
      asking = false;
      askIn(next);
    }

    request.current = () => askIn(Math.max(SETTLE_MS, askedAt + PACE_MS - performance.now()));
    const deafen = arrivals.listen(request.current);
    void askNow();
    return () => {
      deafen();
      request.current = () => {};
      leaving.abort();
      clearTimeout(timer);
    };
  }, [key, parse, arrivals]);

  // Numbers of another window or filter would be wrong under this one's name.
  return { data: answer?.key === key ? answer.data : null, error: failure?.key === key ? failure.error : null, refresh };
}
