// What the messages of known streams mean for a turn. Every protocol has its own words; most meet in a `type`.

/** What a message told, in the turn's words. */
export interface Telling {
  /** Text of the reply arrived. */
  text(text: string): void;
  /** The whole text, which is news only when nothing of it came before. */
  whole(text: string): void;
  part(type: string): void;
  toolCalled(id: string | undefined, name: string): void;
  toolFinished(id: string | undefined, errorCode?: string): void;
  approvalRequested(id: string | undefined, name?: string): void;
  /** A thought or an intermediate task begins or moves on; `done` ends it. */
  task(type: string, id: string, done?: boolean): void;
  trace(ids: Json): void;
  thread(id: string): void;
  /** What the response is called, and what made it. */
  about(facts: { responseId?: unknown; messageId?: unknown; model?: unknown; provider?: unknown; usage?: unknown; finishReason?: unknown }): void;
  failed(code: unknown): void;
  /** The response is whole; what comes after it on the stream is no part of it. */
  done(finishReason?: string): void;
}

export type Json = Record<string, any>;

/** Reads one message. */
export function read(frame: unknown, tell: Telling): void {
  if (frame === "[DONE]") return tell.done();
  if (typeof frame !== "object" || frame === null) return;
  const message = frame as Json;
  if (typeof message.type === "string") return readTyped(message.type, message, tell);
  if (Array.isArray(message.choices)) return readCompletion(message, tell);
  // deep-chat and others of its plainness.
  if (message.error) return tell.failed(message.error.code ?? message.error);
  for (const key of ["text", "html", "content", "response", "output", "message"]) {
    if (typeof message[key] === "string") return tell.text(message[key]);
  }
}

function readTyped(type: string, message: Json, tell: Telling): void {
  const words = type.toLowerCase().replace(/_/g, "-");
  const item = message.item ?? {};
  const update = message.update ?? {};
  switch (words) {
    // Text: Kortyx, AI SDK (text-delta), AG-UI (TEXT_MESSAGE_CONTENT), OpenAI responses, Anthropic, n8n.
    case "text-delta":
    case "text-message-content":
    case "text-message-chunk":
    case "response.output-text.delta":
      return tell.text(String(message.delta ?? message.textDelta ?? ""));
    case "content-block-delta":
      return tell.text(String(message.delta?.text ?? ""));
    case "message":
    case "item":
      return tell.text(String(message.content ?? ""));
    case "text-start":
    case "text-message-start":
      tell.part("text");
      return tell.about({ messageId: message.messageId });

    // Which response.
    case "start":
      return tell.about({ messageId: message.messageId, responseId: message.messageId });
    case "run-started":
      tell.about({ responseId: message.runId });
      return message.threadId && tell.thread(message.threadId);
    case "response.created":
      return tell.about({ responseId: message.response?.id, model: message.response?.model });
    case "message-start":
      return tell.about({ responseId: message.message?.id, model: message.message?.model, usage: message.message?.usage });
    case "session":
      return message.sessionId && tell.thread(message.sessionId);
    case "thread.created":
      return message.thread?.id && tell.thread(message.thread.id);
    case "trace":
      return tell.trace(message);

    // Tools.
    case "tool-call-start":
    case "tool-input-start":
    case "tool-input-available":
    case "tool-call":
      return tell.toolCalled(message.toolCallId, message.toolName ?? message.toolCallName ?? message.tool);
    case "content-block-start":
      tell.part(message.content_block?.type ?? "text");
      return message.content_block?.type === "tool_use" ? tell.toolCalled(message.content_block.id, message.content_block.name) : undefined;
    case "response.output-item.added":
      return item.type === "function_call" ? tell.toolCalled(item.call_id, item.name) : undefined;
    case "tool-call-result":
    case "tool-output-available":
    case "tool-result":
      return tell.toolFinished(message.toolCallId, message.isError ? "tool_error" : undefined);
    case "tool-call-error":
    case "tool-output-error":
    case "tool-output-denied":
      return tell.toolFinished(message.toolCallId, words === "tool-output-denied" ? "denied" : "tool_error");
    case "tool-approval-request":
      return tell.approvalRequested(message.toolCallId, message.toolName);

    // Thoughts and tasks.
    case "reasoning-start":
    case "reasoning-end":
    case "thinking-start":
    case "thinking-end":
      return tell.task("reasoning", message.id ?? message.messageId ?? "", words.endsWith("end"));
    case "step-started":
    case "step-finished":
      return tell.task("step", message.stepName ?? "", words.endsWith("finished"));

    // Parts that are not text.
    case "source-url":
    case "source-document":
    case "file":
      return tell.part(words);
    case "structured-data":
      return message.kind === "final" || message.kind === "set" ? tell.part(message.dataType ?? words) : undefined;

    // ChatKit.
    case "thread.item.added":
    case "thread.item.done":
      return readThreadItem(item, words.endsWith("done"), tell);
    case "thread.item.updated":
      if (update.type === "assistant_message.content_part.text_delta") {
        tell.about({ messageId: message.item_id });
        return tell.text(String(update.delta ?? ""));
      }
      return update.type === "assistant_message.content_part.added" ? tell.text(String(update.content?.text ?? "")) : undefined;

    // The end.
    case "finish":
      tell.about({ finishReason: message.finishReason, usage: message.messageMetadata?.usage, model: message.messageMetadata?.model });
      return tell.done();
    case "message-delta":
      return tell.about({ usage: message.usage, finishReason: message.delta?.stop_reason });
    case "response.completed":
    case "response.incomplete":
      tell.about({ usage: message.response?.usage, model: message.response?.model });
      return tell.done();
    case "done":
      tell.about({ usage: message.data?.usage, model: message.data?.model });
      return tell.done();
    case "run-finished":
    case "message-stop":
      return tell.done();
    case "abort":
      return tell.done("aborted");
    case "error":
    case "run-error":
    case "response.failed":
      return tell.failed(message.code ?? message.error?.code ?? message.response?.error?.code);
  }
  if (words.startsWith("data-")) tell.part("data");
}

