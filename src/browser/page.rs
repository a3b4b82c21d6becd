//! What can be read of the page at any moment.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/page.js")]
extern "C" {
    /// The address of the page.
    pub fn href() -> String;
    /// From here on the page has this address; empty: its own.
    pub fn pretend(url: &str);
    /// `{url, referrer, query: {name: value}}`.
    pub fn address() -> String;
    /// The document's title.
    pub fn title() -> String;
    /// How the page was loaded, in the words of web-vitals.
    #[wasm_bindgen(js_name = navigationType)]
    pub fn navigation_type() -> String;
    /// `[top, viewport, height]` of what scrolls, CSS px. `container` is a selector, or empty.
    #[wasm_bindgen(js_name = scrollExtent)]
    pub fn scroll_extent(container: &str) -> String;
    /// The device, as a JSON object.
    pub fn device() -> String;
}
