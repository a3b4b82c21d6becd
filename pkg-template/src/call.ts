import type { Core } from "./core.js";
import type { Consent } from "./options.js";

/** A call as it waits for the core. Without anything to do it only says where the page was. */
export interface Call {
  /** When it was made (wall clock, ms), and the page's address then. */
  at: number;
  url: string;
  /** Makes it. */
  act?: (core: Core) => void;
  /** The event it reports whole, for a shell that has to speak for itself: type and properties (JSON). */
  event?: [type: string, properties: string];
  /** The page view it reports by hand (JSON). */
  view?: string;
  /** What it says about consent. */
  consent?: Consent;
  /** The static context it sets (JSON). */
  context?: string;
}

/** Hands a call over to the core, now or when it is there; `told` is what the shell can say of it without a core. */
export type Handover = (act: (core: Core) => void, told?: Omit<Call, "at" | "url" | "act">) => void;
