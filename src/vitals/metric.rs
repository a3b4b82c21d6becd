//! A metric as it stands now, and what of it has been reported.

use std::rc::Rc;

use super::attribution::Attribution;
use super::page::Page;

/// The metrics measured here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Largest Contentful Paint, in milliseconds.
    Lcp,
    /// Cumulative Layout Shift, a score without a unit.
    Cls,
    /// Interaction to Next Paint, in milliseconds.
    Inp,
    /// First Contentful Paint, in milliseconds.
    Fcp,
    /// Time to First Byte, in milliseconds.
    Ttfb,
    /// First Input Delay, in milliseconds.
    Fid,
}

impl Name {
    /// By their numbers.
    pub const ALL: [Name; 6] = [Name::Lcp, Name::Cls, Name::Inp, Name::Fcp, Name::Ttfb, Name::Fid];

    /// The acronym, as it is written everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Name::Lcp => "LCP",
            Name::Cls => "CLS",
            Name::Inp => "INP",
            Name::Fcp => "FCP",
            Name::Ttfb => "TTFB",
            Name::Fid => "FID",
        }
    }

    /// The largest value still rated good, and the largest not yet rated poor.
    /// Published per metric at <https://web.dev/articles/vitals>.
    pub fn thresholds(self) -> (f64, f64) {
        match self {
            Name::Lcp => (2500.0, 4000.0),
            Name::Cls => (0.1, 0.25),
            Name::Inp => (200.0, 500.0),
            Name::Fcp => (1800.0, 3000.0),
            Name::Ttfb => (800.0, 1800.0),
            Name::Fid => (100.0, 300.0),
        }
    }

    /// How good `value` is for this metric. A value on a threshold gets the better rating.
    pub fn rate(self, value: f64) -> Rating {
        let (good, fair) = self.thresholds();
        if value > fair {
            Rating::Poor
        } else if value > good {
            Rating::NeedsImprovement
        } else {
            Rating::Good
        }
    }
}

/// How a value is felt by people, in the three classes everyone uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rating {
    /// Up to the first threshold.
    Good,
    /// Between the two.
    NeedsImprovement,
    /// Beyond the second.
    Poor,
}

impl Rating {
    /// The rating's name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Rating::Good => "good",
            Rating::NeedsImprovement => "needs-improvement",
            Rating::Poor => "poor",
        }
    }
}

/// How the page that a metric describes was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NavigationType {
    /// A link, an address typed, or anything not listed below.
    #[default]
    Navigate,
    /// The reload button.
    Reload,
    /// The back or forward button, with a real load.
    BackForward,
    /// The back or forward button, restored from memory.
    BackForwardCache,
    /// Loaded before the person asked for it, then shown.
    Prerender,
    /// Discarded by the browser to save memory, then loaded again.
    Restore,
    /// A route change inside the page, as detected by the browser.
    SoftNavigation,
}

impl NavigationType {
    /// The name used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            NavigationType::Navigate => "navigate",
            NavigationType::Reload => "reload",
            NavigationType::BackForward => "back-forward",
            NavigationType::BackForwardCache => "back-forward-cache",
            NavigationType::Prerender => "prerender",
            NavigationType::Restore => "restore",
            NavigationType::SoftNavigation => "soft-navigation",
        }
    }

    /// Reads `PerformanceNavigationTiming.type`.
    pub fn from_timing(kind: &str) -> NavigationType {
        match kind {
            "reload" => NavigationType::Reload,
            "back_forward" => NavigationType::BackForward,
            "prerender" => NavigationType::Prerender,
            _ => NavigationType::Navigate,
        }
    }
}

/// The navigation a metric belongs to. With soft navigations and restores that need not be the
/// one that loaded the document, and a report may come when the address bar has moved on.
#[derive(Clone, Debug, PartialEq)]
pub struct Navigation {
    /// How it came about.
    pub kind: NavigationType,
    /// The browser's `navigationId`, 0 where it gives none.
    pub id: f64,
    /// For a soft navigation, the interaction that caused it; otherwise, or where the browser does not tell, `NaN`.
    pub interaction_id: f64,
    /// The address measured. Uncleaned: pass it to page code only.
    pub url: Option<Rc<str>>,
    /// When it began, in page time (milliseconds); 0 for a load.
    pub start_time: f64,
}

/// What a listener is told. `E` is the caller's own handle on a performance entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<E> {
    /// Whose report this is.
    pub watch: super::WatchId,
    /// The metric.
    pub name: Name,
    /// Its value now, milliseconds or (CLS) a score.
    pub value: f64,
    /// The change since the last report with this `id`. All deltas of an id add up to its value.
    pub delta: f64,
    /// The class of `value`.
    pub rating: Rating,
    /// One id per metric, listener and navigation.
    pub id: Rc<str>,
    /// The navigation measured.
    pub navigation: Navigation,
    /// The entries the value comes from.
    pub entries: Vec<E>,
    /// Why the value is what it is.
    pub attribution: Attribution,
    /// No other report with this id will follow. CLS and INP can grow until the page is gone.
    pub is_final: bool,
}

/// The present state of one listener's metric.
#[derive(Debug)]
pub(super) struct Metric {
    pub name: Name,
    /// Negative: nothing measured yet.
    pub value: f64,
    pub navigation: Navigation,
    pub id: Rc<str>,
    /// The order metrics were begun in, across the page.
    pub serial: u32,
    reported: Option<f64>,
}

impl Metric {
    /// Begins a metric at page time `now`: a new id, nothing reported.
    pub fn begin(name: Name, value: f64, navigation: Navigation, now: f64, page: &mut Page) -> Metric {
        let (serial, id) = page.next_id(now);
        Metric { name, value, navigation, id, serial, reported: None }
    }

    /// The change to report, if there is a value and it is not the one reported before.
    /// A first value is reported even when it is 0: a page without layout shifts is a good page.
    pub fn take_delta(&mut self) -> Option<f64> {
        if self.value < 0.0 {
            return None;
        }
        let delta = self.value - self.reported.unwrap_or(0.0);
        if delta == 0.0 && self.reported.is_some() {
            return None;
        }
        self.reported = Some(self.value);
        Some(delta)
    }
}
