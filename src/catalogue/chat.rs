//! A chat's turns, transport, tools, uploads, handoff and satisfaction.

super::events! {
    CHAT_OPENED "chat_opened" "The chat was opened." {}
    CHAT_CLOSED "chat_closed" "The chat was closed." {}
    MESSAGE_IMPRESSION "message_impression" "A message was seen, once per message." {
        messageId: Text "The message.",
        role: Text "`user`, `assistant`, `system` or `human`.",
    }
    SUGGESTION_CHIP_CLICKED "suggestion_chip_clicked" "A suggested reply was chosen." {
        messageId: Text observed "The message that offered it.",
        partId: Text observed "The part of that message.",
        chipIndex: Count observed "Its place, from 0.",
        turnIndex: Count observed "The turn.",
        responseId: Text observed "The response.",
        chip: Text content "Its label or value.",
    }
    USER_MESSAGE_SENT "user_message_sent" "The visitor sent a message: turn zero of every timing." {
        turnIndex: Count "The turn, from 0.",
        charCount: Count observed "Length of the text, UTF-16 units.",
        partTypes: List observed "The kinds of parts, such as `[\"text\",\"file\"]`.",
        attachmentCount: Count observed "Files sent with it.",
        text: Text content "The prompt.",
    }
    ASSISTANT_RESPONSE_STARTED "assistant_response_started" "The assistant's response began, with or without text yet." {
        turnIndex: Count "The turn.",
        responseId: Text observed "The response.",
    }
    ASSISTANT_RESPONSE_FIRST_TOKEN "assistant_response_first_token" "The first text that is not empty arrived." {
        turnIndex: Count "The turn.",
        responseId: Text observed "The response.",
        ttftMs: Number observed "Time to first token from the submit (or the request for another response), ms.",
        ttftSource: Text "`stream`, `response.start`, `dom` or `api`: what the time was read from.",
        visibleMs: Number observed "From the submit to the first token painted, ms.",
        unpainted: Text observed "Why there is no `visibleMs`: `hidden`, when the page was not visible.",
    }
    ASSISTANT_RESPONSE_COMPLETED "assistant_response_completed" "The assistant's response ended." {
        turnIndex: Count "The turn.",
        responseId: Text observed "The response.",
        durationMs: Number observed "From the response's start, ms.",
        totalMs: Number observed "From the submit, ms.",
        partTypeCounts: Object observed "How many parts of each kind.",
        finishReason: Text "`natural`, `stopped`, `aborted` or `errored`.",
        chunkCount: Count observed "Chunks with text.",
        stallCount: Count observed "Pauses between chunks that were felt.",
        longestStallMs: Number observed "The longest of them, ms.",
        hiddenMs: Number observed "How long the tab was hidden meanwhile, ms.",
        model: Text observed "The model, when the stream or the caller says so.",
        provider: Text observed "Its provider.",
        usage: Object observed "`{inputTokens, outputTokens, totalTokens, …}`.",
        errorCode: Text observed "The error it ended with.",
        text: Text content "The reply.",
    }
    RESPONSE_STALLED "response_stalled" "The response paused between chunks for 2 s or more; once per turn, at its end." {
        turnIndex: Count "The turn.",
        stallCount: Count "How many pauses. Waiting for a tool or an approval is none.",
        longestStallMs: Number "The longest of them, ms.",
    }
    TURN_ABANDONED "turn_abandoned" "The visitor left or asked something else before the response was there." {
        turnIndex: Count "The turn.",
        phase: Text "`before_first_token` or `streaming`.",
        waitedMs: Number observed "From the submit, ms.",
    }
    STREAM_STOPPED "stream_stopped" "The visitor stopped the response." {
        turnIndex: Count "The turn.",
    }
    REGENERATE_REQUESTED "regenerate_requested" "The visitor asked for another response." {
        turnIndex: Count "The turn.",
    }
    MESSAGE_ACTION "message_action" "Something was done with a message: `copy`, `retry`, `feedback.positive`, `feedback.negative`, …" {
        action: Text "The action.",
        messageId: Text observed "The message.",
    }
    AGENT_TASK "agent_task" "An intermediate task, thought or reasoning step." {
        turnIndex: Count observed "The turn.",
        taskType: Text "Such as `thought`, `reasoning`, `custom`.",
        durationMs: Number observed "How long it took, ms.",
        summary: Text content "What it was about.",
    }
    TRACE_LINKED "trace_linked" "The server's trace of this turn is known." {
        traceId: Text "32 hex digits.",
        spanId: Text observed "16 hex digits.",
        runId: Text observed "The server's run.",
        propagated: Boolean observed "`true`: the page made these ids and sent them along; the server's span is below them.",
    }
    TRANSPORT_DISCONNECTED "transport_disconnected" "The connection of a turn broke; the first time in a turn." {
        willRetry: Boolean "Whether the client tries again.",
    }
    TRANSPORT_RECONNECTED "transport_reconnected" "It was there again." {
        outageMs: Number observed "How long it was away, ms.",
    }
    ERROR_SHOWN "error_shown" [critical] "The visitor saw an error in the chat." {
        messageId: Text observed "The message that shows it.",
        errorCode: Text "The error.",
        severity: Text "`info`, `warning` or `error`.",
    }
    ERROR_RETRY_CLICKED "error_retry_clicked" "The visitor tried again after an error (manual)." {
        errorCode: Text "The error.",
    }
    TOOL_EXECUTED "tool_executed" "A tool ran." {
        toolName: Text "The tool.",
        toolCallId: Text observed "The call.",
        durationMs: Number observed "How long it took, ms.",
        success: Boolean "Whether it succeeded.",
        errorCode: Text observed "Why not.",
        input: Object content "What it was given.",
        output: Object content "What it gave back.",
    }
    TOOL_APPROVAL_REQUESTED "tool_approval_requested" "The visitor was asked to allow a tool." {
        toolName: Text "The tool.",
        toolCallId: Text observed "The call.",
    }
    TOOL_APPROVAL_RESOLVED "tool_approval_resolved" "The visitor allowed or refused it." {
        toolName: Text "The tool.",
        toolCallId: Text observed "The call.",
        approved: Boolean "The answer.",
    }
    FILE_UPLOAD_STARTED "file_upload_started" "A file upload began." {
        kind: Text "MIME type or kind.",
        bytes: Count observed "Its size.",
    }
    FILE_UPLOAD_COMPLETED "file_upload_completed" "It finished." {
        kind: Text "MIME type or kind.",
        bytes: Count observed "Its size.",
        durationMs: Number observed "How long it took, ms.",
    }
    FILE_UPLOAD_FAILED "file_upload_failed" "It failed." {
        kind: Text "MIME type or kind.",
        errorCode: Text "Why.",
    }
    HANDOFF_REQUESTED "handoff_requested" [critical, outcome] "A human was asked for." {
        reason: Text observed "Why.",
        targetAgent: Text content "Who.",
    }
    HANDOFF_CONVERTED "handoff_converted" [critical, outcome] "A human took over." {
        waitMs: Number observed "From the request, ms.",
    }
    HANDOFF_COMPLETED "handoff_completed" [critical, outcome] "The human finished." {
        durationMs: Number observed "From taking over, ms.",
    }
    CSAT_SUBMITTED "csat_submitted" [critical, outcome] "The visitor rated the conversation." {
        score: Number "The rating, 0 to `maxScore`.",
        maxScore: Number "The best rating there is.",
        comment: Text content "What they wrote.",
    }
    RESOLUTION_SUBMITTED "resolution_submitted" [critical, outcome] "The conversation was marked as settled or not." {
        escalated: Boolean "Whether it went to a human.",
    }
    RESOLUTION_WITHOUT_ESCALATION "resolution_without_escalation" [critical, outcome] "It was settled and no handoff was requested." {}
}
