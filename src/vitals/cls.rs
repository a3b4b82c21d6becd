//! Cumulative Layout Shift: how much the page moved under the reader's eyes, in its worst moment.
//!
//! Shifts are summed in windows: at most 1 s between two shifts, less than 5 s in all. The largest
//! window is the value (<https://web.dev/articles/evolving-cls>).

use std::rc::Rc;

use super::attribution::Attribution;
use super::entry::{Entry, EntryType};
use super::metric::Metric;
use super::page::Page;
use super::watch::{Desk, Moment, Options, Rule};

const MAX_GAP_MS: f64 = 1000.0;
const MAX_WINDOW_MS: f64 = 5000.0;

/// Shifts that belong together.
struct Window<E> {
    value: f64,
    /// The value at the end of the last delivery, which is when web-vitals looks at it.
    counted: f64,
    first_time: f64,
    last_time: f64,
    /// The largest single shift: of equals, the last.
    largest: Rc<Entry<E>>,
    handles: Vec<E>,
}

impl<E: Clone> Window<E> {
    fn new(shift: &Rc<Entry<E>>) -> Window<E> {
        let time = shift.start_time;
        Window {
            value: 0.0,
            counted: 0.0,
            first_time: time,
            last_time: time,
            largest: shift.clone(),
            handles: Vec::new(),
        }
    }

    fn accepts(&self, time: f64) -> bool {
        time - self.last_time < MAX_GAP_MS && time - self.first_time < MAX_WINDOW_MS
    }

    fn add(&mut self, shift: &Rc<Entry<E>>) {
        self.value += shift.shift();
        self.last_time = shift.start_time;
        if shift.shift() >= self.largest.shift() {
            self.largest = shift.clone();
        }
        self.handles.push(shift.handle.clone());
    }
}

/// Field data counts layout shifts only where a first contentful paint was seen (CrUX does), so
/// measuring waits for it: in a page opened in the background, until that page is restored.
#[derive(Clone, Copy, PartialEq)]
enum Gate {
    WaitsForPaint,
    WaitsForRestore,
    Open,
}

/// Whether a listener to all changes is still to be told that nothing has shifted yet.
#[derive(Clone, Copy, PartialEq)]
enum FirstReport {
    NotOwed,
    AfterTask,
    AfterPaint,
}

pub(super) struct Cls<E> {
    gate: Gate,
    first_report: FirstReport,
    /// Something was delivered since the gate opened that has not been reported.
    has_news: bool,
    /// When measuring began. What was missed until then comes in one delivery, and is counted window by window, as it
    /// would have been had measuring begun with the page.
    began: f64,
    /// The window still being added to.
    window: Option<Window<E>>,
    /// The worst of those that have ended.
    worst: Option<Window<E>>,
}

impl<E> Cls<E> {
    pub fn new(began: f64) -> Self {
        Cls {
            gate: Gate::WaitsForPaint,
            first_report: FirstReport::NotOwed,
            has_news: false,
            began,
            window: None,
            worst: None,
        }
    }
}

impl<E: Clone> Cls<E> {
    fn open(&mut self, now: f64, desk: &mut Desk<'_, E>) {
        self.gate = Gate::Open;
        self.first_report = FirstReport::AfterTask;
        let navigation = desk.page.own_navigation();
        desk.begin(0.0, navigation, now);
    }

    fn forget(&mut self) {
        self.window = None;
        self.worst = None;
    }

    /// The window the value comes from: of equals, the first.
    fn worst(&self) -> Option<&Window<E>> {
        match (&self.window, &self.worst) {
            (Some(window), Some(worst)) if window.value <= worst.value => Some(worst),
            (Some(window), _) => Some(window),
            (None, worst) => worst.as_ref(),
        }
    }

    fn add(&mut self, shift: &Rc<Entry<E>>) {
        if shift.had_recent_input() {
            return;
        }
        let time = shift.start_time;
        let present = self.window.take();
        let mut window = match present {
            Some(window) if window.accepts(time) => window,
            Some(mut ended) => {
                if ended.last_time >= self.began {
                    ended.value = ended.counted;
                }
                if ended.value > self.worst.as_ref().map_or(0.0, |worst| worst.value) {
                    self.worst = Some(ended);
                }
                Window::new(shift)
            }
            None => Window::new(shift),
        };
        window.add(shift);
        self.window = Some(window);
    }

    /// Takes what was delivered into the value.
    fn count(&mut self, desk: &mut Desk<'_, E>) {
        if let Some(window) = &mut self.window {
            window.counted = window.value;
        }
        if let Some(worst) = self.worst() {
            desk.metric.value = worst.value;
        }
    }
}

impl<E: Clone> Rule<E> for Cls<E> {
    fn observes(&self, options: Options) -> &'static [EntryType] {
        match self.gate {
            Gate::WaitsForPaint => &[EntryType::Paint],
            Gate::WaitsForRestore => &[],
            Gate::Open if options.soft_navigations => &[EntryType::LayoutShift, EntryType::SoftNavigation],
            Gate::Open => &[EntryType::LayoutShift],
        }
    }

    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        match entry.kind {
            EntryType::Paint if self.gate == Gate::WaitsForPaint => {
                if entry.start_time < desk.page.first_hidden {
                    self.open(entry.start_time, desk);
                } else {
                    self.gate = Gate::WaitsForRestore;
                }
            }
            EntryType::LayoutShift => {
                self.has_news = true;
                self.add(entry);
            }
            EntryType::SoftNavigation => {
                self.has_news = true;
                self.count(desk);
                desk.report(self, true, true);
                self.forget();
                self.first_report = FirstReport::NotOwed;
                desk.begin_soft(0.0, entry);
            }
            _ => {}
        }
    }

    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>) {
        let is_open = self.gate == Gate::Open;
        match moment {
            Moment::Delivered if std::mem::take(&mut self.has_news) => {
                self.count(desk);
                desk.report(self, false, false);
            }
            Moment::Started if self.first_report == FirstReport::AfterTask => {
                self.first_report = FirstReport::NotOwed;
                desk.report(self, false, false);
            }
            Moment::Leaving if is_open => desk.report(self, true, false),
            Moment::Restored if is_open => {
                self.forget();
                self.first_report = FirstReport::AfterPaint;
                desk.begin_restored(0.0);
            }
            Moment::Repainted(_) if self.first_report == FirstReport::AfterPaint => {
                self.first_report = FirstReport::NotOwed;
                desk.report(self, false, false);
            }
            Moment::Repainted(took) if !is_open => {
                let now = desk.page.restored_at.unwrap_or(0.0) + took;
                self.open(now, desk);
            }
            _ => {}
        }
    }

    fn takes_records(&self) -> bool {
        self.gate == Gate::Open
    }

    fn explain(&self, _metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let mut attribution = Attribution::none();
        let Some(worst) = self.worst() else { return (Vec::new(), attribution) };
        let largest = &worst.largest;
        if largest.has_source() {
            let time = largest.start_time;
            attribution.target = largest.target.clone();
            attribution.numbers[..2].copy_from_slice(&[time, largest.shift()]);
            attribution.load_state = Some(page.load_state(time));
        }
        (worst.handles.clone(), attribution)
    }
}
