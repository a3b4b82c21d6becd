import type { Handover } from "./call.js";
import type { EventProperties } from "./catalogue.js";
import { harmless, nameOf } from "./harmless.js";
import { snapshot } from "./snapshot.js";

/** When something happened, if not now: ms on the page's clock (`performance.now()`). */
export interface At {
  at?: number;
}

/** Where the time of the first token was read from. */
export type TtftSource = "stream" | "response.start" | "dom" | "api";

/** How a response ended; a model's own word (`stop`, `length`, `tool-calls`) counts as natural. */
export type FinishReason = "natural" | "stopped" | "aborted" | "errored" | (string & {});

/** A message the visitor sent. Its text is measured; it is read on only with `includeContent`. */
export interface SentMessage extends At {
  text?: string;
  /** Length of the text, when the text itself is not to be handed over. */
  charCount?: number;
  partTypes?: string[];
  attachmentCount?: number;
  messageId?: string;
}

/** Names a response. Signals that name another response than the one under way are ignored. */
export interface ResponseIds extends At {
  responseId?: string;
  messageId?: string;
  /** Which of several streams at once carries it (a number of the caller's choice). */
  stream?: number;
}

/** How a response ended, and what is known of it. */
export interface ResponseEnd extends ResponseIds {
  finishReason?: FinishReason;
  model?: string;
  provider?: string;
  usage?: { inputTokens?: number; outputTokens?: number; totalTokens?: number } & Record<string, number | undefined>;
  /** How many parts of each kind; what `part` counted is added. */
  partTypeCounts?: Record<string, number>;
  errorCode?: string;
  /** The reply; read on only with `includeContent`. */
  text?: string;
}

/** A tool call; `toolCallId` ties its end to its beginning. */
export interface ToolCall extends At {
  toolName: string;
  toolCallId?: string;
}

/** A tool's answer. Without `success` it succeeded, unless there is an `errorCode`. */
export interface ToolResult extends At {
  toolName?: string;
  toolCallId?: string;
  success?: boolean;
  errorCode?: string;
  durationMs?: number;
  /** Content. */
  input?: Record<string, unknown>;
  /** Content. */
  output?: Record<string, unknown>;
}

/** A file on its way; `uploadId` ties its end to its beginning. */
export interface Upload extends At {
  uploadId?: string;
  /** MIME type or kind. */
  kind?: string;
  bytes?: number;
  errorCode?: string;
}

/** A message that was seen. One with an error (or an error part) is also an `error_shown`. */
export interface SeenMessage extends At {
  messageId: string;
  role: "user" | "assistant" | "system" | "human" | (string & {});
  error?: { errorCode: string; severity?: "info" | "warning" | "error" };
  parts?: ReadonlyArray<{ type?: string; errorCode?: string; code?: string; severity?: string }>;
}

/** An order. Told twice, it counts once. */
export interface Purchase extends At {
  orderId: string;
  /** The total in `currency`, 0 or more. */
  revenue: number;
  /** ISO 4217. */
  currency: string;
  items?: ReadonlyArray<{ productId?: string; name?: string; quantity?: number; unitPrice?: number; category?: string }>;
  paymentMethod?: string;
}

/**
 * A chat on the page. Tell what happens, in whatever order it happens; the tracker makes the events, one outcome per
 * turn. A mistaken argument is one line in the console and nothing is sent; nothing is ever thrown.
 */
export interface Chat extends Reports {
  /** Whether content (prompts, replies, labels…) is read on. */
  readonly includeContent: boolean;
  /** The visitor sent a message: turn zero of every timing. */
  submit(message?: SentMessage): void;
  /** The response began, with or without text yet. */
  responseStarted(response?: ResponseIds): void;
  /** The first text that is not empty arrived. `chunk` tells it by itself. */
  firstToken(token?: ResponseIds & { source?: TtftSource }): void;
  /** Text arrived. Empty text is no text. Cheap: chunks are counted here and told in passing. */
  chunk(text?: string, response?: ResponseIds & { source?: TtftSource }): void;
  /** The response has a part of this kind (`text`, `tool`, `citation`, `product-card`, …). */
  part(type: string): void;
  /** The response ended. */
  completed(response?: ResponseEnd): void;
  /** The visitor stopped the response. */
  stop(response?: ResponseEnd): void;
  /** The visitor asked for another response to the same message. */
  regenerate(options?: At & { messageId?: string }): void;

  toolCalled(call: ToolCall): void;
  toolFinished(result: ToolResult): void;
  approvalRequested(call: ToolCall): void;
  approvalResolved(answer: At & { approved: boolean; toolName?: string; toolCallId?: string }): void;
  uploadStarted(upload: Upload & { kind: string }): void;
  uploadCompleted(upload: Upload): void;
  uploadFailed(upload: Upload & { errorCode: string }): void;

