//! JSON as text: the one currency between JavaScript, the pure rooms and the wire.
//!
//! A value that JavaScript hands over has been through `JSON.stringify` once: that is its snapshot. Nothing here builds
//! a tree of it. Reading walks the text, writing appends to it, and numbers a site wrote pass through digit by digit.

mod read;
mod write;

pub use read::{Elements, Members, boolean, elements, members, number, text};
pub(crate) use write::hex;
pub use write::{Object, decimal, push_number, push_text, push_unsigned};
