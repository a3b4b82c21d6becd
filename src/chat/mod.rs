//! What a visitor lives through in a chat: neutral signals with their times go in, events come out.
//!
//! The order of signals is whatever the client makes of it. A turn begins with a submit, a regeneration or a response
//! nobody asked for, and ends in exactly one way: `assistant_response_completed` (natural, stopped, aborted, errored) or
//! `turn_abandoned`. Times are monotonic, ms. A number that was not observed is `NaN` in here: it survives arithmetic
//! unseen, compares with nothing, and has no place in JSON, so it is absent from the event.

mod conversation;
mod details;
mod fields;
mod handoff;
mod manual;
mod memory;
mod pending;
mod room;
mod signal;
mod trace;
mod turn;

pub use memory::Memory;
pub use room::Chats;
pub use turn::STALL_MS;

use crate::event::Body;

/// Something that happened in a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// The event, with the turn it belongs to.
    pub body: Body,
    /// When, monotonic ms.
    pub at: f64,
}

/// What a caller got wrong: a member of the details, and what it should be. Nothing was changed.
type Wrong = (&'static str, &'static str);
