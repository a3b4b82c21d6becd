//! What `chatvitals/vitals` exports: the same rules for listeners on the page. Built alone, with
//! `--no-default-features --features vitals-api`.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Math, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::{Fields, Port, Report, Resource};

#[wasm_bindgen(module = "/src/browser/observers/vitals.js")]
extern "C" {
    #[derive(Clone)]
    type Room;
    #[wasm_bindgen(js_name = watchVitals)]
    fn watch_vitals(tell: &JsValue, target_of: &JsValue) -> Room;
    #[wasm_bindgen(method)]
    fn resources(this: &Room, url: &str) -> Vec<f64>;
}

/// Observes this page for as long as it lives. `told(watch, metric)` gets every report; `targetOf(node)` names an element.
/// The answer is the room of `vitals.js`.
#[wasm_bindgen(skip_typescript)]
pub fn observe(told: Function, target_of: JsValue) -> JsValue {
    let port = RefCell::new(Port::<JsValue>::new(seed()));
    let room = Rc::new(OnceCell::<Room>::new());
    let observed = room.clone();
    let tell = move |signal: u32, watch: u32, numbers: Vec<f64>, texts: String, entries: Array| {
        let entry = |at: usize, _ended: f64| entries.get(at as u32);
        let answer = port.borrow_mut().tell(signal, watch, &numbers, &texts, &entry);
        for report in &answer.reports {
            let watch = JsValue::from_f64(report.watch.index() as f64);
            // It does not throw: what listeners throw is reported by the shell.
            let _ = told.call2(&JsValue::UNDEFINED, &watch, &metric(report, room.get()));
        }
        answer.number
    };
    let tell = Closure::<dyn Fn(u32, u32, Vec<f64>, String, Array) -> u32>::new(tell).into_js_value();
    let room = observed.get_or_init(|| watch_vitals(&tell, &target_of));
    room.clone().into()
}

fn seed() -> u128 {
    (0..4).fold(0, |seed, _| (seed << 32) | (Math::random() * 4_294_967_296.0) as u128)
}

/// A report in the shape of web-vitals' `Metric`, with attribution.
fn metric(report: &Report<JsValue>, room: Option<&Room>) -> JsValue {
    let resources = report.painted_url().zip(room).map(|(url, room)| {
        let numbers = room.resources(url);
        let timing = |row: &[f64]| match *row {
            [start_time, request_start, response_end] => {
                Some(Resource { start_time, request_start, response_end })
            }
            _ => None,
        };
        numbers.chunks_exact(3).filter_map(timing).collect::<Vec<_>>()
    });
    let mut attribution = Members(Object::new());
    report.explain(&resources.unwrap_or_default(), &str::to_owned, &mut attribution);

    let mut metric = Members(Object::new());
    metric.text("name", report.name.as_str());
    metric.number("value", report.value);
    metric.text("rating", report.rating.as_str());
    metric.number("delta", report.delta);
    metric.set("entries", &report.entries.iter().collect::<Array>());
    metric.text("id", &report.id);
    let navigation = &report.navigation;
    metric.text("navigationType", navigation.kind.as_str());
    metric.number("navigationId", navigation.id);
    if !navigation.interaction_id.is_nan() {
        metric.number("navigationInteractionId", navigation.interaction_id);
    }
    if let Some(url) = &navigation.url {
        metric.text("navigationURL", url);
    }
    metric.number("navigationStartTime", navigation.start_time);
    metric.set("attribution", &attribution.0);
    metric.0.into()
}

/// An object of JavaScript under construction.
struct Members(Object);

impl Members {
    fn set(&self, name: &'static str, value: &JsValue) {
        // An object of our own refuses nothing.
        let _ = Reflect::set(&self.0, &JsValue::from_str(name), value);
    }
}

impl Fields for Members {
    fn text(&mut self, name: &'static str, value: &str) {
        self.set(name, &JsValue::from_str(value));
    }

    fn number(&mut self, name: &'static str, value: f64) {
        self.set(name, &JsValue::from_f64(value));
    }
}
