//! Web Vitals: LCP, CLS, INP, FCP, TTFB and FID as pure algorithms over plain entries.
//!
//! Values, deltas, ratings, the life of ids and the moments of reporting are those of the npm
//! package `web-vitals` 6; only FID, which it no longer has, follows its version 4. What happened
//! before measuring began is what `web-vitals` reports when it was there from the start: the shifts
//! missed come in one delivery that may hold several windows, and CLS is the largest of them. (Of the
//! windows of any other delivery only the last counts, here as there.)
//!
//! [`Vitals`] is the machine of one page. Each listener gets a *watch* of its own, with its own
//! options, id and history, because the same metric means different things to listeners with
//! different options. The machine observes nothing itself: the browser room does what it asks,
//! when it asks.
//!
//! # What the browser room provides
//!
//! **Start.** In a prerendering document (`document.prerendering`) wait for `prerenderingchange`
//! (capture). Then build [`Start`] and [`Vitals::new`], and add a watch per listener. A metric is
//! only watched where the browser supports its entry type (`PerformanceObserver.supportedEntryTypes`),
//! INP only where `'interactionId' in PerformanceEventTiming.prototype`, and
//! [`Options::soft_navigations`] is only set where `soft-navigation` is supported and
//! `PerformanceSoftNavigation.prototype.getLargestInteractionContentfulPaint` is a function.
//!
//! **Observers.** One `PerformanceObserver` per watch, `observe`d once for each type that
//! [`Vitals::observes`] names and the browser supports, with `buffered: true`, and for `INP` also
//! `durationThreshold` (the listener's, else [`DURATION_THRESHOLD_MS`]). When the answer of
//! `observes` has changed after a call, disconnect, and observe the new types if there are any.
//! When it changes to `layout-shift`, also call [`Vitals::started`] in a `setTimeout(0)`.
//! The observer's callback defers to `queueMicrotask` (Safari calls it synchronously,
//! web-vitals #277), reads `list.getEntries()` there, and hands them to [`Vitals::observed`]; for
//! INP only after [idle or hidden](#idle-or-hidden), each batch on its own, so that all events
//! of an interaction are there. Targets are computed then too, and only for entries that can be
//! reported: candidates for LCP, shifts without recent input, events with an `interactionId`.
//!
//! **Interactions.** Before handing over a batch for INP, and before [`Vitals::restored`], call
//! [`Vitals::set_interaction_count`] with `performance.interactionCount`. Where the browser has
//! none, observe `event` (buffered, `durationThreshold: 0`) once more for
//! [`Vitals::estimate_interactions`].
//!
//! **Leaving.** On `visibilitychange` (window, capture; synthetic ones count) with the document
//! hidden, synchronously and in this order:
//! 1. for each watch that [`Vitals::takes_records`], [`Vitals::leaving`] with
//!    `observer.takeRecords()`,
//! 2. [`Vitals::hidden`] with `event.timeStamp`,
//! 3. whatever waits for idle or hidden.
//!
//! **Settling LCP.** On `keydown`, `click` and `visibilitychange` (window, capture), if
//! `event.isTrusted`: ask [`Vitals::interrupted`]; if it answers, pass the answer to
//! [`Vitals::settle`] when [idle or hidden](#idle-or-hidden).
//!
//! **Loading.** [`Vitals::loading`] on `readystatechange` and `DOMContentLoaded`; and
//! [`Vitals::loaded`] in a `setTimeout(0)` after `load` (at once in a `setTimeout(0)` when
//! `document.readyState` is `complete`), which also answers watches added later.
//!
//! **Back/forward cache.** On `pageshow` (window, capture) with `persisted`: [`Vitals::restored`]
//! with `event.timeStamp`; in a `setTimeout(0)` [`Vitals::seen_anew`] with the visibility then
//! (<https://crbug.com/1133363>); after two animation frames [`Vitals::repainted`] with
//! `performance.now()`.
//!
//! ## Idle or hidden
//! At once if the document is hidden. Else in `requestIdleCallback` with a timeout of 1 s
//! (`setTimeout(0)` where there is none) or on the next `visibilitychange`, whichever is first,
//! once.
//!
//! **Entries.** `E` is the handle that comes back in [`Report::entries`]: the entry object itself
//! for listeners of `chatvitals/vitals`, `undefined` for the tracker's own watches, which need
//! none. What is no longer part of a value is dropped here, so nothing outlives its use.
//!
//! **Reports** are returned, never called back: let go of the machine, then tell the listeners.
//! [`Report::body`] makes the tracker's event of one. The resources it wants are those named
//! [`Report::painted_url`]: first from `performance.getEntriesByType('resource')`, which keeps the
//! oldest, then from a list of the last 50 that an observer of `resource` (buffered) has seen.
//! A report may come when the page has moved on: it belongs to the view in which its metric began,
//! at [`Navigation::start_time`].

