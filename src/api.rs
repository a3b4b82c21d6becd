//! What JavaScript can call: convert, pass on, return. Kept dull on purpose.
//!
//! Strings and numbers cross the boundary, objects as the JSON text the shell made of them when they were handed over.
//! Every exported function is half a kilobyte of conversions, so there is one for all that is text: what is asked is a
//! number, and `pkg-template/src/core.ts` gives each its name back. A tracker is a number, too: an exported class counts who
//! uses it and knows how to drop it, which nobody ever does.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

pub use crate::browser::Hear;
use crate::config::Config;
pub use crate::tracker::Host;
use crate::tracker::Tracker;

/// What can be asked of a tracker, by the numbers of `core.ts`. A verb has up to three texts and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Begins the visit and the first view, and listens: what the shell already sent on its own, a session (a record)
    /// and a view (an id), else empty.
    Start,
    /// What is called next happened while the page had this address, at this time (wall clock, ms): the shell replays what
    /// it kept. 0 ends that: now, and here.
    At,
    /// Events of the site's own, three lines each: when it happened (by the page's monotonic clock; empty: now, and the
    /// site is asked for its dimensions), its name (JSON), its properties (JSON).
    Track,
    /// Who the visitor is: `{userId, tenantId, trusted}`.
    Identify,
    /// The visitor decided: the posture. Answers with a sentence when it is none of the four.
    SetConsent,
    /// Replaces the static context.
    SetContext,
    /// A page view by hand: `{url, path, title, referrer}`, each optional.
    Page,
    /// A signal of a chat (see `src/chat/signal.rs`), or an event of the catalogue that a chat reports whole: the chat (the
    /// conversation's id, `#name` for a chat without one, or empty for the page's only chat), the signal, its details (a
    /// JSON object), and when, by the page's monotonic clock. Answers with a sentence when the caller got it wrong; then
    /// nothing was sent.
    Chat,
    /// Whether `host.emit` is to be called: 1 or 0.
    Listen,
    /// Sends what waits, now.
    Flush,
    /// Ends the session, sends what waits, and undoes every listener, timer and observer.
    Shutdown,
    /// Answers with the counts, as JSON.
    Stats,
    /// Answers with the session in a handful of numbers, as JSON.
    Summary,
    /// Answers with the local buffer, as a JSON array, oldest first.
    Events,
}

impl Verb {
    const ALL: [Verb; 14] = [
        Verb::Start,
        Verb::At,
        Verb::Track,
        Verb::Identify,
        Verb::SetConsent,
        Verb::SetContext,
        Verb::Page,
        Verb::Chat,
        Verb::Listen,
        Verb::Flush,
        Verb::Shutdown,
        Verb::Stats,
        Verb::Summary,
        Verb::Events,
    ];
}

thread_local! {
    /// The trackers of this page, by the numbers that [`open`] gave them. They live as long as it: even one that was shut
    /// down has its counts and events to tell.
    static TRACKERS: RefCell<Vec<&'static Tracker>> = const { RefCell::new(Vec::new()) };
}

fn tracker(core: u32) -> Option<&'static Tracker> {
    TRACKERS.with_borrow(|trackers| trackers.get(core as usize).copied())
}

/// Makes a tracker that does not listen yet, and answers with its number. `options` is a JSON object; `heard` is a function
/// that calls [`hear`] with that number.
///
/// # Errors
/// A sentence that names the option, what was wanted and what was given.
#[wasm_bindgen]
pub fn open(options: &str, host: Host, heard: Hear) -> Result<u32, String> {
    let config = Config::parse(options).map_err(|error| error.message().to_owned())?;
    let tracker = Box::leak(Box::new(Tracker::new(config, host, heard)));
    Ok(TRACKERS.with_borrow_mut(|trackers| {
        trackers.push(tracker);
        trackers.len() as u32 - 1
    }))
}

/// Asks for what the [`Verb`] of this number says.
#[wasm_bindgen]
pub fn call(core: u32, verb: u32, first: &str, second: &str, third: &str, number: f64) -> Option<String> {
    let tracker = tracker(core)?;
    match Verb::ALL.get(verb as usize)? {
        Verb::Start => tracker.start(first, second),
        Verb::At => tracker.at(number, first),
        Verb::Track => tracker.track(first),
        Verb::Identify => tracker.identify(first),
        Verb::SetConsent => return tracker.set_consent(first).err(),
        Verb::SetContext => tracker.set_context(first),
        Verb::Page => tracker.page(first),
        Verb::Chat => return tracker.chat(first, second, third, number),
        Verb::Listen => tracker.listen(number > 0.0),
        Verb::Flush => tracker.flush(),
        Verb::Shutdown => tracker.shutdown(),
        Verb::Stats => return Some(tracker.stats()),
        Verb::Summary => return Some(tracker.summary()),
        Verb::Events => return Some(tracker.events()),
    }
    None
}

/// A signal was heard: its number (`src/browser/observers/mod.rs`), what it is about, numbers and a text. The answer is the
/// signal's.
#[wasm_bindgen]
pub fn hear(core: u32, signal: u32, which: u32, numbers: &[f64], text: &str) -> u32 {
    tracker(core).map_or(0, |tracker| tracker.heard(signal, which, numbers, text))
}

/// Watches an element for an impression: `id` is what the event says of it, `options` is `{ratio, dwellMs}`. Answers
/// with a function that ends it.
#[wasm_bindgen]
pub fn observe(core: u32, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue {
    tracker(core).map_or(JsValue::UNDEFINED, |tracker| tracker.observe(element, id, options))
}