  /** Where a handoff to a human stands: `requested` → `accepted` → `completed`, or `cancelled`. */
  handoff(
    status: "requested" | "accepted" | "completed" | "cancelled" | (string & {}),
    details?: At & { reason?: string; targetAgent?: string },
  ): void;
  /** The visitor saw an error. Of severity `error` (the default) it ends the turn; `shown: false` only ends it. */
  error(error: At & { errorCode: string; severity?: "info" | "warning" | "error"; shown?: boolean }): void;
  /** The connection of a turn broke; without `willRetry` the turn is over. */
  disconnected(options?: ResponseIds & { willRetry?: boolean }): void;
  /** It is there again. */
  reconnected(options?: ResponseIds): void;
  /** Another conversation is shown (`null`: a new one). A chat without an id takes this one, turn and all. */
  threadChanged(conversationId: string | null): void;
  /**
   * The server's trace of the turn; every later event of the turn carries it, feedback after a reload included.
   * `propagated`: the page made the ids itself, and sent them along with its request as the parent of the server's span.
   */
  trace(trace: At & { traceId: string; spanId?: string; runId?: string; propagated?: boolean }): void;
  /** Something was done with a message: `copy`, `retry`, `feedback.positive`, `feedback.negative`, or a word of yours. */
  action(action: string, details?: At & { messageId?: string }): void;

  opened(options?: At): void;
  closed(options?: At): void;
  /** A message was seen; repetitions are ignored. */
  trackMessageImpression(message: SeenMessage): void;
  trackSuggestionChipClick(
    click: At & { messageId?: string; partId?: string; chipIndex?: number; turnIndex?: number; responseId?: string; chip?: string },
  ): void;
  /** A rating from 0 to `maxScore` (default 5). */
  submitCSAT(rating: At & { score: number; maxScore?: number; comment?: string }): void;
  /** The conversation is settled, or not. */
  markResolved(resolution?: At & { resolved?: boolean; escalated?: boolean }): void;
  trackPurchase(purchase: Purchase): void;
  trackSessionIdle(options?: At): void;
  trackSessionAbandoned(options?: At): void;
}

/** Events that a chat reports whole, one method each: `citation_clicked` is `chat.citationClicked({ … })`. */
export type Reports = { [Name in ReportedEvent as Camel<Name>]: (properties: EventProperties[Name] & At) => void };

/** The events among {@link Reports}. */
export type ReportedEvent = (typeof REPORTS)[number];

type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;

/** Which chat. */
export interface ChatOptions {
  /** Tells chats without a conversation id apart, when the page has several. */
  instance?: string;
  /** Where the chat's text appears, if within a shadow root: needed to see the first token painted. `null`: where nobody
   * can look, as in a frame. */
  root?: Node | null;
}

/** Signals that only pass their details on. */
const SIGNALS =
  "submit responseStarted completed stop regenerate toolCalled toolFinished approvalRequested approvalResolved " +
  "uploadStarted uploadCompleted uploadFailed error disconnected reconnected trace";

const REPORTS = [
  "error_retry_clicked", "agent_task", "citation_clicked", "product_card_clicked", "order_summary_action_clicked",
  "custom_payload_interacted", "a2ui_action_dispatched", "a2ui_catalog_installed", "a2ui_surface_rendered",
  "a2ui_render_failed", "a2ui_action_blocked", "memory_saved", "memory_updated", "memory_deleted", "memory_recalled",
  "memory_approval_resolved", "sentiment_detected", "intent_detected", "signal_escalation_triggered",
  "agent_route_decided", "agent_route_failed",
] as const;

/** Methods that report an event whole, under a name of their own. */
const EVENTS: Record<string, string> = {
  opened: "chat_opened",
  closed: "chat_closed",
  trackMessageImpression: "message_impression",
  trackSuggestionChipClick: "suggestion_chip_clicked",
  submitCSAT: "csat_submitted",
  markResolved: "resolution_submitted",
  trackPurchase: "purchase_completed",
  trackSessionIdle: "session_idle",
  trackSessionAbandoned: "session_abandoned",
};

/** A pause this long ends a bundle of chunks, ms: shorter than any stall, so that the core sees every stall. */
const BUNDLE_GAP_MS = 1000;

/** How long after a response is over its first text is still looked for, ms: a page that shows a whole reply does so after it
 * came. */
const LAST_LOOK_MS = 1000;

/** What a chat needs of its tracker. */
export interface ChatHost {
  /** Hands a call over to the core, now or when it is there. */
  handOver: Handover;
  /** What time it is for the call being made, on the page's clock. */
  now(): number;
  includeContent: boolean;
}

/** Makes the chats of a tracker: the same chat for the same name. */
export function createChats(host: ChatHost): (id?: string | null, options?: ChatOptions) => Chat {
  const chats = new Map<string, Chat>();
  const roots = new Map<string, Node | null>();
  return (id, options) => {
    const { instance, root } = options ?? {};
    const key = instance ? `#${nameOf(instance)}` : nameOf(id ?? "");
    let chat = chats.get(key);
    if (!chat) chats.set(key, (chat = createChat(key, host, () => roots.get(key))));
    // Who names the chat first may not know where its text appears; its adapter does.
    if (root !== undefined) roots.set(key, root);
    if (instance && id) chat.threadChanged(id);
    return chat;
  };
}

