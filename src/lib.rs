//! ChatVitals: what people do on a page, and what they live through in the AI chat on it.
//!
//! The rooms, in the order an event walks through them. Those at the end need a browser.

pub mod config;

pub mod catalogue;
pub mod event;

pub mod chat;
pub mod page;
pub mod session;
pub mod vitals;

pub mod policy;

pub mod outbox;
pub mod queue;
pub mod retry;
pub mod sink;
pub mod wire;

pub mod metrics;

pub mod stats;

pub mod id;
pub mod json;
pub mod list;
pub mod text;
pub mod time;

// ───── wasm32 only ─────

#[cfg(all(target_arch = "wasm32", feature = "tracker"))]
pub mod api;
#[cfg(all(target_arch = "wasm32", feature = "tracker"))]
mod browser;
#[cfg(all(target_arch = "wasm32", feature = "tracker"))]
mod tracker;

/// What the module allocates with.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: chatvitals_heap::Heap = chatvitals_heap::MODULE;
