import { createIds } from "./id.js";
import type { Kept } from "./kit.js";

declare const CHATVITALS_VERSION: string;

/** Options as a page gives them, unread: attributes are text. */
export type Settings = { [option: string]: any };

/** Options under which somebody would have to be asked what may leave, and how. */
const ASKING = ["page", "sampleRate", "headers"];
/** What might have to be redacted: a person's address, a number as long as a card's, a token, a value by its name. */
const DOUBTFUL = /@|=|%40|%3d|(\d\W?){13}|eyJ|bearer/i;

/**
 * The last word on a page that is left before the shell is there: that it was seen, and the site's own events that are
 * nothing but a name. Not more, as there is nobody to redact it; without a visit, as there is nobody to know it; and
 * nothing at all unless consent is sure. What was said is not kept: a page that comes back is a new view.
 */
export function sayFarewell({ endpoint, consent = "all", ...asked }: Settings, kept: Kept[]): void {
  const postures = [consent, ...kept.filter(({ words }) => words[0] === "setConsent").map(({ words }) => words[1])];
  const { globalPrivacyControl } = navigator as { globalPrivacyControl?: boolean };
  const { prerendering } = document as { prerendering?: boolean };
  const { origin, pathname: path } = location;
  if (!endpoint || !postures.every((posture) => posture === "analytics" || posture === "all") || globalPrivacyControl) return;
  if (prerendering || DOUBTFUL.test(path) || ASKING.some((option) => option in asked)) return;

  const newId = createIds();
  const event = (at: number, type: unknown, properties: object) => ({ id: newId(at), type, timestamp: new Date(at).toISOString(), path, properties });
  const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const view = { url: origin + path, path, navigationType: loaded?.type.replace("_", "-") ?? "navigate" };
  const named = kept.filter(({ words: [command, name, properties] }) => command === "track" && name && typeof name === "string" && !properties && !DOUBTFUL.test(name));
  const body = {
    events: [event(Date.now(), "page_view", view), ...named.map(({ at, words }) => event(at, words[1], {}))],
    sentAt: new Date().toISOString(),
    sdk: { name: "chatvitals", version: CHATVITALS_VERSION },
  };
  kept.length = 0;
  try {
    navigator.sendBeacon(endpoint, JSON.stringify(body));
  } catch {
    // No beacon, or one that refuses this address.
  }
}
