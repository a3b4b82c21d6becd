import type { Chat } from "./chat.js";
import type { Tracker } from "./tracker.js";
import { observeResponse, requestFailed, type ResponseOptions } from "./stream-turn.js";

export { observeResponse, requestFailed, type ResponseOptions } from "./stream-turn.js";

/**
 * Which requests: a path (`/api/chat`) of the page's own origin or a whole address, from its beginning, `*` standing for
 * anything; or a regular expression over the whole address.
 */
export type UrlPattern = string | RegExp;

/** How requests are observed. */
export interface FetchOptions extends ResponseOptions {
  /** Whether each request is a message of the visitor's. Default `true`; a caller that knows submits sets `false`. */
  submits?: boolean;
  /** Other origins that may receive a `traceparent` header. The page's own always does. `false`: none does. */
  propagateTraceTo?: UrlPattern[] | false;
}

/**
 * Observes the page's own requests to these addresses, by wrapping `window.fetch` until the returned function is called.
 *
 * ```ts
 * const undo = observeStreams(tracker, ["/api/chat"]);
 * ```
 */
export function observeStreams(tracker: Tracker, urls: UrlPattern[], options: FetchOptions & { conversationId?: string } = {}): () => void {
  const chat = tracker.chat(options.conversationId);
  const original = window.fetch;
  const observed = observeFetch(original, chat, options);
  let active = true;
  const wrapped: typeof fetch = function (this: unknown, ...args) {
    return (active && isAddressed(urls, args[0]) ? observed : original).apply(this as never, args);
  };
  window.fetch = wrapped;
  return () => {
    active = false;
    // Somebody may have wrapped us meanwhile: then we stay, and pass everything on.
    if (window.fetch === wrapped) window.fetch = original;
  };
}

/** A `fetch` whose responses a chat is told of, for clients that take one: `new DefaultChatTransport({ fetch })`. */
export function observeFetch(fetch: typeof window.fetch, chat: Chat, options: FetchOptions = {}): typeof window.fetch {
  return function (this: unknown, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    let args: [RequestInfo | URL, RequestInit?] = init === undefined ? [input] : [input, init];
    try {
      if (options.submits !== false) chat.submit();
      args = withTrace(args, chat, options.propagateTraceTo);
    } catch {
      // An unusual request: it goes out as it is.
    }
    const answer = fetch.apply(this as never, args);
    answer.then(
      (response) => observeResponse(response, chat, options),
      (error) => (options.turn ? options.turn.broke(error) : requestFailed(chat, error)),
    );
    return answer;
  };
}

/** Adds `traceparent` where it may go (https://www.w3.org/TR/trace-context/). */
function withTrace(args: [RequestInfo | URL, RequestInit?], chat: Chat, allowed: FetchOptions["propagateTraceTo"]): [RequestInfo | URL, RequestInit?] {
  const [input, init] = args;
  const url = addressOf(input);
  if (allowed === false || (url.origin !== location.origin && !matches(allowed ?? [], url))) return args;
  const isRequest = typeof Request !== "undefined" && input instanceof Request;
  // A Request carries its own headers unless the call gives others; setting one on it copies nothing.
  const own = isRequest && !init?.headers;
  const headers = own ? input.headers : new Headers(init?.headers);
  const given = /^00-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(headers.get("traceparent") ?? "");
  const [traceId, spanId] = given ? [given[1]!, given[2]!] : [hex(16), hex(8)];
  // Ids of another tracer on the page are its span's, not the turn's.
  chat.trace({ traceId, spanId, propagated: given ? undefined : true });
  if (given) return args;
  headers.set("traceparent", `00-${traceId}-${spanId}-01`);
  return own ? args : [input, { ...init, headers }];
}

function hex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isAddressed(patterns: UrlPattern[], input: RequestInfo | URL): boolean {
  try {
    return matches(patterns, addressOf(input));
  } catch {
    return false; // No address at all: fetch has its own word for that.
  }
}

function addressOf(input: RequestInfo | URL): URL {
  return new URL(typeof input === "object" && "url" in input ? input.url : String(input), document.baseURI);
}

function matches(patterns: UrlPattern[], url: URL): boolean {
  return patterns.some((pattern) => {
    if (pattern instanceof RegExp) return url.href.search(pattern) >= 0;
    const whole = pattern.startsWith("/") ? location.origin + pattern : pattern;
    const [first = "", ...others] = whole.split("*");
    if (!url.href.startsWith(first)) return false;
    let from = first.length;
    return others.every((part) => {
      const at = url.href.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  });
}
