import { readAttributes } from "./attributes.js";
import { loadCore } from "./load.js";
import { createShell } from "./shell.js";
import type { Options } from "./options.js";
import type { Command, Tracker } from "./tracker.js";

/** The digests of the files this script was built with. */
declare const CHATVITALS_WASM_DIGEST: string;
declare const CHATVITALS_ELEMENTS_DIGEST: string;
declare const CHATVITALS_STREAM_DIGEST: string;

type Queued = [at: number, command: Command | "options", ...args: unknown[]];
interface Global {
  (command: Command | "options", ...args: unknown[]): unknown;
  /** Calls made before this script was there. */
  q?: Queued[];
  /** The running tracker. */
  tracker?: Tracker;
}
declare global {
  interface Window {
    chatvitals?: Global;
  }
}

// There is no current script in a module or in a bundle of a tag manager.
const script = (document.currentScript ?? document.querySelector('script[src*="chatvitals"]')) as HTMLScriptElement | null;

// Included twice: the first one runs.
if (!window.chatvitals?.tracker) start(window.chatvitals?.q ?? []);

function start(queued: Queued[]): void {
  const options: Options = readAttributes(script);
  for (const [, command, value] of queued) if (command === "options") Object.assign(options, value);

  const beside = (file: string) => new URL(file, options.wasmUrl ? new URL(options.wasmUrl, document.baseURI) : script?.src || document.baseURI);
  const part = async (file: string, integrity: string) => {
    const { href } = beside(file);
    if (script?.integrity) await verified(href, integrity);
    return import(href);
  };
  const { tracker, during } = createShell(
    options,
    () =>
      loadCore({
        wasm: options.wasmUrl ?? beside("chatvitals_bg.wasm"),
        // A page that trusts by digests gets only what has one, and `import()` takes none.
        ...(script?.integrity ? { integrity: CHATVITALS_WASM_DIGEST } : { fallback: beside("chatvitals.fallback.js") }),
      }),
    {
      elements: () => part("chatvitals.elements.js", CHATVITALS_ELEMENTS_DIGEST),
      stream: () => part("chatvitals.stream.js", CHATVITALS_STREAM_DIGEST),
    },
  );
  const run: Global = (command, ...args) => {
    if (command === "chat") return tellChat(tracker, args);
    const act = (tracker as unknown as Record<string, unknown>)[command];
    if (typeof act === "function") return act(...args);
    if (command === "options") console.error("ChatVitals: options are read when the script starts; these came later");
    else console.error(`ChatVitals: there is no command ${JSON.stringify(command)}`);
  };
  run.tracker = tracker;
  window.chatvitals = run;
  for (const [at, command, ...args] of queued) {
    if (command !== "options") during(at, addressAt(at), () => run(command, ...args));
  }
  // Sinks are files of their own, beside this one: who names none pays for none.
  const named = script?.dataset.sink;
  if (named) import(String(beside("chatvitals-sinks.js"))).then((sinks) => sinks.addSinks(tracker, named), () => {});
}

/**
 * `chatvitals("chat", "submit", { text, conversationId })`: a method of that conversation's chat, or of the page's only
 * one. Without a method it is the chat itself.
 */
function tellChat(tracker: Tracker, [method, ...args]: unknown[]): unknown {
  const named = args.find((arg) => typeof arg === "object" && arg !== null) as { conversationId?: string } | undefined;
  const chat = tracker.chat(named?.conversationId);
  if (method === undefined) return chat;
  const act = (chat as unknown as Record<string, unknown>)[String(method)];
  if (typeof act === "function") return act(...args);
  console.error(`ChatVitals: a chat has no method ${JSON.stringify(method)}`);
}

/** Loads a module by its digest; whoever imports it afterwards gets that one. */
function verified(src: string, integrity: string): Promise<unknown> {
  const module = Object.assign(document.createElement("script"), { type: "module", crossOrigin: "anonymous", integrity, nonce: script?.nonce, src });
  return new Promise((loaded, failed) => {
    Object.assign(module, { onload: loaded, onerror: failed });
    document.head.append(module);
  });
}

/** Where the page was at that time: before its document was read through, where it was loaded from. */
function addressAt(at: number): string {
  const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const isEarly = loaded && at < performance.timeOrigin + (loaded.domContentLoadedEventEnd || Infinity);
  return isEarly ? loaded.name : location.href;
}
