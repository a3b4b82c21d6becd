import type { Sink, TrackedEvent } from "../options.js";
import { actionColumns, chatColumns, eventColumns, type Columns, type Message, type Turn } from "./anosys-columns.js";
import { createOutbox, type DeliveryOptions } from "./outbox.js";
import { withUrl } from "./wanted.js";

export interface AnosysOptions extends Omit<DeliveryOptions, "batch"> {
  /** The `apiUrl` of your key. A promise is waited for, and nothing is lost meanwhile (see recipes/anosys-key-resolution). */
  url: string | Promise<string>;
  /** The ChatKit workflow, `event_id` of chat payloads. */
  workflowId?: string;
  /** The image beside it. Default: `url` + `/anosys.gif`. */
  pixelUrl?: string;
}

/** Longest address of an image, characters: what old proxies and servers still take. */
const MAX_PIXEL_URL = 2000;
/** Turns under way at once, and what is remembered of each. */
const MAX_TURNS = 20;
const MAX_MESSAGES = 50;

/**
 * Sends events to Anosys: each finished chat turn, each message action, and everything else as it happens, in the columns
 * its own SDKs use. `cvn1` is the time from the response's start to its end (`durationMs`), as in Anosys' reference code,
 * not from the submit; `cvn2` is the time to the first token. What was not observed is absent. Texts are there only when
 * the tracker's `includeContent` lets them through.
 */
export function anosysSink(given: string | AnosysOptions): Sink {
  const { url, workflowId, pixelUrl, ...delivery } = withUrl("anosysSink", given);
  const turns = createTurns();
  let address = typeof url === "string" ? url : undefined;

  const outbox = createOutbox<{ columns: Columns; isPage: boolean }>({
    ...delivery,
    // Anosys takes one payload per request.
    batch: { size: 1, intervalMs: 0 },
    contentType: "application/json",
    pack([item], isLeaving) {
      if (!address || !item) return undefined;
      // An image carries no headers. A page that is being left has no time for the preflight of a JSON body.
      if (!delivery.headers && (item.isPage || isLeaving)) {
        const pixel = `${pixelUrl ?? `${address}/anosys.gif`}?${new URLSearchParams(texts(item.columns))}`;
        if (pixel.length < MAX_PIXEL_URL) return { url: pixel };
      }
      return { url: address, body: JSON.stringify(item.columns) };
    },
  });
  if (typeof url !== "string") {
    url.then(
      (found) => {
        address = found;
        outbox.flush();
      },
      // Nowhere to send: what waits stays bounded.
      () => {},
    );
  }

  const remember = (event: TrackedEvent, kind: Message["kind"], text: unknown): void => {
    const { messages } = turns.of(event);
    if (messages.length < MAX_MESSAGES) {
      messages.push({ kind, id: event.messageId, createdAt: Date.parse(event.timestamp), text: typeof text === "string" ? text : undefined });
    }
  };

  const sink = (event: TrackedEvent): void => {
    const { type, properties } = event;
    if (type === "message_action") return outbox.push({ columns: actionColumns(event, workflowId), isPage: false });
    if (type === "assistant_response_completed") {
      remember(event, "response", properties.text);
      return outbox.push({ columns: chatColumns(event, turns.take(event), workflowId), isPage: false });
    }
    if (type === "user_message_sent") remember(event, "prompt", properties.text);
    if (type === "agent_task") remember(event, "thought", properties.summary);
    if (type === "assistant_response_first_token") turns.of(event).ttftMs = properties.ttftMs;
    if (type === "turn_abandoned") turns.take(event);
    outbox.push({ columns: eventColumns(event), isPage: true });
  };
  return Object.assign(sink, {
    withdrawn() {
      turns.clear();
      outbox.withdrawn();
    },
    shutdown() {
      turns.clear();
      outbox.shutdown();
    },
  });
}

/** The turns under way, bounded: what never ends makes room. */
function createTurns() {
  const turns = new Map<string, Turn>();
  const keyOf = (event: TrackedEvent) =>
    `${event.sessionId} ${event.dimensions?.conversationId} ${event.turnIndex ?? event.properties.turnIndex}`;
  return {
    of(event: TrackedEvent): Turn {
      const key = keyOf(event);
      const turn = turns.get(key) ?? { messages: [] };
      turns.set(key, turn);
      const [oldest] = turns.keys();
      if (turns.size > MAX_TURNS && oldest !== undefined) turns.delete(oldest);
      return turn;
    },
    take(event: TrackedEvent): Turn {
      const turn = turns.get(keyOf(event)) ?? { messages: [] };
      turns.delete(keyOf(event));
      return turn;
    },
    clear: () => turns.clear(),
  };
}

function texts(columns: Columns): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, String(value)]));
}
