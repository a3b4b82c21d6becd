import type { Chat } from "./chat.js";
import type { Turn } from "./stream-turn.js";
import type { Tracker } from "./tracker.js";

/** What the adapters of one tracker know of each other, whichever bundle they came in. */
export interface Places {
  /** The type of the chat event that is being dispatched and was heard on the document: its callbacks tell nothing new. */
  hearing?: string;
  /** How many ChatKit APIs are observed. */
  apis: number;
  elements: WeakMap<object, Place>;
  all: Place[];
  /** How to stop listening to what is listened to beside the document. */
  stops: Set<() => void>;
}

/** What an observed API keeps between its requests. */
export interface Run {
  turn?: Turn;
  /** Tools of the page's own that were called and have not answered. */
  tools: Map<string, string>;
  /** When the response ended that waits for them. */
  pausedAt?: number;
}

/** A chat element on the page, as its adapter keeps it. */
export interface Place {
  chat: Chat;
  /** A message was submitted, and no request for it was seen yet. */
  submitted?: boolean;
  /** Who tells of its responses: an observed API, or the element's own events. */
  told?: "api" | "events";
  run?: Run;
  /** When the latest request of an observed API was seen. */
  requested?: number;
  /** Whether it is known which element it is. */
  bound?: boolean;
}

const KEY = Symbol.for("chatvitals.places");

/** The places of a tracker. */
export function placesOf(tracker: Tracker): Places {
  const holder = tracker as unknown as { [KEY]?: Places };
  return (holder[KEY] ??= { apis: 0, elements: new WeakMap(), all: [], stops: new Set() });
}

/**
 * The place of an element. The first on a page is the page's only chat, `tracker.chat()`, for as long as there is no
 * other: so what the site tells by hand meets what was recognised. `root` is where its text appears; `null`: in a frame.
 */
export function placeOf(tracker: Tracker, element: object | undefined, root: Node | null): Place {
  const { elements, all } = placesOf(tracker);
  let place = element ? (elements.get(element) ?? all.find((place) => !place.bound)) : all[0];
  place ??= newPlace(tracker, root);
  if (element) {
    elements.set(element, place);
    place.bound = true;
  }
  return place;
}

/** A place of its own. */
export function newPlace(tracker: Tracker, root: Node | null): Place {
  const { all } = placesOf(tracker);
  const instance = all.length ? `chat-${all.length + 1}` : undefined;
  const place = { chat: tracker.chat(undefined, { instance, root }) };
  all.push(place);
  return place;
}

/** Whether it is a plain name that may be passed on: no sentence, no address, nothing anybody wrote. */
export const isName = (value: unknown): value is string => typeof value === "string" && /^[\w.:-]{1,64}$/.test(value);
