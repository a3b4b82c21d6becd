import { type Core, type Door, openCore } from "./core.js";
import { createAlone } from "./alone.js";
import { createAside } from "./aside.js";
import type { Call, Handover } from "./call.js";
import { createChats } from "./chat.js";
import { harmless, nameOf } from "./harmless.js";
import { createAudience, createHost } from "./host.js";
import { watchLife } from "./leave.js";
import type { Options } from "./options.js";
import { type Parts, recogniseChats } from "./recognise.js";
import { snapshot } from "./snapshot.js";
import type { SessionSummary, Tracker } from "./tracker.js";

/** What loads the Rust core; the script tag and the npm package find it in different places. */
export type Load = () => Promise<Door>;

/** A tracker, and a way to make calls on it as of another time and place; without one, the page was there then. */
export interface Shell {
  tracker: Tracker;
  during(at: number, url: string, act?: () => void): void;
}

/** Calls that wait are bounded, like everything that can grow. */
const MAX_WAITING = 1000;
/** How often a shell that stays alone tells what it heard, ms, unless the site says otherwise. */
const INTERVAL_MS = 5000;
/** With Save-Data: few, large batches, unless the site says otherwise. */
const SAVING = { size: 100, intervalMs: 60_000 };

/**
 * Builds a tracker around a core that arrives later. Until then calls are kept with their time and address; if the page
 * is left first, or no core can be had, the shell speaks for itself.
 */
