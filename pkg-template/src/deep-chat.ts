import type { Chat } from "./chat.js";
import { placeOf, placesOf } from "./places.js";
import type { Tracker } from "./tracker.js";

/** A message as deep-chat tells of it. */
interface Message {
  role?: string;
  text?: string;
  html?: string;
  files?: unknown[];
}

/** What a connection made by hand gets from deep-chat. */
interface Signals {
  onOpen(): void;
  onResponse(response: Message | Message[]): Promise<void>;
}
type Handler = (body: unknown, signals: Signals) => unknown;
interface DeepChat extends Element {
  connect?: { handler?: Handler };
}

/** A deep-chat element that is listened to. */
export interface ObservedDeepChat {
  /** The chat it is, for what is only yours in it. */
  chat: Chat;
  /** Takes an event that was heard elsewhere, with its time. */
  hear(event: Event, at: number): void;
  /** Stops listening. */
  stop(): void;
}

const KEY = Symbol.for("chatvitals.deep-chat");
const WRAPPED = Symbol.for("chatvitals.wrapped");
const CHIP = ".deep-chat-suggestion-button";
/** A reply, unlike the visitor's own message, the dots of a reply to come, and an error. */
const REPLY = ":not(.user-message-text, .deep-chat-loading-message-bubble, .error-message-text)";

/**
 * Listens to a `<deep-chat>`: its events, its buttons, and its first text where that appears, or where it arrives when the
 * connection is a `handler`. Elements of the page are found without this call; it is for those inside of shadow roots,
 * and for handlers.
 */
export function observeDeepChat(tracker: Tracker, element: Element): ObservedDeepChat {
  const holder = element as DeepChat & { [KEY]?: ObservedDeepChat & { wrap(): void } };
  const known = holder[KEY];
  if (known) {
    known.wrap();
    return known;
  }
  const root = element.shadowRoot ?? element;
  const { chat } = placeOf(tracker, element, root);
  const { stops } = placesOf(tracker);
  const controller = new AbortController();
  let awaits: "nothing" | "text" | "end" = "nothing";
  let byHandler = false;
  let ending: { at: number; text?: string } | undefined;

  const reply = (): Element | undefined => {
    // Shown upwards or downwards, they are in order.
    const latest = [...root.querySelectorAll(".message-bubble")].at(-1);
    return latest?.matches(REPLY) ? latest : undefined;
  };
  const submitted = (at: number, { text, files = [] }: Message): void => {
    const partTypes = [...(text ? ["text"] : []), ...files.map(() => "file")];
    chat.submit({ at, text, partTypes, attachmentCount: files.length || undefined });
    // Told late, its reply may be there already: since when, nobody knows.
    awaits = reply()?.textContent ? "end" : "text";
    ending = undefined;
  };
  const text = (source: "dom" | "stream", at = performance.now()): void => {
    if (awaits === "text") chat.responseStarted({ at });
    awaits = "end";
    chat.chunk(undefined, { at, source });
  };
  const hear = (event: Event, at: number): void => {
    // Images that fail are told by events of the same name.
    if (!(event instanceof CustomEvent) || event.target !== element) return;
    const { message, isHistory } = event.detail ?? {};
    if (event.type === "error") {
      // What it says may quote the visitor.
      chat.error({ at, errorCode: "deep_chat" });
      awaits = "nothing";
      ending = undefined;
    } else if (event.type === "message" && message && !isHistory) {
      if (message.role === "user") return submitted(at, message);
      if (awaits === "nothing") return;
      if (awaits === "text" && (message.text || message.html)) text("dom", at);
      awaits = "nothing";
      // What fails in mid-stream is told as a message first, and at once as an error.
      ending = { at, text: message.text };
      queueMicrotask(() => {
        if (ending) chat.completed(ending);
        ending = undefined;
      });
    }
  };

  const observer = new MutationObserver((records) => {
    if (awaits === "nothing" || byHandler) return;
    const bubble = reply();
    // Whether there is text, not what it says.
    if (bubble && records.some(({ target }) => target.contains(bubble) || bubble.contains(target)) && bubble.textContent?.trim()) text("dom");
  });
  observer.observe(root, { subtree: true, childList: true, characterData: true });

  const press = (event: Event): void => {
    if (event.type === "keydown" && (event as KeyboardEvent).key !== "Enter") return;
    for (const node of event.composedPath()) {
      if (node === root || !(node instanceof Element)) return;
      if (node.matches("#stop-icon, :has(> #stop-icon)")) {
        if (awaits !== "nothing") chat.stop();
        awaits = "nothing";
      } else if (node.matches(CHIP) && event.type === "click") {
        const chips = (node.closest(".message-bubble") ?? root).querySelectorAll(CHIP);
        chat.trackSuggestionChipClick({ chipIndex: [...chips].indexOf(node), ...(chat.includeContent && { chip: node.textContent ?? "" }) });
      }
    }
  };
  for (const type of ["click", "keydown"]) root.addEventListener(type, press, { capture: true, signal: controller.signal });
  // Elsewhere the document hears it.
  if (element.getRootNode() !== document) {
    for (const type of ["message", "error"]) {
      element.addEventListener(type, (event) => hear(event, performance.now()), { capture: true, signal: controller.signal });
    }
  }

  const wrap = (): void => {
    const { connect } = holder;
    const handler = connect?.handler as (Handler & { [WRAPPED]?: true }) | undefined;
    if (!connect || !handler || handler[WRAPPED]) return;
    const wrapped: Handler = (body, signals) => {
      byHandler = true;
      return handler(body, {
        ...signals,
        onOpen() {
          if (awaits === "text") chat.responseStarted();
          signals.onOpen();
        },
        onResponse(response) {
          const first = Array.isArray(response) ? response[0] : response;
          if (awaits !== "nothing" && (first?.text || first?.html)) text("stream");
          return signals.onResponse(response);
        },
      });
    };
    connect.handler = Object.assign(wrapped, { [WRAPPED]: true as const });
  };
  wrap();

  const observed = {
    chat,
    hear,
    wrap,
    stop() {
      controller.abort();
      observer.disconnect();
      delete holder[KEY];
      stops.delete(observed.stop);
    },
  };
  stops.add(observed.stop);
  return (holder[KEY] = observed);
}
