//! The names under which a client tells what happens, and what each may say.

use crate::catalogue::{self as c, EventDef};

/// What happened, in no client's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The visitor sent a message.
    Submit,
    /// The response began, with or without text yet.
    ResponseStarted,
    /// The first text that is not empty arrived: `{source}`.
    FirstToken,
    /// The first text was painted.
    Painted,
    /// It was not, because the page was hidden.
    Unpainted,
    /// Text arrived, several chunks at once: `{count, from}`; the last one at the signal's time.
    Chunk,
    /// The response ended: `{finishReason, …}`.
    Completed,
    /// The visitor stopped the response.
    Stop,
    /// The visitor asked for another response to the same message.
    Regenerate,
    /// A tool was called.
    ToolCalled,
    /// It answered: `{success, errorCode}`.
    ToolFinished,
    /// The visitor was asked to allow a tool.
    ApprovalRequested,
    /// The visitor answered.
    ApprovalResolved,
    /// A file is on its way: `{uploadId, kind, bytes}`.
    UploadStarted,
    /// It arrived.
    UploadCompleted,
    /// It did not.
    UploadFailed,
    /// Where a handoff to a human stands: `{status}`.
    Handoff,
    /// Something failed: `{errorCode, severity, shown}`.
    Error,
    /// The connection broke: `{willRetry}`.
    Disconnected,
    /// It is there again.
    Reconnected,
    /// Another conversation is shown: `{conversationId}`.
    ThreadChanged,
    /// The server's trace of the turn.
    Trace,
    /// Something was done with a message.
    Action,
}

impl Signal {
    /// Whether it speaks of the response under way, and of no other.
    pub fn is_of_response(self) -> bool {
        matches!(
            self,
            Signal::FirstToken
                | Signal::Chunk
                | Signal::Completed
                | Signal::Disconnected
                | Signal::Reconnected
        )
    }
}

/// A signal's name, the event that says of which types its details are, and whether all of its fields are needed.
type Row = (&'static str, Signal, Option<&'static EventDef>, bool);

const SIGNALS: [Row; 23] = [
    ("submit", Signal::Submit, Some(c::USER_MESSAGE_SENT), false),
    ("responseStarted", Signal::ResponseStarted, Some(c::ASSISTANT_RESPONSE_STARTED), false),
    ("firstToken", Signal::FirstToken, Some(c::ASSISTANT_RESPONSE_STARTED), false),
    ("painted", Signal::Painted, None, false),
    ("unpainted", Signal::Unpainted, None, false),
    ("chunk", Signal::Chunk, None, false),
    ("completed", Signal::Completed, Some(c::ASSISTANT_RESPONSE_COMPLETED), false),
    ("stop", Signal::Stop, Some(c::ASSISTANT_RESPONSE_COMPLETED), false),
    ("regenerate", Signal::Regenerate, None, false),
    ("toolCalled", Signal::ToolCalled, Some(c::TOOL_APPROVAL_REQUESTED), true),
    ("toolFinished", Signal::ToolFinished, Some(c::TOOL_EXECUTED), false),
    ("approvalRequested", Signal::ApprovalRequested, Some(c::TOOL_APPROVAL_REQUESTED), true),
    ("approvalResolved", Signal::ApprovalResolved, Some(c::TOOL_APPROVAL_RESOLVED), false),
    ("uploadStarted", Signal::UploadStarted, Some(c::FILE_UPLOAD_STARTED), true),
    ("uploadCompleted", Signal::UploadCompleted, Some(c::FILE_UPLOAD_COMPLETED), false),
    ("uploadFailed", Signal::UploadFailed, Some(c::FILE_UPLOAD_FAILED), false),
    ("handoff", Signal::Handoff, Some(c::HANDOFF_REQUESTED), false),
    ("error", Signal::Error, Some(c::ERROR_SHOWN), false),
    ("disconnected", Signal::Disconnected, Some(c::TRANSPORT_DISCONNECTED), false),
    ("reconnected", Signal::Reconnected, None, false),
    ("threadChanged", Signal::ThreadChanged, None, false),
    ("trace", Signal::Trace, Some(c::TRACE_LINKED), true),
    ("action", Signal::Action, Some(c::MESSAGE_ACTION), true),
];

/// The signal of that name.
pub fn find(name: &str) -> Option<&'static Row> {
    SIGNALS.iter().find(|row| row.0 == name)
}
