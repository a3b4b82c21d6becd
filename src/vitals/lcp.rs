//! Largest Contentful Paint: when the largest thing on the page was there.
//!
//! The browser names ever larger candidates; the last one stands when the person first acts or the
//! page is hidden. Scrolling also stops the browser's candidates, but scripts scroll too, so it
//! settles nothing here (<https://github.com/GoogleChrome/web-vitals/issues/75>).

use std::rc::Rc;

use super::attribution::{Attribution, LargestPaint};
use super::entry::{Entry, EntryType};
use super::metric::{Metric, NavigationType};
use super::page::Page;
use super::watch::{Desk, Moment, Options, Rule};

pub(super) struct Lcp<E> {
    is_final: bool,
    /// No more candidates are wanted: final, and not to begin again with a soft navigation.
    is_closed: bool,
    /// The newest candidate of a delivery. To a listener that is told only one value, the others do not matter.
    newest: Option<Rc<Entry<E>>>,
    /// The one the value comes from.
    paint: Option<Rc<Entry<E>>>,
}

impl<E> Default for Lcp<E> {
    fn default() -> Self {
        Lcp { is_final: false, is_closed: false, newest: None, paint: None }
    }
}

impl<E: Clone> Lcp<E> {
    /// `value` was painted at `time`. Paints of a page that had been hidden are not comparable.
    fn candidate(&mut self, value: f64, time: f64, paint: Option<Rc<Entry<E>>>, desk: &mut Desk<'_, E>) {
        if time < desk.page.first_hidden {
            desk.metric.value = value;
            self.paint = paint;
            desk.report(self, false, false);
        }
    }

    fn take_newest(&mut self, desk: &mut Desk<'_, E>) {
        if let Some(paint) = self.newest.take() {
            let time = paint.start_time;
            self.candidate(desk.page.since_activation(time), time, Some(paint), desk);
        }
    }

    fn interaction_paint(&mut self, shown: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        let navigation = &desk.metric.navigation;
        // Paints of other interactions, or of this one after the next navigation began.
        let is_foreign = !shown.id.is_nan() && shown.id != navigation.interaction_id;
        if navigation.id == 0.0 || is_foreign {
            return;
        }
        let time = shown.render_time();
        let paint = Some(shown.clone()).filter(|shown| shown.has_paint);
        self.candidate((time - shown.start_time).max(0.0), time, paint, desk);
    }

    fn soft_navigation(&mut self, soft: &Entry<E>, desk: &mut Desk<'_, E>) {
        if !self.is_final {
            desk.report(self, true, true);
        }
        self.is_final = false;
        self.paint = None;
        desk.begin_soft(-1.0, soft);
        desk.page.see_anew(false);
        if let Some(shown) = &soft.largest_paint {
            self.interaction_paint(shown, desk);
        }
    }
}

impl<E: Clone> Rule<E> for Lcp<E> {
    fn observes(&self, options: Options) -> &'static [EntryType] {
        match (options.soft_navigations, self.is_closed) {
            (true, _) => &[
                EntryType::LargestContentfulPaint,
                EntryType::InteractionContentfulPaint,
                EntryType::SoftNavigation,
            ],
            (false, false) => &[EntryType::LargestContentfulPaint],
            (false, true) => &[],
        }
    }

    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        match entry.kind {
            EntryType::LargestContentfulPaint if !self.is_closed => {
                self.newest = Some(entry.clone());
                if desk.options.report_all_changes || desk.options.soft_navigations {
                    self.take_newest(desk);
                }
            }
            EntryType::InteractionContentfulPaint => self.interaction_paint(entry, desk),
            EntryType::SoftNavigation => self.soft_navigation(entry, desk),
            _ => {}
        }
    }

    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>) {
        match moment {
            Moment::Delivered => self.take_newest(desk),
            Moment::Settled if !self.is_final => {
                self.is_final = true;
                self.is_closed = !desk.options.soft_navigations;
                desk.report(self, true, true);
            }
            Moment::Restored => {
                self.is_final = false;
                self.paint = None;
                desk.begin_restored(-1.0);
            }
            Moment::Repainted(took) => {
                self.is_final = true;
                desk.metric.value = *took;
                desk.report(self, true, true);
            }
            _ => {}
        }
    }

    fn can_settle(&self) -> bool {
        !self.is_final
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        // As long as nothing else is known, all of it is rendering.
        let mut attribution = Attribution::of([0.0, 0.0, 0.0, metric.value, f64::NAN]);
        let Some(paint) = &self.paint else { return (Vec::new(), attribution) };
        let is_soft = metric.navigation.kind == NavigationType::SoftNavigation;
        // What the phases are counted from, and the first byte, which for a soft navigation was there long before.
        let (origin, first_byte) = match page.navigation() {
            _ if is_soft => (metric.navigation.start_time, 0.0),
            Some(timing) => (timing.activation_start, timing.since_activation(timing.response_start)),
            None => (f64::INFINITY, 0.0),
        };
        attribution.target = paint.target.clone();
        attribution.paint =
            Some(LargestPaint { url: paint.url.clone(), time: paint.painted_at(), origin, first_byte });
        (vec![paint.handle.clone()], attribution)
    }
}
