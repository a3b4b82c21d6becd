//! What a chat must still know after a reload: where each conversation's turns stand, which turn and trace a message
//! belongs to, and which messages were seen. Bounded; kept with the session's record, and gone with it.

use std::rc::Rc;

use crate::event::Trace;
use crate::json::{self, elements};

/// Conversations remembered.
const MOST_CONVERSATIONS: usize = 20;
/// Messages whose turn is remembered: more than anyone scrolls back to rate.
const MOST_MESSAGES: usize = 50;
/// Messages remembered as seen.
const MOST_SEEN: usize = 200;

/// The memory of every chat of a session.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    conversations: Vec<Conversation>,
    messages: Vec<Message>,
    seen: Vec<String>,
    /// Something is not in storage yet.
    pub changed: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Conversation {
    id: String,
    turns: u32,
    escalated: bool,
}

/// The turn a message or a response belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The message's or response's id.
    pub id: String,
    /// Its turn.
    pub index: u32,
    /// Its response.
    pub response: Option<String>,
    /// Its trace.
    pub trace: Option<Rc<Trace>>,
}

impl Memory {
    fn conversation(&mut self, id: &str) -> &mut Conversation {
        self.changed = true;
        let at = self.conversations.iter().position(|known| known.id == id);
        // Recently used last, so that the bound takes the one used longest ago.
        let known = match at {
            Some(at) => self.conversations.remove(at),
            None => Conversation { id: id.into(), turns: 0, escalated: false },
        };
        push_bounded(&mut self.conversations, known, MOST_CONVERSATIONS)
    }

    /// The index of the conversation's next turn; from then on it is taken.
    pub fn next_turn(&mut self, conversation: &str) -> u32 {
        let known = self.conversation(conversation);
        known.turns += 1;
        known.turns - 1
    }

    /// The index of the conversation's latest turn.
    pub fn latest_turn(&self, conversation: &str) -> Option<u32> {
        self.conversations.iter().find(|known| known.id == conversation)?.turns.checked_sub(1)
    }

    /// A handoff was requested.
    pub fn escalate(&mut self, conversation: &str) {
        self.conversation(conversation).escalated = true;
    }

    /// Whether a handoff was ever requested.
    pub fn is_escalated(&self, conversation: &str) -> bool {
        self.conversations.iter().any(|known| known.id == conversation && known.escalated)
    }

    /// A conversation that had no id yet got one.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(at) = self.conversations.iter().position(|known| known.id == from) {
            let before = self.conversations.remove(at);
            self.add(to, before.turns, before.escalated);
        }
    }

    fn add(&mut self, id: &str, turns: u32, escalated: bool) {
        let known = self.conversation(id);
        known.turns = known.turns.max(turns);
        known.escalated |= escalated;
    }

    /// A conversation without an id is over: the next one begins from 0.
    pub fn forget(&mut self, conversation: &str) {
        self.changed = true;
        self.conversations.retain(|known| known.id != conversation);
    }

    /// Remembers which turn a message belongs to.
    pub fn remember(&mut self, message: Message) {
        self.changed = true;
        self.messages.retain(|known| known.id != message.id);
        push_bounded(&mut self.messages, message, MOST_MESSAGES);
    }

    /// The turn of a message.
    pub fn message(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|known| known.id == id)
    }

    /// Marks a message as seen; `true` the first time.
    pub fn see(&mut self, id: &str) -> bool {
        if self.seen.iter().any(|seen| seen == id) {
            return false;
        }
        self.changed = true;
        push_bounded(&mut self.seen, id.into(), MOST_SEEN);
        true
    }

    /// The record: `[session, [[id, turns, escalated]], [[id, index, response, trace, span, run]], [seen]]`.
    pub fn encode(&self, session_id: &str) -> String {
        let mut out = String::from("[");
        json::push_text(&mut out, session_id);
        out.push_str(",[");
        for known in &self.conversations {
            comma(&mut out);
            out.push('[');
            json::push_text(&mut out, &known.id);
            out.push(',');
            json::push_unsigned(&mut out, u64::from(known.turns));
            out.push_str(if known.escalated { ",true]" } else { ",false]" });
        }
        out.push_str("],[");
        for message in &self.messages {
            comma(&mut out);
            out.push('[');
            json::push_text(&mut out, &message.id);
            out.push(',');
            json::push_unsigned(&mut out, u64::from(message.index));
            let trace = message.trace.as_deref();
            for part in [
                message.response.as_deref(),
                trace.map(|trace| trace.trace_id.as_str()),
                trace.and_then(|trace| trace.span_id.as_deref()),
                trace.and_then(|trace| trace.run_id.as_deref()),
            ] {
                out.push(',');
                json::push_text(&mut out, part.unwrap_or_default());
            }
            out.push(']');
        }
        out.push_str("],[");
        for id in &self.seen {
            comma(&mut out);
            json::push_text(&mut out, id);
        }
        out.push_str("]]");
        out
    }

    /// Adds what a record knows, if it is of this session. Two tabs of a session each add what the other wrote.
    pub fn absorb(&mut self, record: &str, session_id: &str) {
        let mut parts = elements(record);
        if parts.next().and_then(json::text).as_deref() != Some(session_id) {
            return;
        }
        let changed = self.changed;
        for known in elements(parts.next().unwrap_or_default()) {
            let mut known = elements(known);
            if let (Some(id), Some(turns)) =
                (known.next().and_then(json::text), known.next().and_then(json::number))
            {
                self.add(&id, turns as u32, known.next() == Some("true"));
            }
        }
        for message in elements(parts.next().unwrap_or_default()) {
            let mut message = elements(message);
            if let (Some(id), Some(index)) = (text(&mut message), message.next().and_then(json::number)) {
                let response = text(&mut message);
                let trace = text(&mut message).map(|trace_id| {
                    Rc::new(Trace { trace_id, span_id: text(&mut message), run_id: text(&mut message) })
                });
                self.remember(Message { id, index: index as u32, response, trace });
            }
        }
        for id in elements(parts.next().unwrap_or_default()).filter_map(json::text) {
            self.see(&id);
        }
        self.changed = changed;
    }
}

