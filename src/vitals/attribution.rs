//! Why a value is what it is: the element, and the phases the time went to.
//!
//! Phases are in milliseconds and add up to the value.

use std::rc::Rc;

use super::page::LoadState;

/// The explanation of one report. What a metric has no such part for is absent; for a shift of something the browser does
/// not name, that is all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The element.
    pub target: Option<Rc<str>>,
    /// Whether the input was a key, else a pointer.
    pub is_keyboard: Option<bool>,
    /// Times, durations and scores, in the order of their names in `event.rs`; `NaN` for what is not known.
    pub numbers: [f64; 5],
    /// How far the page had loaded.
    pub load_state: Option<LoadState>,
    /// Of an LCP, what was painted.
    pub paint: Option<LargestPaint>,
}

impl Attribution {
    /// Nothing but numbers.
    pub(super) fn of(numbers: [f64; 5]) -> Attribution {
        Attribution { target: None, is_keyboard: None, numbers, load_state: None, paint: None }
    }

    /// There is none.
    pub(super) fn none() -> Attribution {
        Attribution::of([f64::NAN; 5])
    }

    /// The numbers, once `resources` are known: the timings of the [`LargestPaint::url`], if there is one.
    pub(super) fn numbers(&self, value: f64, resources: &[Resource]) -> [f64; 5] {
        match &self.paint {
            Some(paint) => paint.phases(value, resources),
            None => self.numbers,
        }
    }
}

/// What the largest contentful paint was. Its phases need the resource behind it, which the caller looks up only for the
/// few values that are reported.
#[derive(Clone, Debug, PartialEq)]
pub struct LargestPaint {
    /// The image or video; empty for text. Uncleaned.
    pub url: Rc<str>,
    /// When it was painted.
    pub(super) time: f64,
    /// Page time that the value counts from, and the first byte after it; without them nothing but the paint is known,
    /// and infinity is later than every resource.
    pub(super) origin: f64,
    pub(super) first_byte: f64,
}

/// A `PerformanceResourceTiming`, reduced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resource {
    /// `startTime`
    pub start_time: f64,
    /// `requestStart`, 0 for other origins that do not allow it (Timing-Allow-Origin).
    pub request_start: f64,
    /// `responseEnd`
    pub response_end: f64,
}

impl Resource {
    fn requested(&self) -> f64 {
        if self.request_start != 0.0 { self.request_start } else { self.start_time }
    }
}

impl LargestPaint {
    /// Where the time went (<https://web.dev/articles/optimize-lcp>): until the first byte of the page, from there to the
    /// request for the resource, the loading of it, and from there to the paint.
    ///
    /// `resources` are oldest first; the same address may have been loaded again since.
    fn phases(&self, value: f64, resources: &[Resource]) -> [f64; 5] {
        let resource = resources.iter().rfind(|resource| resource.requested() <= self.time);
        let requested = resource.map_or(0.0, |r| r.requested() - self.origin).max(self.first_byte);
        // A video goes on loading after its first frame was painted.
        let loaded = resource.map_or(0.0, |r| r.response_end - self.origin).max(requested).min(value);
        [self.first_byte, requested - self.first_byte, loaded - requested, value - loaded, f64::NAN]
    }
}
