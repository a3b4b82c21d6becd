//! What JavaScript can call: convert, pass on, return. Kept dull on purpose.
//!
//! Strings and numbers cross the boundary, objects as the JSON text the shell made of them when they were handed over.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::config::Config;
pub use crate::tracker::Host;
use crate::tracker::Tracker;

/// One running tracker.
#[wasm_bindgen]
pub struct Core {
    tracker: Rc<Tracker>,
}

#[wasm_bindgen]
impl Core {
    /// A tracker that does not listen yet. `options` is a JSON object.
    ///
    /// # Errors
    /// A sentence that names the option, what was wanted and what was given.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, host: Host) -> Result<Core, String> {
        let config = Config::parse(options).map_err(|error| error.message().to_owned())?;
        Ok(Core { tracker: Tracker::new(config, host) })
    }

    /// Begins the visit and the first view, and listens. `session` (a record) and `view` (an id) are what the shell
    /// already sent on its own, else empty.
    pub fn start(&self, session: &str, view: &str) {
        self.tracker.start(session, view);
    }

    /// What is called next happened at `wall` (ms) while the page had this address: the shell replays what it kept.
    /// 0 ends that: now, and here.
    pub fn at(&self, wall: f64, url: &str) {
        self.tracker.at(wall, url);
    }

    /// The site's own event.
    pub fn track(&self, name: &str, properties: &str) {
        self.tracker.track(name, properties);
    }

    /// Who the visitor is: `{userId, tenantId, trusted}`.
    pub fn identify(&self, identity: &str) {
        self.tracker.identify(identity);
    }

    /// The visitor decided.
    ///
    /// # Errors
    /// The posture is none of the four.
    #[wasm_bindgen(js_name = setConsent)]
    pub fn set_consent(&self, posture: &str) -> Result<(), String> {
        self.tracker.set_consent(posture)
    }

    /// Replaces the static context.
    #[wasm_bindgen(js_name = setContext)]
    pub fn set_context(&self, context: &str) {
        self.tracker.set_context(context);
    }

    /// A page view by hand: `{url, path, title, referrer}`, each optional.
    pub fn page(&self, overrides: &str) {
        self.tracker.page(overrides);
    }

    /// A signal of a chat (see `src/chat/signal.rs`), or an event of the catalogue that a chat reports whole. `chat` is the
    /// conversation's id, `#name` for a chat without one, or empty for the page's only chat; `details` is a JSON object;
    /// `at` is the page's monotonic clock. Answers with a sentence when the caller got it wrong; then nothing was sent.
    pub fn chat(&self, chat: &str, signal: &str, details: &str, at: f64) -> Option<String> {
        self.tracker.chat(chat, signal, details, at)
    }

    /// Watches an element for an impression: `id` is what the event says of it, `options` is `{ratio, dwellMs}`. Answers
    /// with a function that ends it.
    pub fn observe(&self, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue {
        self.tracker.observe(element, id, options)
    }

    /// The session in a handful of numbers, as JSON.
    pub fn summary(&self) -> String {
        self.tracker.summary()
    }

    /// Whether `host.emit` is to be called.
    pub fn listen(&self, on: bool) {
        self.tracker.listen(on);
    }

    /// Sends what waits, now.
    pub fn flush(&self) {
        self.tracker.flush();
    }

    /// Ends the session, sends what waits, and undoes every listener, timer and observer.
    pub fn shutdown(&self) {
        self.tracker.shutdown();
    }

    /// The counts, as JSON.
    pub fn stats(&self) -> String {
        self.tracker.stats()
    }

    /// The local buffer, as a JSON array, oldest first.
    pub fn events(&self) -> String {
        self.tracker.events()
    }
}
