//! A visit: its start, pauses and end.

super::events! {
    SESSION_STARTED "session_started" [critical] "A visit began, or was taken up again after a reload in the middle of a chat." {
        resumed: Boolean "Whether the session existed before this page.",
        identityKind: Text "`guest` or `authenticated`.",
        conversationId: Text observed "The conversation it continues.",
        previousId: Text observed "The session before this one in the same browser.",
    }
    SESSION_RESUMED "session_resumed" "A stream that was cut was taken up again." {}
    SESSION_ENDED "session_ended" [critical] "A visit ended: idle for too long, past its maximum length, or the tracker was shut down." {
        durationMs: Number "From its start to its last activity, ms.",
        userTurnCount: Count "Messages the visitor sent.",
        assistantTurnCount: Count "Assistant responses that came to their natural end.",
    }
    SESSION_IDLE "session_idle" "The site says that the visitor went quiet (manual)." {}
    SESSION_ABANDONED "session_abandoned" "The site says that the visitor gave up (manual)." {}
}
