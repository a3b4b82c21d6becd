//! The page's life: shown, hidden, focused, left, brought back from the back/forward cache.

use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Document, VisibilityState, Window};

use super::listener::Listener;
use crate::browser::property;
use crate::tracker::Tracker;

/// Whether the page is visible.
pub fn is_visible(document: &Document) -> bool {
    document.visibility_state() == VisibilityState::Visible
}

/// Registers the listeners. There is none for `unload` or `beforeunload`: they keep a page out of the back/forward cache.
pub fn listen(window: &Window, document: &Document, tracker: &Rc<Tracker>) -> Vec<Listener> {
    let with = |act: fn(&Tracker, &JsValue)| {
        let tracker = Rc::downgrade(tracker);
        move |event: web_sys::Event| {
            if let Some(tracker) = Weak::upgrade(&tracker) {
                act(&tracker, &event);
            }
        }
    };
    vec![
        Listener::new(document, "visibilitychange", true, with(|tracker, _| tracker.visibility_changed())),
        Listener::new(document, "freeze", true, with(|tracker, _| tracker.leaving(true))),
        Listener::new(window, "pagehide", true, with(|tracker, _| tracker.page_hidden())),
        Listener::new(
            window,
            "pageshow",
            true,
            with(|tracker, event| {
                if property(event, "persisted").is_truthy() {
                    tracker.restored();
                }
            }),
        ),
        Listener::new(window, "online", false, with(|tracker, _| tracker.online())),
        Listener::new(
            window,
            "storage",
            false,
            with(|tracker, event| tracker.storage_changed(property(event, "key").as_string())),
        ),
        Listener::new(window, "focus", false, with(|tracker, _| tracker.focus_changed(true))),
        Listener::new(window, "blur", false, with(|tracker, _| tracker.focus_changed(false))),
    ]
}
