import type { Call } from "./call.js";
import { passGate } from "./consent.js";
import { type Audience, dimensionsOf } from "./host.js";
import { fieldsOf } from "./fields.js";
import { createIds } from "./id.js";
import type { Consent, Options, Stats } from "./options.js";
import { clean, redact } from "./redact.js";
import { isKept, isSampled } from "./sampling.js";
import { sendNow } from "./send.js";
import { snapshot } from "./snapshot.js";
import { forgetVisit, joinVisit, type Visit } from "./visit.js";

/** The shell's own voice: what it says when the page is left before the core is there, or when there never is one. */
export interface Alone {
  /** Tells what these calls amount to, if consent allows it; answers with those the core is still to hear. */
  speak(calls: Call[]): Call[];
  /** The page came back from the back/forward cache: what is shown is a new view. */
  restored(): void;
  /** What was begun, for the core to go on with; nothing when nothing was told. */
  begun(): { session: string; view: string; url: string; consent?: Consent } | undefined;
  stats(): Stats;
}

const queryOf = (url?: string): [string, string][] => (url?.includes("?") ? [...new URL(url).searchParams] : []);
type Properties = Record<string, unknown>;

/** A voice for a tracker with these options. */
export function createAlone(options: Options, { hear, withdrawn }: Audience): Alone {
  const { endpoint, headers, includeContent, page, sampleRate: rate = 1 } = options;
  const { views = page !== false, hashRoutes = false, allowQuery } = typeof page === "object" ? page : {};
  const newId = createIds();
  const stats: Stats = { id: "", captured: 0, sent: 0, lost: 0, retried: 0, waiting: 0, dropped: {} };
  let policy = options;
  let context = snapshot(options.context ?? {});
  let visit: Visit | undefined;
  let view: { id: string; url: string; path: string } | undefined;
  let shown: string | undefined;
  let how = "navigate";
  let events: string[] = [];

  /** Puts one event into its envelope. */
  const tell = (type: string, at: number, properties: Properties, sessionId = visit![1]): void => {
    stats.captured++;
    const sampled = isSampled(type, rate);
    if (sampled && !isKept(sessionId, type, rate)) {
      stats.dropped.sampled = (stats.dropped.sampled ?? 0) + 1;
      return;
    }
    const json = JSON.stringify({
      id: newId(at),
      type,
      timestamp: new Date(at).toISOString(),
      sessionId,
      viewId: view?.id,
      path: view?.path,
      sampleRate: sampled ? rate : undefined,
      properties,
      context: { ...redact(context, true), ...fieldsOf(Object.entries(options.fields ?? {}), queryOf(view?.url)) },
      dimensions: redact(dimensionsOf(options) ?? "{}", true),
    });
    events.push(json);
    hear(json);
  };

  const join = (at: number): void => {
    const { visit: joined, isNew, ended } = joinVisit(options.session, at, newId(at));
    visit = joined;
    if (ended) {
      const [, id, , started, last, userTurnCount, assistantTurnCount] = ended;
      tell("session_ended", last, { durationMs: last - started, userTurnCount: +userTurnCount!, assistantTurnCount: +assistantTurnCount! }, id);
    }
    if (isNew) tell("session_started", at, { resumed: false, identityKind: "guest", previousId: joined[2] || undefined });
  };

  const show = (at: number, address: string, navigationType: string, given: Properties = {}): void => {
    const url = clean(String(given.url ?? address), allowQuery);
    const path = String(given.path ?? (url.replace(/^\w+:\/\/[^/?]*/, "").split("?")[0] || "/"));
    const referrer = clean(String(given.referrer ?? view?.url ?? document.referrer), allowQuery);
    view = { id: newId(at), url: address, path };
    tell("page_view", at, { url, path, title: given.title ?? document.title, referrer, navigationType });
  };

  return {
    speak(calls) {
      const [gate, passed] = passGate(calls, policy);
      if (gate === "closed" && visit) {
        visit = view = shown = undefined;
        forgetVisit(options.session);
        withdrawn();
      }
      if (gate !== "open" || !passed.length) return calls;
      stats.id ||= newId(passed[0]!.at);
      if (!visit) join(passed[0]!.at);
      for (const { at, url, consent, context: replaced = context, view: byHand, event } of passed) {
        if (consent) policy = { ...options, consent, respectGpc: false };
        context = replaced;
        const route = hashRoutes ? url : url.split("#")[0]!;
        if (byHand) show(at, url, "manual", JSON.parse(byHand));
        else if (views && route !== shown) show(at, url, how);
        shown = route;
        how = "push";
        if (event) tell(event[0], at, redact(event[1], includeContent));
      }
      // Rotated before they are handed over: whatever happens now, nothing is told twice.
      const telling = events;
      events = [];
      if (endpoint && telling.length) {
        const taken = sendNow(endpoint, telling, { ...stats, sent: stats.sent + telling.length }, headers);
        stats.sent += taken;
        stats.lost += telling.length - taken;
      }
      return calls.filter((call) => call.act && !call.event && !call.view && !call.consent);
    },
    restored() {
      shown = undefined;
      how = "back-forward-cache";
    },
    begun: () => visit && { session: visit.join("|"), view: view?.id ?? "", url: view?.url ?? "", consent: policy === options ? undefined : policy.consent },
    stats: () => stats,
  };
}
