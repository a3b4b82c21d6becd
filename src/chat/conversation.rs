//! The turn machine of one chat: which events a signal makes, given what came before.

use std::rc::Rc;

use crate::catalogue::{self as c, EventDef};
use crate::event::{self, Body, Kind};

use super::details::Details;
use super::fields::{Fields, check};
use super::handoff::{self, Handoff, Step};
use super::memory::Memory;
use super::pending::{Begun, Pending, Task};
use super::room::Shared;
use super::signal::{self, Signal};
use super::turn::Turn;
use super::{Happened, Wrong, manual, trace};

/// What the first token's time may be read from; the first is what a caller's own word counts as.
const SOURCES: [&str; 4] = ["api", "stream", "response.start", "dom"];
/// How a turn ends that nobody waited for. The other ends are finish reasons.
const ABANDONED: &str = "abandoned";

/// One chat on the page.
#[derive(Debug, Default)]
pub struct Conversation {
    /// The name the page knows it by.
    pub key: String,
    /// The conversation shown, when it has an id.
    pub id: Option<String>,
    /// The turn under way, or the latest.
    pub turn: Option<Turn>,
    /// The end of the response and when it was, while its first text is still on its way to the screen.
    ending: Option<(String, f64)>,
    pending: Pending,
    handoff: Handoff,
}

impl Conversation {
    /// A chat; a key that is not a mere name (`#name`) is the id of its conversation.
    pub fn new(key: &str) -> Self {
        let id = (!key.is_empty() && !key.starts_with('#')).then(|| key.into());
        Self { key: key.into(), id, ..Self::default() }
    }

