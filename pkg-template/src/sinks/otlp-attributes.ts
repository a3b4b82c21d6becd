import type { TrackedEvent } from "../options.js";
import { snakeCase } from "./details.js";

/** Attributes by name; what is absent, `null` or not a number is left out. */
export type Attributes = Record<string, unknown>;

/**
 * What OpenTelemetry's conventions (browser, session, gen_ai) and Kortyx call our fields. A field that is not here is
 * `chatvitals.` and its name in snake case.
 */
const NAMES = table<readonly string[]>({
  sessionId: ["session.id", "kortyx.session.id"],
  previousId: ["session.previous_id"],
  conversationId: ["gen_ai.conversation.id"],
  userId: ["user.id"],
  tenantId: ["kortyx.tenant.id"],
  runId: ["kortyx.run.id"],
  path: ["url.path"],
  url: ["browser.document.url.full"],
  language: ["browser.language"],
  model: ["gen_ai.request.model", "gen_ai.response.model", "kortyx.model.id"],
  provider: ["gen_ai.provider.name", "kortyx.provider.id"],
  responseId: ["gen_ai.response.id"],
  toolName: ["gen_ai.tool.name"],
  toolCallId: ["gen_ai.tool.call.id", "kortyx.tool.call.id"],
  errorCode: ["error.type"],
});

/** Kortyx' names for token counts, and what AI clients call them. */
const USAGE = table({
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  totalTokens: "total_tokens",
  reasoningTokens: "reasoning.output_tokens",
  cacheReadTokens: "cache_read.input_tokens",
  cacheCreationTokens: "cache_creation.input_tokens",
});

/** Fields that are told elsewhere: in the record itself, or by rules of their own. */
const APART = new Set(["traceId", "spanId", "tags", "prompt", "metadata", "usage"]);

/** Fields of an event that the conventions know in another shape: `special` tells them. */
const RESHAPED = table({
  web_vital: ["name", "value", "delta", "id", "rating", "navigationType"],
  assistant_response_completed: ["finishReason"],
});

/** What was said in the conversation: left out, unless captured. Everything else that is content obeys `includeContent`. */
const CONTENT = table<{ input?: string; output?: string }>({
  user_message_sent: { input: "text" },
  suggestion_chip_clicked: { input: "chip" },
  csat_submitted: { input: "comment" },
  tool_executed: { input: "input", output: "output" },
  assistant_response_completed: { output: "text" },
  agent_task: { output: "summary" },
});

/** Which content is let into attributes: what people said and tools were given, and what came back. */
export interface Capture {
  input?: boolean;
  output?: boolean;
}

/** Looked up by names that a site chose: `constructor` must not find what every object has. */
function table<Value>(entries: Record<string, Value>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(entries));
}

/** An event's attributes: the envelope's, its own, the dimensions' and the context's. */
export function eventAttributes(event: TrackedEvent, capture: Capture): Attributes {
  const { id, type, timestamp: _, properties, context, dimensions, ...envelope } = event;
  return {
    ...named(context, "chatvitals.context."),
    ...named(dimensions, "chatvitals.dimension."),
    ...named({ ...plainFields(type, properties), ...envelope }),
    ...usageOf(properties.usage),
    ...special(event),
    ...contentOf(event, capture),
    ...tagsOf({ ...context, ...dimensions }),
    "chatvitals.event.id": id,
    "chatvitals.event.type": type,
  };
}

/** Tags, the prompt's identity and metadata, wherever a site gives them. */
export function tagsOf({ tags, prompt, metadata }: { tags?: unknown; prompt?: unknown; metadata?: unknown }): Attributes {
  const { name, version, type, source } = (typeof prompt === "object" && prompt !== null ? prompt : {}) as Record<string, unknown>;
  const out: Attributes = { "kortyx.trace.tags": tags, "kortyx.prompt.source": source };
  for (const [key, value] of Object.entries({ name, version, type })) {
    out[`gen_ai.prompt.${key}`] = out[`kortyx.prompt.${key}`] = value;
  }
  for (const [key, value] of Object.entries(metadata ?? {})) out[`kortyx.trace.metadata.${key}`] = value;
  return out;
}

/** Content under the names that backends look for; the newest convention wants messages with roles. */
export function contentOf({ type, properties }: TrackedEvent, capture: Capture): Attributes {
  const { input, output } = CONTENT.get(type) ?? {};
  const out: Attributes = {};
  const said = capture.input && input ? properties[input] : undefined;
  const answered = capture.output && output ? properties[output] : undefined;
  if (type === "tool_executed") return { "gen_ai.tool.call.arguments": said, "gen_ai.tool.call.result": answered };
  if (type === "user_message_sent" && said !== undefined) {
    Object.assign(out, { "gen_ai.prompt": said, "kortyx.trace.input": said, "gen_ai.input.messages": messages("user", said) });
  } else if (type === "assistant_response_completed" && answered !== undefined) {
    Object.assign(out, { "gen_ai.completion": answered, "kortyx.trace.output": answered, "gen_ai.output.messages": messages("assistant", answered) });
  } else if (said !== undefined || answered !== undefined) {
    out[`chatvitals.${input ?? output}`] = said ?? answered;
  }
  return out;
}

function messages(role: string, content: unknown): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
}

/** An event's fields without its content, and without those that are told in another shape. */
function plainFields(type: string, properties: Record<string, unknown>): Record<string, unknown> {
  const { input, output } = CONTENT.get(type) ?? {};
  const apart = [input, output, ...(RESHAPED.get(type) ?? [])];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !apart.includes(name)));
}

/** Fields by the names of the conventions, or by their own after a prefix. */
function named(fields: Record<string, unknown> = {}, prefix = "chatvitals."): Attributes {
  const out: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (APART.has(name)) continue;
    for (const attribute of NAMES.get(name) ?? [prefix + snakeCase(name)]) out[attribute] = value;
  }
  return out;
}

function usageOf(usage: unknown): Attributes {
  const out: Attributes = {};
  for (const [name, value] of Object.entries(usage ?? {})) out[`gen_ai.usage.${USAGE.get(name) ?? snakeCase(name)}`] = value;
  return out;
}

/** Events whose fields the conventions know in another shape. */
function special({ type, properties }: TrackedEvent): Attributes {
  const { name, value, delta, id, rating, navigationType, action, score, ttftMs, ttftSource, finishReason } = properties;
  switch (type) {
    case "web_vital":
      return {
        "browser.web_vital.name": String(name).toLowerCase(),
        "browser.web_vital.value": value,
        "browser.web_vital.delta": delta,
        "browser.web_vital.id": id,
        "browser.web_vital.rating": rating,
        "browser.web_vital.navigation_type": navigationType,
      };
    case "assistant_response_first_token":
      // The start of a response is earlier than its first chunk: it may not pass for it.
      return ttftSource === "response.start" || typeof ttftMs !== "number" ? {} : { "gen_ai.response.time_to_first_chunk": ttftMs / 1000 };
    case "assistant_response_completed":
      return { "gen_ai.response.finish_reasons": finishReason === undefined ? undefined : [finishReason] };
    case "csat_submitted":
      return { "gen_ai.evaluation.name": "csat", "gen_ai.evaluation.score.value": score };
    case "message_action": {
      const [, label] = /^feedback\.(.+)/.exec(String(action)) ?? [];
      return label ? { "gen_ai.evaluation.name": "feedback", "gen_ai.evaluation.score.label": label } : {};
    }
    default:
      return {};
  }
}
