import { isName, placeOf, placesOf, type Place } from "./places.js";
import type { Tracker } from "./tracker.js";

/** The events of `<openai-chatkit>` that tell something, by what follows `chatkit.`, and their handlers in React. */
export const HANDLERS = {
  error: "onError",
  log: "onLog",
  effect: "onEffect",
  deeplink: "onDeeplink",
  "response.start": "onResponseStart",
  "response.end": "onResponseEnd",
  "thread.change": "onThreadChange",
  "tool.change": "onToolChange",
  "history.open": "onHistoryOpen",
  "history.close": "onHistoryClose",
} as const;

type Detail = Record<string, any> | null | undefined;

/** Tells a chat what an event of ChatKit means. What is not named here is not looked at. */
export function tellChatKit(tracker: Tracker, place: Place, type: string, detail: Detail, at = performance.now()): void {
  const { chat } = place;
  // With its API observed, the responses are told from there, better: the first text, and which message was meant.
  const byApi = place.told === "api" || (place.told !== "events" && placesOf(tracker).apis > 0);
  const event = type.replace("chatkit.", "");
  switch (event) {
    case "log":
      if (detail?.name === "composer.submit") {
        // Heard before its request, told after it: while this file was on its way, the request spoke for itself.
        if (place.requested !== undefined && at <= place.requested) return;
        place.submitted = true;
        return chat.submit({ at, ...submission(detail.data?.text ?? detail.data?.content, detail.data?.attachments) });
      }
      if (detail?.name === "message.action" && isName(detail.data?.action)) {
        const action: string = detail.data.action;
        if (byApi && /^(retry|feedback\b)/.test(action)) return;
        chat.action(action, { at });
        if (action === "retry") chat.regenerate({ at });
      }
      return;
    case "response.start":
      if (place.told === "api") return;
      place.told = "events";
      chat.responseStarted({ at });
      // The frame does not show its first text. The start is the best there is, and is called what it is.
      return chat.firstToken({ at, source: "response.start" });
    case "response.end":
      place.submitted = false;
      return place.told === "api" ? undefined : chat.completed({ at });
    case "error": {
      const { code, name } = detail?.error ?? {};
      // Never the message: it may quote what was written.
      return chat.error({ at, errorCode: isName(code) ? code : isName(name) ? name : "chatkit" });
    }
    case "thread.change":
      return chat.threadChanged(detail?.threadId ?? null);
    case "effect":
    case "deeplink":
    case "tool.change":
    case "history.open":
    case "history.close":
      return chat.action(event, { at });
  }
}

/** What can be measured of a message: how long, of what kinds of parts, with how many files. */
export function submission(content: unknown, attachments: unknown): { text?: string; partTypes?: string[]; attachmentCount?: number } {
  const parts = (Array.isArray(content) ? content : [{ type: "input_text", text: content }]) as Record<string, unknown>[];
  const files = Array.isArray(attachments) ? attachments.length : undefined;
  const texts = parts.map((part) => part?.text).filter((text) => typeof text === "string");
  const kinds = parts.map((part) => String(part?.type ?? "input_text").replace("input_", "")).filter(isName);
  return { text: texts.length ? texts.join("\n") : undefined, partTypes: files ? [...kinds, "file"] : kinds, attachmentCount: files || undefined };
}

/** Listens on one element: for those inside of a shadow root, which the document does not hear. */
export function observeChatKitElement(tracker: Tracker, element: Element): () => void {
  const places = placesOf(tracker);
  if (places.elements.has(element)) return () => {};
  const place = placeOf(tracker, element, null);
  const controller = new AbortController();
  for (const name of Object.keys(HANDLERS)) {
    const type = `chatkit.${name}`;
    element.addEventListener(
      type,
      (event) => {
        places.hearing = type;
        queueMicrotask(() => (places.hearing = undefined));
        tellChatKit(tracker, place, type, (event as CustomEvent).detail);
      },
      { capture: true, signal: controller.signal },
    );
  }
  const stop = (): void => {
    controller.abort();
    places.elements.delete(element);
    places.stops.delete(stop);
  };
  places.stops.add(stop);
  return stop;
}
