import type { Core } from "chatvitals-wasm";
import { createChats } from "./chat.js";
import type { Options, Sink } from "./options.js";
import type { Tracker } from "./tracker.js";
import { snapshot } from "./snapshot.js";

/** A call as it waits for the WebAssembly: when it was made, what, and its arguments as JSON. */
type Call = [at: number, act: (core: Core, at: number) => void];

/** What loads the Rust core; the script tag and the npm package do it differently. */
export type Load = (wasmUrl: string | undefined) => Promise<typeof Core>;

/** Calls that wait are bounded, like everything that can grow. */
const MAX_WAITING = 1000;

/** Builds a tracker around a core that arrives later. */
export function createShell(options: Options, load: Load): Tracker {
  const { sink, dimensions, ...plain } = options;
  const listeners = new Set<Sink>(sinks(sink));
  let waiting: Call[] | undefined = [];
  let core: Core | undefined;

  const call = (act: Call[1], at = Date.now()): void => {
    if (core) act(core, at);
    else if (waiting && waiting.length < MAX_WAITING) waiting.push([at, act]);
  };

  const host = {
    dimensions: dimensions && (() => {
      try {
        return snapshot(dimensions());
      } catch {
        return undefined;
      }
    }),
    emit(json: string) {
      // Parsed for each anew: what one of them does to its event is not the others' business.
      for (const listener of listeners) quietly(() => listener(JSON.parse(json)));
    },
    withdrawn: () => tell("withdrawn"),
    log(line: string) {
      console.debug(line);
    },
  };

  const tell = (what: "withdrawn" | "shutdown"): void => {
    for (const listener of listeners) quietly(() => listener[what]?.());
  };

  const start = async (): Promise<boolean> => {
    try {
      const Loaded = await load(options.wasmUrl);
      await activated();
      core = new Loaded(snapshot(plain), host);
    } catch (error) {
      waiting = undefined;
      // A string is the core's own word about a set-up mistake, which is loud. Anything else is run-time trouble.
      if (typeof error === "string") console.error(error);
      return false;
    }
    core.listen(listeners.size > 0);
    const calls = waiting ?? [];
    waiting = undefined;
    for (const [at, act] of calls) act(core, at);
    return true;
  };

  const ready = options.enabled === false ? Promise.resolve(false) : start();
  return {
    ready,
    track: (name, properties) => {
      const json = snapshot(properties ?? {});
      call((core, at) => core.track(String(name), json, at));
    },
    identify: (identity) => {
      const json = snapshot(identity);
      call((core) => core.identify(json));
    },
    setConsent: (consent) => call((core) => loudly(() => core.setConsent(String(consent)))),
    setContext: (context) => {
      const json = snapshot(context);
      call((core) => core.setContext(json));
    },
    page: (overrides) => {
      const json = snapshot(overrides ?? {});
      call((core) => core.page(json));
    },
    chat: createChats((act) => call((core) => act(core)), options.includeContent === true),
    observe: (element, id, given) => {
      let undo: (() => void) | undefined;
      let over = false;
      call((core) => {
        if (!over) undo = core.observe(element, id, given);
      });
      return () => {
        over = true;
        undo?.();
      };
    },
    flush: () => call((core) => core.flush()),
    shutdown: () =>
      call((core) => {
        core.shutdown();
        tell("shutdown");
      }),
    stats: () =>
      core ? JSON.parse(core.stats()) : { id: "", captured: 0, sent: 0, lost: 0, retried: 0, dropped: {}, waiting: 0 },
    events: () => (core ? JSON.parse(core.events()) : []),
    subscribe: (listener) => {
      listeners.add(listener);
      core?.listen(true);
      return () => {
        listeners.delete(listener);
        core?.listen(listeners.size > 0);
      };
    },
  };
}

/** Nobody has seen a page that is being prerendered, and perhaps nobody will: until then it has no tracker. */
function activated(): Promise<unknown> | undefined {
  if (!(document as { prerendering?: boolean }).prerendering) return;
  return new Promise((resolve) => document.addEventListener("prerenderingchange", resolve, { once: true }));
}

function sinks(sink: Options["sink"]): Sink[] {
  const all = Array.isArray(sink) ? sink : sink ? [sink] : [];
  for (const one of all) {
    if (typeof one !== "function") {
      throw new TypeError(`ChatVitals: option "sink" should be a function or an array of functions, but was ${snapshot(sink)}`);
    }
  }
  return all;
}

/** Someone else's code: what it throws or rejects is not the page's problem. */
function quietly(act: () => unknown): void {
  try {
    const result = act();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // Counted by nobody: the event has been delivered as far as we can.
  }
}

function loudly(act: () => void): void {
  try {
    act();
  } catch (error) {
    console.error(error);
  }
}