function readThreadItem(item: Json, done: boolean, tell: Telling): void {
  const type = String(item.type ?? "").replace(/^chatkit\./, "");
  if (type === "assistant_message") {
    tell.about({ messageId: item.id });
    if (!done) tell.part("text");
    tell.whole((item.content ?? []).map((part: Json) => part.text ?? "").join(""));
  } else if (type === "client_tool_call") {
    if (!done || item.status === "pending") tell.toolCalled(item.call_id, item.name);
    else tell.toolFinished(item.call_id);
  } else if (type === "task" || type === "workflow") {
    tell.task(item.workflow?.type === "reasoning" ? "reasoning" : type, item.id ?? "", done);
  } else if (done && type && type !== "user_message") {
    tell.part(type);
  }
}

/** OpenAI chat completions, and the many that speak like them; whole ones too. */
function readCompletion(message: Json, tell: Telling): void {
  tell.about({ responseId: message.id, model: message.model, usage: message.usage });
  const choice = message.choices[0];
  if (!choice) return;
  const delta = choice.delta ?? choice.message ?? {};
  for (const call of delta.tool_calls ?? []) {
    if (call.function?.name) tell.toolCalled(call.id, call.function.name);
  }
  if (typeof delta.content === "string") tell.text(delta.content);
  if (choice.finish_reason) tell.about({ finishReason: choice.finish_reason });
}

/** Token counts under one set of names, whoever counted. */
export function usage(given: unknown): Record<string, number> | undefined {
  if (typeof given !== "object" || given === null) return;
  const from = given as Json;
  const counts = {
    inputTokens: from.inputTokens ?? from.input_tokens ?? from.prompt_tokens ?? from.promptTokens,
    outputTokens: from.outputTokens ?? from.output_tokens ?? from.completion_tokens ?? from.completionTokens,
    totalTokens: from.totalTokens ?? from.total_tokens,
    reasoningTokens: from.reasoningTokens ?? from.completion_tokens_details?.reasoning_tokens ?? from.output_tokens_details?.reasoning_tokens,
    cachedInputTokens: from.cachedInputTokens ?? from.prompt_tokens_details?.cached_tokens ?? from.cache_read_input_tokens,
  };
  const seen = Object.entries(counts).filter(([, count]) => Number.isFinite(count)) as [string, number][];
  return seen.length ? Object.fromEntries(seen) : undefined;
}
