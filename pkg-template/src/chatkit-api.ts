import type { Chat } from "./chat.js";
import { submission } from "./chatkit-events.js";
import { isName, newPlace, placesOf, type Place, type Run } from "./places.js";
import { observeFetch, type FetchOptions } from "./stream.js";
import { createTurn, type Turn } from "./stream-turn.js";
import type { Tracker } from "./tracker.js";

/** The options of ChatKit that matter here; a hosted API (`getClientSecret`) has nothing to observe. */
export interface ChatKitApi {
  api: { url?: string; fetch?: typeof fetch } | object;
}


type Params = Record<string, any>;

/**
 * The same options, with a `fetch` that is listened to: the first text when it arrives, feedback with its message,
 * retries, widget actions, tasks, server errors and stops. Requests and responses are the ones ChatKit would have anyway.
 */
export function observeChatKitApi<Options extends ChatKitApi>(tracker: Tracker, options: Options, { propagateTraceTo }: Pick<FetchOptions, "propagateTraceTo"> = {}): Options {
  const api = options.api as { url?: string; fetch?: typeof fetch };
  if (typeof api?.url !== "string") return options;
  placesOf(tracker).apis++;

  /** Tells what a request means; returns the turn its response belongs to. */
  const told = (place: Place, run: Run, type: string, params: Params): Turn | undefined => {
    const { chat } = place;
    const next = (): Turn => {
      run.turn?.drop();
      run.tools.clear();
      return (run.turn = createTurn(chat, { threads: true, goesOn: () => waits(run), onFrame: (frame) => readFrame(frame as Params, chat, run) }));
    };
    switch (type) {
      case "threads.create":
      case "threads.add_user_message":
        if (!place.submitted) {
          run.turn?.settle(run.pausedAt);
          chat.submit(submission(params.input?.content, params.input?.attachments));
        }
        place.submitted = false;
        return next();
      case "threads.retry_after_item":
        run.turn?.settle(run.pausedAt);
        chat.action("retry", { messageId: params.item_id });
        chat.regenerate({ messageId: params.item_id });
        return next();
      case "threads.custom_action":
        chat.customPayloadInteracted(interaction(chat, params));
        run.turn?.settle(run.pausedAt);
        return next();
      case "threads.add_client_tool_output":
        for (const [toolCallId, toolName] of run.tools) chat.toolFinished({ toolCallId, toolName });
        run.tools.clear();
        return run.turn ?? next();
      case "threads.sync_custom_action":
        chat.customPayloadInteracted(interaction(chat, params));
        return;
      case "items.feedback":
        chat.action(`feedback.${params.kind}`, { messageId: params.item_ids?.at?.(-1) });
        return;
    }
  };

  const wrapped: typeof fetch = function (this: unknown, input, init) {
    const inner = api.fetch ?? window.fetch;
    const plain = () => inner.call(this ?? globalThis, input, init);
    let observed: typeof fetch | undefined;
    let upload: ((failed?: string) => void) | undefined;
    try {
      upload = uploads(tracker, init?.body);
      const request = typeof init?.body === "string" ? (JSON.parse(init.body) as { type?: string; params?: Params }) : undefined;
      if (typeof request?.type === "string") {
        const place = placeOfRequest(tracker, request.type);
        const run = (place.run ??= { tools: new Map() });
        place.requested = performance.now();
        const turn = told(place, run, request.type, request.params ?? {});
        if (turn) observed = observeFetch(inner, place.chat, { submits: false, turn, propagateTraceTo });
      }
    } catch {
      // A request we do not understand goes out all the same.
    }
    const answer = observed ? observed.call(this ?? globalThis, input, init) : plain();
    if (upload) {
      answer.then(
        (response) => upload!(response.ok ? undefined : `http_${response.status}`),
        () => upload!("network"),
      );
    }
    return answer;
  };
  return { ...options, api: { ...api, fetch: wrapped } };
}

/** The chat that asks: the one that has just submitted, or the only one that is told of by its API. */
function placeOfRequest(tracker: Tracker, type: string): Place {
  const open = placesOf(tracker).all.filter((place) => place.told !== "events");
  const asks = /^threads\.(create|add_user)/.test(type);
  const place =
    (asks ? open.find((place) => place.submitted) : undefined) ??
    open.find((place) => place.told === "api") ??
    open[0] ??
    newPlace(tracker, null);
  if (/^threads\.(create$|add|retry|custom)/.test(type)) place.told = "api";
  return place;
}

/** Whether the turn waits for a tool that runs in the page. */
function waits(run: Run): boolean {
  const waiting = run.tools.size > 0;
  run.pausedAt = waiting ? performance.now() : undefined;
  return waiting;
}

/** What the common reader of streams leaves out. */
function readFrame(frame: Params, chat: Chat, run: Run): void {
  const item = frame.item ?? {};
  const update = frame.update ?? {};
  if (frame.type === "thread.item.done" && item.type === "client_tool_call") {
    if (item.status === "pending") run.tools.set(item.call_id, item.name);
  } else if (update.type === "workflow.task.added" || update.type === "workflow.task.updated") {
    const task = update.task ?? {};
    if (update.type.endsWith("added") || task.status_indicator === "complete") {
      run.turn?.telling.task(isName(task.type) ? task.type : "task", `${frame.item_id}/${update.task_index}`, task.status_indicator === "complete");
    }
  } else if (frame.type === "progress_update") {
    chat.agentTask({ taskType: "progress", ...(chat.includeContent && { summary: String(frame.text ?? "") }) });
  } else if (frame.type === "notice" && frame.level !== "info") {
    chat.error({ errorCode: "notice", severity: "warning" });
  }
}

function interaction(chat: Chat, params: Params): { payloadType: string; action?: string } {
  const action = params.action?.type;
  return { payloadType: "widget", ...(chat.includeContent && typeof action === "string" && { action }) };
}

/** A file in the body is on its way; call back when it is there, or why it is not. */
function uploads(tracker: Tracker, body: unknown): ((failed?: string) => void) | undefined {
  // Not by `instanceof`: a file chosen in a frame is a File of that frame.
  const files = body instanceof FormData ? [...body.values()].filter((value) => typeof value !== "string") : body instanceof Blob ? [body] : [];
  if (!files.length) return;
  const { chat } = placeOfRequest(tracker, "");
  const ids = files.map((file) => {
    const uploadId = crypto.randomUUID();
    chat.uploadStarted({ uploadId, kind: file.type || "file", bytes: file.size });
    return uploadId;
  });
  return (errorCode) => {
    for (const uploadId of ids) errorCode ? chat.uploadFailed({ uploadId, errorCode }) : chat.uploadCompleted({ uploadId });
  };
}
