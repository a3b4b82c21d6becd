//! Every chat of a page.

use super::conversation::{Conversation, Shared};
use super::details::Details;
use super::{Happened, Memory, Mistake};
use crate::event;

/// Chats on one page at once; the one used longest ago is forgotten.
const MOST_CHATS: usize = 20;

/// The chats of a page, and what they share.
#[derive(Debug, Default)]
pub struct Chats {
    /// What outlives the page.
    pub memory: Memory,
    /// Whether what outlived the page before was read.
    pub recalled: bool,
    chats: Vec<Conversation>,
    hidden: bool,
}

impl Chats {
    /// Takes a signal to the chat called `key`: the id of its conversation, `#name` for one without an id yet, or empty
    /// for the page's only one. Events are added to `out`.
    ///
    /// # Errors
    /// The signal is unknown, or its details are not what it wants; then nothing changed.
    pub fn signal(
        &mut self,
        key: &str,
        name: &str,
        details: &str,
        at: f64,
        out: &mut Vec<Happened>,
    ) -> Result<(), Mistake> {
        let (mut chat, mut shared) = self.open(key, at, out);
        let result = chat.signal(name, Details(details), at, &mut shared);
        self.chats.push(chat);
        result
    }

    /// Takes the chat out; the caller puts it back as the one used last.
    fn open<'a>(&'a mut self, key: &str, at: f64, out: &'a mut Vec<Happened>) -> (Conversation, Shared<'a>) {
        let known = self.chats.iter().position(|chat| chat.key == key || chat.id.as_deref() == Some(key));
        let Self { memory, chats, hidden, .. } = self;
        let mut shared = Shared { memory, hidden: *hidden, out };
        let chat = match known {
            Some(known) => chats.remove(known),
            None => {
                if chats.len() >= MOST_CHATS {
                    chats.remove(0).leave(at, &mut shared);
                }
                Conversation::new(key)
            }
        };
        (chat, shared)
    }

    /// The page was hidden, or shown.
    pub fn set_hidden(&mut self, hidden: bool, at: f64, out: &mut Vec<Happened>) {
        self.hidden = hidden;
        let mut shared = Shared { memory: &mut self.memory, hidden, out };
        for chat in &mut self.chats {
            if let Some(turn) = &mut chat.turn {
                turn.set_hidden(hidden, at);
            }
            if hidden {
                chat.announce(None, true, &mut shared);
            }
        }
    }

    /// The page is left: every turn under way is abandoned.
    pub fn leave(&mut self, at: f64, out: &mut Vec<Happened>) {
        let mut shared = Shared { memory: &mut self.memory, hidden: self.hidden, out };
        for chat in &mut self.chats {
            chat.leave(at, &mut shared);
        }
    }

    /// The machine slept, or the page was frozen, until now.
    pub fn woke(&mut self, at: f64) {
        for turn in self.chats.iter_mut().filter_map(|chat| chat.turn.as_mut()) {
            turn.woke(at);
        }
    }

    /// The turn whose response is streaming now, if one is: what else happens meanwhile happened during it.
    pub fn streaming(&self) -> Option<event::Turn> {
        self.chats.iter().rev().find_map(|chat| {
            let turn = chat.turn.as_ref().filter(|turn| turn.started.or(turn.first_token).is_some())?;
            Some(event::Turn {
                index: Some(turn.index),
                response_id: turn.response.clone(),
                conversation_id: chat.id.clone(),
                trace: turn.trace.clone(),
                message_id: None,
            })
        })
    }
}
