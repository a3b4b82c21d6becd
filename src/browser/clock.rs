//! The browser's two clocks.

use web_sys::Window;

use crate::time::Now;

/// Reads both clocks.
pub fn now(window: &Window) -> Now {
    let wall = js_sys::Date::now();
    Now { wall, mono: window.performance().map_or(wall, |performance| performance.now()) }
}
