//! Every chat of a page.

use super::conversation::Conversation;
use super::details::Details;
use super::{Happened, Memory};
use crate::event;

/// Chats on one page at once; the oldest is forgotten.
const MOST_CHATS: usize = 20;
/// Silence of the page's clock that means sleep, ms: browsers slow the timers of hidden pages to one call a minute.
const ASLEEP_MS: f64 = 120_000.0;
/// How much of a wrong value is repeated, bytes.
const SHOWN: usize = 80;

/// The chats of a page.
#[derive(Debug, Default)]
pub struct Chats {
    /// What they share.
    pub shared: Shared,
    /// Whether what outlived the page before was read.
    pub recalled: bool,
    chats: Vec<Conversation>,
    ticked: f64,
}

/// What every chat of a page shares.
#[derive(Debug, Default)]
pub struct Shared {
    /// What outlives the page.
    pub memory: Memory,
    /// Whether the page is hidden.
    pub hidden: bool,
    /// What happened; the caller takes it.
    pub out: Vec<Happened>,
}

impl Chats {
    /// Takes a signal to the chat called `key`: the id of its conversation, `#name` for one without an id yet, or empty
    /// for the page's only one. What happened is added to `shared.out`.
    ///
    /// # Errors
    /// One sentence: what was wanted and what was given. Then nothing happened.
    pub fn signal(&mut self, key: &str, name: &str, details: &str, at: f64) -> Result<(), String> {
        let Self { shared, chats, .. } = self;
        let known = chats.iter().position(|chat| chat.key == key || chat.id.as_deref() == Some(key));
        let chat = known.unwrap_or_else(|| {
            if chats.len() >= MOST_CHATS {
                chats.remove(0).leave(at, shared);
            }
            chats.push(Conversation::new(key));
            chats.len() - 1
        });
        let details = Details(details);
        let Some(chat) = chats.get_mut(chat) else { return Ok(()) };
        chat.signal(name, details, at, shared).map_err(|(field, wanted)| {
            let given = details.raw(field);
            let given = if given.is_empty() { "absent" } else { given.get(..SHOWN).unwrap_or(given) };
            let mut text = String::from("ChatVitals: chat, ");
            for part in [name, ": \"", field, "\" should be ", wanted, ", but was ", given] {
                text.push_str(part);
            }
            text
        })
    }

    /// The page was hidden, or shown.
    pub fn set_hidden(&mut self, hidden: bool, at: f64) {
        self.shared.hidden = hidden;
        // A hidden page is told no time.
        self.ticked = 0.0;
        for chat in &mut self.chats {
            chat.set_hidden(hidden, at, &mut self.shared);
        }
    }

    /// Tells of every response that is over, painted or not.
    pub fn settle(&mut self) {
        for chat in &mut self.chats {
            chat.settle(&mut self.shared);
        }
    }

    /// The page is left: every turn under way is abandoned.
    pub fn leave(&mut self, at: f64) {
        for chat in &mut self.chats {
            chat.leave(at, &mut self.shared);
        }
    }

    /// Time passes on a visible page, every few seconds. After a long silence the machine slept, or the page was frozen.
    pub fn tick(&mut self, at: f64) {
        let before = core::mem::replace(&mut self.ticked, at);
        if before == 0.0 || at - before < ASLEEP_MS {
            return;
        }
        for turn in self.chats.iter_mut().filter_map(|chat| chat.turn.as_mut()) {
            turn.woke(at);
        }
    }

    /// The turn whose response is streaming now, if one is, and since when: what else happens meanwhile happened during it.
    pub fn streaming(&self) -> Option<(f64, event::Turn)> {
        self.chats.iter().rev().find_map(Conversation::streaming)
    }
}
