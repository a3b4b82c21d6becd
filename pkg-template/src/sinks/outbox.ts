import { onLeaving } from "./leaving.js";
import { quietly } from "./quietly.js";

/** A request to be made: a body to post, or the address of an image. */
export interface Parcel {
  url: string;
  body?: string;
}

/** What sinks with a server of their own can be told about delivery. */
export interface DeliveryOptions {
  /** Sent with every request, such as `authorization`. When the page is left, fetch is used instead of a beacon. */
  headers?: Record<string, string>;
  /** When a batch leaves: at this many, or at this age. Default 20, 5000 ms. */
  batch?: { size?: number; intervalMs?: number };
  /** How many wait for a server that does not answer; then the oldest go. Default 1000. */
  maxWaiting?: number;
}

export interface OutboxOptions<Item> extends DeliveryOptions {
  contentType: string;
  /** Makes the request that carries these; nothing while it is not known where they go. */
  pack(items: readonly Item[], isLeaving: boolean): Parcel | undefined;
  /** Whether an answer means "again later". Default: 408, 429 and 5xx. */
  isRetryable?(status: number): boolean;
}

/** Things on their way to a server. */
export interface Outbox<Item> {
  push(item: Item): void;
  /** Sends what waits, now. */
  flush(): void;
  /** Forgets what waits, and undoes every listener and timer. */
  withdrawn(): void;
  /** Sends what waits without waiting for answers, and undoes every listener and timer. */
  shutdown(): void;
}

/** UTF-8 bytes of one calm request: small enough to outlive the page (`keepalive`) beside what others have in flight. */
const CALM_BYTES = 30_000;
/** UTF-8 bytes of one request of a page that is left: browsers take 64 KiB. */
const LEAVING_BYTES = 60_000;
/** A server that does not answer for this long will not, ms. */
const PATIENCE_MS = 30_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A server may ask for more, ms. */
const LONGEST_ASKED_MS = 15 * 60_000;
/** A batch that a server answers this often with "again later" is given up, so that the next gets its turn. */
const MAX_REFUSALS = 10;

/**
 * Takes things to a server: in batches, one request at a time, again later when it fails, and all at once, synchronously,
 * when the page is left.
 */
