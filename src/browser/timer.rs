//! Timers.

use wasm_bindgen::prelude::*;

use super::Hear;
use super::observers::Signal;

#[wasm_bindgen(module = "/src/browser/machine.js")]
extern "C" {
    fn wake(hear: &Hear, signal: u32, ms: f64) -> f64;
    fn cancel(timer: f64);
}

/// A signal to come, once; dropping it before calls it off.
pub struct Timer(f64);

impl Timer {
    /// The signal in so many ms.
    pub fn start(hear: &Hear, signal: Signal, ms: f64) -> Self {
        Self(wake(hear, signal as u32, ms))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        cancel(self.0);
    }
}