fn text(parts: &mut json::Elements) -> Option<String> {
    parts.next().and_then(json::text).filter(|text| !text.is_empty())
}

fn comma(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}

fn push_bounded<T>(list: &mut Vec<T>, item: T, most: usize) -> &mut T {
    if list.len() >= most {
        list.remove(0);
    }
    let at = list.len();
    list.push(item);
    &mut list[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Memory {
        let mut memory = Memory::default();
        memory.next_turn("");
        memory.next_turn("c\"1");
        memory.next_turn("c\"1");
        memory.escalate("c\"1");
        let trace = Trace { trace_id: "t".into(), span_id: None, run_id: Some("r".into()) };
        memory.remember(Message {
            id: "m".into(),
            index: 1,
            response: Some("x".into()),
            trace: Some(trace.into()),
        });
        memory.remember(Message { id: "n".into(), index: 2, response: None, trace: None });
        memory.see("m");
        memory.changed = false;
        memory
    }

    #[test]
    fn a_record_survives_the_round_trip_within_its_session() {
        let record = full().encode("s");
        let mut back = Memory::default();
        back.absorb(&record, "s");
        assert_eq!(back, full());
        let mut other = Memory::default();
        other.absorb(&record, "t");
        assert_eq!(other, Memory::default());
        for broken in ["", "[", "[\"s\"]", "[\"s\",1,2,3]", "[\"s\",[[]],[[1]],[2]]"] {
            other.absorb(broken, "s");
            assert_eq!(other, Memory::default(), "{broken}");
        }
    }

    #[test]
    fn two_tabs_of_one_conversation_do_not_take_the_same_turn() {
        let (mut a, mut b) = (full(), full());
        assert_eq!(a.next_turn("c\"1"), 2);
        b.absorb(&a.encode("s"), "s");
        assert_eq!(b.next_turn("c\"1"), 3);
    }

    #[test]
    fn everything_is_bounded() {
        let mut memory = Memory::default();
        for n in 0..1_000 {
            let id = format!("{n}");
            memory.next_turn(&id);
            memory.see(&id);
            memory.remember(Message { id, index: 0, response: None, trace: None });
        }
        let sizes = (memory.conversations.len(), memory.messages.len(), memory.seen.len());
        assert_eq!(sizes, (MOST_CONVERSATIONS, MOST_MESSAGES, MOST_SEEN));
        assert!(memory.message("999").is_some() && memory.message("0").is_none());
    }
}
