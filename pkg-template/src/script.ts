import init, { Core } from "chatvitals-wasm";
import type { Fields, Options } from "./options.js";
import { createShell } from "./shell.js";
import type { Command, Tracker } from "./tracker.js";

type Queued = [at: number, command: Command, ...args: unknown[]];
interface Global {
  (command: Command, ...args: unknown[]): unknown;
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

/** The names of custom fields. */
const FIELD = /^[snb]\d{1,3}$/;
const script = document.currentScript as HTMLScriptElement | null;

// Included twice: the first one runs.
if (!window.chatvitals?.tracker) {
  const before = window.chatvitals;
  const beside = script?.src ? new URL("chatvitals_bg.wasm", script.src).href : "chatvitals_bg.wasm";
  const tracker = createShell(read(script), async (wasmUrl) => {
    await init({ module_or_path: wasmUrl ?? beside });
    return Core;
  });
  const run: Global = (command, ...args) => {
    const act = (tracker as unknown as Record<string, unknown>)[command];
    if (typeof act === "function") return act(...args);
    console.error(`ChatVitals: there is no command ${JSON.stringify(command)}`);
  };
  run.tracker = tracker;
  window.chatvitals = run;
  for (const [at, command, ...args] of before?.q ?? []) run(command, ...args);
}

/**
 * Options from `data-` attributes: `data-sample-rate="0.5"`, `data-endpoint="/api/events"`, `data-batch='{"size":5}'`.
 * Custom fields come from the query of the script's own address, or as attributes (`data-s1="red"`).
 */
function read(script: HTMLScriptElement | null): Options {
  const options: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  if (script?.src) new URL(script.src).searchParams.forEach((value, name) => FIELD.test(name) && (fields[name] = value));
  for (const [name, value] of Object.entries(script?.dataset ?? {})) {
    if (FIELD.test(name)) {
      fields[name] = value;
      continue;
    }
    try {
      options[name] = value === "" ? true : JSON.parse(value ?? "");
    } catch {
      options[name] = value;
    }
  }
  return { ...options, fields: { ...fields, ...(options.fields as object) } as Fields };
}
