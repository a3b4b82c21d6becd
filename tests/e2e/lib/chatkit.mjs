// A ChatKit server of the kind chatkit-python makes, with scripted answers of known delays, and the stand-in element.
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { required } from "./env.mjs";
import { stream } from "./streams.mjs";

const TYPES = { ".js": "text/javascript", ".css": "text/css" };

/** The pages that serve the stand-in: `import "/chatkit/element.js"`. */
export function standIn() {
  const file = (name) => async (req, res) => {
    const text = await readFile(join(required("CHATVITALS_WWW"), "demo/chatkit", name));
    res.writeHead(200, { "content-type": TYPES[extname(name)] });
    res.end(text);
  };
  return Object.fromEntries(["element.js", "frame.js", "frame.css"].map((name) => [`/chatkit/${name}`, file(name)]));
}

const thread = (id) => ({ type: "thread.created", thread: { id, created_at: "2026-01-01T00:00:00Z", status: { type: "active" } } });
const added = (item) => ({ type: "thread.item.added", item });
const done = (item) => ({ type: "thread.item.done", item });
const updated = (item_id, update) => ({ type: "thread.item.updated", item_id, update });

/** An assistant's message that begins, comes in pieces with pauses, and is whole. */
function message(id, ...steps) {
  const content = steps.filter((step) => typeof step === "string").map((text) => ({ type: "output_text", text }));
  return [
    added({ id, type: "assistant_message", content: [] }),
    updated(id, { type: "assistant_message.content_part.added", content_index: 0, content: { type: "output_text", text: "" } }),
    ...steps.map((step) => (typeof step === "string" ? updated(id, { type: "assistant_message.content_part.text_delta", content_index: 0, delta: step }) : step)),
    done({ id, type: "assistant_message", content: [{ type: "output_text", text: content.map((part) => part.text).join("") }] }),
  ];
}

/** A new endpoint. `log` gets every request; `word` (what is planted) is in every text it sends. */
export function chatkitServer({ log = [], word = "PLANTED" } = {}) {
  let messages = 0;
  let threads = 0;
  const answers = {
    hello: (id) => [60, ...message(id, 140, `${word} hello`, 40, " there")],
    tasks: (id) => [
      { type: "progress_update", icon: "search", text: `${word} looking` },
      added({ id: `${id}-w`, type: "workflow", workflow: { type: "custom", tasks: [] } }),
      updated(`${id}-w`, { type: "workflow.task.added", task_index: 0, task: { type: "search", title: word, status_indicator: "loading" } }),
      300,
      updated(`${id}-w`, { type: "workflow.task.updated", task_index: 0, task: { type: "search", title: word, status_indicator: "complete" } }),
      done({ id: `${id}-w`, type: "workflow", workflow: { type: "custom", tasks: [{ type: "search", title: word }] } }),
      ...message(id, 60, word),
      done({ id: `${id}-card`, type: "widget", widget: { type: "Card", children: [{ type: "Button", label: `${word} buy`, onClickAction: { type: `${word}_buy`, payload: { sku: word } } }] } }),
      { type: "client_effect", name: `${word}_effect`, data: { sku: word } },
    ],
    tool: (id) => [...message(id, 30, word), done({ id: `${id}-t`, type: "client_tool_call", name: "read_page", call_id: `${id}-call`, status: "pending", arguments: { q: word } })],
    slow: (id) => message(id, 100, word, 20_000, "never"),
    error: () => [50, { type: "error", code: "rate_limited", message: word, allow_retry: true }],
    drop: (id) => [...message(id, 50, word).slice(0, 4), (res) => res.socket.destroy()],
  };
  const streams = (type) => /^threads\.(create|add|retry|custom)/.test(type) && type !== "threads.created";

  return async (req, res) => {
    if ((req.headers["content-type"] ?? "").startsWith("multipart/")) {
      for await (const chunk of req) void chunk;
      res.writeHead(200, { "content-type": "application/json" });
      return res.end(JSON.stringify({ id: "file-1", name: "kite.png", mime_type: "image/png" }));
    }
    return stream(
      ({ body }) => {
        const request = JSON.parse(body);
        log.at(-1).request = request;
        const { type, params } = request;
        if (!streams(type)) return [JSON.stringify({})];
        const id = `msg_${++messages}`;
        const asked = params.input?.content?.[0]?.text ?? { "threads.retry_after_item": "hello", "threads.add_client_tool_output": "hello", "threads.custom_action": "hello" }[type];
        const name = Object.keys(answers).find((name) => asked.includes(name)) ?? "hello";
        return [...(type === "threads.create" ? [thread(`thr_${++threads}`)] : []), ...answers[name](id)];
      },
      { log },
    )(req, res);
  };
}