    /// The name under which memory knows the conversation.
    pub fn memory_key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.key)
    }

    fn open_turn(&mut self) -> Option<&mut Turn> {
        self.turn.as_mut().filter(|turn| turn.open)
    }

    /// Takes a signal.
    ///
    /// # Errors
    /// The details are not what the signal wants; then nothing changed.
    #[inline(never)]
    pub fn signal(
        &mut self,
        name: &str,
        details: Details,
        at: f64,
        shared: &mut Shared,
    ) -> Result<(), Wrong> {
        let Some((_, signal, def, complete)) = signal::find(name) else {
            let def = c::find(name).ok_or(("", "a signal or an event of the catalogue"))?;
            return manual::take(self, def, details, at, shared);
        };
        if let Some(def) = def {
            check(def, details, *complete)?;
        }
        let stream = details.number("stream");
        if signal.is_of_response() {
            let response = details.text("responseId");
            if self.open_turn().is_none_or(|turn| turn.is_another(stream, response.as_deref())) {
                // The end of a response that is over already, or of another one.
                return Ok(());
            }
        }
        if !matches!(signal, Signal::Painted | Signal::Unpainted) {
            self.settle(shared);
        }
        match signal {
            Signal::Submit => {
                self.begin(None, at, at, shared);
                self.tell(c::USER_MESSAGE_SENT, details, at, shared);
            }
            Signal::Regenerate => {
                self.end(ABANDONED, Details::NONE, at, shared);
                let index = shared.memory.latest_turn(self.memory_key());
                self.begin(index, at, at, shared);
                self.tell(c::REGENERATE_REQUESTED, details, at, shared);
            }
            Signal::ResponseStarted => {
                if self.open_turn().is_none() {
                    self.begin(None, at, f64::NAN, shared);
                }
                if let Some(turn) = self.open_turn().filter(|turn| turn.started.is_nan()) {
                    turn.started = at;
                    turn.stream = stream;
                    self.moved(at, true);
                    self.name_response(details);
                    self.tell(c::ASSISTANT_RESPONSE_STARTED, Details::NONE, at, shared);
                }
            }
            Signal::FirstToken => {
                if let Some(turn) = self.open_turn().filter(|turn| turn.first_token.is_nan()) {
                    let given = details.text("source").unwrap_or_default();
                    turn.first_token = at;
                    turn.unannounced =
                        SOURCES.into_iter().find(|source| *source == given).or(Some(SOURCES[0]));
                    self.moved(at, true);
                    self.name_response(details);
                }
            }
            Signal::Painted => self.announce(at, false, shared),
            Signal::Unpainted => self.announce(f64::NAN, true, shared),
            Signal::Chunk => {
                let from = details.number("from");
                self.moved(if from <= at { from } else { at }, false);
                self.moved(at, true);
                if let Some(turn) = self.open_turn() {
                    // Without a count it is one.
                    turn.chunks += details.number("count").max(1.0);
                }
            }
            Signal::Completed => {
                self.name_response(details);
                // A whole reply is over before any of it was painted: when that was seen is worth a frame.
                if !shared.hidden && self.open_turn().is_some_and(|turn| turn.unannounced.is_some()) {
                    self.ending = Some((details.0.into(), at));
                } else {
                    self.end(outcome(details), details, at, shared);
                }
            }
            Signal::Stop => {
                if self.open_turn().is_some() {
                    self.announce(f64::NAN, shared.hidden, shared);
                    self.tell(c::STREAM_STOPPED, Details::NONE, at, shared);
                    self.end("stopped", details, at, shared);
                }
            }
            Signal::Disconnected => self.disconnected(details, at, shared),
            Signal::Reconnected => self.reconnected(details, at, shared),
            Signal::ToolCalled => _ = self.begun(Task::Tool, details, at),
            Signal::ApprovalRequested => {
                if self.begun(Task::Approval, details, at) {
                    self.tell(c::TOOL_APPROVAL_REQUESTED, details, at, shared);
                }
            }
            Signal::UploadStarted => {
                if self.begun(Task::Upload, details, at) {
                    self.tell(c::FILE_UPLOAD_STARTED, details, at, shared);
                }
            }
            Signal::ToolFinished => self.finished(Task::Tool, c::TOOL_EXECUTED, details, at, shared)?,
            Signal::ApprovalResolved => {
                self.finished(Task::Approval, c::TOOL_APPROVAL_RESOLVED, details, at, shared)?;
            }
            Signal::UploadCompleted => {
                self.finished(Task::Upload, c::FILE_UPLOAD_COMPLETED, details, at, shared)?;
            }
            Signal::UploadFailed => {
                self.finished(Task::Upload, c::FILE_UPLOAD_FAILED, details, at, shared)?
            }
            Signal::Handoff => self.handed_off(details, at, shared)?,
            Signal::Error => {
                if !details.is("shown", "false") {
                    self.error_shown(details, at, shared)?;
                }
                if !details.has("severity") || details.is("severity", "\"error\"") {
                    self.end("errored", details, at, shared);
                }
            }
            Signal::ThreadChanged => self.show(details.text("conversationId"), at, shared),
            Signal::Trace => {
                let trace = Some(Rc::new(trace::read(details)?));
                if let Some(turn) = self.turn.as_mut().filter(|turn| turn.trace != trace) {
                    turn.trace = trace;
                    remember(turn, &mut shared.memory);
                    self.tell(c::TRACE_LINKED, details, at, shared);
                }
            }
            Signal::Action => {
                let mut fields = Fields::about(c::MESSAGE_ACTION);
                fields.text("action", &manual::action(details.text("action").unwrap_or_default()));
                self.emit(fields, details, at, shared);
            }
        }
        Ok(())
    }

    /// Begins a turn; one that is still under way is abandoned for it.
    fn begin(&mut self, index: Option<u32>, at: f64, submitted: f64, shared: &mut Shared) {
        self.end(ABANDONED, Details::NONE, at, shared);
        let index = index.unwrap_or_else(|| shared.memory.next_turn(self.memory_key()));
        let turn = self.turn.insert(Turn::new(index, at, shared.hidden));
        turn.submitted = submitted;
    }

    /// The response moved; what a tool or an approval takes is no stall.
    fn moved(&mut self, at: f64, explained: bool) {
        let explained = explained || self.pending.is_waiting();
        if let Some(turn) = self.open_turn() {
            turn.sign_of_life(at, explained);
        }
    }

    fn name_response(&mut self, details: Details) {
        if let Some(turn) = self.open_turn() {
            for (ours, name) in [(&mut turn.response, "responseId"), (&mut turn.message, "messageId")] {
                if ours.is_none() {
                    *ours = details.text(name);
                }
            }
        }
    }

    /// Tells of the first token, once it is known when it was seen, or that it will not be.
    fn announce(&mut self, painted: f64, unpainted: bool, shared: &mut Shared) {
        let Some(turn) = self.open_turn() else { return };
        let Some(source) = turn.unannounced.take() else { return };
        let first = turn.first_token;
        let mut fields = Fields::of(c::ASSISTANT_RESPONSE_FIRST_TOKEN);
        fields.number("ttftMs", turn.between(turn.submitted, first));
        fields.text("ttftSource", source);
        if painted >= first {
            fields.number("visibleMs", turn.between(turn.submitted, painted));
        }
        if unpainted {
            fields.text("unpainted", "hidden");
        }
        self.emit(fields, Details::NONE, first, shared);
        if let Some((details, at)) = self.ending.take() {
            let details = Details(&details);
            self.end(outcome(details), details, at, shared);
        }
    }

    /// Whoever asks what happened, or goes on, does not wait for what is being painted.
    pub fn settle(&mut self, shared: &mut Shared) {
        if self.ending.is_some() {
            self.announce(f64::NAN, shared.hidden, shared);
        }
    }

    /// Ends the turn, if one is under way.
    fn end(&mut self, end: &'static str, details: Details, at: f64, shared: &mut Shared) {
        self.announce(f64::NAN, shared.hidden, shared);
        let streaming = self.open_turn().is_some_and(|turn| !turn.first_token.is_nan());
        if streaming && end != "natural" {
            // Silence that ended in this way was felt.
            self.moved(at, false);
        }
        let Some(turn) = self.open_turn() else { return };
        turn.open = false;
        let (stalls, longest) = (turn.stalls, turn.longest_stall);
        let waited = turn.between(turn.submitted, at);
        let mut fields = if end == ABANDONED {
            let mut fields = Fields::of(c::TURN_ABANDONED);
            fields.text("phase", if streaming { "streaming" } else { "before_first_token" });
            fields.number("waitedMs", waited);
            fields
        } else {
            let mut fields = Fields::of(c::ASSISTANT_RESPONSE_COMPLETED);
            fields.text("finishReason", end);
            fields.number("durationMs", turn.between(turn.started, at));
            fields.number("totalMs", waited);
            for (name, value) in [("chunkCount", turn.chunks), ("hiddenMs", turn.hidden_ms(at))] {
                fields.number(name, if value > 0.0 { value } else { f64::NAN });
            }
            fields
        };
        remember(turn, &mut shared.memory);
        self.pending.end_turn();
        if stalls > 0.0 {
            let mut stalled = Fields::of(c::RESPONSE_STALLED);
            for fields in [&mut stalled, &mut fields] {
                fields.number("stallCount", stalls);
                fields.number("longestStallMs", longest);
            }
            self.emit(stalled, Details::NONE, at, shared);
        }
        self.emit(fields, details, at, shared);
    }

    #[inline(never)]
    fn disconnected(&mut self, details: Details, at: f64, shared: &mut Shared) {
        let Some(turn) = self.open_turn() else { return };
        if turn.broken.is_nan() {
            turn.broken = at;
        }
        let will_retry = details.is("willRetry", "true");
        if !core::mem::replace(&mut turn.break_told, true) {
            let mut fields = Fields::of(c::TRANSPORT_DISCONNECTED);
            fields.raw("willRetry", if will_retry { "true" } else { "false" });
            self.emit(fields, details, at, shared);
        }
        if !will_retry {
            self.end("errored", details, at, shared);
        }
    }

    #[inline(never)]
    fn reconnected(&mut self, details: Details, at: f64, shared: &mut Shared) {
        let Some(turn) = self.open_turn() else { return };
        let outage = turn.between(turn.broken, at);
        turn.broken = f64::NAN;
        if outage.is_nan() {
            return;
        }
        let mid_stream = !turn.started.is_nan();
        self.moved(at, true);
        let mut fields = Fields::of(c::TRANSPORT_RECONNECTED);
        fields.number("outageMs", outage);
        self.emit(fields, details, at, shared);
        if mid_stream {
            self.tell(c::SESSION_RESUMED, details, at, shared);
        }
    }

    /// A tool, an approval or an upload begins; `false` when that is known already.
    fn begun(&mut self, task: Task, details: Details, at: f64) -> bool {
        let [id, name] = names(task);
        if task != Task::Upload {
            self.moved(at, false);
        }
        self.pending.begin(Begun {
            task,
            id: details.raw(id).into(),
            name: details.raw(name).into(),
            bytes: details.raw("bytes").into(),
            at,
        })
    }

    /// It is over.
    fn finished(
        &mut self,
        task: Task,
        def: &'static EventDef,
        details: Details,
        at: f64,
        shared: &mut Shared,
    ) -> Result<(), Wrong> {
        let [id, name] = names(task);
        if task == Task::Approval && !details.has("approved") {
            return Err(("approved", "true or false"));
        }
        if def.name == c::FILE_UPLOAD_FAILED.name && !details.has("errorCode") {
            return Err(("errorCode", "a string"));
        }
        let begun = self.pending.end(task, details.raw(id), details.raw(name));
        if begun.is_none() && !details.has(name) {
            return Err((name, "a string"));
        }
        let mut fields = Fields::of(def);
        if let Some(begun) = begun {
            if task != Task::Upload {
                self.moved(at, true);
            }
            fields.raw(name, &begun.name);
            if begun.at <= at {
                fields.number("durationMs", at - begun.at);
            }
            if !details.has("bytes") {
                fields.raw("bytes", &begun.bytes);
            }
        }
        if !details.has("success") {
            fields.raw("success", if details.has("errorCode") { "false" } else { "true" });
        }
        self.emit(fields, details, at, shared);
        Ok(())
    }

    #[inline(never)]
    fn handed_off(&mut self, details: Details, at: f64, shared: &mut Shared) -> Result<(), Wrong> {
        let step = details.text("status").and_then(|status| handoff::step(&status));
        let step = step.ok_or(("status", "\"requested\", \"accepted\", \"completed\" or \"cancelled\""))?;
        if matches!(step, Step::Requested | Step::Converted) {
            shared.memory.escalate(self.memory_key());
        }
        if let Some(took) = self.handoff.take(step, at) {
            let mut fields = Fields::of(match step {
                Step::Converted => c::HANDOFF_CONVERTED,
                Step::Completed => c::HANDOFF_COMPLETED,
                _ => c::HANDOFF_REQUESTED,
            });
            fields.number("waitMs", took);
            fields.number("durationMs", took);
            self.emit(fields, details, at, shared);
        }
        Ok(())
    }

    /// The visitor saw an error.
    pub fn error_shown(&self, details: Details, at: f64, shared: &mut Shared) -> Result<(), Wrong> {
        if !details.has("errorCode") {
            return Err(("errorCode", "a string"));
        }
        let mut fields = Fields::about(c::ERROR_SHOWN);
        if !details.has("severity") {
            fields.text("severity", "error");
        }
        self.emit(fields, details, at, shared);
        Ok(())
    }

    /// Another conversation is shown. One that had no id yet gets this one, turn and all.
    #[inline(never)]
    fn show(&mut self, id: Option<String>, at: f64, shared: &mut Shared) {
        if self.id == id {
            return;
        }
        match &id {
            Some(id) if self.id.is_none() => shared.memory.rename(&self.key, id),
            _ => {
                self.end(ABANDONED, Details::NONE, at, shared);
                shared.memory.forget(&self.key);
                self.turn = None;
                self.pending = Pending::default();
                self.handoff = Handoff::default();
            }
        }
        self.id = id;
    }

    /// The page was hidden, or shown.
    pub fn set_hidden(&mut self, hidden: bool, at: f64, shared: &mut Shared) {
        if hidden {
            self.announce(f64::NAN, true, shared);
        }
        if let Some(turn) = self.open_turn() {
            turn.set_hidden(hidden, at);
        }
    }

    /// The page is left: nobody waits any longer.
    pub fn leave(&mut self, at: f64, shared: &mut Shared) {
        self.end(ABANDONED, Details::NONE, at, shared);
    }

    /// The turn, while its response streams, and when that began.
    pub fn streaming(&self) -> Option<(f64, event::Turn)> {
        let turn = self.turn.as_ref().filter(|turn| turn.open)?;
        let began = turn.started.min(turn.first_token);
        (!began.is_nan()).then(|| (began, self.stamp(&Memory::default())))
    }

    /// The turn under way, otherwise the latest.
    fn stamp(&self, memory: &Memory) -> event::Turn {
        let mut stamp = event::Turn { conversation_id: self.id.clone(), ..event::Turn::default() };
        match &self.turn {
            Some(turn) => {
                stamp.index = Some(turn.index);
                stamp.response_id = turn.response.clone();
                stamp.trace = turn.trace.clone();
            }
            None => stamp.index = memory.latest_turn(self.memory_key()),
        }
        stamp
    }

    /// What the caller says of the message an event is about, and what is remembered of it.
    fn stamp_about(&self, stamp: &mut event::Turn, details: Details, memory: &Memory) {
        let named = stamp.message_id.as_deref().and_then(|id| memory.message(id));
        if let Some(message) = named {
            stamp.index = Some(message.index);
            stamp.response_id = message.response;
            stamp.trace = message.trace;
        }
        let given = details.number("turnIndex");
        if given >= 0.0 {
            stamp.index = Some(given as u32);
        }
        if let Some(given) = details.text("responseId") {
            stamp.response_id = Some(given);
        }
    }

    /// An event of which nothing but its turn is measured here.
    #[inline(never)]
    pub fn tell(&self, def: &'static EventDef, details: Details, at: f64, shared: &mut Shared) {
        self.emit(Fields::of(def), details, at, shared);
    }

    /// Makes the event, stamped with its turn.
    #[inline(never)]
    pub fn emit(&self, mut fields: Fields, details: Details, at: f64, shared: &mut Shared) {
        let mut turn = self.stamp(&shared.memory);
        turn.message_id = details.text("messageId");
        if fields.is_about {
            self.stamp_about(&mut turn, details, &shared.memory);
        }
        fields.number("turnIndex", turn.index.map_or(f64::NAN, f64::from));
        fields.text("responseId", turn.response_id.as_deref().unwrap_or_default());
        fields.rest(details);
        let (def, properties) = fields.done();
        shared
            .out
            .push(Happened { body: Body { kind: Kind::Known(def), properties, turn: Box::new(turn) }, at });
    }
}

/// The members that hold the id and the name of something under way.
fn names(task: Task) -> [&'static str; 2] {
    if task == Task::Upload { ["uploadId", "kind"] } else { ["toolCallId", "toolName"] }
}

/// Keeps which turn the ids of a response belong to, for what is done with it later.
fn remember(turn: &Turn, memory: &mut Memory) {
    for id in [&turn.message, &turn.response].into_iter().flatten() {
        memory.remember(id, turn.index, turn.response.as_deref(), turn.trace.as_deref());
    }
}

/// The outcome a client's finish reason stands for. Reasons of models (`stop`, `length`, `tool-calls`) are natural ends.
fn outcome(details: Details) -> &'static str {
    match details.raw("finishReason") {
        "\"stopped\"" | "\"cancelled\"" | "\"canceled\"" => "stopped",
        "\"aborted\"" | "\"abort\"" => "aborted",
        "\"errored\"" | "\"error\"" | "\"failed\"" => "errored",
        _ => "natural",
    }
}
