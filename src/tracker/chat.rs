//! The chats on the page: signals in, events captured, and the little that outlives the page.

use crate::browser::clock;
use crate::browser::storage::Store;
use crate::catalogue as c;
use crate::chat::Happened;
use crate::event::Body;
use crate::json;
use crate::time::Now;

use super::Tracker;

/// Where the chats' memory is kept, beside the session's record.
const RECORD_KEY: &str = "chatvitals.chat";

impl Tracker {
    /// A signal of a chat; `at` is the page's monotonic clock. Answers with a sentence when the caller got it wrong.
    pub fn chat(&self, key: &str, signal: &str, details: &str, at: f64) -> Option<String> {
        if !self.is_running() {
            return None;
        }
        let now = self.now();
        // Nothing happens later than it really is; `now` may be the past of a call that waited.
        let at = if at >= 0.0 && at <= clock::now().mono { at } else { now.mono };
        // Another tab may have taken turns of the same conversation since.
        if signal == "submit" || !core::mem::replace(&mut self.state.borrow_mut().chats.recalled, true) {
            self.recall_chats();
        }
        let result = self.state.borrow_mut().chats.signal(key, signal, details, at);
        self.pass_chats(now, true);
        self.keep_chats();
        result.err()
    }

    /// The page was hidden or shown.
    pub(super) fn chats_hidden(&self, hidden: bool) {
        let now = self.now();
        self.state.borrow_mut().chats.set_hidden(hidden, now.mono);
        self.pass_chats(now, false);
    }

    /// Somebody wants all there is, now.
    pub(super) fn settle_chats(&self) {
        self.state.borrow_mut().chats.settle();
        self.pass_chats(self.now(), true);
    }

    /// The page is left.
    pub(super) fn leave_chats(&self) {
        let now = self.now();
        self.state.borrow_mut().chats.leave(now.mono);
        self.pass_chats(now, false);
        self.keep_chats();
    }

    /// Passes on what happened. A chat that goes on keeps the visit alive.
    fn pass_chats(&self, now: Now, is_activity: bool) {
        let happened = core::mem::take(&mut self.state.borrow_mut().chats.shared.out);
        for Happened { body, at } in happened {
            self.count_turn(&body);
            let at = Now { wall: now.wall_of(at), mono: now.mono };
            if is_activity {
                self.capture(body, at);
            } else {
                self.note(body, at);
            }
        }
    }

    fn count_turn(&self, body: &Body) {
        let name = body.kind.name();
        if let Some(session) = &mut self.state.borrow_mut().visit.session {
            session.user_turns += u32::from(name == c::USER_MESSAGE_SENT.name);
            let natural = name == c::ASSISTANT_RESPONSE_COMPLETED.name
                && json::members(&body.properties).any(|member| member == ("finishReason", "\"natural\""));
            session.assistant_turns += u32::from(natural);
        }
    }

    fn chat_store(&self) -> Store {
        Store::open(self.config.persistence)
    }

    /// Adds what this page knew before it was loaded again, and what other tabs of the visit know.
    fn recall_chats(&self) {
        if !self.may_store() {
            return;
        }
        let record = self.chat_store().get(RECORD_KEY);
        let state = &mut *self.state.borrow_mut();
        if let (Some(record), Some(session)) = (record, &state.visit.session) {
            state.chats.shared.memory.absorb(&record, &session.id);
        }
    }

    fn keep_chats(&self) {
        if !self.may_store() {
            return;
        }
        let record = {
            let state = &mut *self.state.borrow_mut();
            let changed = core::mem::take(&mut state.chats.shared.memory.changed);
            state
                .visit
                .session
                .as_ref()
                .filter(|_| changed)
                .map(|session| state.chats.shared.memory.encode(&session.id))
        };
        if let Some(record) = record {
            self.chat_store().set(RECORD_KEY, &record);
        }
    }

    pub(super) fn forget_chats(&self) {
        self.state.borrow_mut().chats = Default::default();
        self.chat_store().remove(RECORD_KEY);
    }
}
