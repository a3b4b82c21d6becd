//! What a chat must still know after a reload: where each conversation's turns stand, which turn and trace a message
//! belongs to, and which messages were seen. Bounded; kept with the session's record, and gone with it.

use std::rc::Rc;

use crate::event::Trace;
use crate::json::{self, Elements, elements};
use crate::list::keep;

/// How many entries of each list are kept: conversations, messages (more than anyone scrolls back to rate), seen ones.
const MOST: [usize; 3] = [20, 50, 200];
const CONVERSATIONS: usize = 0;
const MESSAGES: usize = 1;
const SEEN: usize = 2;

/// The memory of every chat of a session. An entry is the JSON it is kept as: an array that begins with its id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    lists: [Vec<String>; 3],
    /// Something is not in storage yet.
    pub changed: bool,
}

/// The turn a message or a response belongs to.
#[derive(Debug, PartialEq)]
pub struct Message {
    /// Its turn.
    pub index: u32,
    /// Its response.
    pub response: Option<String>,
    /// Its trace.
    pub trace: Option<Rc<Trace>>,
}

impl Memory {
    /// What follows the id of an entry.
    fn get(&self, list: usize, id: &str) -> Option<Elements<'_>> {
        let wanted = quoted(id);
        self.lists[list].iter().find_map(|entry| {
            let mut parts = elements(entry);
            (parts.next() == Some(&wanted)).then_some(parts)
        })
    }

    /// Puts an entry last: the bound takes those that were not used for the longest time.
    fn put(&mut self, list: usize, entry: String) {
        let id = elements(&entry).next();
        let entries = &mut self.lists[list];
        keep(entries, &mut |known| elements(known).next() != id);
        if entries.len() >= MOST[list] {
            entries.remove(0);
        }
        entries.push(entry);
        self.changed = true;
    }

    /// How many turns a conversation had, and whether it went to a human.
    fn conversation(&self, id: &str) -> (u32, bool) {
        let mut parts = self.get(CONVERSATIONS, id).unwrap_or_else(|| elements(""));
        (whole(&mut parts), parts.next() == Some("true"))
    }

    fn put_conversation(&mut self, id: &str, (turns, escalated): (u32, bool)) {
        let mut entry = opened(id);
        json::push_unsigned(&mut entry, u64::from(turns));
        entry.push_str(if escalated { ",true]" } else { ",false]" });
        self.put(CONVERSATIONS, entry);
    }

    /// The index of the conversation's next turn; from then on it is taken.
    pub fn next_turn(&mut self, conversation: &str) -> u32 {
        let (turns, escalated) = self.conversation(conversation);
        self.put_conversation(conversation, (turns + 1, escalated));
        turns
    }

    /// The index of the conversation's latest turn.
    pub fn latest_turn(&self, conversation: &str) -> Option<u32> {
        self.conversation(conversation).0.checked_sub(1)
    }

    /// A handoff was requested.
    pub fn escalate(&mut self, conversation: &str) {
        let (turns, _) = self.conversation(conversation);
        self.put_conversation(conversation, (turns, true));
    }

    /// Whether a handoff was ever requested.
    pub fn is_escalated(&self, conversation: &str) -> bool {
        self.conversation(conversation).1
    }

    /// A conversation that had no id yet got one.
    pub fn rename(&mut self, from: &str, to: &str) {
        let known = self.conversation(from);
        if known.0 > 0 {
            self.merge(to, known);
            self.forget(from);
        }
    }

    /// What two accounts of one conversation say together.
    fn merge(&mut self, id: &str, (turns, escalated): (u32, bool)) {
        let known = self.conversation(id);
        self.put_conversation(id, (turns.max(known.0), escalated || known.1));
    }

    /// A conversation without an id is over: the next one begins from 0.
    pub fn forget(&mut self, conversation: &str) {
        self.put_conversation(conversation, (0, false));
    }

    /// Remembers which turn a message belongs to.
    pub fn remember(&mut self, id: &str, index: u32, response: Option<&str>, trace: Option<&Trace>) {
        let mut entry = opened(id);
        json::push_unsigned(&mut entry, u64::from(index));
        let trace_id = trace.map(|trace| trace.trace_id.as_str());
        let span_id = trace.and_then(|trace| trace.span_id.as_deref());
        let run_id = trace.and_then(|trace| trace.run_id.as_deref());
        for part in [response, trace_id, span_id, run_id] {
            entry.push(',');
            json::push_text(&mut entry, part.unwrap_or_default());
        }
        entry.push(']');
        self.put(MESSAGES, entry);
    }

    /// The turn of a message.
    pub fn message(&self, id: &str) -> Option<Message> {
        let mut parts = self.get(MESSAGES, id)?;
        let index = whole(&mut parts);
        let mut text = || parts.next().and_then(json::text).filter(|text| !text.is_empty());
        let response = text();
        let trace = text().map(|trace_id| Rc::new(Trace { trace_id, span_id: text(), run_id: text() }));
        Some(Message { index, response, trace })
    }

    /// Marks a message as seen; `true` the first time.
    pub fn see(&mut self, id: &str) -> bool {
        let first = self.get(SEEN, id).is_none();
        if first {
            let mut entry = opened(id);
            entry.push_str("1]");
            self.put(SEEN, entry);
        }
        first
    }

    /// The record: `[session, conversations, messages, seen]`.
    pub fn encode(&self, session_id: &str) -> String {
        let mut out = opened(session_id);
        for (at, list) in self.lists.iter().enumerate() {
            out.push_str(if at > 0 { ",[" } else { "[" });
            for (at, entry) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(entry);
            }
            out.push(']');
        }
        out.push(']');
        out
    }

    /// Adds what a record knows, if it is of this session. Two tabs of a session each add what the other wrote.
    pub fn absorb(&mut self, record: &str, session_id: &str) {
        let mut parts = elements(record);
        if parts.next() != Some(&quoted(session_id)) {
            return;
        }
        let changed = self.changed;
        for (list, entries) in parts.enumerate().take(MOST.len()) {
            for entry in elements(entries) {
                let mut parts = elements(entry);
                let Some(id) = parts.next().and_then(json::text) else { continue };
                if list == CONVERSATIONS {
                    let turns = whole(&mut parts);
                    self.merge(&id, (turns, parts.next() == Some("true")));
                } else {
                    self.put(list, entry.into());
                }
            }
        }
        self.changed = changed;
    }
}

