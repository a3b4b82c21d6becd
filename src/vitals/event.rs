//! A report as the event the tracker sends.

use super::attribution::{Attribution, Resource};
use super::metric::Report;
use crate::catalogue::WEB_VITAL;
use crate::event::{Body, Turn};
use crate::json::Object;

impl<E> Report<E> {
    /// The `web_vital` event. `resources` are the timings of [`painted_url`](Self::painted_url), and `clean`
    /// takes out of that address what must not leave: attribution is an object, which the policy does not look
    /// into.
    ///
    /// `turn` is the chat turn that was streaming, if one was.
    pub fn body(&self, resources: &[Resource], clean: &dyn Fn(&str) -> String, turn: Option<Turn>) -> Body {
        let mut attribution = Object::new();
        self.attribution.explain(resources, clean, &mut attribution);
        if let Some(index) = turn.as_ref().and_then(|turn| turn.index) {
            attribution.number("turnIndex", f64::from(index));
        }
        let mut body = Body::of(WEB_VITAL)
            .text("name", self.name.as_str())
            .number("value", self.value)
            .number("delta", self.delta)
            .text("rating", self.rating.as_str())
            .text("id", &self.id)
            .text("navigationType", self.navigation.kind.as_str())
            .raw("attribution", &attribution.finish())
            .done();
        body.turn = Box::new(turn.unwrap_or_default());
        body
    }

    /// The address of the image or video that was the largest paint.
    pub fn painted_url(&self) -> Option<&str> {
        match &self.attribution {
            Attribution::Lcp(lcp) if !lcp.url.is_empty() => Some(&lcp.url),
            _ => None,
        }
    }
}

/// Where an explanation is written: a JSON text, or an object.
pub trait Fields {
    /// Adds a text.
    fn text(&mut self, name: &'static str, value: &str);
    /// Adds a number.
    fn number(&mut self, name: &'static str, value: f64);
}

impl Fields for Object {
    fn text(&mut self, name: &'static str, value: &str) {
        Object::text(self, name, value);
    }

    fn number(&mut self, name: &'static str, value: f64) {
        Object::number(self, name, value);
    }
}

impl Attribution {
    /// The explanation, with the names web-vitals gives its parts.
    pub fn explain(&self, resources: &[Resource], clean: &dyn Fn(&str) -> String, out: &mut impl Fields) {
        match self {
            Attribution::Lcp(lcp) => {
                let phases = lcp.phases(resources);
                push_target(out, "target", &lcp.target);
                if !lcp.url.is_empty() {
                    out.text("url", &clean(&lcp.url));
                }
                out.number("timeToFirstByte", phases.time_to_first_byte);
                out.number("resourceLoadDelay", phases.resource_load_delay);
                out.number("resourceLoadDuration", phases.resource_load_duration);
                out.number("elementRenderDelay", phases.element_render_delay);
            }
            Attribution::Cls(cls) => {
                push_target(out, "largestShiftTarget", &cls.largest_shift_target);
                out.number("largestShiftTime", cls.largest_shift_time);
                out.number("largestShiftValue", cls.largest_shift_value);
                out.text("loadState", cls.load_state.as_str());
            }
            Attribution::Inp(inp) => {
                if let Some(interaction) = &inp.interaction {
                    push_target(out, "interactionTarget", &interaction.target);
                    out.text("interactionType", input_type(interaction.is_keyboard));
                    out.number("interactionTime", interaction.time);
                    out.number("nextPaintTime", interaction.next_paint_time);
                }
                out.number("inputDelay", inp.input_delay);
                out.number("processingDuration", inp.processing_duration);
                out.number("presentationDelay", inp.presentation_delay);
                out.text("loadState", inp.load_state.as_str());
            }
            Attribution::Fcp(fcp) => {
                out.number("timeToFirstByte", fcp.time_to_first_byte);
                out.number("firstByteToFCP", fcp.first_byte_to_fcp);
                out.text("loadState", fcp.load_state.as_str());
            }
            Attribution::Ttfb(ttfb) => {
                out.number("waitingDuration", ttfb.waiting_duration);
                out.number("cacheDuration", ttfb.cache_duration);
                out.number("dnsDuration", ttfb.dns_duration);
                out.number("connectionDuration", ttfb.connection_duration);
                out.number("requestDuration", ttfb.request_duration);
            }
            Attribution::Fid(fid) => {
                push_target(out, "eventTarget", &fid.target);
                out.text("eventType", input_type(fid.is_keyboard));
                out.number("eventTime", fid.time);
                out.text("loadState", fid.load_state.as_str());
            }
            Attribution::None => {}
        }
    }
}

fn push_target(out: &mut impl Fields, name: &'static str, target: &Option<String>) {
    if let Some(target) = target {
        out.text(name, target);
    }
}

fn input_type(is_keyboard: bool) -> &'static str {
    if is_keyboard { "keyboard" } else { "pointer" }
}
