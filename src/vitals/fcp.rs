//! First Contentful Paint: when the page first showed something of its own.

use super::attribution::{Attribution, FcpAttribution};
use super::entry::{Entry, EntryType, Paint};
use super::metric::{Metric, NavigationType};
use super::page::{LoadState, Page};
use super::watch::{Desk, Options, Rule};

pub(super) struct Fcp<E> {
    /// The one paint of the document has been seen, whether it counted or not.
    is_painted: bool,
    /// The paint reported, if the present value comes from one.
    paint: Option<Paint<E>>,
}

impl<E> Default for Fcp<E> {
    fn default() -> Self {
        Fcp { is_painted: false, paint: None }
    }
}

impl<E: Clone> Rule<E> for Fcp<E> {
    fn observes(&self, options: Options) -> &'static [EntryType] {
        match (options.soft_navigations, self.is_painted) {
            (true, _) => &[EntryType::Paint, EntryType::SoftNavigation],
            (false, false) => &[EntryType::Paint],
            (false, true) => &[],
        }
    }

    fn entry(&mut self, entry: Entry<E>, desk: &mut Desk<'_, E>) {
        match entry {
            Entry::FirstContentfulPaint(paint) if !self.is_painted => {
                self.is_painted = true;
                if paint.start_time < desk.page.first_hidden {
                    desk.metric.value = desk.page.since_activation(paint.start_time);
                    if paint.navigation_id != 0 {
                        desk.metric.navigation.id = paint.navigation_id;
                    }
                    self.paint = Some(paint);
                    desk.report(self, true, true);
                }
            }
            Entry::SoftNavigation(soft) => {
                self.paint = None;
                desk.begin_soft((soft.paint_time - soft.start_time).max(0.0), &soft);
                desk.report(self, true, true);
            }
            _ => {}
        }
    }

    fn restored(&mut self, desk: &mut Desk<'_, E>) {
        self.paint = None;
        desk.begin_restored(-1.0);
    }

    fn repainted(&mut self, took: f64, desk: &mut Desk<'_, E>) {
        desk.metric.value = took;
        desk.report(self, true, true);
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let measured = |ttfb, load_state| {
            Attribution::Fcp(FcpAttribution {
                time_to_first_byte: ttfb,
                first_byte_to_fcp: metric.value - ttfb,
                load_state,
            })
        };
        if metric.navigation.kind == NavigationType::SoftNavigation {
            return (Vec::new(), measured(0.0, LoadState::Complete));
        }
        let attribution = match (&self.paint, page.navigation()) {
            (Some(paint), Some(timing)) => {
                measured(timing.since_activation(timing.response_start), page.load_state(paint.start_time))
            }
            _ => measured(0.0, page.load_state(page.restored_at.unwrap_or(-1.0))),
        };
        (self.paint.iter().map(|paint| paint.entry.clone()).collect(), attribution)
    }
}
