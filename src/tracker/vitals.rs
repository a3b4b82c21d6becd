//! Web Vitals: what the page's observers saw goes to the rules, what they report becomes events.

use std::rc::Rc;

use crate::event::{Turn, View};
use crate::id::Random;
use crate::policy::url;
use crate::time::Now;
use crate::vitals::{Port, Report};

use super::Tracker;
use super::capture::Stamp;

/// Views that a report may still belong to: the one the page was loaded with, and the latest.
const MOST_VIEWS: usize = 8;

/// What is measured, and which view it belongs to.
pub struct VitalsState {
    /// Each entry is kept as the chat turn that was streaming when it ended, if one still was when it was delivered.
    port: Port<Option<Rc<Turn>>>,
    /// The views of this page with the time they began, monotonic ms, oldest first.
    views: Vec<(f64, Rc<View>)>,
}

impl VitalsState {
    pub fn new(random: &mut Random) -> Self {
        Self { port: Port::new(random.next_u128()), views: Vec::new() }
    }

    /// Remembers the view that is shown, which began then.
    fn see(&mut self, began: f64, view: &Rc<View>) {
        match self.views.last_mut() {
            // Its path or id may have become known since.
            Some((known, kept)) if *known == began => *kept = view.clone(),
            _ => {
                if self.views.len() == MOST_VIEWS {
                    // Never the first: without soft navigations everything that began with the load belongs to it.
                    self.views.remove(1);
                }
                self.views.push((began, view.clone()));
            }
        }
    }

    /// The view of a navigation that began at `time`: the first to begin after it, because the tracker's view begins when
    /// it hears of the load, the restore or the new route.
    fn view_of(&self, time: f64) -> Option<Rc<View>> {
        let found = self.views.iter().find(|(began, _)| *began >= time).or(self.views.last());
        found.map(|(_, view)| view.clone())
    }
}

impl Tracker {
    /// A signal of `vitals.js`; the answer is its answer.
    pub fn vitals(&self, signal: u32, watch: u32, numbers: &[f64], texts: &str) -> u32 {
        let answer = {
            let state = &mut *self.state.borrow_mut();
            if let Some((began, view)) = state.page.shown() {
                state.vitals.see(began, view);
            }
            let streaming = state.chats.streaming().map(|(since, turn)| (since, Rc::new(turn)));
            let turn = |_, ended| {
                streaming.as_ref().filter(|(since, _)| *since <= ended).map(|(_, turn)| turn.clone())
            };
            state.vitals.port.tell(signal, watch, numbers, texts, &turn)
        };
        if !answer.reports.is_empty() {
            let now = self.now();
            for report in &answer.reports {
                self.vital(report, now);
            }
        }
        answer.number
    }

    fn vital(&self, report: &Report<Option<Rc<Turn>>>, now: Now) {
        let resources = match (report.painted_url(), self.observers()) {
            (Some(url), Some(observers)) => observers.resources(url),
            _ => Vec::new(),
        };
        let turn = report.entries.last().cloned().flatten();
        let clean = |url: &str| url::clean(url, &self.config.allow_query);
        let body = report.body(&resources, &clean, turn.as_deref().cloned());
        self.settle_view();
        let now = self.within_visit(now);
        let view = self.state.borrow().vitals.view_of(report.navigation.start_time);
        self.pass(body, now, Stamp { view, ..Stamp::default() });
    }

    /// Reports what there is.
    pub(super) fn leave_vitals(&self) {
        if let Some(observers) = self.observers() {
            observers.leave();
        }
    }
}
