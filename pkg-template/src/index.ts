import type { Options } from "./options.js";
import { download } from "./download.js";
import { loadCore } from "./load.js";
import { createShell } from "./shell.js";
import type { Tracker } from "./tracker.js";

export type { Consent, Fields, ImpressionOptions, Options, PageOptions, Sink, Stats, TrackedEvent } from "./options.js";
export type { At, Chat, ChatOptions, FinishReason, Purchase, ResponseEnd, ResponseIds, SeenMessage, SentMessage, ToolCall, ToolResult, TtftSource, Upload } from "./chat.js";
export type { EventName, EventProperties } from "./catalogue.js";
export type { PageView, SessionSummary, Tracker } from "./tracker.js";

/**
 * Starts a tracker and returns it at once; the WebAssembly follows. On a server it does nothing.
 *
 * ```ts
 * import { createTracker } from "chatvitals";
 *
 * const tracker = createTracker({ endpoint: "/api/events" });
 * tracker.track("signup", { plan: "pro" });
 * ```
 */
export function createTracker(options: Options = {}): Tracker {
  const onServer = typeof document === "undefined";
  const { tracker } = createShell(
    onServer ? { ...options, enabled: false } : options,
    () => {
      const { wasm, fallback } = placesOf(options);
      return loadCore(download(wasm), () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ String(fallback)));
    },
    { elements: () => import("./elements.js"), stream: () => import("./stream.js") },
  );
  return tracker;
}

/** Where the two builds of the core lie. */
function placesOf({ wasmUrl }: Options): { wasm: string | URL; fallback: URL } {
  if (wasmUrl) return { wasm: wasmUrl, fallback: new URL("chatvitals.fallback.js", new URL(wasmUrl, document.baseURI)) };
  // Literal URLs: bundlers find the files by them.
  return {
    wasm: new URL("./chatvitals_bg.wasm", import.meta.url),
    fallback: new URL("./chatvitals.fallback.js", import.meta.url),
  };
}
