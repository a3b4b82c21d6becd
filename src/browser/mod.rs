//! The only room that knows the browser. What it hears goes to the tracker; what it decides is nothing.
//!
//! It is JavaScript beside each Rust file: bindings for every call would cost three times the bytes, and cross the
//! boundary piece by piece. High-rate signals are coalesced there, and an element is described there in one string.

pub mod clock;
pub mod observers;
pub mod page;
pub mod sinks;
pub mod storage;
pub mod timer;

use wasm_bindgen::prelude::*;

use crate::id::Random;

#[wasm_bindgen(module = "/src/browser/machine.js")]
extern "C" {
    #[wasm_bindgen(js_name = wallClock)]
    fn wall_clock() -> f64;
    #[wasm_bindgen(js_name = pageClock)]
    fn page_clock() -> f64;
    fn chance() -> u32;
    /// Whether the browser signals Global Privacy Control.
    #[wasm_bindgen(js_name = wantsPrivacy)]
    pub fn wants_privacy() -> bool;
}

#[wasm_bindgen]
extern "C" {
    /// How the browser calls back: one function for every signal (see [`observers::Signal`]), with what it is about,
    /// numbers and texts, which calls `hear` of `src/api.rs`. Most have no answer, which is 0. Made in JavaScript: a closure
    /// of ours would be a kilobyte.
    pub type Hear;
}

/// Randomness, from the browser's generator where there is one.
pub fn random() -> Random {
    let seed = (0..4).fold(0, |seed, _| seed << 32 | u128::from(chance()));
    Random::new(seed)
}
