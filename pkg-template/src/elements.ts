import { observeChatKitElement, tellChatKit } from "./chatkit-events.js";
import { observeDeepChat } from "./deep-chat.js";
import { placeOf } from "./places.js";
import type { Adopt } from "./recognise.js";

/** What the elements that were recognised say. A file of its own: pages without a chat do not load it. */
export const adopt: Adopt = (tracker) => {
  for (const element of document.querySelectorAll("openai-chatkit, deep-chat")) {
    if (element.localName === "deep-chat") observeDeepChat(tracker, element);
    else placeOf(tracker, element, null);
  }
  return ([element, event, at]) => {
    if (element.localName === "deep-chat") observeDeepChat(tracker, element).hear(event, at);
    // Inside of a shadow root the document hears no more than that it is there.
    else if (element.getRootNode() !== document) observeChatKitElement(tracker, element);
    else tellChatKit(tracker, placeOf(tracker, element, null), event.type, (event as CustomEvent).detail, at);
  };
};
