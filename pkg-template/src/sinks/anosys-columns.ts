import type { TrackedEvent } from "../options.js";

/** A row as Anosys stores it: `cvs…` strings, `cvn…` numbers, `cvb…` truth values. */
export type Columns = Record<string, string | number | boolean>;

/** What is known of a turn by its end. */
export interface Turn {
  messages: Message[];
  ttftMs?: unknown;
}

/** What was said in a turn. */
export interface Message {
  kind: "prompt" | "response" | "thought";
  id?: string;
  /** ms since 1970. */
  createdAt: number;
  text?: string;
}

/** Where the messages of a turn begin; what is before has a meaning of its own. */
const FIRST_MESSAGE = 10;
/** Where fields without a column of their own begin. */
const FIRST_FREE = { s: 100, n: 3, b: 1 };
/** The page, the event as it is, and who sent it; strings without a column stay below. */
const PAGE = "cvs198";
const RAW = "cvs199";
const SOURCE = "cvs200";
const LAST_FREE = 197;

/** A finished turn, as Anosys' ChatKit integration sends it. */
export function chatColumns(event: TrackedEvent, { messages, ttftMs }: Turn, workflowId?: string): Columns {
  const ms = Date.parse(event.timestamp);
  const lastText = (kind: Message["kind"]) => messages.filter((message) => message.kind === kind).at(-1)?.text;
  const columns = observed({
    timestamp: String(ms),
    user_timestamp: ms,
    event_type: "chatkit chat",
    event_source_name: "chatkit",
    event_id: workflowId,
    cvs1: lastText("prompt"),
    cvs2: lastText("response"),
    cvs3: event.sessionId,
    cvs4: event.dimensions?.conversationId,
    cvn1: event.properties.durationMs,
    cvn2: ttftMs,
  });
  // Kind, id, time and text of each, one after the other; what is unknown takes no place, as in the reference.
  const parts = messages
    .flatMap(({ kind, id, createdAt, text }) => [kind, id, String(createdAt), text])
    .filter((part) => part !== undefined);
  parts.slice(0, FIRST_FREE.s - FIRST_MESSAGE).forEach((part, index) => (columns[`cvs${FIRST_MESSAGE + index}`] = part));
  return withCustomFields(columns, event);
}

/** Something done with a message, as Anosys' ChatKit integration sends it; but of the event only what it must tell. */
export function actionColumns(event: TrackedEvent, workflowId?: string): Columns {
  const { action } = event.properties;
  const timestamp = Date.parse(event.timestamp);
  const data = event.messageId ? { action, messageId: event.messageId } : { action };
  return withCustomFields(
    observed({
      user_timestamp: timestamp,
      event_type: "message.action",
      event_source_name: "chatkit action",
      event_id: workflowId,
      cvs1: action,
      cvs2: JSON.stringify({ name: "message.action", data, timestamp }),
      cvs3: event.sessionId,
      cvs4: event.dimensions?.conversationId,
    }),
    event,
  );
}

/** Any other event: the site's own `s1`, `n1`, `b1` in their columns, everything else in the free ones, and whole. */
export function eventColumns(event: TrackedEvent): Columns {
  const ms = Date.parse(event.timestamp);
  const columns = withCustomFields({}, event);
  const add = (fixed: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(observed(fixed))) columns[name] ??= value;
  };
  add({
    timestamp: String(ms),
    user_timestamp: ms,
    event_type: event.type,
    event_source_name: "chatvitals",
    event_id: event.id,
    cvs3: event.sessionId,
    cvs4: event.dimensions?.conversationId,
    [PAGE]: event.properties.url ?? (typeof location === "undefined" ? undefined : location.origin + (event.path ?? "")),
    [RAW]: JSON.stringify(event),
    [SOURCE]: "chatvitals",
  });
  const free = { ...FIRST_FREE };
  for (const value of Object.values(event.properties)) {
    const kind = typeof value === "number" ? "n" : typeof value === "boolean" ? "b" : "s";
    const text = typeof value === "object" && value !== null ? JSON.stringify(value) : value;
    while (`cv${kind}${free[kind]}` in columns) free[kind]++;
    if (kind === "s" && free.s > LAST_FREE) continue;
    add({ [`cv${kind}${free[kind]}`]: text });
  }
  return columns;
}

/** The fields that a site gave by address or attribute: `s1` → `cvs1`. Columns that mean something already stay. */
function withCustomFields(columns: Columns, event: TrackedEvent): Columns {
  for (const [name, value] of Object.entries(event.context ?? {})) {
    const kind = { s: "string", n: "number", b: "boolean" }[/^([snb])\d{1,3}$/.exec(name)?.[1] ?? ""];
    if (kind && typeof value === kind) columns[`cv${name}`] ??= value as string | number | boolean;
  }
  return columns;
}

/** Without what was not observed: absent, never 0 and never a word for nothing. */
function observed(columns: Record<string, unknown>): Columns {
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined && value !== null && !Number.isNaN(value)),
  ) as Columns;
}
