//! A report as the event the tracker sends.

use super::attribution::Resource;
use super::metric::{Name, Report};
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
        self.explain(resources, clean, &mut attribution);
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
        self.attribution.paint.as_ref().map(|paint| &*paint.url).filter(|url| !url.is_empty())
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

/// What the parts of an explanation are called, by the numbers of the metrics: the names web-vitals gives them. The
/// element, the kind of input, and the numbers.
const PARTS: [(&str, &str, &[&str]); Name::ALL.len()] = [
    ("target", "", &["timeToFirstByte", "resourceLoadDelay", "resourceLoadDuration", "elementRenderDelay"]),
    ("largestShiftTarget", "", &["largestShiftTime", "largestShiftValue"]),
    (
        "interactionTarget",
        "interactionType",
        &["interactionTime", "nextPaintTime", "inputDelay", "processingDuration", "presentationDelay"],
    ),
    ("", "", &["timeToFirstByte", "firstByteToFCP"]),
    ("", "", &["waitingDuration", "cacheDuration", "dnsDuration", "connectionDuration", "requestDuration"]),
    ("eventTarget", "eventType", &["eventTime"]),
];

impl<E> Report<E> {
    /// Writes the explanation. `resources` and `clean` are those of [`body`](Self::body).
    pub fn explain(&self, resources: &[Resource], clean: &dyn Fn(&str) -> String, out: &mut impl Fields) {
        let (target_name, type_name, names) = PARTS[self.name as usize];
        let attribution = &self.attribution;
        if let Some(target) = &attribution.target {
            out.text(target_name, target);
        }
        if let Some(url) = self.painted_url() {
            out.text("url", &clean(url));
        }
        if let Some(is_keyboard) = attribution.is_keyboard {
            out.text(type_name, if is_keyboard { "keyboard" } else { "pointer" });
        }
        let numbers = attribution.numbers(self.value, resources);
        for (name, number) in names.iter().zip(numbers).filter(|(_, number)| !number.is_nan()) {
            out.number(name, number);
        }
        if let Some(load_state) = attribution.load_state {
            out.text("loadState", load_state.as_str());
        }
    }
}
