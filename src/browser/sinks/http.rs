//! The built-in HTTP sink: keepalive fetch while the page stays; beacon → keepalive fetch → fetch → pixel when it is left.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlImageElement, RequestInit, Response, Window};

use crate::queue::Encoded;
use crate::sink::Delivery;
use crate::time::push_iso;
use crate::wire::{json, pixel};

/// Bytes that may be in flight by keepalive and beacon together: browsers allow 64 KiB, page-wide.
pub const KEEPALIVE_BYTES: usize = 60_000;

/// Posts to one endpoint.
pub struct HttpSink {
    window: Window,
    endpoint: String,
    in_flight: Rc<Cell<usize>>,
}

impl HttpSink {
    /// A sink for this endpoint.
    pub fn new(window: &Window, endpoint: String) -> Self {
        Self { window: window.clone(), endpoint, in_flight: Rc::default() }
    }

    /// Sends a body while the page stays, and waits for the answer.
    pub async fn send(&self, body: String) -> Delivery {
        let size = body.len();
        let keepalive = self.reserve(size);
        let answer = match self.fetch(&body, keepalive) {
            Some(promise) => JsFuture::from(promise).await.ok(),
            None => None,
        };
        if keepalive {
            self.in_flight.set(self.in_flight.get().saturating_sub(size));
        }
        match answer.and_then(|answer| answer.dyn_into::<Response>().ok()) {
            Some(response) => Delivery::of_status(response.status(), retry_after_ms(&response)),
            None => Delivery::of_status(0, None),
        }
    }

    /// Hands a body over before the page is gone; `true` when the browser took it.
    pub fn send_leaving(&self, events: &[Encoded], sent_at: f64, stats: &str) -> bool {
        let body = json::batch(events, sent_at, stats);
        if self.reserve(body.len()) && (self.beacon(&body) || self.fetch_unheard(&body, true)) {
            return true;
        }
        if self.fetch_unheard(&body, false) {
            return true;
        }
        let mut at = String::new();
        push_iso(&mut at, sent_at);
        let pixel = pixel::endpoint(&self.endpoint);
        // `fold` rather than `all`: one event that is too long for an address must not keep back the others.
        events.iter().fold(true, |all, event| {
            let sent = pixel::url(&pixel, &event.json, &at)
                .is_some_and(|url| HtmlImageElement::new().map(|image| image.set_src(&url)).is_ok());
            all && sent
        })
    }

    /// The page is back: what was handed over while it was hidden no longer counts as in flight.
    pub fn settle(&self) {
        self.in_flight.set(0);
    }

    fn reserve(&self, size: usize) -> bool {
        let total = self.in_flight.get() + size;
        let fits = total <= KEEPALIVE_BYTES;
        if fits {
            self.in_flight.set(total);
        }
        fits
    }

    /// A string body travels as `text/plain`, which needs no preflight.
    fn beacon(&self, body: &str) -> bool {
        let navigator = self.window.navigator();
        method(&navigator, "sendBeacon")
            .is_some_and(|_| navigator.send_beacon_with_opt_str(&self.endpoint, Some(body)).unwrap_or(false))
    }

    /// `None` when there is no `fetch`, or a wrapped one threw.
    fn fetch(&self, body: &str, keepalive: bool) -> Option<Promise> {
        let fetch = method(&self.window, "fetch")?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
        let _ = Reflect::set(&init, &"keepalive".into(), &keepalive.into());
        let promise = fetch
            .call2(&self.window, &self.endpoint.as_str().into(), &init)
            .ok()?
            .dyn_into::<Promise>()
            .ok()?;
        Some(promise)
    }
}

impl HttpSink {
    /// A fetch whose answer nobody waits for; a rejection must not show up in the page's console.
    fn fetch_unheard(&self, body: &str, keepalive: bool) -> bool {
        let Some(promise) = self.fetch(body, keepalive) else { return false };
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
        true
    }
}

/// A method, if the page has not removed it.
fn method(target: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(target, &name.into()).ok()?.dyn_into().ok()
}

/// `Retry-After` in both forms, as ms from now.
fn retry_after_ms(response: &Response) -> Option<f64> {
    let value = response.headers().get("retry-after").ok()??;
    if let Some(seconds) = crate::json::number(&value) {
        return Some(seconds * 1_000.0);
    }
    let at = js_sys::Date::parse(&value);
    at.is_finite().then(|| (at - js_sys::Date::now()).max(0.0))
}
