import type { Sink, TrackedEvent } from "../options.js";
import { createOutbox, type DeliveryOptions } from "./outbox.js";
import { SDK } from "./sdk.js";
import { withUrl } from "./wanted.js";

export interface HttpOptions extends DeliveryOptions {
  /** Where events are posted, as `{events, sentAt, sdk}`. */
  url: string;
}

/**
 * Posts every event to a server of yours, in batches. Plain text when there are no headers, so that a page that is being
 * left needs no preflight; JSON otherwise.
 */
export function httpSink(given: string | HttpOptions): Sink {
  const { url, ...delivery } = withUrl("httpSink", given);
  const outbox = createOutbox<TrackedEvent>({
    ...delivery,
    contentType: delivery.headers ? "application/json" : "text/plain",
    pack: (events) => ({ url, body: JSON.stringify({ events, sentAt: new Date().toISOString(), sdk: SDK }) }),
  });
  return Object.assign(outbox.push, { withdrawn: outbox.withdrawn, shutdown: outbox.shutdown });
}
