//! The turn machine of one chat: which events a signal makes, given what came before.

use std::rc::Rc;

use crate::catalogue as c;
use crate::event::{self, Body, Kind};

use super::details::Details;
use super::fields::{Fields, check, mistake};
use super::handoff::{self, Handoff};
use super::memory::{Memory, Message};
use super::pending::{Pending, Task};
use super::signal::{self, Signal};
use super::turn::Turn;
use super::{Happened, Mistake, manual, trace};

/// What the first token's time may be read from; the first is what a caller's own word counts as.
const SOURCES: [&str; 4] = ["api", "stream", "response.start", "dom"];

/// What every chat of a page shares.
pub struct Shared<'a> {
    /// What outlives the page.
    pub memory: &'a mut Memory,
    /// Whether the page is hidden.
    pub hidden: bool,
    /// Where events go.
    pub out: &'a mut Vec<Happened>,
}

/// One chat on the page.
#[derive(Debug, Default)]
pub struct Conversation {
    /// The name the page knows it by.
    pub key: String,
    /// The conversation shown, when it has an id.
    pub id: Option<String>,
    pub(super) turn: Option<Turn>,
    last: Option<Turn>,
    pending: Pending,
    handoff: Handoff,
}

/// How a turn ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Completed(&'static str),
    Abandoned,
}

impl Conversation {
    /// A chat; a key that is not a mere name (`#name`) is the id of its conversation.
    pub fn new(key: &str) -> Self {
        let id = (!key.is_empty() && !key.starts_with('#')).then(|| key.into());
        Self { key: key.into(), id, ..Self::default() }
    }

