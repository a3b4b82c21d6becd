/** The collector's live stream and its latest events. */
import { type CvEvent, isRecord, parseEvents, parseMessage } from "../event.js";

export type LiveStatus = "connecting" | "live" | "reconnecting";

/** Where the collector's API is, and the token it may ask for. */
export interface Endpoint {
  /** The API's address: "/api". */
  url: string;
  token?: string | undefined;
}

interface LiveHandlers {
  onEvent: (event: CvEvent) => void;
  onStatus: (status: LiveStatus) => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;

/** Listens to every event the collector stores, as it stores it, until the returned function is called. */
export function listenLive({ url, token }: Endpoint, { onEvent, onStatus }: LiveHandlers): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = "";
  let failures = 0;

  function address(): string {
    // An EventSource cannot send headers.
    const query = new URLSearchParams();
    if (lastId) query.set("lastEventId", lastId);
    if (token) query.set("token", token);
    const asked = query.toString();
    return asked ? `${url}/live?${asked}` : `${url}/live`;
  }

  function connect(): void {
    source = new EventSource(address());
    source.onopen = () => {
      failures = 0;
      onStatus("live");
    };
    source.onerror = () => {
      onStatus("reconnecting");
      // After a lost connection the browser tries again by itself and says where it stopped. After an HTTP error
      // (a proxy's 502 while the collector restarts) it gives up for good, so we do both.
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS));
      failures += 1;
    };
    source.addEventListener("event", (message: MessageEvent<string>) => {
      lastId = message.lastEventId;
      const event = parseMessage(message.data);
      if (event) onEvent(event);
    });
  }

  onStatus("connecting");
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** The latest stored events, newest first. */
export async function fetchLatest({ url, token }: Endpoint, limit: number, signal: AbortSignal): Promise<CvEvent[]> {
  const headers: HeadersInit = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(`${url}/events?limit=${limit}`, { signal, headers });
  if (!response.ok) throw new Error(`the collector answered ${response.status} ${response.statusText}`.trim());
  const body: unknown = await response.json();
  return isRecord(body) && Array.isArray(body.events) ? parseEvents(body.events) : [];
}
