import type { Chat } from "./chat.js";
import { watchBody } from "./stream-body.js";
import { createFrames } from "./stream-frames.js";
import { read, usage, type Json, type Telling } from "./stream-protocols.js";

/** What an observed response may be asked for besides. */
export interface ResponseOptions {
  /** Every message of the stream as it passes, for what is only yours in it. What it throws is dropped. */
  onFrame?: (frame: unknown) => void;
  /** Whether a conversation's id found on the stream names the chat's conversation. Default `true`. */
  threads?: boolean;
  /** Asked at the end of the stream: whether the turn goes on in another response, because a tool of the page's own has to
   * answer first, or the visitor. */
  goesOn?: () => boolean;
  /** The turn the response belongs to, when it has begun. */
  turn?: Turn;
}

/** A turn as its streams tell it, one after another when it takes several. */
export interface Turn {
  /** The number its signals carry. */
  stream: number;
  telling: Telling;
  /** Its response is there, with or without text yet. */
  begin(): void;
  /** Takes a message of the stream. */
  frame(value: unknown): void;
  /** The stream is over. */
  end(finishReason?: string): void;
  /** It broke. */
  broke(error: unknown): void;
  /** Ends a turn that waited for what never came, as of then. */
  settle(at: number | undefined): void;
  /** Another turn has begun: this one has nothing more to say. */
  drop(): void;
}

/** A reply is kept up to here when its text is wanted (`includeContent`), characters. */
const MAX_TEXT = 20_000;

let streams = 0;

/**
 * Tells a chat what streams through a response: its first text, its chunks, tools, trace, usage and end. Returns the same
 * response, which behaves as if nobody looked on.
 */
export function observeResponse(response: Response, chat: Chat, options: ResponseOptions = {}): Response {
  const turn = options.turn ?? createTurn(chat, options);
  if (!response.ok) {
    turn.telling.failed(`http_${response.status}`);
    return response;
  }
  turn.begin();
  const frames = createFrames(turn.frame, (text) => turn.telling.text(text));
  watchBody(response, {
    bytes: frames.push,
    whole: (value) => {
      if (typeof value === "string") frames.text(value);
      else if (Object.prototype.toString.call(value) === "[object Object]") turn.frame(value);
    },
    end() {
      frames.end();
      turn.end();
    },
    failed: turn.broke,
    cancelled: () => turn.end("stopped"),
  });
  return response;
}

/** What became of a request that got no response: stopped by the visitor, or broken. */
export function requestFailed(chat: Chat, error: unknown): void {
  const cause = (error as Error | undefined)?.name;
  if (cause === "AbortError") chat.stop();
  else if (cause === "TimeoutError") chat.completed({ finishReason: "aborted" });
  else chat.disconnected({ willRetry: false });
}

/** Begins to tell a chat of a turn. */
export function createTurn(chat: Chat, { onFrame, threads = true, goesOn }: ResponseOptions): Turn {
  const stream = ++streams;
  const ids: { responseId?: string; messageId?: string } = {};
  const facts: Json = {};
  const tools = new Map<string, string>();
  const tasks = new Map<string, number>();
  let text = "";
  let hasText = false;
  let over = false;

  const end = (finishReason?: string, at?: number): void => {
    if (over || (!finishReason && at === undefined && goesOn?.())) return;
    over = true;
    const response = { ...facts, ...ids, stream, text: text || undefined, at };
    if (finishReason === "stopped") chat.stop(response);
    else chat.completed({ ...response, finishReason: finishReason ?? facts.finishReason });
  };
  const telling: Telling = {
    text(delta) {
      if (!delta) return;
      hasText = true;
      chat.chunk(delta, { ...ids, stream, source: "stream" });
      if (chat.includeContent && text.length < MAX_TEXT) text += delta.slice(0, MAX_TEXT - text.length);
    },
    whole(text) {
      if (!hasText) telling.text(text);
    },
    part: chat.part,
    toolCalled(id, toolName) {
      if (!toolName || (id && tools.has(id))) return;
      if (id) tools.set(id, toolName);
      chat.toolCalled({ toolCallId: id, toolName });
    },
    toolFinished(id, errorCode) {
      chat.toolFinished({ toolCallId: id, toolName: (id && tools.get(id)) || "unknown", errorCode });
    },
    approvalRequested(id, toolName) {
      chat.approvalRequested({ toolCallId: id, toolName: toolName ?? ((id && tools.get(id)) || "unknown") });
    },
    task(taskType, id, done) {
      const begun = tasks.get(id);
      if (!done) {
        if (begun === undefined) tasks.set(id, performance.now());
        return;
      }
      tasks.delete(id);
      chat.agentTask({ taskType, durationMs: begun === undefined ? undefined : performance.now() - begun });
    },
    trace: ({ traceId, spanId, runId }) => {
      if (/^[0-9a-f]{32}$/.test(traceId)) chat.trace({ traceId, spanId: /^[0-9a-f]{16}$/.test(spanId) ? spanId : undefined, runId });
    },
    thread: (id) => threads && chat.threadChanged(id),
    about({ responseId, messageId, usage: counts, ...rest }) {
      if (typeof responseId === "string") ids.responseId ??= responseId;
      if (typeof messageId === "string") ids.messageId ??= messageId;
      const used = usage(counts);
      if (used) facts.usage = { ...facts.usage, ...used };
      for (const [name, value] of Object.entries(rest)) if (typeof value === "string") facts[name] = value;
    },
    failed(code) {
      if (over) return;
      over = true;
      chat.error({ errorCode: typeof code === "string" || typeof code === "number" ? String(code).slice(0, 64) : "stream_error", shown: false });
    },
    done: end,
  };
  return {
    stream,
    telling,
    begin: () => over || chat.responseStarted({ stream }),
    end: (finishReason) => end(finishReason),
    settle: (at) => at === undefined || end(undefined, at),
    drop: () => (over = true),
    frame(value: unknown) {
      if (onFrame) {
        try {
          onFrame(value);
        } catch {
          // Theirs.
        }
      }
      if (!over) read(value, telling);
    },
    broke(error: unknown) {
      if (over) return;
      const cause = (error as Error | undefined)?.name;
      if (cause === "AbortError") return end("stopped");
      // The page's own patience, not the visitor's.
      if (cause === "TimeoutError") return end("aborted");
      over = true;
      chat.disconnected({ stream, willRetry: false });
    },
  };
}
