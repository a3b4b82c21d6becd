//! What is done on a view, and what goes wrong on it.

use wasm_bindgen::JsValue;

use crate::browser::observers::Signal;
use crate::catalogue;
use crate::event::Body;
use crate::json::{self, elements, members};
use crate::page::click::{Link, LinkClick, classify};
use crate::page::failure::Step;
use crate::page::rage::{Rage, WITHIN_MS};
use crate::time::Now;

use super::Tracker;
use super::capture::own;

/// A click as `clicks.js` describes it.
#[derive(Default)]
struct Click<'a> {
    /// The properties of the `click` event.
    click: &'a str,
    /// Where it was, when it may be one of a burst: `[x, y]`.
    near: &'a str,
    selector: String,
    href: String,
    download: bool,
    cta: String,
    event: String,
    /// The properties of the event that the site named.
    own: &'a str,
}

impl Tracker {
    /// Something was clicked.
    pub(super) fn clicked(&self, detail: &str) {
        let now = self.now();
        let mut seen = Click::default();
        for (name, value) in members(detail) {
            let text = || json::text(value).unwrap_or_default();
            match name {
                "click" => seen.click = value,
                "near" => seen.near = value,
                "selector" => seen.selector = text(),
                "href" => seen.href = text(),
                "download" => seen.download = value == "true",
                "cta" => seen.cta = text(),
                "event" => seen.event = text(),
                "own" => seen.own = value,
                _ => {}
            }
        }
        self.capture(Body::of(catalogue::CLICK).with(seen.click).done(), now);
        self.followed(&seen, now);
        if !seen.cta.is_empty() {
            self.capture(Body::of(catalogue::CTA_CLICK).text("name", &seen.cta).done(), now);
        }
        if !seen.event.is_empty() {
            self.capture(own(core::mem::take(&mut seen.event), seen.own), self.now());
        }
        self.burst(&seen, now);
    }

    fn followed(&self, seen: &Click, now: Now) {
        let link = Link { href: &seen.href, download: seen.download };
        let body = match classify(link, &self.state.borrow().page.origin) {
            LinkClick::Internal => return,
            LinkClick::Outbound => Body::of(catalogue::OUTBOUND_CLICK).text("href", &seen.href).done(),
            LinkClick::Download(extension) => Body::of(catalogue::FILE_DOWNLOAD)
                .text("href", &seen.href)
                .text("extension", &extension.to_ascii_lowercase())
                .done(),
        };
        self.capture(body, now);
    }

    fn burst(&self, seen: &Click, now: Now) {
        let mut place = elements(seen.near).filter_map(json::number);
        let ended = {
            let page = &mut self.state.borrow_mut().page;
            let ended = match (place.next(), place.next()) {
                (Some(x), Some(y)) => page.burst.click(x, y, now.mono, &seen.selector),
                _ => page.burst.end(),
            };
            page.burst_timer = page.burst.is_rage().then(|| self.wake(Signal::Calmed, WITHIN_MS));
            ended
        };
        self.raged(ended);
    }

    /// No further click came.
    pub(super) fn calm(&self) {
        let ended = self.state.borrow_mut().page.burst.end();
        self.raged(ended);
    }

    fn raged(&self, rage: Option<Rage>) {
        if let Some(Rage { selector, count }) = rage {
            let body = Body::of(catalogue::RAGE_CLICK)
                .text("selector", &selector)
                .number("count", f64::from(count))
                .done();
            self.note(body, self.now());
        }
    }

    /// A click got no reply.
    pub(super) fn dead(&self, selector: &str) {
        self.note(Body::of(catalogue::DEAD_CLICK).text("selector", selector).done(), self.now());
    }

    /// Something failed.
    pub(super) fn failed(&self, failure: &str) {
        let step = self.state.borrow_mut().page.failures.add(failure);
        match step {
            Step::Tell(body) => self.note(body, self.now()),
            Step::Counted => {}
            Step::Dropped => {
                let stats = &mut self.state.borrow_mut().captured.stats;
                stats.captured += 1;
                stats.dropped_overflow += 1;
            }
        }
    }

    /// Tells of the errors that came again.
    pub(super) fn failed_again(&self) {
        let repeated = self.state.borrow_mut().page.failures.repeated();
        for body in repeated {
            self.note(body, self.now());
        }
    }

    /// An element was seen.
    pub(super) fn seen(&self, impression: &str) {
        self.note(Body::of(catalogue::ELEMENT_IMPRESSION).with(impression).done(), self.now());
    }

    /// Watches an element for an impression; the answer is a function that ends it.
    pub fn observe(&self, element: &JsValue, id: &JsValue, options: &JsValue) -> JsValue {
        match self.observers() {
            Some(observers) => observers.element(element, id, options),
            None => JsValue::UNDEFINED,
        }
    }
}
