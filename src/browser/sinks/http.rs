//! The built-in HTTP sink: posts to one endpoint.

use wasm_bindgen::prelude::*;

use crate::browser::observers::Signal;
use crate::browser::{Hear, wall_clock};
use crate::config::Config;
use crate::queue::Encoded;
use crate::sink::budget::PATIENCE_MS;
use crate::sink::{Sink, Urgency, Way};
use crate::time::push_iso;
use crate::wire::pixel;

#[wasm_bindgen(module = "/src/browser/sinks/http.js")]
extern "C" {
    fn beacon(url: &str, body: &str) -> bool;
    #[wasm_bindgen(js_name = pixel)]
    fn request_image(url: &str) -> bool;
    #[allow(
        clippy::too_many_arguments,
        reason = "one call into JavaScript instead of an object built by nine"
    )]
    #[wasm_bindgen(js_name = post)]
    fn fetch(
        url: &str,
        headers: &str,
        body: &str,
        room: u32,
        packed: bool,
        patience: f64,
        ticket: u32,
        hear: &Hear,
        answered: u32,
    ) -> bool;
    /// Whether the browser packs.
    pub fn packs() -> bool;
    #[wasm_bindgen(js_name = takeBack)]
    fn take_back(ticket: u32) -> bool;
    /// Waits no longer than this, ms, for the answers that are still to come.
    #[wasm_bindgen(js_name = losePatience)]
    pub fn lose_patience(patience: f64);
    /// Whether the browser believes to have a network.
    #[wasm_bindgen(js_name = isOnline)]
    pub fn is_online() -> bool;
}

/// From this size on, UTF-8 bytes, a calm body is packed: below, it fits into one packet of the network anyhow.
const PACKED_BYTES: usize = 1_400;
/// What a packed body is counted as in the budget: this part of its size. JSON of many events packs to a tenth; what does
/// not pack to this much goes by a fetch that ends with the page.
const PACKED_PART: usize = 4;

/// Posts to one endpoint.
pub struct HttpSink {
    /// Where to.
    pub endpoint: String,
    headers: String,
    pixel: String,
    hear: &'static Hear,
}

impl HttpSink {
    /// A sink for the endpoint of `config`, if it names one. `hear` hears of every answer.
    pub fn new(config: &Config, hear: &'static Hear) -> Option<Self> {
        let endpoint = config.endpoint.clone()?;
        Some(Self {
            pixel: pixel::endpoint(&endpoint),
            endpoint,
            headers: config.headers.clone().unwrap_or_default(),
            hear,
        })
    }

    /// Whether requests carry headers of the site's, which beacons and images cannot.
    pub fn has_headers(&self) -> bool {
        !self.headers.is_empty()
    }

    fn is_packed(urgency: Urgency, body: &str) -> bool {
        urgency == Urgency::Calm && body.len() >= PACKED_BYTES && packs()
    }

    /// What a body may take of the page's budget, bytes.
    pub fn weight(urgency: Urgency, body: &str) -> usize {
        if Self::is_packed(urgency, body) { body.len() / PACKED_PART } else { body.len() }
    }

    /// Takes back a flight that has not begun yet.
    pub fn take_back(&self, ticket: u32) -> bool {
        take_back(ticket)
    }
}

impl Sink for HttpSink {
    fn post(&self, way: Way, urgency: Urgency, ticket: u32, body: &str) -> bool {
        if way == Way::Beacon {
            return beacon(&self.endpoint, body);
        }
        let packed = Self::is_packed(urgency, body);
        let room = if way == Way::Keepalive { Self::weight(urgency, body) as u32 } else { 0 };
        let answered = Signal::Answered as u32;
        fetch(&self.endpoint, &self.headers, body, room, packed, PATIENCE_MS, ticket, self.hear, answered)
    }

    fn pixel(&self, event: &Encoded) -> bool {
        let mut sent_at = String::new();
        push_iso(&mut sent_at, wall_clock());
        pixel::url(&self.pixel, &event.json, &sent_at).is_some_and(|url| request_image(&url))
    }
}
