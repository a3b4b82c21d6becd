//! The page that is measured: how it was reached, whether it was seen, how far it had loaded.

use std::rc::Rc;

use super::metric::{Navigation, NavigationType};
use crate::id::Random;
use crate::json::push_unsigned;

/// `PerformanceNavigationTiming`: how the document came. Times are page times in milliseconds,
/// 0 for what did not happen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NavigationTiming {
    /// `type`, read with [`NavigationType::from_timing`].
    pub kind: NavigationType,
    /// `document.wasDiscarded`.
    pub was_discarded: bool,
    /// `navigationId`, 0 where the browser gives none.
    pub navigation_id: f64,
    /// `name`: the address.
    pub url: Rc<str>,
    /// When a prerendered page was shown.
    pub activation_start: f64,
    /// `workerStart`
    pub worker_start: f64,
    /// `fetchStart`
    pub fetch_start: f64,
    /// `domainLookupStart`
    pub domain_lookup_start: f64,
    /// `connectStart`
    pub connect_start: f64,
    /// `connectEnd`
    pub connect_end: f64,
    /// The first byte of the answer.
    pub response_start: f64,
}

impl NavigationTiming {
    /// Whether the numbers can be believed at page time `now`. Browsers have answered with 0 (for
    /// privacy), with negative numbers and with times still to come (web-vitals #137, #162, #275).
    pub fn is_credible(&self, now: f64) -> bool {
        self.response_start > 0.0 && self.response_start < now
    }

    /// When the page was first the person's: activation for a prerendered page, else 0.
    pub(super) fn since_activation(&self, time: f64) -> f64 {
        (time - self.activation_start).max(0.0)
    }
}

/// How far the document has come, from `document.readyState` and the navigation entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// `document.readyState` is `loading`.
    pub is_loading: bool,
    /// `domInteractive`
    pub dom_interactive: f64,
    /// `domContentLoadedEventStart`, 0 until then.
    pub dom_content_loaded: f64,
    /// `domComplete`, 0 until then.
    pub dom_complete: f64,
}

/// The phase of loading in which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadState {
    /// The document was still being parsed.
    Loading,
    /// Parsed, scripts still to run.
    DomInteractive,
    /// Scripts have run, images and frames may be missing.
    DomContentLoaded,
    /// Everything was there.
    Complete,
}

impl LoadState {
    /// The name used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            LoadState::Loading => "loading",
            LoadState::DomInteractive => "dom-interactive",
            LoadState::DomContentLoaded => "dom-content-loaded",
            LoadState::Complete => "complete",
        }
    }
}

/// What is known of the page when measuring starts. For a prerendered page that is the moment
/// of `prerenderingchange`, never earlier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Start {
    /// `performance.timeOrigin`, for ids.
    pub time_origin: f64,
    /// 128 random bits, for ids.
    pub seed: u128,
    /// The navigation entry, if the browser has one that is credible.
    pub navigation: Option<NavigationTiming>,
    /// How far the document has come.
    pub load: Load,
    /// `document.visibilityState` is `hidden`.
    pub is_hidden: bool,
    /// The start of the first `visibility-state` entry named `hidden` at or after activation.
    pub first_hidden: Option<f64>,
}

/// The state all metrics of a page share.
#[derive(Debug)]
pub(super) struct Page {
    time_origin: f64,
    random: Random,
    serial: u32,
    navigation: Option<NavigationTiming>,
    pub load: Load,
    /// Nothing painted at or after this counts, as nobody was there to see it.
    pub first_hidden: f64,
    /// When the page last came back from the back/forward cache.
    pub restored_at: Option<f64>,
    /// `performance.interactionCount` or its estimate.
    pub interactions: u64,
    /// The least and greatest interaction id seen, where that has to be estimated.
    interaction_ids: Option<(u64, u64)>,
}

