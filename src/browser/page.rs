//! What can be read of the page at any moment.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/page.js")]
extern "C" {
    /// From here on the page has this address; empty: its own.
    pub fn pretend(url: &str);
    fn read(what: u32, container: &str) -> String;
}

/// What can be read, in the order of `READ` in `page.js`.
#[derive(Clone, Copy)]
pub enum Read {
    /// The address of the page.
    Href,
    /// `{url, referrer, query: {name: value}}`.
    Address,
    /// The document's title.
    Title,
    /// How the page was loaded, in the words of web-vitals.
    NavigationType,
    /// The device, as a JSON object.
    Device,
    /// `[top, viewport, height]` of what scrolls, CSS px.
    ScrollExtent,
}

/// Reads it. `container`, a selector or empty, is what scrolls where the page does not.
pub fn read_page(what: Read, container: &str) -> String {
    read(what as u32, container)
}
