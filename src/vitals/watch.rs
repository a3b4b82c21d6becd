//! One listener's measurement of one metric: the rule that is the metric's own, and the desk it
//! reports at.

use std::rc::Rc;

use super::attribution::Attribution;
use super::entry::{Entry, EntryType};
use super::metric::{Metric, Name, Navigation, NavigationType, Report};
use super::page::Page;

/// What a listener asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Report every change, not only values that are settled or in danger of being lost.
    pub report_all_changes: bool,
    /// Measure route changes inside the page as navigations of their own. Set it only where the
    /// browser can (see the module's notes for the caller).
    pub soft_navigations: bool,
}

/// Names one listener's measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WatchId(pub(super) usize);

impl WatchId {
    /// 0 for the first watch of a page, then counting up: where to keep what belongs to it.
    pub fn index(self) -> usize {
        self.0
    }
}

/// What a rule is told besides entries.
#[derive(Clone, Copy)]
pub(super) enum Moment<'a, E> {
    /// All entries of a delivery have arrived.
    Delivered,
    /// The page is being left, and what the observer had not delivered yet has been.
    Leaving,
    /// A task has passed since the rule began to observe.
    Started,
    /// The value has become final.
    Settled,
    /// The load event is over; the handle is the navigation's.
    Loaded(&'a E),
    /// The page came back from the back/forward cache.
    Restored,
    /// It has been painted again, so many milliseconds after it came back.
    Repainted(f64),
}

/// What differs from metric to metric. A rule keeps what it needs of the entries, sets the desk's
/// value, and says when to report.
pub(super) trait Rule<E> {
    /// What this rule wants to see now.
    fn observes(&self, options: Options) -> &'static [EntryType];

    /// An entry arrived.
    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>);

    /// Something else happened.
    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>);

    /// Whether values can still change on leaving, so that entries not delivered yet must be taken.
    fn takes_records(&self) -> bool {
        false
    }

    /// Whether an input or a change of visibility would settle the value.
    fn can_settle(&self) -> bool {
        false
    }

    /// What the present value comes from, and why it is what it is.
    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution);
}

/// Where a rule finds its metric and leaves its reports.
pub(super) struct Desk<'a, E> {
    pub watch: WatchId,
    pub options: Options,
    pub metric: &'a mut Metric,
    pub page: &'a mut Page,
    pub out: &'a mut Vec<Report<E>>,
}

impl<E> Desk<'_, E> {
    /// Begins the metric anew for `navigation`, at page time `now`.
    pub fn begin(&mut self, value: f64, navigation: Navigation, now: f64) {
        let navigation = self.page.navigation_from(navigation);
        *self.metric = Metric::begin(self.metric.name, value, navigation, now, self.page);
    }

    /// Begins the metric anew after the page came back from the back/forward cache.
    pub fn begin_restored(&mut self, value: f64) {
        let now = self.page.restored_at.unwrap_or(0.0);
        let navigation = Navigation {
            kind: NavigationType::BackForwardCache,
            start_time: now,
            ..self.metric.navigation.clone()
        };
        self.begin(value, navigation, now);
    }

    /// Begins the metric anew for a soft navigation.
    pub fn begin_soft(&mut self, value: f64, soft: &Entry<E>) {
        let navigation = Navigation {
            kind: NavigationType::SoftNavigation,
            id: soft.id,
            interaction_id: soft.interaction_id(),
            url: Some(soft.url.clone()).filter(|url| !url.is_empty()),
            start_time: soft.start_time,
        };
        self.begin(value, navigation, soft.start_time);
    }

    /// Reports the value if it has changed: always when `force`d, else only to a listener that
    /// wants every change.
    pub fn report(&mut self, rule: &dyn Rule<E>, force: bool, is_final: bool) {
        if !force && !self.options.report_all_changes {
            return;
        }
        if let Some(delta) = self.metric.take_delta() {
            let (entries, attribution) = rule.explain(self.metric, self.page);
            self.out.push(Report {
                watch: self.watch,
                name: self.metric.name,
                value: self.metric.value,
                delta,
                rating: self.metric.name.rate(self.metric.value),
                id: self.metric.id.clone(),
                navigation: self.metric.navigation.clone(),
                entries,
                attribution,
                is_final,
            });
        }
    }
}

/// A rule with the metric it measures.
pub(super) struct Watch<E> {
    pub rule: Box<dyn Rule<E>>,
    pub metric: Metric,
    pub options: Options,
    /// Came back from the back/forward cache and has not been painted since.
    pub is_restoring: bool,
}

impl<E: Clone + 'static> Watch<E> {
    pub fn new(name: Name, options: Options, now: f64, page: &mut Page) -> Watch<E> {
        let rule: Box<dyn Rule<E>> = match name {
            Name::Lcp => Box::new(super::lcp::Lcp::default()),
            Name::Cls => Box::new(super::cls::Cls::new(now)),
            Name::Inp => Box::new(super::inp::Inp::default()),
            Name::Fcp => Box::new(super::fcp::Fcp::default()),
            Name::Ttfb => Box::new(super::ttfb::Ttfb::default()),
            Name::Fid => Box::new(super::fid::Fid::default()),
        };
        let metric = Metric::begin(name, -1.0, page.own_navigation(), now, page);
        Watch { rule, metric, options, is_restoring: false }
    }
}
