//! Why a value is what it is: the element, and the phases the time went to.
//!
//! Phases are in milliseconds and add up to the value.

use super::page::LoadState;

/// The explanation of one report.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribution {
    /// Of an LCP.
    Lcp(LcpAttribution),
    /// Of a CLS.
    Cls(ClsAttribution),
    /// Of an INP.
    Inp(InpAttribution),
    /// Of an FCP.
    Fcp(FcpAttribution),
    /// Of a TTFB.
    Ttfb(TtfbAttribution),
    /// Of a FID.
    Fid(FidAttribution),
    /// There is none: no shift, or a shift of something the browser does not name.
    None,
}

/// What the largest contentful paint was. Its phases need the resource behind it, which the
/// caller looks up only for the few values that are reported: see [`LcpAttribution::phases`].
#[derive(Clone, Debug, PartialEq)]
pub struct LcpAttribution {
    /// The element.
    pub target: Option<String>,
    /// The image or video; empty for text. Uncleaned.
    pub url: String,
    pub(super) value: f64,
    pub(super) start_time: f64,
    /// Page time that the value counts from, and the first byte after it; `None` when unknown.
    pub(super) origin: Option<(f64, f64)>,
}

/// Where the time to the largest contentful paint went (<https://web.dev/articles/optimize-lcp>).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LcpPhases {
    /// Until the first byte of the page.
    pub time_to_first_byte: f64,
    /// From there to the request for the resource.
    pub resource_load_delay: f64,
    /// The loading of it.
    pub resource_load_duration: f64,
    /// From there to the paint.
    pub element_render_delay: f64,
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

impl LcpAttribution {
    /// A paint of which nothing else is known: all of it is rendering.
    pub(super) fn render_delay(value: f64) -> LcpAttribution {
        LcpAttribution { target: None, url: String::new(), value, start_time: 0.0, origin: None }
    }

    /// The one of `resources` that was painted. They are the timings of [`url`](Self::url), oldest
    /// first; the same address may have been loaded again since.
    pub fn resource<'a>(&self, resources: &'a [Resource]) -> Option<&'a Resource> {
        resources.iter().rfind(|resource| resource.requested() <= self.start_time)
    }

    /// The four phases, which add up to the value.
    pub fn phases(&self, resources: &[Resource]) -> LcpPhases {
        let Some((origin, first_byte)) = self.origin else {
            return LcpPhases { element_render_delay: self.value, ..LcpPhases::default() };
        };
        let resource = self.resource(resources);
        let requested = resource.map_or(0.0, |r| r.requested() - origin).max(first_byte);
        // A video goes on loading after its first frame was painted.
        let loaded = resource.map_or(0.0, |r| r.response_end - origin).max(requested).min(self.value);
        LcpPhases {
            time_to_first_byte: first_byte,
            resource_load_delay: requested - first_byte,
            resource_load_duration: loaded - requested,
            element_render_delay: self.value - loaded,
        }
    }
}

/// The largest shift of the worst window.
#[derive(Clone, Debug, PartialEq)]
pub struct ClsAttribution {
    /// The first element that moved.
    pub largest_shift_target: Option<String>,
    /// When.
    pub largest_shift_time: f64,
    /// How much of the value it is.
    pub largest_shift_value: f64,
    /// How far the page had loaded.
    pub load_state: LoadState,
}

/// What the person did, and where the time to the next paint went.
#[derive(Clone, Debug, PartialEq)]
pub struct InpAttribution {
    /// What is known of the interaction. `None` for one too quick for the browser to give an
    /// entry: then all of the value is presentation.
    pub interaction: Option<Interaction>,
    /// From the action to the first handler.
    pub input_delay: f64,
    /// All handlers of the frame.
    pub processing_duration: f64,
    /// From there to the paint.
    pub presentation_delay: f64,
    /// How far the page had loaded.
    pub load_state: LoadState,
}

/// One interaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Interaction {
    /// The element.
    pub target: Option<String>,
    /// A key, else a pointer.
    pub is_keyboard: bool,
    /// When the person acted.
    pub time: f64,
    /// When its result was painted.
    pub next_paint_time: f64,
}

/// Where the time to the first contentful paint went.
#[derive(Clone, Debug, PartialEq)]
pub struct FcpAttribution {
    /// Until the first byte of the page.
    pub time_to_first_byte: f64,
    /// From there to the paint.
    pub first_byte_to_fcp: f64,
    /// How far the page had loaded.
    pub load_state: LoadState,
}

/// Where the time to the first byte went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TtfbAttribution {
    /// Redirects, and waiting for a process or thread.
    pub waiting_duration: f64,
    /// The HTTP cache, and the service worker where there is one.
    pub cache_duration: f64,
    /// Name resolution.
    pub dns_duration: f64,
    /// Connecting.
    pub connection_duration: f64,
    /// Asking and waiting for the answer.
    pub request_duration: f64,
}

/// The first input.
#[derive(Clone, Debug, PartialEq)]
pub struct FidAttribution {
    /// The element.
    pub target: Option<String>,
    /// A key, else a pointer.
    pub is_keyboard: bool,
    /// When the person acted.
    pub time: f64,
    /// How far the page had loaded.
    pub load_state: LoadState,
}
