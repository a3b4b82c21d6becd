//! What is heard on the page, one observer a signal. An observer passes on what it heard and decides nothing.

use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Document, Event};

use super::dom::{Signal, Watch, describe_click};
use super::listener::Listener;
use crate::config::PageSignals;
use crate::tracker::Tracker;

/// Everything that listens on the page; dropping it undoes all of it.
pub struct Observers {
    _watches: Vec<Watch>,
    _listeners: Vec<Listener>,
}

impl Observers {
    /// Starts the observers the site wants.
    pub fn start(document: &Document, signals: PageSignals, tracker: &Rc<Tracker>) -> Self {
        let mut watches = Vec::new();
        let mut listeners = Vec::new();
        let mut watch = |wanted: bool, signal: Signal, act: fn(&Tracker, JsValue)| {
            if wanted {
                let tracker = Rc::downgrade(tracker);
                watches.push(Watch::new(signal, move |value| {
                    if let Some(tracker) = Weak::upgrade(&tracker) {
                        act(&tracker, value);
                    }
                }));
            }
        };
        watch(signals.views, Signal::Route, |tracker, kind| {
            tracker.route_changed(kind.as_string().as_deref().unwrap_or("push"));
        });
        watch(signals.engagement, Signal::Activity, |tracker, _| tracker.active());
        watch(signals.scroll, Signal::Scroll, |tracker, _| tracker.scrolled());
        if signals.clicks {
            let tracker = Rc::downgrade(tracker);
            listeners.push(Listener::new(document, "click", true, move |event: Event| {
                if let (Some(tracker), Some(click)) = (Weak::upgrade(&tracker), describe_click(&event)) {
                    tracker.clicked(&click);
                }
            }));
        }
        Self { _watches: watches, _listeners: listeners }
    }
}
