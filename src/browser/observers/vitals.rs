//! How Web Vitals are heard: `vitals.js` observes, the tracker's [`Port`](crate::vitals::Port) decides.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::tracker::Tracker;
use crate::vitals::Resource;

#[wasm_bindgen(module = "/src/browser/observers/measure.js")]
extern "C" {
    type Room;
    #[wasm_bindgen(js_name = measureVitals)]
    fn measure(tell: &Closure<Tell>, soft_navigations: bool) -> Room;
    #[wasm_bindgen(method)]
    fn resources(this: &Room, url: &str) -> Vec<f64>;
    #[wasm_bindgen(method)]
    fn leave(this: &Room);
    #[wasm_bindgen(method)]
    fn stop(this: &Room);
}

type Tell = dyn Fn(u32, u32, Vec<f64>, String) -> u32;

/// Observes what Web Vitals are made of; dropping it ends that.
pub struct VitalsObserver {
    room: Room,
    _tell: Closure<Tell>,
}

impl VitalsObserver {
    /// Starts. `soft_navigations`: route changes inside the page count as navigations, where the browser sees them.
    pub fn start(tracker: &Rc<Tracker>, soft_navigations: bool) -> Self {
        let weak = Rc::downgrade(tracker);
        let tell = Closure::<Tell>::new(move |signal: u32, watch: u32, numbers: Vec<f64>, texts: String| {
            weak.upgrade().map_or(0, |tracker| tracker.vitals(signal, watch, &numbers, &texts))
        });
        Self { room: measure(&tell, soft_navigations), _tell: tell }
    }

    /// The timings of an address, oldest first.
    pub fn resources(&self, url: &str) -> Vec<Resource> {
        let numbers = self.room.resources(url);
        numbers
            .chunks_exact(3)
            .filter_map(|row| match *row {
                [start_time, request_start, response_end] => {
                    Some(Resource { start_time, request_start, response_end })
                }
                _ => None,
            })
            .collect()
    }

    /// Tells what there is, as if the page were being left.
    pub fn leave(&self) {
        self.room.leave();
    }
}

impl Drop for VitalsObserver {
    fn drop(&mut self) {
        self.room.stop();
    }
}

/// What `measure.js` imports. Naming it has wasm-bindgen copy the file; it is not called from here.
#[allow(dead_code)]
mod neighbour {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(module = "/src/browser/observers/vitals.js")]
    extern "C" {
        #[wasm_bindgen(js_name = watchVitals)]
        fn watch_vitals();
    }
}