    /// The name under which memory knows the conversation.
    pub(super) fn memory_key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.key)
    }

    /// Takes a signal.
    ///
    /// # Errors
    /// The details are not what the signal wants; then nothing changed.
    pub fn signal(
        &mut self,
        name: &str,
        details: Details,
        at: f64,
        shared: &mut Shared,
    ) -> Result<(), Mistake> {
        let Some((_, signal, def, complete)) = signal::find(name) else {
            return match c::find(name) {
                Some(def) => manual::take(self, def, details, at, shared),
                None => Err(mistake(name, "chat", "a signal or an event of the catalogue", None)),
            };
        };
        if let Some(def) = def {
            check(def, name, details, *complete)?;
        }
        self.take(*signal, name, details, at, shared)
    }

    fn take(
        &mut self,
        signal: Signal,
        name: &str,
        details: Details,
        at: f64,
        shared: &mut Shared,
    ) -> Result<(), Mistake> {
        let stream = details.number("stream");
        let response = details.text("responseId");
        let of_response = matches!(
            signal,
            Signal::FirstToken
                | Signal::Chunk
                | Signal::Completed
                | Signal::Disconnected
                | Signal::Reconnected
        );
        if of_response && self.turn.as_ref().is_none_or(|turn| turn.is_another(stream, response.as_deref())) {
            // The end of a response that is over already, or of another one.
            return Ok(());
        }
        let text = |name: &str| details.text(name).unwrap_or_default();
        match signal {
            Signal::Submit => {
                self.begin(None, at, true, shared);
                self.emit(Fields::of(c::USER_MESSAGE_SENT), details, at, shared);
            }
            Signal::Regenerate => {
                self.end(End::Abandoned, Details(""), at, shared);
                let index = shared.memory.latest_turn(self.memory_key());
                self.begin(index, at, true, shared);
                self.emit(Fields::of(c::REGENERATE_REQUESTED), details, at, shared);
            }
            Signal::ResponseStarted => {
                if self.turn.is_none() {
                    self.begin(None, at, false, shared);
                }
                if let Some(turn) = self.turn.as_mut().filter(|turn| turn.started.is_none()) {
                    turn.started = Some(at);
                    turn.stream = stream;
                    turn.sign_of_life(at, true);
                    self.name_response(details);
                    self.emit(Fields::of(c::ASSISTANT_RESPONSE_STARTED), Details(""), at, shared);
                }
            }
            Signal::FirstToken => {
                if let Some(turn) = self.turn.as_mut().filter(|turn| turn.first_token.is_none()) {
                    let given = text("source");
                    turn.first_token = Some(at);
                    turn.unannounced =
                        SOURCES.iter().find(|source| **source == given).or(SOURCES.first()).copied();
                    turn.sign_of_life(at, true);
                    self.name_response(details);
                }
            }
            Signal::Painted => self.announce(Some(at), false, shared),
            Signal::Unpainted => self.announce(None, true, shared),
            Signal::Chunk => {
                let explained = self.pending.is_waiting();
                if let Some(turn) = &mut self.turn {
                    turn.chunks += details.number("count").unwrap_or(1.0);
                    turn.sign_of_life(
                        details.number("from").filter(|from| *from <= at).unwrap_or(at),
                        explained,
                    );
                    turn.sign_of_life(at, true);
                }
            }
            Signal::Completed => {
                self.name_response(details);
                self.end(End::Completed(outcome(&text("finishReason"))), details, at, shared);
            }
            Signal::Stop => {
                if self.turn.is_some() {
                    self.emit(Fields::of(c::STREAM_STOPPED), Details(""), at, shared);
                    self.end(End::Completed("stopped"), details, at, shared);
                }
            }
            Signal::Disconnected => {
                let will_retry = details.boolean("willRetry").unwrap_or(false);
                let told = self.turn.as_mut().is_some_and(|turn| {
                    turn.broken = turn.broken.or(Some(at));
                    core::mem::replace(&mut turn.break_told, true)
                });
                if !told {
                    let mut fields = Fields::of(c::TRANSPORT_DISCONNECTED);
                    fields.boolean("willRetry", will_retry);
                    self.emit(fields, details, at, shared);
                }
                if !will_retry {
                    self.end(End::Completed("errored"), details, at, shared);
                }
            }
            Signal::Reconnected => {
                if let Some(turn) = &mut self.turn
                    && let Some(broken) = turn.broken.take()
                {
                    let outage = turn.between(Some(broken), at);
                    let resumed = turn.started.is_some();
                    turn.sign_of_life(at, true);
                    let mut fields = Fields::of(c::TRANSPORT_RECONNECTED);
                    fields.duration("outageMs", outage);
                    self.emit(fields, details, at, shared);
                    if resumed {
                        self.emit(Fields::of(c::SESSION_RESUMED), details, at, shared);
                    }
                }
            }
            Signal::ToolCalled => {
                self.moved(at);
                self.pending.begin(Task::Tool, text("toolCallId"), text("toolName"), None, at);
            }
            Signal::ApprovalRequested => {
                self.moved(at);
                if self.pending.begin(Task::Approval, text("toolCallId"), text("toolName"), None, at) {
                    self.emit(Fields::of(c::TOOL_APPROVAL_REQUESTED), details, at, shared);
                }
            }
            Signal::UploadStarted => {
                let bytes = details.number("bytes");
                if self.pending.begin(Task::Upload, text("uploadId"), text("kind"), bytes, at) {
                    self.emit(Fields::of(c::FILE_UPLOAD_STARTED), details, at, shared);
                }
            }
            Signal::ToolFinished
            | Signal::ApprovalResolved
            | Signal::UploadCompleted
            | Signal::UploadFailed => {
                self.finished(signal, name, details, at, shared)?;
            }
            Signal::Handoff => {
                const WANTED: &str = "\"requested\", \"accepted\", \"completed\" or \"cancelled\"";
                let Some(step) = handoff::step(&text("status")) else {
                    return Err(mistake(name, "status", WANTED, details.raw("status")));
                };
                if step != handoff::Step::Dropped {
                    shared.memory.escalate(self.memory_key());
                }
                if let Some(took) = self.handoff.take(step, at) {
                    let mut fields = Fields::of(match step {
                        handoff::Step::Converted => c::HANDOFF_CONVERTED,
                        handoff::Step::Completed => c::HANDOFF_COMPLETED,
                        _ => c::HANDOFF_REQUESTED,
                    });
                    fields.duration("waitMs", took);
                    fields.duration("durationMs", took);
                    self.emit(fields, details, at, shared);
                }
            }
            Signal::Error => {
                let severity = details.text("severity").unwrap_or_else(|| "error".into());
                if details.boolean("shown") != Some(false) {
                    self.error_shown(name, details, at, shared)?;
                }
                if severity == "error" {
                    self.end(End::Completed("errored"), details, at, shared);
                }
            }
            Signal::ThreadChanged => self.show(details.text("conversationId"), at, shared),
            Signal::Trace => {
                let trace = Rc::new(trace::read(name, details)?);
                if let Some(turn) = self.turn.as_mut().or(self.last.as_mut())
                    && turn.trace.as_ref() != Some(&trace)
                {
                    turn.trace = Some(trace);
                    let known = turn.clone();
                    remember(&known, shared.memory);
                    self.emit(Fields::of(c::TRACE_LINKED), details, at, shared);
                }
            }
            Signal::Action => {
                let mut fields = Fields::of(c::MESSAGE_ACTION);
                fields.text("action", Some(&manual::action(&text("action"))));
                self.emit(fields, details, at, shared);
            }
        }
        Ok(())
    }

    fn moved(&mut self, at: f64) {
        let explained = self.pending.is_waiting();
        if let Some(turn) = &mut self.turn {
            turn.sign_of_life(at, explained);
        }
    }

    /// What was under way is over: a tool, an approval, an upload.
    fn finished(
        &mut self,
        signal: Signal,
        call: &str,
        details: Details,
        at: f64,
        shared: &mut Shared,
    ) -> Result<(), Mistake> {
        let (task, def, id, name) = match signal {
            Signal::ToolFinished => (Task::Tool, c::TOOL_EXECUTED, "toolCallId", "toolName"),
            Signal::ApprovalResolved => (Task::Approval, c::TOOL_APPROVAL_RESOLVED, "toolCallId", "toolName"),
            Signal::UploadFailed => (Task::Upload, c::FILE_UPLOAD_FAILED, "uploadId", "kind"),
            _ => (Task::Upload, c::FILE_UPLOAD_COMPLETED, "uploadId", "kind"),
        };
        for (needed, wanted) in [("approved", "true or false"), ("errorCode", "a string")] {
            let is_needed = match task {
                Task::Approval => needed == "approved",
                Task::Upload => needed == "errorCode" && signal == Signal::UploadFailed,
                Task::Tool => false,
            };
            if is_needed && details.raw(needed).is_none() {
                return Err(mistake(call, needed, wanted, None));
            }
        }
        self.moved(at);
        let given = details.text(name).unwrap_or_default();
        let begun = self.pending.end(task, &details.text(id).unwrap_or_default(), &given);
        let mut fields = Fields::of(def);
        match &begun {
            Some(begun) => {
                fields.text(name, Some(&begun.name));
                fields.duration("durationMs", (begun.at <= at).then(|| at - begun.at));
                if details.raw("bytes").is_none() {
                    fields.number("bytes", begun.bytes);
                }
            }
            None if given.is_empty() => return Err(mistake(call, name, "a string", None)),
            None => {}
        }
        if task == Task::Tool {
            let success = details.boolean("success").unwrap_or_else(|| details.raw("errorCode").is_none());
            fields.boolean("success", success);
        }
        self.emit(fields, details, at, shared);
        Ok(())
    }

    /// The visitor saw an error.
    pub(super) fn error_shown(
        &self,
        call: &str,
        details: Details,
        at: f64,
        shared: &mut Shared,
    ) -> Result<(), Mistake> {
        if details.raw("errorCode").is_none() {
            return Err(mistake(call, "errorCode", "a string", None));
        }
        let mut fields = Fields::of(c::ERROR_SHOWN);
        if details.raw("severity").is_none() {
            fields.text("severity", Some("error"));
        }
        self.emit(fields, details, at, shared);
        Ok(())
    }

    /// Begins a turn; one that is still under way is abandoned for it.
    fn begin(&mut self, index: Option<u32>, at: f64, asked: bool, shared: &mut Shared) {
        self.end(End::Abandoned, Details(""), at, shared);
        let index = index.unwrap_or_else(|| shared.memory.next_turn(self.memory_key()));
        let mut turn = Turn::new(index, at, shared.hidden);
        turn.submitted = asked.then_some(at);
        self.turn = Some(turn);
    }

    fn name_response(&mut self, details: Details) {
        if let Some(turn) = &mut self.turn {
            turn.response = turn.response.take().or_else(|| details.text("responseId"));
            turn.message = turn.message.take().or_else(|| details.text("messageId"));
        }
    }

    /// Tells of the first token, once it is known when it was seen, or that it will not be.
    pub(super) fn announce(&mut self, painted: Option<f64>, unpainted: bool, shared: &mut Shared) {
        let Some(turn) = &mut self.turn else { return };
        let (Some(source), Some(first)) = (turn.unannounced.take(), turn.first_token) else { return };
        let painted = painted.filter(|painted| *painted >= first);
        let mut fields = Fields::of(c::ASSISTANT_RESPONSE_FIRST_TOKEN);
        fields.duration("ttftMs", turn.between(turn.submitted, first));
        fields.text("ttftSource", Some(source));
        fields.duration("visibleMs", painted.and_then(|painted| turn.between(turn.submitted, painted)));
        fields.text("unpainted", unpainted.then_some("hidden"));
        self.emit(fields, Details(""), first, shared);
    }

    /// Ends the turn, if there is one.
    fn end(&mut self, end: End, details: Details, at: f64, shared: &mut Shared) {
        self.announce(None, shared.hidden, shared);
        let waiting = self.pending.is_waiting();
        let Some(turn) = &mut self.turn else { return };
        if end != End::Completed("natural") && turn.first_token.is_some() {
            // Silence that ended in this way was felt.
            turn.sign_of_life(at, waiting);
        }
        let turn = turn.clone();
        let stalled = turn.stalls > 0.0;
        if stalled {
            self.emit(stall_fields(Fields::of(c::RESPONSE_STALLED), &turn), Details(""), at, shared);
        }
        match end {
            End::Abandoned => {
                let mut fields = Fields::of(c::TURN_ABANDONED);
                let phase = if turn.first_token.is_some() { "streaming" } else { "before_first_token" };
                fields.text("phase", Some(phase));
                fields.duration("waitedMs", turn.between(turn.submitted, at));
                self.emit(fields, Details(""), at, shared);
            }
            End::Completed(reason) => {
                let mut fields = Fields::of(c::ASSISTANT_RESPONSE_COMPLETED);
                fields.text("finishReason", Some(reason));
                fields.duration("durationMs", turn.between(turn.started, at));
                fields.duration("totalMs", turn.between(turn.submitted, at));
                fields.number("chunkCount", (turn.chunks > 0.0).then_some(turn.chunks));
                fields.duration("hiddenMs", Some(turn.hidden_ms(at)).filter(|ms| *ms > 0.0));
                let fields = if stalled { stall_fields(fields, &turn) } else { fields };
                self.emit(fields, details, at, shared);
            }
        }
        remember(&turn, shared.memory);
        self.turn = None;
        self.last = Some(turn);
        self.pending.end_turn();
    }

    /// Another conversation is shown. One that had no id yet gets this one, turn and all.
    fn show(&mut self, id: Option<String>, at: f64, shared: &mut Shared) {
        if self.id == id {
            return;
        }
        match &id {
            Some(id) if self.id.is_none() => shared.memory.rename(&self.key, id),
            _ => {
                self.end(End::Abandoned, Details(""), at, shared);
                if self.id.is_none() || id.is_none() {
                    shared.memory.forget(&self.key);
                }
                self.last = None;
                self.pending = Pending::default();
                self.handoff = Handoff::default();
            }
        }
        self.id = id;
    }

    /// The page is left: nobody waits any longer.
    pub fn leave(&mut self, at: f64, shared: &mut Shared) {
        self.end(End::Abandoned, Details(""), at, shared);
    }

    /// Makes the event, stamped with the turn it belongs to: that of the message it names, otherwise the present one,
    /// otherwise the latest.
    pub(super) fn emit(&self, mut fields: Fields, details: Details, at: f64, shared: &mut Shared) {
        let message_id = details.text("messageId");
        let named = message_id.as_deref().and_then(|id| shared.memory.message(id));
        let mut stamp = event::Turn { conversation_id: self.id.clone(), ..event::Turn::default() };
        if let Some(message) = named {
            stamp.index = Some(message.index);
            stamp.response_id = message.response.clone();
            stamp.trace = message.trace.clone();
        } else if let Some(turn) = self.turn.as_ref().or(self.last.as_ref()) {
            stamp.index = Some(turn.index);
            stamp.response_id = turn.response.clone();
            stamp.trace = turn.trace.clone();
        } else {
            stamp.index = shared.memory.latest_turn(self.memory_key());
        }
        if let Some(index) = details.number("turnIndex") {
            stamp.index = Some(index as u32);
        }
        stamp.response_id = details.text("responseId").or(stamp.response_id);
        stamp.message_id = message_id;
        fields.number("turnIndex", stamp.index.map(f64::from));
        fields.text("responseId", stamp.response_id.as_deref());
        fields.rest(details);
        let (def, properties) = fields.done();
        let body = Body { kind: Kind::Known(def), properties, turn: stamp };
        shared.out.push(Happened { body, at });
    }
}

fn stall_fields(mut fields: Fields, turn: &Turn) -> Fields {
    fields.number("stallCount", Some(turn.stalls));
    fields.duration("longestStallMs", Some(turn.longest_stall));
    fields
}

/// Keeps which turn the ids of a response belong to, for what is done with it later.
fn remember(turn: &Turn, memory: &mut Memory) {
    for id in [&turn.message, &turn.response].into_iter().flatten() {
        memory.remember(Message {
            id: id.clone(),
            index: turn.index,
            response: turn.response.clone(),
            trace: turn.trace.clone(),
        });
    }
}

/// The outcome a client's finish reason stands for. Reasons of models (`stop`, `length`, `tool-calls`) are natural ends.
fn outcome(reason: &str) -> &'static str {
    match reason {
        "stopped" | "cancelled" | "canceled" => "stopped",
        "aborted" | "abort" => "aborted",
        "errored" | "error" | "failed" => "errored",
        _ => "natural",
    }
}
