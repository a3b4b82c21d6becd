// `chatvitals.shell.js`: everything of the script tag but its loader, and the core.
import { readAttributes } from "./attributes.js";
import { harmless, nameOf } from "./harmless.js";
import type { Global, Kit, Words } from "./kit.js";
import { loadCore } from "./load.js";
import { createShell } from "./shell.js";
import { snapshot } from "./snapshot.js";
import type { Tracker } from "./tracker.js";

/** The digests of the files this one was built with. */
declare const CHATVITALS_FALLBACK_DIGEST: string;
declare const CHATVITALS_ELEMENTS_DIGEST: string;
declare const CHATVITALS_STREAM_DIGEST: string;

/** Starts the tracker, makes the calls that were kept, and answers with what makes the next ones. */
export function start({ script, options: given, kept, wasm, bring }: Kit): { tracker: Tracker; answer: Global } {
  const options = { ...readAttributes(script), ...given };
  const beside = (file: string) => new URL(file, options.wasmUrl ? new URL(options.wasmUrl, document.baseURI) : script?.src || document.baseURI);
  const { tracker, during } = createShell(
    options,
    () => loadCore(wasm, () => bring(beside("chatvitals.fallback.js"), CHATVITALS_FALLBACK_DIGEST)),
    {
      elements: () => bring(beside("chatvitals.elements.js"), CHATVITALS_ELEMENTS_DIGEST),
      stream: () => bring(beside("chatvitals.stream.js"), CHATVITALS_STREAM_DIGEST),
    },
  );
  // Not one list that is taken apart: that alone would be a seventh of a call's time.
  const answer = (command?: Words[0], ...args: unknown[]): unknown => {
    if (command === "chat") return chats.tell(tracker, args);
    const act = (tracker as unknown as Record<string, unknown>)[nameOf(command)];
    if (typeof act === "function") return act(...args);
    if (command === "options") console.error("ChatVitals: options are read when the script starts; these came later");
    else console.error(`ChatVitals: there is no command ${snapshot(command)}`);
  };
  for (const { at, url = addressAt(at), words } of kept) {
    during(at, url, words.length ? () => answer(...words) : undefined);
  }
  // Sinks are files of their own, beside this one: who names none pays for none.
  const named = script?.dataset.sink;
  if (named) import(String(beside("chatvitals-sinks.js"))).then((sinks) => sinks.addSinks(tracker, named), () => {});
  return { tracker, answer };
}

/**
 * `chatvitals("chat", "submit", { text, conversationId })`: a method of that conversation's chat, or of the page's only
 * one. Without a method it is the chat itself.
 */
function tellChat(tracker: Tracker, [method, ...args]: unknown[]): unknown {
  const named = args.find((arg) => typeof arg === "object" && arg !== null) as { conversationId?: string } | undefined;
  const chat = tracker.chat(named?.conversationId);
  if (method === undefined) return chat;
  const act = (chat as unknown as Record<string, unknown>)[nameOf(method)];
  if (typeof act === "function") return act(...args);
  console.error(`ChatVitals: a chat has no method ${snapshot(method)}`);
}

const chats = harmless({ tell: tellChat });

/** Where the page was at that time: before its document was read through, where it was loaded from. */
function addressAt(at: number): string {
  const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const isEarly = loaded && at < performance.timeOrigin + (loaded.domContentLoadedEventEnd || Infinity);
  return isEarly ? loaded.name : location.href;
}