export function createOutbox<Item>(options: OutboxOptions<Item>): Outbox<Item> {
  const { pack, headers, contentType, maxWaiting = 1000, isRetryable = isUsuallyRetryable } = options;
  const { size = 20, intervalMs = 5000 } = options.batch ?? {};
  let waiting: Item[] = [];
  let isFlying = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unwatch: (() => void) | undefined;
  /** Failures in a row, those among them where a server answered, and the most that goes into a request. */
  let failures = 0;
  let refusals = 0;
  let most = size;
  /** Until the next withdrawal (which aborts it) or shutdown: answers to what is of an earlier one are no longer heard. */
  let epoch = new AbortController();

  const putBack = (items: Item[]): void => {
    waiting = [...items, ...waiting].slice(-maxWaiting);
  };
  const sendAfter = (ms: number): void => {
    timer ??= setTimeout(send, ms);
  };
  const rest = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const end = (): void => {
    rest();
    unwatch?.();
    unwatch = undefined;
    epoch = new AbortController();
    isFlying = false;
    failures = refusals = 0;
  };

  /** The next request: as many as fit, at least one. */
  const next = (count: number, maxBytes: number, isLeaving: boolean): { items: Item[]; parcel: Parcel } | undefined => {
    for (count = Math.min(count, waiting.length); count > 0; count >>= 1) {
      const items = waiting.slice(0, count);
      const parcel = pack(items, isLeaving);
      if (!parcel) return undefined;
      if (count > 1 && bytes(parcel) > maxBytes) continue;
      waiting.splice(0, count);
      return { items, parcel };
    }
    return undefined;
  };

  const send = async (): Promise<void> => {
    rest();
    const batch = isFlying ? undefined : next(most, CALM_BYTES, false);
    if (!batch) return;
    isFlying = true;
    const { signal } = epoch;
    const answer = await request(batch.parcel, bytes(batch.parcel) <= CALM_BYTES, signal);
    if (signal !== epoch.signal) return;
    isFlying = false;
    settle(batch.items, answer);
  };

  const settle = (items: Item[], { status, retryAfter }: Answer): void => {
    const isRefused = status !== 0 && isRetryable(status);
    if (status === 0 || (isRefused && ++refusals < MAX_REFUSALS)) {
      putBack(items);
      return sendAfter(waitMs(failures++, retryAfter));
    }
    failures = refusals = 0;
    if (status === 413 && items.length > 1) {
      most = items.length >> 1;
      putBack(items);
    } else if (status < 300) {
      most = Math.min(size, most * 2);
    }
    if (waiting.length >= most) void send();
    else if (waiting.length) sendAfter(intervalMs);
  };

  const request = async ({ url, body }: Parcel, keepalive: boolean, outer?: AbortSignal): Promise<Answer> => {
    const given = new AbortController();
    const giveUp = () => given.abort();
    const patience = setTimeout(giveUp, PATIENCE_MS);
    outer?.addEventListener("abort", giveUp);
    try {
      const answer = body === undefined ? showImage(url) : post(url, body, keepalive, given.signal);
      // Not every fetch that a page replaced listens to a signal.
      return await Promise.race([answer, aborted(given.signal)]);
    } catch {
      // Chromium fails what is under way before it says that the page is left, though with `keepalive` it arrives all the
      // same: only who is still there a task later takes it for a failure.
      if (keepalive) await new Promise((done) => setTimeout(done));
      return NO_ANSWER;
    } finally {
      clearTimeout(patience);
      outer?.removeEventListener("abort", giveUp);
    }
  };
  const post = async (url: string, body: string, keepalive: boolean, signal: AbortSignal): Promise<Answer> => {
    const all = new Headers({ "content-type": contentType });
    for (const [name, value] of Object.entries(headers ?? {})) all.set(name, value);
    const response = await fetch(url, { method: "POST", headers: all, body, keepalive, signal });
    return { status: response.status, retryAfter: response.headers.get("retry-after") };
  };

  /** Everything goes out before this returns. */
  const leave = (): void => {
    rest();
    // Whoever takes one event per request takes no more of them now.
    for (let batch; (batch = next(size > 1 ? Infinity : 1, LEAVING_BYTES, true)); ) {
      const { items, parcel } = batch;
      if (parcel.body === undefined) void showImage(parcel.url);
      // A beacon has no answer: a server that fails already is asked, so that what it refuses is not lost.
      else if (headers || failures || !beacon(parcel.url, parcel.body, contentType)) void sendLeaving(items, parcel);
    }
  };
  const sendLeaving = async (items: Item[], parcel: Parcel): Promise<void> => {
    const { signal } = epoch;
    let answer = await request(parcel, true, signal);
    // Refused when too much is in flight already; without keepalive it still arrives if the page stays.
    if (answer.status === 0 && !signal.aborted) answer = await request(parcel, false, signal);
    if (signal !== epoch.signal || (answer.status !== 0 && !isRetryable(answer.status))) return;
    putBack(items);
    sendAfter(waitMs(failures++, answer.retryAfter));
  };

  return {
    push(item) {
      waiting.push(item);
      if (waiting.length > maxWaiting) waiting.shift();
      unwatch ??= onLeaving(leave);
      if (failures === 0 && waiting.length >= most) void send();
      else if (!isFlying) sendAfter(intervalMs);
    },
    flush: () => void send(),
    withdrawn() {
      waiting = [];
      epoch.abort();
      end();
    },
    shutdown() {
      leave();
      waiting = [];
      end();
    },
  };
}

/** Status 0: there was none. */
interface Answer {
  status: number;
  retryAfter: string | null;
}

const NO_ANSWER: Answer = { status: 0, retryAfter: null };

function aborted(signal: AbortSignal): Promise<Answer> {
  return new Promise((done) => signal.addEventListener("abort", () => done(NO_ANSWER)));
}

function isUsuallyRetryable(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Doubling, within half and one and a half, so that the visitors of a failing server do not return all at once. */
function waitMs(failures: number, retryAfter: string | null): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) * (0.5 + Math.random());
  return Math.max(wait, Math.min(askedMs(retryAfter), LONGEST_ASKED_MS));
}

/** `Retry-After` in seconds or as a date, as ms from now; 0 when there is none. */
function askedMs(retryAfter: string | null): number {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return ms > 0 ? ms : 0;
}

function bytes({ body }: Parcel): number {
  return body === undefined ? 0 : new TextEncoder().encode(body).length;
}

function beacon(url: string, body: string, type: string): boolean {
  // A page's own code may have replaced it, and it may throw.
  return quietly(() => typeof navigator !== "undefined" && navigator.sendBeacon?.(url, new Blob([body], { type }))) === true;
}

/** Asks for an image. Whether the server took it, nobody says: only a browser that is offline is a reason to try again. */
function showImage(url: string): Promise<Answer> {
  return new Promise((done) => {
    const image = new Image();
    image.onload = () => done({ status: 200, retryAfter: null });
    image.onerror = () => done({ status: navigator.onLine ? 200 : 0, retryAfter: null });
    image.src = url;
  });
}
