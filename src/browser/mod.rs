//! The only room that knows the browser. What it hears goes to the tracker; what it decides is nothing.
//!
//! What would have to cross the boundary piece by piece is JavaScript: high-rate signals are coalesced there, and an
//! element is described there in one string.

pub mod clock;
pub mod observers;
pub mod page;
pub mod sinks;
pub mod storage;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::Window;

use crate::id::Random;

/// Reads a property that the bindings do not know, because it is not everywhere.
fn property(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Whether the browser signals Global Privacy Control.
pub fn global_privacy_control(window: &Window) -> bool {
    property(&window.navigator(), "globalPrivacyControl").is_truthy()
}

/// Randomness, from the browser's generator where there is one.
pub fn random(window: &Window) -> Random {
    let mut seed = [0u8; 16];
    let strong =
        window.crypto().is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut seed).is_ok());
    if !strong {
        for byte in &mut seed {
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    Random::new(u128::from_le_bytes(seed))
}
