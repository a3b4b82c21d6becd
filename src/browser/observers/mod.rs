//! How the page is heard: `observe.js` and its neighbours listen, one closure here hears, the tracker decides.

pub mod vitals;

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::config::PageSignals;
use crate::tracker::Tracker;

/// What is heard. The numbers are those of `signals.js`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// It became visible, or was at the start.
    Shown,
    /// It was hidden.
    Hidden,
    /// It has the focus.
    Focused,
    /// It lost the focus.
    Blurred,
    /// It is being left.
    Left,
    /// It came back from the back/forward cache.
    Restored,
    /// It is being frozen.
    Frozen,
    /// Some seconds passed.
    Tick,
    /// The visitor did something.
    Active,
    /// The address changed; with how.
    Route,
    /// Something scrolled; with the time it began.
    Scrolled,
    /// Something was clicked; with what.
    Clicked,
    /// A click got no reply; with the element.
    Dead,
    /// Something failed; with what.
    Failed,
    /// An element was seen; with which.
    Seen,
    /// The network is back.
    Online,
    /// Another tab changed the storage; with the key.
    Stored,
}

impl Signal {
    const ALL: [Signal; 17] = [
        Signal::Shown,
        Signal::Hidden,
        Signal::Focused,
        Signal::Blurred,
        Signal::Left,
        Signal::Restored,
        Signal::Frozen,
        Signal::Tick,
        Signal::Active,
        Signal::Route,
        Signal::Scrolled,
        Signal::Clicked,
        Signal::Dead,
        Signal::Failed,
        Signal::Seen,
        Signal::Online,
        Signal::Stored,
    ];
}

#[wasm_bindgen(module = "/src/browser/observers/observe.js")]
extern "C" {
    type Ear;
    fn observe(wanted: u32, content: bool, endpoint: &str, heard: &Closure<dyn Fn(u32, String)>) -> Ear;
    #[wasm_bindgen(method)]
    fn view(this: &Ear);
    #[wasm_bindgen(method)]
    fn element(this: &Ear, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue;
    #[wasm_bindgen(method)]
    fn stop(this: &Ear);
}

/// Everything that listens on the page; dropping it undoes all of it.
pub struct Observers {
    ear: Ear,
    _heard: Closure<dyn Fn(u32, String)>,
}

impl Observers {
    /// Starts what the site wants heard.
    pub fn start(tracker: &Rc<Tracker>, signals: PageSignals, content: bool, endpoint: &str) -> Self {
        let weak = Rc::downgrade(tracker);
        let heard = Closure::<dyn Fn(u32, String)>::new(move |signal: u32, detail: String| {
            if let (Some(tracker), Some(signal)) = (weak.upgrade(), Signal::ALL.get(signal as usize)) {
                tracker.heard(*signal, &detail);
            }
        });
        // Vitals are heard by an observer of their own.
        let PageSignals { views, scroll, engagement, clicks, errors, impressions, .. } = signals;
        let mut wanted = 0;
        for (bit, signal) in [views, engagement, scroll, clicks, errors, impressions].into_iter().enumerate()
        {
            wanted |= u32::from(signal) << bit;
        }
        Self { ear: observe(wanted, content, endpoint, &heard), _heard: heard }
    }

    /// A new view began.
    pub fn view(&self) {
        self.ear.view();
    }

    /// Watches an element for an impression; the answer is a function that ends it.
    pub fn element(&self, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue {
        self.ear.element(element, id, options)
    }
}

impl Drop for Observers {
    fn drop(&mut self) {
        self.ear.stop();
    }
}

/// The neighbours that `observe.js` imports. Naming something of each has wasm-bindgen copy the file; none is called.
#[allow(dead_code)]
mod neighbours {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(module = "/src/browser/observers/activity.js")]
    extern "C" {
        fn watchActivity();
    }
    #[wasm_bindgen(module = "/src/browser/observers/clicks.js")]
    extern "C" {
        fn watchClicks();
    }
    #[wasm_bindgen(module = "/src/browser/observers/errors.js")]
    extern "C" {
        fn watchErrors();
    }
    #[wasm_bindgen(module = "/src/browser/observers/impressions.js")]
    extern "C" {
        fn watchImpressions();
    }
    #[wasm_bindgen(module = "/src/browser/observers/life.js")]
    extern "C" {
        fn watchLife();
    }
    #[wasm_bindgen(module = "/src/browser/observers/listen.js")]
    extern "C" {
        fn listen();
    }
    #[wasm_bindgen(module = "/src/browser/observers/reply.js")]
    extern "C" {
        fn watchReply();
    }
    #[wasm_bindgen(module = "/src/browser/observers/routes.js")]
    extern "C" {
        fn watchRoutes();
    }
    #[wasm_bindgen(module = "/src/browser/observers/scroll.js")]
    extern "C" {
        fn watchScroll();
    }
    #[wasm_bindgen(module = "/src/browser/observers/selector.js")]
    extern "C" {
        fn selectorOf();
    }
    #[wasm_bindgen(module = "/src/browser/observers/signals.js")]
    extern "C" {
        fn TICK();
    }
}
