import { HANDLERS, tellChatKit } from "./chatkit-events.js";
import { placeOf, placesOf } from "./places.js";
import type { Tracker } from "./tracker.js";

export { observeChatKitApi, type ChatKitApi } from "./chatkit-api.js";
export { observeChatKitElement } from "./chatkit-events.js";

/** The callbacks of `useChatKit` that measure. */
export type ChatKitCallbacks = { [Event in keyof typeof HANDLERS as (typeof HANDLERS)[Event]]: (detail?: any) => void };

/**
 * The callbacks that tell a tracker what ChatKit does, for `useChatKit({ ...chatkitCallbacks(tracker) })`. A page whose
 * ChatKit is recognised anyway needs none; with both, everything still counts once.
 */
export function chatkitCallbacks(tracker: Tracker): ChatKitCallbacks {
  const callbacks: Record<string, (detail?: any) => void> = {};
  for (const [event, handler] of Object.entries(HANDLERS)) {
    const type = `chatkit.${event}`;
    callbacks[handler] = (detail) => {
      if (placesOf(tracker).hearing === type) return;
      tellChatKit(tracker, placeOf(tracker, undefined, null), type, detail);
    };
  }
  return callbacks as ChatKitCallbacks;
}
