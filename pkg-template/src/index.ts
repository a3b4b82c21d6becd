import init, { Core } from "chatvitals-wasm";
import type { Options } from "./options.js";
import { createShell } from "./shell.js";
import type { Tracker } from "./tracker.js";

export type { Consent, Fields, ImpressionOptions, Options, PageOptions, Sink, Stats, TrackedEvent } from "./options.js";
export type { At, Chat, ChatOptions, FinishReason, Purchase, ResponseEnd, ResponseIds, SeenMessage, SentMessage, ToolCall, ToolResult, TtftSource, Upload } from "./chat.js";
export type { Tracker } from "./tracker.js";

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
  return createShell(onServer ? { enabled: false } : options, async (wasmUrl) => {
    // One literal URL: bundlers find the file by it.
    await init({ module_or_path: wasmUrl ?? new URL("chatvitals_bg.wasm", import.meta.url) });
    return Core;
  });
}
