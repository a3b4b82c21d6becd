import type { Chat, ChatOptions } from "./chat.js";
import type { Consent, ImpressionOptions, Sink, Stats, TrackedEvent } from "./options.js";

/** What is to be said of a page view instead of what the page itself says. */
export interface PageView {
  url?: string;
  path?: string;
  title?: string;
  referrer?: string;
}

/** What `summary()` gives. Rates are `null` where there is nothing to divide by. */
export interface SessionSummary {
  messageImpressions: number;
  suggestionChipClickThroughRate: number | null;
  toolApprovalRate: number | null;
  handoffConversionRate: number | null;
  /** 0 to 5. */
  averageCsatScore: number | null;
  resolutionWithoutEscalationRate: number | null;
  purchaseCount: number;
  /** By currency; never summed across currencies. */
  grossMerchandiseValue: Record<string, number>;
  averageOrderValue: Record<string, number | null>;
}

/** A tracker. Every method may be called at once; calls made before the WebAssembly is there keep their time. */
export interface Tracker {
  /** An event of your own. */
  track(name: string, properties?: Record<string, unknown>): void;
  /** Who the visitor is. A browser's word is a hint; `trusted` says that the host vouches for it. */
  identify(identity: { userId?: string | null; tenantId?: string | null; trusted?: boolean }): void;
  /** The visitor decided. */
  setConsent(consent: Consent): void;
  /** Replaces the static context. */
  setContext(context: Record<string, unknown>): void;
  /** The posture that was given last, here or as an option. */
  readonly consent: Consent | undefined;
  /** A page view by hand. */
  page(overrides?: PageView): void;
  /** A chat on the page: that conversation, or the page's only one. The same name gives the same chat. */
  chat(conversationId?: string | null, options?: ChatOptions): Chat;
  /** Watches an element for an impression under this id, once per view; returns how to stop. */
  observe(element: Element, id: string, options?: ImpressionOptions): () => void;
  /** Sends what waits, now. */
  flush(): void;
  /** Ends the session, sends what waits, and undoes every listener, timer and observer. */
  shutdown(): void;
  /** The counts so far. */
  stats(): Stats;
  /** The session on this page in a handful of numbers; all zero or `null` before the tracker runs. */
  summary(): SessionSummary;
  /** The local buffer, oldest first. */
  events(): TrackedEvent[];
  /** Calls back for every event that passed the policy; returns how to stop. */
  subscribe(listener: Sink): () => void;
  /** Resolves to `true` once the tracker runs, to `false` when it cannot. */
  readonly ready: Promise<boolean>;
}

/** The names that may be called before the script is there: `chatvitals("track", "signup")`. */
export type Command = Exclude<keyof Tracker, "ready" | "consent">;
