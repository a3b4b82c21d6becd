import type { Chat } from "./chat.js";
import { isName } from "./places.js";
import type { Tracker } from "./tracker.js";

type Json = Record<string, any>;
type Action = { type?: string; payload?: Json; meta?: Json };

/** What of an activity's stream: https://learn.microsoft.com/azure/bot-service/ and the streaming of typing activities. */
type StreamType = "streaming" | "informative" | "final";

/** What Web Chat calls a reaction, and what we call it. */
const REACTIONS: Record<string, string> = { LikeAction: "feedback.positive", DislikeAction: "feedback.negative", upvote: "feedback.positive", downvote: "feedback.negative" };

/**
 * Middleware for the store of Bot Framework Web Chat. Every action goes on as it is.
 *
 * ```ts
 * WebChat.renderWebChat({ directLine, store: WebChat.createStore({}, createChatVitalsMiddleware(tracker)) }, element);
 * ```
 */
export function createChatVitalsMiddleware(tracker: Tracker, { conversationId }: { conversationId?: string } = {}) {
  const observer = createObserver(tracker.chat(conversationId), conversationId !== undefined);
  return () =>
    <Next extends (action: any) => any>(next: Next) =>
    (action: any): ReturnType<Next> => {
      try {
        observer(action);
      } catch {
        // An action we do not understand.
      }
      return next(action);
    };
}

function createObserver(chat: Chat, isNamed: boolean): (action: Action) => void {
  let conversation: unknown;
  let chips: Json[] = [];
  let chipsOf: string | undefined;
  /** Activities that have come: reconnecting brings them again. */
  const seen = new Set<string>();
  let isAnswering = false;
  let isOut = false;

  const named = (activity: Json): void => {
    const id = activity.conversation?.id;
    if (isNamed || !id || id === conversation) return;
    conversation = id;
    chat.threadChanged(String(id));
  };

  const sent = (activity: Json): void => {
    named(activity);
    if (activity.type === "message") {
      const { text, attachments = [] } = activity;
      const partTypes = [...(text ? ["text"] : []), ...attachments.map(() => "file")];
      chat.submit({ text: typeof text === "string" ? text : undefined, partTypes, attachmentCount: attachments.length || undefined });
      isAnswering = true;
    } else if (activity.name === "webchat:activity-status/feedback") {
      const vote = activity.entities?.[0] ?? {};
      const kind = String(vote["@type"] === "VoteAction" ? vote.actionOption : vote["@type"]);
      chat.action(REACTIONS[kind] ?? "feedback", { messageId: activity.replyToId });
    } else if (activity.type === "messageReaction") {
      chat.action(`feedback.${/dislike/.test(activity.reactionsAdded?.[0]?.type) ? "negative" : "positive"}`, { messageId: activity.replyToId });
    } else {
      handoff(activity);
    }
  };

  const received = (activity: Json): void => {
    named(activity);
    handoff(activity);
    if (activity.from?.role === "user") return;
    const { channelData = {}, text } = activity;
    const streamType = channelData.streamType as StreamType | undefined;
    const responseId: string | undefined = channelData.streamId ?? (streamType && activity.id);
    if (activity.type === "typing") {
      if (!streamType || !isAnswering) return;
      chat.responseStarted({ responseId });
      if (streamType === "informative") chat.agentTask({ taskType: "progress", ...(chat.includeContent && { summary: String(text ?? "") }) });
      else chat.chunk(String(text ?? ""), { responseId, source: "stream" });
      return;
    }
    if (activity.type !== "message" || (activity.id && seen.has(activity.id))) return;
    if (activity.id) remember(activity.id);
    if (!isAnswering) return;
    chat.responseStarted({ responseId });
    if (text && streamType !== "final") chat.chunk(text, { responseId, source: "stream" });
    for (const attachment of activity.attachments ?? []) chat.part(isName(attachment.contentType?.replace("/", "-")) ? attachment.contentType : "attachment");
    // More of the same answer is announced.
    if (activity.inputHint === "ignoringInput") return;
    isAnswering = false;
    chat.completed({ responseId, messageId: activity.id, ...(chat.includeContent && { text }) });
  };

  const handoff = ({ type, name, value }: Json): void => {
    if (type === "handoff" || name === "handoff.initiate") chat.handoff("requested");
    else if (name === "handoff.status" && isName(value?.state)) chat.handoff(value.state);
  };

  function remember(id: string): void {
    seen.add(id);
    if (seen.size > 200) seen.delete(seen.values().next().value!);
  }

  const chosen = (value: unknown): void => {
    const chipIndex = chips.findIndex((chip) => chip.value === value || chip.text === value);
    if (chipIndex < 0) return;
    const { title } = chips[chipIndex]!;
    chat.trackSuggestionChipClick({ chipIndex, messageId: chipsOf, ...(chat.includeContent && { chip: String(title ?? "") }) });
    chips = [];
  };

  return ({ type, payload = {} }) => {
    switch (type) {
      case "WEB_CHAT/SET_SUGGESTED_ACTIONS":
        // Cleared by the click itself; kept until then.
        if (payload.suggestedActions?.length) {
          chips = payload.suggestedActions;
          chipsOf = payload.originActivity?.id;
        }
        return;
      case "WEB_CHAT/SEND_MESSAGE":
        if (payload.method === "imBack") chosen(payload.text);
        return;
      case "WEB_CHAT/SEND_MESSAGE_BACK":
      case "WEB_CHAT/SEND_POST_BACK":
        return chosen(payload.value);
      case "DIRECT_LINE/POST_ACTIVITY":
        return sent(payload.activity ?? {});
      case "DIRECT_LINE/POST_ACTIVITY_REJECTED":
        isAnswering = false;
        return chat.error({ errorCode: "send_failed" });
      case "DIRECT_LINE/INCOMING_ACTIVITY":
        return received(payload.activity ?? {});
      case "DIRECT_LINE/RECONNECT_PENDING":
        isOut = true;
        return chat.disconnected({ willRetry: true });
      case "DIRECT_LINE/RECONNECT_FULFILLED":
        if (isOut) chat.reconnected();
        isOut = false;
        return;
      case "DIRECT_LINE/CONNECT_REJECTED":
      case "DIRECT_LINE/RECONNECT_REJECTED":
        isAnswering = false;
        return chat.error({ errorCode: "connection_failed" });
    }
  };
}
