//! Memory, signals and routing of the assistant.

super::events! {
    MEMORY_SAVED "memory_saved" "The assistant remembered something; never what." {
        memoryId: Text "The memory.",
        category: Text observed "Its category.",
        source: Text observed "`tool`, `user` or `extractor`.",
        adapter: Text observed "`local`, `server` or `hybrid`.",
        success: Boolean observed "Whether it worked.",
        latencyMs: Number observed "How long it took, ms.",
    }
    MEMORY_UPDATED "memory_updated" "A memory was changed." {
        memoryId: Text "The memory.",
        category: Text observed "Its category.",
        source: Text observed "`tool`, `user` or `extractor`.",
        adapter: Text observed "`local`, `server` or `hybrid`.",
        success: Boolean observed "Whether it worked.",
        latencyMs: Number observed "How long it took, ms.",
    }
    MEMORY_DELETED "memory_deleted" "A memory was forgotten." {
        memoryId: Text "The memory.",
        category: Text observed "Its category.",
        source: Text observed "`tool`, `user` or `extractor`.",
        adapter: Text observed "`local`, `server` or `hybrid`.",
        success: Boolean observed "Whether it worked.",
        latencyMs: Number observed "How long it took, ms.",
    }
    MEMORY_RECALLED "memory_recalled" "Memories were used." {
        count: Count "How many.",
        mode: Text observed "`inject` or `tool`.",
        latencyMs: Number observed "How long it took, ms.",
    }
    MEMORY_APPROVAL_RESOLVED "memory_approval_resolved" "The visitor allowed or refused a memory." {
        memoryId: Text "The memory.",
        approved: Boolean "The answer.",
    }
    SENTIMENT_DETECTED "sentiment_detected" "A mood was read from a message." {
        category: Text "Such as `frustration`.",
        score: Number "Strength, 0 to 1.",
        polarity: Text observed "`positive`, `neutral` or `negative`.",
        confidence: Number observed "0 to 1.",
        source: Text observed "What read it.",
        latencyMs: Number observed "How long it took, ms.",
        attributedMessageId: Text observed "The message.",
        turnIndex: Count observed "The turn.",
    }
    INTENT_DETECTED "intent_detected" "An intent was read from a message." {
        intent: Text "The intent.",
        score: Number observed "Strength, 0 to 1.",
        confidence: Number observed "0 to 1.",
        source: Text observed "What read it.",
        latencyMs: Number observed "How long it took, ms.",
        attributedMessageId: Text observed "The message.",
        turnIndex: Count observed "The turn.",
    }
    SIGNAL_ESCALATION_TRIGGERED "signal_escalation_triggered" "Signals over several turns called for a human." {
        ruleId: Text "The rule.",
        signal: Text observed "The signal.",
        score: Number observed "Its strength, 0 to 1.",
        turns: Count observed "Over how many turns.",
    }
    AGENT_ROUTE_DECIDED "agent_route_decided" "A router chose an agent." {
        routerId: Text "The router.",
        target: Text "The agent; `human` is a person.",
        matchedRule: Text observed "The rule.",
        intent: Text observed "The intent.",
        latencyMs: Number observed "How long it took, ms.",
        graphPath: List observed "The agents on the way.",
        transferType: Text observed "`bot_to_human`, `bot_to_bot`, `human_to_human`, `supervisor_consult`, `blind` or `warm`.",
        turnIndex: Count observed "The turn.",
    }
    AGENT_ROUTE_FAILED "agent_route_failed" "It could not." {
        routerId: Text "The router.",
        target: Text observed "The agent it wanted.",
        errorCode: Text "Why.",
        fallbackTarget: Text observed "The agent used instead.",
    }
}
