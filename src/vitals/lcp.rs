//! Largest Contentful Paint: when the largest thing on the page was there.
//!
//! The browser names ever larger candidates; the last one stands when the person first acts or the
//! page is hidden. Scrolling also stops the browser's candidates, but scripts scroll too, so it
//! settles nothing here (<https://github.com/GoogleChrome/web-vitals/issues/75>).

use super::attribution::{Attribution, LcpAttribution};
use super::entry::{Entry, EntryType, InteractionPaint, LargestPaint, SoftNavigation};
use super::metric::{Metric, NavigationType};
use super::page::Page;
use super::watch::{Desk, Options, Rule};

pub(super) struct Lcp<E> {
    is_final: bool,
    /// No more candidates are wanted: final, and not to begin again with a soft navigation.
    is_closed: bool,
    /// The newest candidate of a delivery. To a listener that is told only one value, the others do not matter.
    newest: Option<LargestPaint<E>>,
    /// The one the value comes from.
    paint: Option<LargestPaint<E>>,
}

impl<E> Default for Lcp<E> {
    fn default() -> Self {
        Lcp { is_final: false, is_closed: false, newest: None, paint: None }
    }
}

impl<E: Clone> Lcp<E> {
    /// `value` was painted at `time`. Paints of a page that had been hidden are not comparable.
    fn candidate(&mut self, value: f64, time: f64, paint: Option<LargestPaint<E>>, desk: &mut Desk<'_, E>) {
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

    fn interaction_paint(&mut self, shown: InteractionPaint<E>, desk: &mut Desk<'_, E>) {
        let navigation = &desk.metric.navigation;
        // Paints of other interactions, or of this one after the next navigation began.
        let is_foreign = shown.interaction_id.is_some() && shown.interaction_id != navigation.interaction_id;
        if navigation.id == 0 || is_foreign {
            return;
        }
        let time = shown.paint.as_ref().map_or(0.0, |paint| paint.render_time);
        self.candidate((time - shown.start_time).max(0.0), time, shown.paint, desk);
    }

    fn soft_navigation(&mut self, mut soft: SoftNavigation<E>, desk: &mut Desk<'_, E>) {
        if !self.is_final {
            desk.report(self, true, true);
        }
        self.is_final = false;
        self.paint = None;
        desk.begin_soft(-1.0, &soft);
        desk.page.see_anew(false);
        if let Some(shown) = soft.largest_paint.take() {
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

    fn entry(&mut self, entry: Entry<E>, desk: &mut Desk<'_, E>) {
        match entry {
            Entry::LargestContentfulPaint(paint) if !self.is_closed => {
                self.newest = Some(paint);
                if desk.options.report_all_changes || desk.options.soft_navigations {
                    self.take_newest(desk);
                }
            }
            Entry::InteractionContentfulPaint(shown) => self.interaction_paint(shown, desk),
            Entry::SoftNavigation(soft) => self.soft_navigation(soft, desk),
            _ => {}
        }
    }

    fn delivered(&mut self, desk: &mut Desk<'_, E>) {
        self.take_newest(desk);
    }

    fn can_settle(&self) -> bool {
        !self.is_final
    }

    fn settle(&mut self, desk: &mut Desk<'_, E>) {
        if !self.is_final {
            self.is_final = true;
            self.is_closed = !desk.options.soft_navigations;
            desk.report(self, true, true);
        }
    }

    fn restored(&mut self, desk: &mut Desk<'_, E>) {
        self.is_final = false;
        self.paint = None;
        desk.begin_restored(-1.0);
    }

    fn repainted(&mut self, took: f64, desk: &mut Desk<'_, E>) {
        self.is_final = true;
        desk.metric.value = took;
        desk.report(self, true, true);
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let Some(paint) = &self.paint else {
            return (Vec::new(), Attribution::Lcp(LcpAttribution::render_delay(metric.value)));
        };
        let is_soft = metric.navigation.kind == NavigationType::SoftNavigation;
        let attribution = LcpAttribution {
            target: paint.target.clone(),
            url: paint.url.clone(),
            value: metric.value,
            start_time: paint.start_time,
            // What the phases are counted from, and the first byte, which for a soft navigation
            // was there long before.
            origin: match page.navigation() {
                _ if is_soft => Some((metric.navigation.start_time, 0.0)),
                Some(timing) => {
                    Some((timing.activation_start, timing.since_activation(timing.response_start)))
                }
                None => None,
            },
        };
        (vec![paint.entry.clone()], Attribution::Lcp(attribution))
    }
}