function createChat(key: string, { handOver, now, includeContent }: ChatHost, root: () => Node | null | undefined): Chat {
  let stopWatching = () => {};
  let isLooking = false;
  let lastLook: ReturnType<typeof setTimeout> | undefined;
  let awaitsText = false;
  let chunks: { count: number; from: number; at: number; stream?: number; responseId?: string } | undefined;
  let parts: Record<string, number> = {};

  const send = (signal: string, given: object = {}): void => {
    const { at = now(), ...details } = given as At;
    // Chunks are told before anything that comes after them.
    tellChunks();
    const json = snapshot(details);
    // An event that is reported whole can be told without the core, too.
    const told = signal.includes("_") ? { event: [signal, json] as [string, string] } : undefined;
    handOver((core) => {
      const mistake = core.chat(key, signal, json, at);
      if (mistake) console.error(mistake);
    }, told);
  };
  const tellChunks = (): void => {
    const bundle = chunks;
    chunks = undefined;
    if (bundle) send("chunk", bundle);
  };
  const seen = (at?: number): void => {
    isLooking = false;
    stopWatching();
    clearTimeout(lastLook);
    send(at === undefined ? "unpainted" : "painted", { at });
  };
  const firstToken: Chat["firstToken"] = (token) => {
    send("firstToken", token);
    if (!awaitsText) return;
    awaitsText = false;
    stopWatching();
    clearTimeout(lastLook);
    isLooking = true;
    const place = root();
    // As of the beginning of time: it was not seen when, and there is no telling why.
    if (place === null || typeof document === "undefined") seen(0);
    // What was read from the document is in it, and in the next frame; anything else is not before the document changes.
    else stopWatching = whenPainted(token?.source === "dom" ? undefined : (place ?? document), seen);
  };

  const before: Record<string, (details: any) => object> = {
    submit: ({ text, ...rest }: SentMessage) => awaiting({ ...(includeContent && { text }), charCount: text?.length, ...rest }),
    regenerate: awaiting,
    responseStarted: awaiting,
    completed: (response: ResponseEnd) => {
      if (isLooking) lastLook = setTimeout(seen, LAST_LOOK_MS, 0);
      return ended(response);
    },
    stop: (response: ResponseEnd) => {
      stopWatching();
      return ended(response);
    },
    trackMessageImpression: ({ parts, error, ...message }: SeenMessage) => {
      const part = parts?.find((part) => part.type === "error");
      const shown = error ?? (part && { errorCode: part.errorCode ?? part.code ?? "unknown", severity: part.severity });
      return { ...message, error: shown && { ...shown, messageId: message.messageId } };
    },
  };
  function awaiting(details: object): object {
    awaitsText = true;
    return details;
  }
  function ended({ text, partTypeCounts, ...rest }: ResponseEnd): object {
    awaitsText = false;
    const counts = { ...parts, ...partTypeCounts };
    parts = {};
    return { ...rest, partTypeCounts: Object.keys(counts).length ? counts : undefined, ...(includeContent && { text }) };
  }

  const chat: Record<string, unknown> = {
    includeContent,
    firstToken,
    chunk: (text: string | undefined, response: ResponseIds & { source?: TtftSource } = {}) => {
      if (text === "") return;
      const { stream, responseId, at = now() } = response;
      if (awaitsText) firstToken({ ...response, at });
      if (chunks && (at - chunks.at > BUNDLE_GAP_MS || chunks.stream !== stream)) tellChunks();
      chunks ??= { count: 0, from: at, at, stream, responseId };
      chunks.count++;
      chunks.at = at;
    },
    part: (type: string) => {
      parts[type] = (parts[type] ?? 0) + 1;
    },
    handoff: (status: string, details: object) => send("handoff", { ...details, status }),
    action: (action: string, details: object) => send("action", { ...details, action }),
    threadChanged: (conversationId: string | null) => send("threadChanged", { conversationId }),
  };
  const method = (name: string, signal: string): void => {
    chat[name] = (given?: unknown) => {
      const details = given ?? {};
      if (typeof details !== "object") {
        return console.error(`ChatVitals: chat.${name} should be given an object, but was given a ${typeof details}`);
      }
      try {
        send(signal, before[name]?.(details) ?? details);
      } catch {
        // A getter that throws: nothing was said.
      }
    };
  };
  for (const name of SIGNALS.split(" ")) method(name, name);
  for (const name in EVENTS) method(name, EVENTS[name]!);
  for (const name of REPORTS) method(name.replace(/_./g, (word) => word[1]!.toUpperCase()), name);
  return harmless(chat) as unknown as Chat;
}

/**
 * Calls back with the time of the next frame, or of the frame that shows what changes next under `root`; with nothing when
 * the page is hidden and draws no frames. When nothing changes, nothing was seen, and it never calls.
 */
function whenPainted(root: Node | undefined, done: (at?: number) => void): () => void {
  // A task after the frame's own callback: by then the frame is drawn.
  const frame = () => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  const observer = new MutationObserver(() => {
    observer.disconnect();
    frame();
  });
  if (document.visibilityState === "hidden") done();
  else if (root) observer.observe(root, { subtree: true, childList: true, characterData: true });
  else frame();
  return () => observer.disconnect();
}