export function createShell(options: Options, load: Load, parts: Parts): Shell {
  const { sink, dimensions, ...plain } = options;
  const audience = createAudience(sink);
  const { listeners } = audience;
  const alone = createAlone(options, audience);
  let core: Core | undefined;
  let calls: Call[] = [];
  let moment: { at: number; url: string } | undefined;
  let isOver = options.enabled === false;
  let isAlone = false;
  let { consent } = options;
  let stop = () => {};

  /** What waits aside is captured before anything else is asked of the core. */
  const running = (): Core | undefined => {
    const lines = aside.take();
    if (lines) core!.track(lines);
    return core;
  };
  const aside = createAside(running);
  const keep = (call?: Partial<Call>): void => {
    // Not the first: it says where and when the visit began.
    if (calls.length >= MAX_WAITING) calls.splice(1, 1);
    calls.push({ at: Date.now(), url: location.href, ...moment, ...call });
  };
  const call: Handover = (act, told) => {
    const core = running();
    if (core) act(core);
    else if (!isOver && (told || !isAlone)) keep({ act, ...told });
  };
  const speak = (): void => {
    // Nobody has seen a page that is being prerendered, and perhaps nobody will.
    if (isOver || isPrerendering()) return;
    keep();
    calls = alone.speak(calls.sort(byTime));
  };
  const start = async (): Promise<boolean> => {
    stop = watchLife({ leave: speak, move: keep, restored: alone.restored });
    const loading = load().catch(() => undefined);
    if (isPrerendering()) {
      await new Promise((seen) => document.addEventListener("prerenderingchange", seen, { once: true }));
      for (const early of calls) early.at = Date.now();
    }
    keep();
    const door = await loading;
    // Loading, making and starting are tasks of their own: the page may have something to do in between.
    const rest = () => new Promise((next) => setTimeout(next));
    if (door) await rest();
    if (isOver) return false;
    try {
      if (!door) throw 0;
      const make = () => openCore(door, snapshot(settings()), createHost(options, audience, aside));
      const decided = decision();
      const made = make();
      await rest();
      if (isOver) return false;
      // Who left and came back meanwhile may have decided anew, and the shell has acted on it.
      handOver(decision() === decided ? made : make());
      return true;
    } catch (error) {
      if (typeof error === "string") {
        // The core's own word about a set-up mistake, which is loud.
        console.error(error);
        end();
      } else {
        // Run-time trouble: no core will come.
        isAlone = true;
        const timer = setInterval(speak, options.batch?.intervalMs ?? INTERVAL_MS);
        const unwatch = stop;
        stop = () => (clearInterval(timer), unwatch());
      }
      return false;
    }
  };
  /** What the visitor decided, if the shell spoke for itself since. */
  const decision = () => alone.begun()?.consent;
  /** The site's options, and what was decided since. */
  const settings = (): object => {
    const decided = decision();
    const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
    return { ...(saves && { batch: SAVING }), ...plain, ...(decided && { consent: decided, respectGpc: false }) };
  };
  /** Starts the core where the visit began, and lets it hear everything since. */
  const handOver = (arrived: Core): void => {
    stop();
    keep();
    calls.sort(byTime);
    const { session = "", view = "", url = calls[0]!.url } = alone.begun() ?? {};
    arrived.listen(listeners.size > 0);
    arrived.at(calls[0]!.at, url);
    arrived.start(session, view);
    for (const { at, url, act } of calls) {
      arrived.at(at, url);
      act?.(arrived);
    }
    arrived.at(0, "");
    calls = [];
    core = arrived;
  };
  const end = (): void => {
    isOver = true;
    calls = [];
    stop();
  };

  const track: Tracker["track"] = (name, properties) => {
    const type = nameOf(name);
    const json = snapshot(properties ?? {});
    // What the site's own functions are to say or hear of it they do at once.
    if (core && aside.isOpen() && !dimensions && !listeners.size) aside.put(type, json);
    else call((core) => core.track(`\n${JSON.stringify(type)}\n${json}`), { event: [type, json] });
  };
  const tracker = harmless<Tracker>({
    ready: isOver ? Promise.resolve(false) : start(),
    track,
    identify(identity) {
      const json = snapshot(identity);
      call((core) => core.identify(json));
    },
    get consent() {
      return consent;
    },
    setConsent(decided) {
      consent = decided;
      call((core) => loudly(core.setConsent(nameOf(decided))), { consent: decided });
    },
    setContext(context) {
      const json = snapshot(context);
      call((core) => core.setContext(json), { context: json });
    },
    page(overrides) {
      const json = snapshot(overrides ?? {});
      call((core) => core.page(json), { view: json });
    },
    chat: createChats({
      handOver: call,
      now: () => (moment ? moment.at - performance.timeOrigin : performance.now()),
      includeContent: options.includeContent === true,
    }),
    observe(element, id, given) {
      let undo: (() => void) | undefined;
      let isUndone = false;
      const name = nameOf(id);
      const wanted = { ...JSON.parse(snapshot(given)) };
      call((core) => {
        if (!isUndone) undo = core.observe(element, name, wanted);
      });
      return () => {
        isUndone = true;
        undo?.();
      };
    },
    flush() {
      if (isAlone) speak();
      call((core) => core.flush());
    },
    shutdown() {
      unrecognise();
      if (core) running()!.shutdown();
      else if (!isOver) {
        speak();
        end();
      }
      audience.shutdown();
    },
    stats: () => (core ? JSON.parse(running()!.stats()) : alone.stats()),
    summary: () => (core ? JSON.parse(running()!.summary()) : NO_SUMMARY),
    events: () => (core ? JSON.parse(running()!.events()) : []),
    subscribe(listener) {
      listeners.add(listener);
      running()?.listen(true);
      return () => {
        listeners.delete(listener);
        running()?.listen(listeners.size > 0);
      };
    },
  });
  // Harmless by itself, and called too often for another function around it.
  tracker.track = track;
  const unrecognise = isOver ? () => {} : recogniseChats(tracker, options, parts);
  return {
    tracker,
    during(at, url, act = keep) {
      moment = { at, url };
      act();
      moment = undefined;
    },
  };
}

const NO_SUMMARY: SessionSummary = {
  messageImpressions: 0,
  suggestionChipClickThroughRate: null,
  toolApprovalRate: null,
  handoffConversionRate: null,
  averageCsatScore: null,
  resolutionWithoutEscalationRate: null,
  purchaseCount: 0,
  grossMerchandiseValue: {},
  averageOrderValue: {},
};
const byTime = (a: Call, b: Call) => a.at - b.at;
const isPrerendering = () => (document as { prerendering?: boolean }).prerendering === true;

function loudly(mistake: string | undefined): void {
  if (mistake) console.error(mistake);
}