impl Page {
    pub fn new(start: Start) -> Page {
        Page {
            time_origin: start.time_origin,
            random: Random::new(start.seed),
            serial: 0,
            navigation: start.navigation,
            load: start.load,
            // Without an entry that tells when it was hidden, a page hidden now was never seen.
            first_hidden: start.first_hidden.unwrap_or(first_hidden(start.is_hidden)),
            restored_at: None,
            interactions: 0,
            interaction_ids: None,
        }
    }

    pub fn navigation(&self) -> Option<&NavigationTiming> {
        self.navigation.as_ref()
    }

    /// The navigation entry as the load event left it: one that was not credible early may be now.
    pub fn set_navigation(&mut self, timing: NavigationTiming) {
        self.navigation = Some(timing);
    }

    /// A time, counted from when the person asked for the page.
    pub fn since_activation(&self, time: f64) -> f64 {
        self.navigation.as_ref().map_or(time.max(0.0), |n| n.since_activation(time))
    }

    /// The page became hidden at `time`.
    pub fn hide(&mut self, time: f64) {
        if self.first_hidden == f64::INFINITY {
            self.first_hidden = time;
        }
    }

    /// A new view of the same document begins: what was hidden before does not count against it.
    pub fn see_anew(&mut self, is_hidden: bool) {
        self.first_hidden = first_hidden(is_hidden);
    }

    /// The navigation that a metric belongs to when nothing else is said.
    pub fn own_navigation(&self) -> Navigation {
        let kind = match &self.navigation {
            _ if self.restored_at.is_some() => NavigationType::BackForwardCache,
            None => NavigationType::Navigate,
            Some(n) if n.activation_start > 0.0 => NavigationType::Prerender,
            Some(n) if n.was_discarded => NavigationType::Restore,
            Some(n) => n.kind,
        };
        self.navigation_from(Navigation {
            kind,
            id: 0.0,
            interaction_id: f64::NAN,
            url: None,
            start_time: 0.0,
        })
    }

    /// Fills in, from the document's own, the id and address that `navigation` lacks.
    pub fn navigation_from(&self, mut navigation: Navigation) -> Navigation {
        if let Some(own) = &self.navigation {
            if navigation.id == 0.0 {
                navigation.id = own.navigation_id;
            }
            navigation.url.get_or_insert_with(|| own.url.clone());
        }
        navigation
    }

    /// The phase of loading at `time`.
    pub fn load_state(&self, time: f64) -> LoadState {
        let load = &self.load;
        if load.is_loading {
            // Whatever has happened, happened while loading.
            return LoadState::Loading;
        }
        let is_before = |mark: f64| mark == 0.0 || time < mark;
        match &self.navigation {
            None => LoadState::Complete,
            Some(_) if time < load.dom_interactive => LoadState::Loading,
            Some(_) if is_before(load.dom_content_loaded) => LoadState::DomInteractive,
            Some(_) if is_before(load.dom_complete) => LoadState::DomContentLoaded,
            Some(_) => LoadState::Complete,
        }
    }

    /// Estimates how many interactions there were from the ids of some: browsers count them up by
    /// seven, from a random start.
    pub fn estimate_interactions(&mut self, ids: &[u64]) {
        for &id in ids.iter().filter(|&&id| id != 0) {
            let (least, greatest) = self.interaction_ids.unwrap_or((id, id));
            let (least, greatest) = (least.min(id), greatest.max(id));
            self.interaction_ids = Some((least, greatest));
            self.interactions = (greatest - least) / 7 + 1;
        }
    }

    /// The place in line of the newest metric.
    pub fn serial(&self) -> u32 {
        self.serial
    }

    /// The next metric's place in line, and an id no other metric anywhere has.
    pub fn next_id(&mut self, now: f64) -> (u32, Rc<str>) {
        self.serial = self.serial.wrapping_add(1);

        let mut id = String::from("cv-");
        push_unsigned(&mut id, (self.time_origin + now) as u64);
        id.push('-');
        push_unsigned(&mut id, 1_000_000_000_000 + self.random.next_u64() % 9_000_000_000_000);
        (self.serial, id.into())
    }
}

