import type { Sink } from "../options.js";

/** How loudly. */
export type ConsoleLevel = "debug" | "log" | "info" | "warn" | "error";

/** Writes every event to the console, for developers. */
export function consoleSink(options: ConsoleLevel | { level?: ConsoleLevel } = {}): Sink {
  const level = (typeof options === "string" ? options : options.level) ?? "debug";
  if (typeof console[level] !== "function") {
    throw new TypeError(`ChatVitals: consoleSink wants "debug", "log", "info", "warn" or "error", but was given ${JSON.stringify(level)}`);
  }
  return (event) => console[level](`ChatVitals: ${event.type}`, event);
}