mod attribution;
mod cls;
mod entry;
mod event;
mod fcp;
mod fid;
mod frames;
mod inp;
#[cfg(all(target_arch = "wasm32", feature = "vitals-api"))]
mod js;
mod lcp;
mod metric;
mod page;
mod port;
mod ttfb;
mod watch;

pub use attribution::{Attribution, LargestPaint, Resource};
pub use entry::{Entry, EntryType};
pub use event::Fields;
pub use metric::{Name, Navigation, NavigationType, Rating, Report};
pub use page::{Load, LoadState, NavigationTiming, Start};
pub use port::{Answer, Port, Signal, TAKES_RECORDS};
pub use watch::{Options, WatchId};

use page::Page;
use watch::{Desk, Moment, Rule, Watch};

use std::rc::Rc;

/// The least duration of `event` entries worth observing: two and a half frames at 60 Hz. Shorter
/// interactions are good ones, and the first input is always told.
pub const DURATION_THRESHOLD_MS: f64 = 40.0;

/// Which metrics an input may settle: those begun up to it. See [`Vitals::interrupted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interruption(u32);

/// The machine of one page. All times are page times in milliseconds.
pub struct Vitals<E> {
    page: Page,
    watches: Vec<Watch<E>>,
}

impl<E: Clone + 'static> Vitals<E> {
    /// Begins to measure a page that has been activated.
    pub fn new(start: Start) -> Vitals<E> {
        Vitals { page: Page::new(start), watches: Vec::new() }
    }

    /// Adds a listener for `name` at time `now`.
    pub fn watch(&mut self, name: Name, options: Options, now: f64) -> WatchId {
        let id = WatchId(self.watches.len());
        self.watches.push(Watch::new(name, options, now, &mut self.page));
        id
    }

    /// What `watch` wants observed now.
    pub fn observes(&self, watch: WatchId) -> &'static [EntryType] {
        self.watches.get(watch.0).map_or(&[], |watch| watch.rule.observes(watch.options))
    }

    /// The observer of `watch` delivered entries, of all its types together.
    pub fn observed(&mut self, watch: WatchId, mut entries: Vec<Rc<Entry<E>>>) -> Vec<Report<E>> {
        // These mix types. FCP and TTFB take soft navigations in the order they began.
        let name = self.watches.get(watch.0).map(|watch| watch.metric.name);
        if matches!(name, Some(Name::Lcp | Name::Cls | Name::Inp)) {
            entry::sort_by_end(&mut entries);
        }
        let mut out = Vec::new();
        self.deliver(watch, &entries, &mut out);
        out
    }

    /// Whether [`leaving`](Self::leaving) wants the records of the observer of `watch`. Those of others stay to be
    /// delivered.
    pub fn takes_records(&self, watch: WatchId) -> bool {
        self.watches.get(watch.0).is_some_and(|watch| watch.rule.takes_records())
    }

    /// The page is being hidden; `taken` is what the observer of `watch` had not delivered.
    pub fn leaving(&mut self, watch: WatchId, taken: &[Rc<Entry<E>>]) -> Vec<Report<E>> {
        let mut out = Vec::new();
        self.deliver(watch, taken, &mut out);
        self.tell(watch, &Moment::Leaving, &mut out);
        out
    }

    /// A task has passed since `watch` began to observe layout shifts.
    pub fn started(&mut self, watch: WatchId) -> Vec<Report<E>> {
        let mut out = Vec::new();
        self.tell(watch, &Moment::Started, &mut out);
        out
    }

    /// The page became hidden at `time`.
    pub fn hidden(&mut self, time: f64) {
        self.page.hide(time);
    }

    /// An input or change of visibility: if it settles anything, hand the answer to
    /// [`settle`](Self::settle) when there is time.
    pub fn interrupted(&self) -> Option<Interruption> {
        let can_settle = self.watches.iter().any(|watch| watch.rule.can_settle());
        can_settle.then(|| Interruption(self.page.serial()))
    }

    /// Settles what was there to be settled at the interruption; metrics begun since go on.
    pub fn settle(&mut self, interruption: Interruption) -> Vec<Report<E>> {
        let mut out = Vec::new();
        for at in 0..self.watches.len() {
            if self.watches.get(at).is_some_and(|watch| watch.metric.serial <= interruption.0) {
                self.tell(WatchId(at), &Moment::Settled, &mut out);
            }
        }
        out
    }

    /// The document has come further.
    pub fn loading(&mut self, load: Load) {
        self.page.load = load;
    }

    /// The load event is over. `navigation` is the navigation entry now, if it is
    /// [credible](NavigationTiming::is_credible). Calling it again only answers newer watches.
    pub fn loaded(&mut self, navigation: Option<(NavigationTiming, E)>) -> Vec<Report<E>> {
        let Some((timing, handle)) = navigation else { return Vec::new() };
        self.page.set_navigation(timing);
        self.tell_all(&Moment::Loaded(&handle))
    }

    /// `performance.interactionCount`.
    pub fn set_interaction_count(&mut self, count: u64) {
        self.page.interactions = count;
    }

    /// Interaction ids seen by a browser that does not count interactions.
    pub fn estimate_interactions(&mut self, ids: &[u64]) {
        self.page.estimate_interactions(ids);
    }

    /// The page came back from the back/forward cache at `time`.
    pub fn restored(&mut self, time: f64) -> Vec<Report<E>> {
        self.page.restored_at = Some(time);
        for watch in &mut self.watches {
            watch.is_restoring = true;
        }
        self.tell_all(&Moment::Restored)
    }

    /// The visibility once the browser has updated it after a restore.
    pub fn seen_anew(&mut self, is_hidden: bool) {
        self.page.see_anew(is_hidden);
    }

    /// A restored page has been painted, at `now`.
    pub fn repainted(&mut self, now: f64) -> Vec<Report<E>> {
        let took = now - self.page.restored_at.unwrap_or(now);
        let mut out = Vec::new();
        for at in 0..self.watches.len() {
            if self.watches.get_mut(at).is_some_and(|watch| std::mem::take(&mut watch.is_restoring)) {
                self.tell(WatchId(at), &Moment::Repainted(took), &mut out);
            }
        }
        out
    }

    fn deliver(&mut self, watch: WatchId, entries: &[Rc<Entry<E>>], out: &mut Vec<Report<E>>) {
        for entry in entries {
            if let Some((rule, mut desk)) = self.desk(watch, out) {
                rule.entry(entry, &mut desk);
            }
        }
        self.tell(watch, &Moment::Delivered, out);
    }

    fn tell_all(&mut self, moment: &Moment<'_, E>) -> Vec<Report<E>> {
        let mut out = Vec::new();
        for at in 0..self.watches.len() {
            self.tell(WatchId(at), moment, &mut out);
        }
        out
    }

    fn tell(&mut self, watch: WatchId, moment: &Moment<'_, E>, out: &mut Vec<Report<E>>) {
        if let Some((rule, mut desk)) = self.desk(watch, out) {
            rule.on(moment, &mut desk);
        }
    }

    /// The rule of a watch, and where it finds its metric.
    #[inline(never)]
    fn desk<'a>(
        &'a mut self,
        id: WatchId,
        out: &'a mut Vec<Report<E>>,
    ) -> Option<(&'a mut dyn Rule<E>, Desk<'a, E>)> {
        let Watch { rule, metric, options, .. } = self.watches.get_mut(id.0)?;
        Some((rule.as_mut(), Desk { watch: id, options: *options, metric, page: &mut self.page, out }))
    }
}