fn whole(parts: &mut Elements) -> u32 {
    parts.next().and_then(json::number).unwrap_or(0.0) as u32
}

fn quoted(id: &str) -> String {
    let mut json = String::new();
    json::push_text(&mut json, id);
    json
}

/// The beginning of an entry.
fn opened(id: &str) -> String {
    let mut json = String::from("[");
    json::push_text(&mut json, id);
    json.push(',');
    json
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
        memory.remember("m", 1, Some("x"), Some(&trace));
        memory.remember("n", 2, None, None);
        memory.see("m");
        memory.changed = false;
        memory
    }

    #[test]
    fn a_record_survives_the_round_trip_within_its_session() {
        let record = full().encode("s\"");
        let mut back = Memory::default();
        back.absorb(&record, "s\"");
        assert_eq!(back, full());
        assert_eq!(back.message("m").unwrap().trace.unwrap().run_id.as_deref(), Some("r"));
        assert_eq!(back.message("n"), Some(Message { index: 2, response: None, trace: None }));
        let mut other = Memory::default();
        other.absorb(&record, "t");
        assert_eq!(other, Memory::default());
        for broken in
            ["", "[", "[\"s\"]", "[\"s\",1,2,3]", "[\"s\",[[]],[[1]],[2]]", "[\"s\",[],[],[],[[\"x\"]]]"]
        {
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
        assert!(b.is_escalated("c\"1") && !b.is_escalated(""));
    }

    #[test]
    fn a_conversation_keeps_its_turns_when_it_gets_an_id() {
        let mut memory = full();
        memory.rename("", "c2");
        assert_eq!((memory.latest_turn("c2"), memory.latest_turn("")), (Some(0), None));
    }

    #[test]
    fn everything_is_bounded() {
        let mut memory = Memory::default();
        for n in 0..1_000 {
            let id = n.to_string();
            memory.next_turn(&id);
            assert!(memory.see(&id) && !memory.see(&id));
            memory.remember(&id, 0, None, None);
        }
        assert_eq!(memory.lists.each_ref().map(Vec::len), MOST);
        assert!(memory.message("999").is_some() && memory.message("0").is_none());
    }
}
