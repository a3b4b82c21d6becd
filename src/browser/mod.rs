//! The only room that knows the browser. What it hears goes to the tracker; what it decides is nothing.
//!
//! `dom.js` holds what must not cross the boundary piece by piece: high-rate signals are coalesced there, and an element
//! is described there in one string.

pub mod clock;
pub mod dom;
pub mod lifecycle;
pub mod listener;
pub mod observers;
pub mod sinks;
pub mod storage;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Window};

use crate::id::Random;

/// The window and its document; absent where there is no page (a worker), and then nothing starts.
pub fn page() -> Option<(Window, Document)> {
    let window = web_sys::window()?;
    let document = window.document()?;
    Some((window, document))
}

/// Reads a property that the bindings do not know, because it is not everywhere.
pub fn property(target: &JsValue, name: &str) -> JsValue {
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
