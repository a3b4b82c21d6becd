import type { Chat } from "./chat.js";
import { watchChunks } from "./stream-body.js";
import { createTurn, type Turn } from "./stream-turn.js";
import type { Tracker } from "./tracker.js";

/** What a transport of the AI SDK has that matters here. */
interface Transport {
  sendMessages(options: any): Promise<ReadableStream<any>>;
  reconnectToStream(options: any): Promise<ReadableStream<any> | null>;
}

/** A message of the AI SDK, as far as it is looked at. */
interface Message {
  id?: string;
  role?: string;
  parts?: Part[];
}
interface Part {
  type: string;
  text?: string;
  state?: string;
  toolName?: string;
  toolCallId?: string;
  approval?: { approved?: boolean };
}

/** What is known of one of the application's chats. */
interface Run {
  chat: Chat;
  turn?: Turn;
  /** Tools that were called and have not answered, by the id of the call. */
  open: Map<string, string>;
  /** Calls the visitor is asked about. */
  asked: Set<string>;
  /** When the response ended that waits for them. */
  pausedAt?: number;
}

/** Kept with the chat: in React a transport may be made, and wrapped, anew with every render. */
const RUN = Symbol.for("chatvitals.ai-sdk");

/**
 * The same transport, listened to: it hands over the chunks it would hand over anyway.
 *
 * ```ts
 * useChat({ transport: observeTransport(tracker, new DefaultChatTransport({ api: "/api/chat" })) });
 * ```
 *
 * Conversations go by the chat's id, unless `conversationId` names another.
 */
export function observeTransport<T extends Transport>(tracker: Tracker, transport: T, { conversationId }: { conversationId?: string } = {}): T {
  const runOf = (chatId: string): Run => {
    const chat: Chat & { [RUN]?: Run } = tracker.chat(conversationId ?? chatId);
    return (chat[RUN] ??= { chat, open: new Map(), asked: new Set() });
  };

  const sendMessages: Transport["sendMessages"] = (options) => {
    const turn = quietly(() => begin(runOf(options.chatId), options));
    const answer = transport.sendMessages(options);
    answer.then(
      (stream) => turn && watch(stream, turn),
      (error) => turn && failed(turn, error),
    );
    return answer;
  };
  const reconnectToStream: Transport["reconnectToStream"] = (options) => {
    const answer = transport.reconnectToStream(options);
    answer.then(
      (stream) => stream && quietly(() => watch(stream, next(runOf(options.chatId)))),
      () => {},
    );
    return answer;
  };
  return new Proxy(transport, {
    get(target, name) {
      if (name === "sendMessages") return sendMessages;
      if (name === "reconnectToStream") return reconnectToStream;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Tells why a request is made, and returns the turn its response belongs to. */
function begin(run: Run, { trigger, messages, messageId }: { trigger: string; messages: Message[]; messageId?: string }): Turn {
  const last = messages.at(-1);
  if (trigger === "regenerate-message") {
    run.turn?.settle(run.pausedAt);
    run.chat.regenerate({ messageId });
    return next(run);
  }
  if (last?.role === "user") {
    run.turn?.settle(run.pausedAt);
    const parts = last.parts ?? [];
    const texts = parts.filter((part) => part.type === "text").map((part) => part.text ?? "");
    run.chat.submit({
      text: texts.join("\n"),
      partTypes: parts.map((part) => part.type),
      attachmentCount: parts.filter((part) => part.type === "file").length || undefined,
      messageId: last.id,
    });
    return next(run);
  }
  // The answer to what the response before waited for: the same turn goes on.
  for (const part of last?.parts ?? []) {
    const { toolCallId = "", state = "", approval } = part;
    const toolName = run.open.get(toolCallId);
    if (!toolName) continue;
    if (approval?.approved !== undefined && run.asked.delete(toolCallId)) {
      run.chat.approvalResolved({ toolCallId, toolName, approved: approval.approved });
    } else if (state.startsWith("output-")) {
      run.open.delete(toolCallId);
      run.chat.toolFinished({ toolCallId, toolName, errorCode: state === "output-error" ? "tool_error" : undefined });
    }
  }
  return run.turn && run.pausedAt !== undefined ? run.turn : next(run);
}

function next(run: Run): Turn {
  run.turn?.drop();
  run.open.clear();
  run.asked.clear();
  run.pausedAt = undefined;
  const goesOn = () => {
    const waits = run.open.size > 0;
    run.pausedAt = waits ? performance.now() : undefined;
    return waits;
  };
  const turn: Turn = createTurn(run.chat, { goesOn, threads: false, onFrame: (chunk) => note(run, turn, chunk as Record<string, any>) });
  return (run.turn = turn);
}

/** What the common reader of streams leaves out: who answers a call, and what the server says of the response. */
function note({ open, asked }: Run, turn: Turn, { type, toolCallId, toolName, messageMetadata: about }: Record<string, any>): void {
  if (type === "tool-input-available") open.set(toolCallId, toolName);
  else if (type === "tool-approval-request") asked.add(toolCallId);
  else if (type?.startsWith("tool-output-") || type === "tool-input-error") open.delete(toolCallId);
  if (typeof about !== "object" || about === null) return;
  turn.telling.about({ usage: about.usage ?? about.totalUsage, model: about.model ?? about.modelId, provider: about.provider });
  if (typeof about.traceId === "string") turn.telling.trace(about);
}

function watch(stream: ReadableStream<unknown>, turn: Turn): void {
  turn.begin();
  watchChunks(stream, {
    chunk: turn.frame,
    end: () => turn.end(),
    failed: turn.broke,
    cancelled: () => turn.end("stopped"),
  });
}

function failed(turn: Turn, error: { statusCode?: unknown } | undefined): void {
  if (typeof error?.statusCode === "number") turn.telling.failed(`http_${error.statusCode}`);
  else turn.broke(error);
}

function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