fn first_hidden(is_hidden: bool) -> f64 {
    if is_hidden { 0.0 } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(navigation: NavigationTiming) -> Page {
        Page::new(Start { navigation: Some(navigation), ..Start::default() })
    }

    #[test]
    fn the_navigation_type_says_how_the_page_was_reached() {
        let timing = |kind: &str| NavigationTiming {
            kind: NavigationType::from_timing(kind),
            ..NavigationTiming::default()
        };
        let kind = |page: &Page| page.own_navigation().kind.as_str();

        assert_eq!(kind(&page(timing("navigate"))), "navigate");
        assert_eq!(kind(&page(timing("reload"))), "reload");
        assert_eq!(kind(&page(timing("back_forward"))), "back-forward");
        assert_eq!(kind(&page(NavigationTiming { was_discarded: true, ..timing("reload") })), "restore");
        assert_eq!(
            kind(&page(NavigationTiming {
                activation_start: 5.0,
                was_discarded: true,
                ..timing("navigate")
            })),
            "prerender"
        );
        assert_eq!(kind(&Page::new(Start::default())), "navigate");

        let mut restored = page(timing("reload"));
        restored.restored_at = Some(10.0);
        assert_eq!(kind(&restored), "back-forward-cache");
    }

    #[test]
    fn only_the_first_hiding_counts_until_a_new_view_begins() {
        let mut page = Page::new(Start::default());
        page.hide(100.0);
        page.hide(200.0);
        assert_eq!(page.first_hidden, 100.0);
        page.see_anew(false);
        assert_eq!(page.first_hidden, f64::INFINITY);
        page.see_anew(true);
        assert_eq!(page.first_hidden, 0.0);
    }

    #[test]
    fn a_page_hidden_at_the_start_was_never_seen_unless_an_entry_knows_better() {
        let start = Start { is_hidden: true, ..Start::default() };
        assert_eq!(Page::new(start.clone()).first_hidden, 0.0);
        assert_eq!(Page::new(Start { first_hidden: Some(40.0), ..start }).first_hidden, 40.0);
    }

    #[test]
    fn load_states_follow_the_marks_that_are_set() {
        let mut page = page(NavigationTiming::default());
        let state = |page: &Page, time| page.load_state(time).as_str();
        page.load = Load { is_loading: true, ..Load::default() };
        assert_eq!(state(&page, 5.0), "loading");
        page.load = Load { dom_interactive: 10.0, ..Load::default() };
        assert_eq!(state(&page, 5.0), "loading");
        assert_eq!(state(&page, 50.0), "dom-interactive");
        page.load.dom_content_loaded = 20.0;
        assert_eq!(state(&page, 15.0), "dom-interactive");
        assert_eq!(state(&page, 50.0), "dom-content-loaded");
        page.load.dom_complete = 30.0;
        assert_eq!(state(&page, 25.0), "dom-content-loaded");
        assert_eq!(state(&page, 30.0), "complete");
    }

    #[test]
    fn incredible_response_starts_are_recognised() {
        for (response_start, credible) in [(-1.0, false), (0.0, false), (50.0, true), (100.0, false)] {
            let timing = NavigationTiming { response_start, ..NavigationTiming::default() };
            assert_eq!(timing.is_credible(100.0), credible, "{response_start}");
        }
    }

    #[test]
    fn ids_are_thirty_characters_and_never_the_same() {
        let mut page = Page::new(Start { time_origin: 1_795_000_000_000.0, seed: 7, ..Start::default() });
        let mut ids: Vec<Rc<str>> = (0..1000).map(|n| page.next_id(f64::from(n)).1).collect();
        assert!(ids.iter().all(|id| id.len() == 30 && id.starts_with("cv-17950000")), "{}", ids[0]);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1000);
    }
}
