// Made from src/catalogue by tests/catalogue.rs; edit that.

/** The properties of every event of the catalogue, by its name. */
export interface EventProperties {
  /** A visit began, or was taken up again after a reload in the middle of a chat. */
  session_started: {
    /** Whether the session existed before this page. */
    resumed: boolean;
    /** `guest` or `authenticated`. */
    identityKind: string;
    /** The conversation it continues. */
    conversationId?: string;
    /** The session before this one in the same browser. */
    previousId?: string;
  };
  /** A stream that was cut was taken up again. */
  session_resumed: {};
  /** A visit ended: idle for too long, past its maximum length, or the tracker was shut down. */
  session_ended: {
    /** From its start to its last activity, ms. */
    durationMs: number;
    /** Messages the visitor sent. */
    userTurnCount: number;
    /** Assistant responses that came to their natural end. */
    assistantTurnCount: number;
  };
  /** The site says that the visitor went quiet (manual). */
  session_idle: {};
  /** The site says that the visitor gave up (manual). */
  session_abandoned: {};
  /** A page or route was shown. */
  page_view: {
    /** Its address, query cleaned, without fragment. */
    url: string;
    /** The path of that address. */
    path: string;
    /** The document's title. */
    title?: string;
    /** Where the visitor came from: another site, or the view before. */
    referrer?: string;
    /** `navigate`, `reload`, `back-forward`, `back-forward-cache`, `prerender`, `restore`, `push`, `replace`, `pop`, `hash` or `manual`. */
    navigationType: string;
  };
  /** The view was left: another route, another page, a closed tab. */
  page_leave: {
    /** Time visible, focused and recently active, ms. */
    engagedMs?: number;
    /** Time visible, ms. */
    visibleMs?: number;
    /** Deepest point seen, share of the height of what scrolls, 0 to 100. */
    maxScrollPercent?: number;
    /** Deepest point seen, CSS px from the top. */
    maxScrollPx?: number;
  };
  /** Heartbeat of a view that goes on: the totals so far, as in `page_leave`. */
  page_engagement: {
    /** Time visible, focused and recently active, ms. */
    engagedMs?: number;
    /** Time visible, ms. */
    visibleMs?: number;
    /** Deepest point seen, share of the height of what scrolls, 0 to 100. */
    maxScrollPercent?: number;
    /** Deepest point seen, CSS px from the top. */
    maxScrollPx?: number;
  };
  /** A depth was reached by scrolling, once per view. */
  scroll_depth: {
    /** 25, 50, 75, 90 or 100. */
    percent: number;
    /** The depth, CSS px from the top. */
    px: number;
  };
  /** A click, tap or keyboard activation. */
  click: {
    /** A short path to the element that survives re-rendering. */
    selector: string;
    /** The element's tag, lower case. */
    tag: string;
    /** Its ARIA role, given or implied. */
    role?: string;
    /** `{x, y}` in the viewport, CSS px; a key clicks nowhere. */
    position?: Record<string, unknown>;
    /** The element's text. Only with `includeContent`. */
    text?: string;
  };
  /** A link to another site was followed. */
  outbound_click: {
    /** Where it leads. */
    href: string;
  };
  /** A link to a file was followed. */
  file_download: {
    /** The file's address. */
    href: string;
    /** Its extension, lower case, without the dot. */
    extension: string;
  };
  /** An element marked `data-cv-cta` was clicked. */
  cta_click: {
    /** The mark's value. */
    name: string;
  };
  /** Three clicks or more at one spot within a second. */
  rage_click: {
    /** The element first clicked. */
    selector: string;
    /** How many clicks, when the last had come. */
    count: number;
  };
  /** A click on something that looks clickable, to which the page gave no reply within 2.5 s. */
  dead_click: {
    /** The element. */
    selector: string;
  };
  /** One Web Vital of a view. */
  web_vital: {
    /** `LCP`, `CLS`, `INP`, `FCP`, `TTFB` or `FID`. */
    name: string;
    /** ms, or the score for CLS. */
    value: number;
    /** Change since the last report under the same id. */
    delta: number;
    /** `good`, `needs-improvement` or `poor`. */
    rating: string;
    /** Unique per metric and page life. */
    id: string;
    /** As in web-vitals: `navigate`, `reload`, `back-forward`, `back-forward-cache`, `prerender`, `restore`, `soft-navigation`. */
    navigationType: string;
    /** The element or interaction, and the phases. */
    attribution?: Record<string, unknown>;
  };
  /** A marked element was seen long enough, once per view. */
  element_impression: {
    /** Value of `data-cv-impression`, or the id given to the API. */
    elementId: string;
    /** Largest visible share, 0 to 1. */
    ratio: number;
    /** How long it was visible by then, ms. */
    dwellMs: number;
  };
  /** An error, an unhandled rejection, a resource that failed, or a CSP violation. */
  js_error: {
    /** `error`, `unhandledrejection`, `resource` or `csp`, and after a colon the error's name, the element or the directive. */
    type: string;
    /** The script or resource. */
    source?: string;
    /** Line, from 1. */
    line?: number;
    /** Column, from 1. */
    column?: number;
    /** Equal for equal errors. */
    fingerprint: string;
    /** How often it came since it was last told of. */
    count: number;
    /** The message. Only with `includeContent`. */
    message?: string;
  };
  /** The chat was opened. */
  chat_opened: {};
  /** The chat was closed. */
  chat_closed: {};
  /** A message was seen, once per message. */
  message_impression: {
    /** The message. */
    messageId: string;
    /** `user`, `assistant`, `system` or `human`. */
    role: string;
  };
  /** A suggested reply was chosen. */
  suggestion_chip_clicked: {
    /** The message that offered it. */
    messageId?: string;
    /** The part of that message. */
    partId?: string;
    /** Its place, from 0. */
    chipIndex?: number;
    /** The turn. */
    turnIndex?: number;
    /** The response. */
    responseId?: string;
    /** Its label or value. Only with `includeContent`. */
    chip?: string;
  };
  /** The visitor sent a message: turn zero of every timing. */
  user_message_sent: {
    /** The turn, from 0. */
    turnIndex?: number;
    /** Length of the text, UTF-16 units. */
    charCount?: number;
    /** The kinds of parts, such as `["text","file"]`. */
    partTypes?: readonly unknown[];
    /** Files sent with it. */
    attachmentCount?: number;
    /** The prompt. Only with `includeContent`. */
    text?: string;
  };
  /** The assistant's response began, with or without text yet. */
  assistant_response_started: {
    /** The turn. */
    turnIndex?: number;
    /** The response. */
    responseId?: string;
  };
  /** The first text that is not empty arrived. */
  assistant_response_first_token: {
    /** The turn. */
    turnIndex?: number;
    /** The response. */
    responseId?: string;
    /** Time to first token from the submit (or the request for another response), ms. */
    ttftMs?: number;
    /** `stream`, `response.start`, `dom` or `api`: what the time was read from. */
    ttftSource: string;
    /** From the submit to the first token painted, ms. */
    visibleMs?: number;
    /** Why there is no `visibleMs`: `hidden`, when the page was not visible. */
    unpainted?: string;
  };
  /** The assistant's response ended. */
  assistant_response_completed: {
    /** The turn. */
    turnIndex?: number;
    /** The response. */
    responseId?: string;
    /** From the response's start, ms. */
    durationMs?: number;
    /** From the submit, ms. */
    totalMs?: number;
    /** How many parts of each kind. */
    partTypeCounts?: Record<string, unknown>;
    /** `natural`, `stopped`, `aborted` or `errored`. */
    finishReason: string;
    /** Chunks with text. */
    chunkCount?: number;
    /** Pauses between chunks that were felt. */
    stallCount?: number;
    /** The longest of them, ms. */
    longestStallMs?: number;
    /** How long the tab was hidden meanwhile, ms. */
    hiddenMs?: number;
    /** The model, when the stream or the caller says so. */
    model?: string;
    /** Its provider. */
    provider?: string;
    /** `{inputTokens, outputTokens, totalTokens, …}`. */
    usage?: Record<string, unknown>;
    /** The error it ended with. */
    errorCode?: string;
    /** The reply. Only with `includeContent`. */
    text?: string;
  };
  /** The response paused between chunks for 2 s or more; once per turn, at its end. */
  response_stalled: {
    /** The turn. */
    turnIndex?: number;
    /** How many pauses. Waiting for a tool or an approval is none. */
    stallCount: number;
    /** The longest of them, ms. */
    longestStallMs: number;
  };
  /** The visitor left or asked something else before the response was there. */
  turn_abandoned: {
    /** The turn. */
    turnIndex?: number;
    /** `before_first_token` or `streaming`. */
    phase: string;
    /** From the submit, ms. */
    waitedMs?: number;
  };
  /** The visitor stopped the response. */
  stream_stopped: {
    /** The turn. */
    turnIndex?: number;
  };
  /** The visitor asked for another response. */
  regenerate_requested: {
    /** The turn. */
    turnIndex?: number;
  };
  /** Something was done with a message: `copy`, `retry`, `feedback.positive`, `feedback.negative`, … */
  message_action: {
    /** The action. */
    action: string;
    /** The message. */
    messageId?: string;
  };
  /** An intermediate task, thought or reasoning step. */
  agent_task: {
    /** The turn. */
    turnIndex?: number;
    /** Such as `thought`, `reasoning`, `custom`. */
    taskType: string;
    /** How long it took, ms. */
    durationMs?: number;
    /** What it was about. Only with `includeContent`. */
    summary?: string;
  };
  /** The server's trace of this turn is known. */
  trace_linked: {
    /** 32 hex digits. */
    traceId: string;
    /** 16 hex digits. */
    spanId?: string;
    /** The server's run. */
    runId?: string;
    /** `true`: the page made these ids and sent them along; the server's span is below them. */
    propagated?: boolean;
  };
  /** The connection of a turn broke; the first time in a turn. */
  transport_disconnected: {
    /** Whether the client tries again. */
    willRetry: boolean;
  };
  /** It was there again. */
  transport_reconnected: {
    /** How long it was away, ms. */
    outageMs?: number;
  };
  /** The visitor saw an error in the chat. */
  error_shown: {
    /** The message that shows it. */
    messageId?: string;
    /** The error. */
    errorCode: string;
    /** `info`, `warning` or `error`. */
    severity: string;
  };
  /** The visitor tried again after an error (manual). */
  error_retry_clicked: {
    /** The error. */
    errorCode: string;
  };
  /** A tool ran. */
  tool_executed: {
    /** The tool. */
    toolName: string;
    /** The call. */
    toolCallId?: string;
    /** How long it took, ms. */
    durationMs?: number;
    /** Whether it succeeded. */
    success: boolean;
    /** Why not. */
    errorCode?: string;
    /** What it was given. Only with `includeContent`. */
    input?: Record<string, unknown>;
    /** What it gave back. Only with `includeContent`. */
    output?: Record<string, unknown>;
  };
  /** The visitor was asked to allow a tool. */
  tool_approval_requested: {
    /** The tool. */
    toolName: string;
    /** The call. */
    toolCallId?: string;
  };
  /** The visitor allowed or refused it. */
  tool_approval_resolved: {
    /** The tool. */
    toolName: string;
    /** The call. */
    toolCallId?: string;
    /** The answer. */
    approved: boolean;
  };
  /** A file upload began. */
  file_upload_started: {
    /** MIME type or kind. */
    kind: string;
    /** Its size. */
    bytes?: number;
  };
  /** It finished. */
  file_upload_completed: {
    /** MIME type or kind. */
    kind: string;
    /** Its size. */
    bytes?: number;
    /** How long it took, ms. */
    durationMs?: number;
  };
  /** It failed. */
  file_upload_failed: {
    /** MIME type or kind. */
    kind: string;
    /** Why. */
    errorCode: string;
  };
  /** A human was asked for. */
  handoff_requested: {
    /** Why. */
    reason?: string;
    /** Who. Only with `includeContent`. */
    targetAgent?: string;
  };
  /** A human took over. */
  handoff_converted: {
    /** From the request, ms. */
    waitMs?: number;
  };
  /** The human finished. */
  handoff_completed: {
    /** From taking over, ms. */
    durationMs?: number;
  };
  /** The visitor rated the conversation. */
  csat_submitted: {
    /** The rating, 0 to `maxScore`. */
    score: number;
    /** The best rating there is. */
    maxScore: number;
    /** What they wrote. Only with `includeContent`. */
    comment?: string;
  };
  /** The conversation was marked as settled or not. */
  resolution_submitted: {
    /** Whether it went to a human. */
    escalated: boolean;
  };
  /** It was settled and no handoff was requested. */
  resolution_without_escalation: {};
  /** A citation was opened. */
  citation_clicked: {
    /** The message. */
    messageId?: string;
    /** The part of that message. */
    partId?: string;
    /** Its place, from 0. */
    citationIndex?: number;
    /** Where it leads. Only with `includeContent`. */
    uri?: string;
  };
  /** A product was opened. */
  product_card_clicked: {
    /** The message. */
    messageId?: string;
    /** The part of that message. */
    partId?: string;
    /** Its place, from 0. */
    productIndex?: number;
    /** The product. Only with `includeContent`. */
    productSku?: string;
  };
  /** A button of an order summary was used. */
  order_summary_action_clicked: {
    /** Which. Only with `includeContent`. */
    action?: string;
  };
  /** Something was done with a custom payload. */
  custom_payload_interacted: {
    /** Its type. */
    payloadType: string;
    /** What was done. Only with `includeContent`. */
    action?: string;
  };
  /** An action of an agent-made surface was sent. */
  a2ui_action_dispatched: {
    /** The surface. */
    surfaceId: string;
    /** The action. */
    actionName: string;
  };
  /** A component catalogue was installed. */
  a2ui_catalog_installed: {
    /** The catalogue. */
    catalogName: string;
    /** Its version. */
    version?: string;
    /** `stable`, `experimental` or `deprecated`. */
    lifecycle?: string;
    /** Its SHA-256. */
    integrity?: string;
  };
  /** An agent-made surface was shown. */
  a2ui_surface_rendered: {
    /** The surface. */
    surfaceId: string;
    /** The catalogue. */
    catalogName?: string;
    /** Components on it. */
    componentCount?: number;
    /** How long it took, ms. */
    renderMs?: number;
  };
  /** It could not be shown. */
  a2ui_render_failed: {
    /** The surface. */
    surfaceId: string;
    /** The catalogue. */
    catalogName?: string;
    /** `A2UI_RENDER_FAILED`. */
    errorCode: string;
    /** Why. */
    reason?: string;
  };
  /** An action was not allowed. */
  a2ui_action_blocked: {
    /** The surface. */
    surfaceId: string;
    /** The action. */
    actionName: string;
    /** `not_allowed` or `confirm_denied`. */
    reason: string;
  };
  /** Something was bought. */
  purchase_completed: {
    /** The order; the same order twice is one purchase. */
    orderId: string;
    /** The order's total in `currency`, 0 or more. */
    revenue: number;
    /** ISO 4217, upper case. */
    currency: string;
    /** `[{productId, name, quantity, unitPrice, category}]`. */
    items?: readonly unknown[];
    /** Such as `card`. */
    paymentMethod?: string;
  };
  /** The assistant remembered something; never what. */
  memory_saved: {
    /** The memory. */
    memoryId: string;
    /** Its category. */
    category?: string;
    /** `tool`, `user` or `extractor`. */
    source?: string;
    /** `local`, `server` or `hybrid`. */
    adapter?: string;
    /** Whether it worked. */
    success?: boolean;
    /** How long it took, ms. */
    latencyMs?: number;
  };
  /** A memory was changed. */
  memory_updated: {
    /** The memory. */
    memoryId: string;
    /** Its category. */
    category?: string;
    /** `tool`, `user` or `extractor`. */
    source?: string;
    /** `local`, `server` or `hybrid`. */
    adapter?: string;
    /** Whether it worked. */
    success?: boolean;
    /** How long it took, ms. */
    latencyMs?: number;
  };
  /** A memory was forgotten. */
  memory_deleted: {
    /** The memory. */
    memoryId: string;
    /** Its category. */
    category?: string;
    /** `tool`, `user` or `extractor`. */
    source?: string;
    /** `local`, `server` or `hybrid`. */
    adapter?: string;
    /** Whether it worked. */
    success?: boolean;
    /** How long it took, ms. */
    latencyMs?: number;
  };
  /** Memories were used. */
  memory_recalled: {
    /** How many. */
    count: number;
    /** `inject` or `tool`. */
    mode?: string;
    /** How long it took, ms. */
    latencyMs?: number;
  };
  /** The visitor allowed or refused a memory. */
  memory_approval_resolved: {
    /** The memory. */
    memoryId: string;
    /** The answer. */
    approved: boolean;
  };
  /** A mood was read from a message. */
  sentiment_detected: {
    /** Such as `frustration`. */
    category: string;
    /** Strength, 0 to 1. */
    score: number;
    /** `positive`, `neutral` or `negative`. */
    polarity?: string;
    /** 0 to 1. */
    confidence?: number;
    /** What read it. */
    source?: string;
    /** How long it took, ms. */
    latencyMs?: number;
    /** The message. */
    attributedMessageId?: string;
    /** The turn. */
    turnIndex?: number;
  };
  /** An intent was read from a message. */
  intent_detected: {
    /** The intent. */
    intent: string;
    /** Strength, 0 to 1. */
    score?: number;
    /** 0 to 1. */
    confidence?: number;
    /** What read it. */
    source?: string;
    /** How long it took, ms. */
    latencyMs?: number;
    /** The message. */
    attributedMessageId?: string;
    /** The turn. */
    turnIndex?: number;
  };
  /** Signals over several turns called for a human. */
  signal_escalation_triggered: {
    /** The rule. */
    ruleId: string;
    /** The signal. */
    signal?: string;
    /** Its strength, 0 to 1. */
    score?: number;
    /** Over how many turns. */
    turns?: number;
  };
  /** A router chose an agent. */
  agent_route_decided: {
    /** The router. */
    routerId: string;
    /** The agent; `human` is a person. */
    target: string;
    /** The rule. */
    matchedRule?: string;
    /** The intent. */
    intent?: string;
    /** How long it took, ms. */
    latencyMs?: number;
    /** The agents on the way. */
    graphPath?: readonly unknown[];
    /** `bot_to_human`, `bot_to_bot`, `human_to_human`, `supervisor_consult`, `blind` or `warm`. */
    transferType?: string;
    /** The turn. */
    turnIndex?: number;
  };
  /** It could not. */
  agent_route_failed: {
    /** The router. */
    routerId: string;
    /** The agent it wanted. */
    target?: string;
    /** Why. */
    errorCode: string;
    /** The agent used instead. */
    fallbackTarget?: string;
  };
}

/** The name of an event of the catalogue. */
export type EventName = keyof EventProperties;
