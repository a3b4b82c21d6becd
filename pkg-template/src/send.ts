declare const CHATVITALS_VERSION: string;

/** Longest address a pixel may have: what old proxies and servers still take. */
const MAX_URL = 2000;

/**
 * Hands events (JSON) over before this returns: by beacon (which takes no headers: then by keepalive fetch), in halves
 * where one is too large, by pixel where there is no beacon. Answers with how many were taken.
 */
export function sendNow(endpoint: string, events: string[], stats: object, headers?: Record<string, string>): number {
  const sentAt = new Date().toISOString();
  const sdk = `{"name":"chatvitals","version":"${CHATVITALS_VERSION}"}`;
  // A string body travels as text/plain, which needs no preflight.
  const body = `{"events":[${events}],"sentAt":"${sentAt}","sdk":${sdk},"stats":${JSON.stringify(stats)}}`;
  try {
    if (headers) fetch(endpoint, { method: "POST", body, headers, keepalive: true }).catch(() => {});
    if (headers || navigator.sendBeacon(endpoint, body)) return events.length;
  } catch {
    // No beacon, or one that refuses this address.
  }
  const half = events.length >> 1;
  if (half) {
    const [first, second] = [events.slice(0, half), events.slice(half)];
    return sendNow(endpoint, first, stats, headers) + sendNow(endpoint, second, stats, headers);
  }
  const pixel = endpoint.split(/[?#]/)[0]!.replace(/(\/api\/events)?\/?$/, "/p.gif");
  const url = `${pixel}?e=${encodeURIComponent(events[0]!)}&sentAt=${sentAt}`;
  if (url.length >= MAX_URL) return 0;
  new Image().src = url;
  return 1;
}
