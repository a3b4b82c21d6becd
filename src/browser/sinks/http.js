// The HTTP sink's hands. Which way a body takes, when, and what its answer means is decided in Rust.

const flights = new Map();
// Status and Retry-After where there was no answer.
const NONE = [0, NaN];
let canPack = typeof CompressionStream === "function";

export const packs = () => canPack;

// Hands a body to the browser; nobody will hear what became of it.
export function beacon(url, body) {
  try {
    // A string travels as text/plain, which needs no preflight.
    return navigator.sendBeacon(url, body) === true;
  } catch {
    return false;
  }
}

export function pixel(url) {
  try {
    new Image().src = url;
    return true;
  } catch {
    return false;
  }
}

export function isOnline() {
  return navigator.onLine !== false;
}

// gzip, off the main thread. Some engines have written broken gzip: the magic number and the length at its end tell.
async function pack(body) {
  try {
    const bytes = new TextEncoder().encode(body);
    // Written by hand: a Blob or a pipe is more work for the main thread.
    const { readable, writable } = new CompressionStream("gzip");
    const writer = writable.getWriter();
    writer.write(bytes).catch(() => {});
    writer.close().catch(() => {});
    const packed = await new Response(readable).arrayBuffer();
    const view = new DataView(packed);
    if (view.getUint16(0) === 0x1f8b && view.getUint32(view.byteLength - 4, true) === bytes.length) return packed;
  } catch {
    // The body goes as it is.
  }
  canPack = false;
}

// Retry-After in both forms, as ms from now; NaN when there is none. The server's own clock is the better reference for
// its dates, where it may be read.
function retryAfter({ headers }) {
  const value = headers.get("retry-after");
  if (!value) return NaN;
  return isNaN(value) ? Date.parse(value) - (Date.parse(headers.get("date")) || Date.now()) : value * 1000;
}

// Posts a body and has the signal heard with its ticket, the status and Retry-After in ms; status 0 when there was no
// answer within `patience` ms. `headers` is a JSON object, or empty. What has at most `room` bytes outlives the page. `false`
// when it could not be started: fetch is missing, or the page's own wrapper threw.
export function post(url, headers, body, room, packed, patience, ticket, hear, answered) {
  const control = new AbortController();
  const land = (answer) => {
    clearTimeout(timer);
    if (!flights.delete(ticket) || !answer) return;
    try {
      hear(answered, ticket, answer, "");
    } catch {
      // Whoever asked is gone by now, which is no error of the page's.
    }
  };
  const flight = {
    end() {
      control.abort();
      // Not left to the promise: Firefox forgets what is resolved while the page is in the back/forward cache.
      land(NONE);
    },
  };
  const timer = setTimeout(flight.end, patience);
  const ask = (url, body, keepalive) => {
    const answer = fetch(url, { method: "POST", body, headers: headers ? JSON.parse(headers) : {}, keepalive, signal: control.signal });
    flight.going = true;
    return answer;
  };
  const talk = async () => {
    const small = packed && canPack && (await pack(body));
    if (flight.back) return;
    let response;
    if (small) response = await ask(url + (url.includes("?") ? "&" : "?") + "encoding=gzip", small, small.byteLength <= room);
    // Not every endpoint knows gzip by that name.
    if (!small || response.status === 400 || response.status === 415) {
      canPack &&= !small;
      response = await ask(url, body, !packed && room > 0);
    }
    // Until an answer is read to its end it counts against what the browser allows in flight.
    response.text().catch(() => {});
    return [response.status, retryAfter(response)];
  };
  flights.set(ticket, flight);
  talk().catch(() => NONE).then(land);
  return !!flight.going || (packed && canPack);
}

// Waits no longer than `patience` ms for the answers that are still to come.
export function losePatience(patience) {
  for (const { end } of flights.values()) setTimeout(end, patience);
}

// Takes a body back that is still being packed; `false` when it is on its way.
export function takeBack(ticket) {
  const flight = flights.get(ticket);
  if (!flight || flight.going) return false;
  return (flight.back = true);
}
