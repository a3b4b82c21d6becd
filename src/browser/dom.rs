//! The bindings of `dom.js`, and its subscriptions as values.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/dom.js")]
extern "C" {
    #[wasm_bindgen(js_name = watchActivity)]
    fn watch_activity(callback: &Function) -> Function;
    #[wasm_bindgen(js_name = watchScroll)]
    fn watch_scroll(callback: &Function) -> Function;
    #[wasm_bindgen(js_name = watchRoutes)]
    fn watch_routes(callback: &Function) -> Function;
    #[wasm_bindgen(js_name = scrollExtent)]
    pub fn scroll_extent() -> Vec<f64>;
    #[wasm_bindgen(js_name = navigationType)]
    pub fn navigation_type() -> String;
    #[wasm_bindgen(js_name = describeClick)]
    pub fn describe_click(event: &JsValue) -> Option<String>;
}

/// Something `dom.js` watches for as long as this lives.
pub struct Watch {
    undo: Function,
    _callback: Closure<dyn Fn(JsValue)>,
}

/// What `dom.js` can watch.
#[derive(Clone, Copy)]
pub enum Signal {
    /// The visitor did something; at most once a second.
    Activity,
    /// Scrolling came to rest.
    Scroll,
    /// The address changed; the callback gets how.
    Route,
}

impl Watch {
    /// Starts watching.
    pub fn new(signal: Signal, callback: impl Fn(JsValue) + 'static) -> Self {
        let callback = Closure::<dyn Fn(JsValue)>::new(callback);
        let function: &Function = callback.as_ref().unchecked_ref();
        let undo = match signal {
            Signal::Activity => watch_activity(function),
            Signal::Scroll => watch_scroll(function),
            Signal::Route => watch_routes(function),
        };
        Self { undo, _callback: callback }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.undo.call0(&JsValue::UNDEFINED);
    }
}
