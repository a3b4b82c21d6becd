// What the two files of the script tag agree on: the loader (`loader.ts`) and what it brings (`script.ts`).
import type { Command, Tracker } from "./tracker.js";

/** `chatvitals("track", "signup")`; without a command it only says where the page was. */
export type Words = [command?: Command | "options", ...args: unknown[]];

/** A call made before this script was there: its time, and its words. */
export type Early = [at: number, ...words: Words];

/** A call as it waits for the shell. */
export interface Kept {
  at: number;
  /** The page's address then; not known of early calls. */
  url?: string;
  words: Words;
}

/** What the loader hands over. */
export interface Kit {
  script: HTMLScriptElement | null;
  /** What the page gave by `chatvitals("options", …)`. */
  options: object;
  kept: Kept[];
  /** The core's download, which is under way. */
  wasm: Promise<Response>;
  /** Imports a file of ours. A page that trusts by digests gets only what has this one. */
  bring(url: URL, digest: string): Promise<any>;
}

/** `window.chatvitals`. */
export interface Global {
  (...words: Words): unknown;
  /** Calls made before this script was there. */
  q?: Early[];
  /** Calls that wait for the shell. */
  kept?: Kept[];
  /** The tracker, once the shell is there. */
  tracker?: Tracker;
}
declare global {
  interface Window {
    chatvitals?: Global;
  }
}
