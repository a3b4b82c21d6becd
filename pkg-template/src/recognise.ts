import type { Options } from "./options.js";
import { placesOf } from "./places.js";
import { snapshot } from "./snapshot.js";
import type { observeStreams } from "./stream.js";
import type { Tracker } from "./tracker.js";

/** Which chats are recognised by themselves. */
export type Kind = "chatkit" | "deep-chat";

/** An event of a chat element, and when it came. */
export type Heard = [element: Element, event: Event, at: number];

/** What understands them; loaded when there is something to understand. */
export type Adopt = (tracker: Tracker) => (heard: Heard) => void;

/** Files of their own, for pages that need them: what understands chat elements, and what observes streams. */
export interface Parts {
  elements(): Promise<{ adopt: Adopt }>;
  stream(): Promise<{ observeStreams: typeof observeStreams }>;
}

/** Elements by their names, and the events each tells of itself by. `focusin` finds those inside of shadow roots. */
const CHATS: Record<Kind, [name: string, events: string]> = {
  chatkit: [
    "openai-chatkit",
    "ready error log effect deeplink response.start response.end thread.change tool.change history.open history.close".replace(/^| /g, "$&chatkit."),
  ],
  "deep-chat": ["deep-chat", "render message error focusin"],
};

/** Events kept until the adapters are there. */
const MAX_HEARD = 100;

/**
 * Hears the chat elements of the page, early or late, by listeners on the document. Those of a page without any cost
 * nothing but themselves: `load` is called at the first sign of one, and what was heard until then is told with its time.
 */
export function recogniseChats(tracker: Tracker, options: Options, parts: Parts): () => void {
  const kinds = kindsOf(options.chat);
  const unobserve = observeChosen(tracker, options, parts);
  const places = placesOf(tracker);
  const kept: Heard[] = [];
  let tell: ((heard: Heard) => void) | undefined;
  let loading: Promise<unknown> | undefined;
  let active = true;

  const adopt = (): void => {
    loading ??= parts.elements().then(
      ({ adopt }) => {
        if (!active) return;
        tell = adopt(tracker);
        kept.splice(0).forEach(tell);
      },
      () => {},
    );
  };
  const names = kinds.map((kind) => CHATS[kind][0]);
  const hear = (event: Event): void => {
    const element = event.composedPath().find((node) => names.includes((node as Element).localName)) as Element | undefined;
    if (!element) return;
    places.hearing = event.type;
    queueMicrotask(() => (places.hearing = undefined));
    const heard: Heard = [element, event, performance.now()];
    if (tell) tell(heard);
    else {
      if (kept.length < MAX_HEARD) kept.push(heard);
      adopt();
    }
  };
  const look = (): void => {
    if (names.length && document.querySelector(String(names))) adopt();
  };

  const events = kinds.flatMap((kind) => CHATS[kind][1].split(" "));
  for (const type of events) document.addEventListener(type, hear, true);
  document.addEventListener("DOMContentLoaded", look);
  look();
  return () => {
    active = false;
    unobserve();
    tell = undefined;
    for (const type of events) document.removeEventListener(type, hear, true);
    document.removeEventListener("DOMContentLoaded", look);
    for (const stop of places.stops) stop();
  };
}

function kindsOf(chat: Options["chat"]): Kind[] {
  const all = Object.keys(CHATS) as Kind[];
  const auto = typeof chat === "object" && chat ? (chat.auto ?? all) : chat === false ? [] : all;
  if (Array.isArray(auto) && auto.every((kind) => all.includes(kind))) return auto;
  throw new TypeError(`ChatVitals: option "chat.auto" should be an array of ${all.join(", ")}, but was ${snapshot(auto)}`);
}

/** Observes the requests that the option names, as soon as what does it is there. */
function observeChosen(tracker: Tracker, { chat, propagateTraceTo = [] }: Options, parts: Parts): () => void {
  const urls = (typeof chat === "object" && chat?.streams) || [];
  for (const [option, given] of [["chat.streams", urls], ["propagateTraceTo", propagateTraceTo]] as const) {
    if (Array.isArray(given) && given.every((url) => typeof url === "string" || url instanceof RegExp)) continue;
    throw new TypeError(`ChatVitals: option "${option}" should be an array of URL patterns, but was ${snapshot(given)}`);
  }
  let undo = () => {};
  let active = urls.length > 0;
  if (active) {
    parts.stream().then(
      ({ observeStreams }) => {
        if (active) undo = observeStreams(tracker, urls, { propagateTraceTo });
      },
      () => {},
    );
  }
  return () => {
    active = false;
    undo();
  };
}
