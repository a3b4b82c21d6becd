//! How the page is heard: `observe.js` and its neighbours listen, one function of the tracker's hears and decides.

use wasm_bindgen::prelude::*;

use super::Hear;
use crate::config::PageSignals;
use crate::vitals::Resource;

/// What is heard, from the page, the network and the clock. The numbers are those of `signals.js`.
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
    /// A request was answered: its ticket, the status (0: none), and after how many ms the server wants to be asked again
    /// (NaN: it did not say).
    Answered,
    /// It is time for the next batch.
    Due,
    /// It is settled which visit this is.
    Settled,
    /// The view has its title by now.
    Titled,
    /// No further click came.
    Calmed,
}

impl Signal {
    const ALL: [Signal; 22] = [
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
        Signal::Answered,
        Signal::Due,
        Signal::Settled,
        Signal::Titled,
        Signal::Calmed,
    ];

    /// Signals from this number on are those of `vitals.js`, which has numbers of its own.
    pub const VITALS: u32 = 32;

    /// The signal of this number.
    pub fn of(number: u32) -> Option<Signal> {
        Self::ALL.get(number as usize).copied()
    }
}

#[wasm_bindgen(module = "/src/browser/observers/observe.js")]
extern "C" {
    type Ear;
    fn observe(wanted: u32, content: bool, endpoint: &str, hear: &Hear) -> Ear;
    #[wasm_bindgen(method)]
    fn view(this: &Ear);
    #[wasm_bindgen(method)]
    fn element(this: &Ear, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue;
    #[wasm_bindgen(method)]
    fn measure(this: &Ear, soft_navigations: bool);
    #[wasm_bindgen(method)]
    fn resources(this: &Ear, url: &str) -> Vec<f64>;
    #[wasm_bindgen(method)]
    fn leave(this: &Ear);
    #[wasm_bindgen(method)]
    fn stop(this: &Ear);
}

/// Everything that listens on the page, until it is stopped.
pub struct Observers {
    ear: Ear,
}

impl Observers {
    /// Starts what the site wants heard.
    pub fn start(hear: &Hear, signals: PageSignals, content: bool, endpoint: &str) -> Self {
        // Vitals are measured last: see `measure`.
        let PageSignals { views, scroll, engagement, clicks, errors, impressions, .. } = signals;
        let mut wanted = 0;
        for (bit, signal) in [views, engagement, scroll, clicks, errors, impressions].into_iter().enumerate()
        {
            wanted |= u32::from(signal) << bit;
        }
        Self { ear: observe(wanted, content, endpoint, hear) }
    }

    /// A new view began.
    pub fn view(&self) {
        self.ear.view();
    }

    /// Watches an element for an impression; the answer is a function that ends it.
    pub fn element(&self, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue {
        self.ear.element(element, id, options)
    }

    /// Observes what Web Vitals are made of, too. `soft_navigations`: route changes inside the page count as navigations,
    /// where the browser sees them.
    pub fn measure(&self, soft_navigations: bool) {
        self.ear.measure(soft_navigations);
    }

    /// The timings of an address, oldest first.
    pub fn resources(&self, url: &str) -> Vec<Resource> {
        let mut numbers = self.ear.resources(url).into_iter();
        let mut resources = Vec::new();
        while let (Some(start_time), Some(request_start), Some(response_end)) =
            (numbers.next(), numbers.next(), numbers.next())
        {
            resources.push(Resource { start_time, request_start, response_end });
        }
        resources
    }

    /// Has the vitals told that there are, as if the page were being left.
    pub fn leave(&self) {
        self.ear.leave();
    }

    /// Undoes all of it.
    pub fn stop(&self) {
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
    #[wasm_bindgen(module = "/src/browser/observers/measure.js")]
    extern "C" {
        fn measureVitals();
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
    #[wasm_bindgen(module = "/src/browser/observers/vitals.js")]
    extern "C" {
        fn watchVitals();
    }
}
