//! An event listener as a value: dropping it undoes it.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// A listener that is registered for as long as it lives.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    capture: bool,
    callback: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Registers. The callback must be `Fn`: a page may dispatch the same event again from within.
    pub fn new(
        target: &EventTarget,
        name: &'static str,
        capture: bool,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn Fn(Event)>::new(callback);
        // Refused only for a target that is gone; then there is nothing to hear either.
        let _ = target.add_event_listener_with_callback_and_bool(
            name,
            callback.as_ref().unchecked_ref(),
            capture,
        );
        Self { target: target.clone(), name, capture, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.name, callback, self.capture);
    }
}
