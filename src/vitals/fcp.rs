//! First Contentful Paint: when the page first showed something of its own.

use std::rc::Rc;

use super::attribution::Attribution;
use super::entry::{Entry, EntryType};
use super::metric::{Metric, NavigationType};
use super::page::{LoadState, Page};
use super::watch::{Desk, Moment, Options, Rule};

pub(super) struct Fcp<E> {
    /// The one paint of the document has been seen, whether it counted or not.
    is_painted: bool,
    /// The paint reported, if the present value comes from one.
    paint: Option<Rc<Entry<E>>>,
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

    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        match entry.kind {
            EntryType::Paint if !self.is_painted => {
                self.is_painted = true;
                if entry.start_time < desk.page.first_hidden {
                    desk.metric.value = desk.page.since_activation(entry.start_time);
                    if entry.id != 0.0 {
                        desk.metric.navigation.id = entry.id;
                    }
                    self.paint = Some(entry.clone());
                    desk.report(self, true, true);
                }
            }
            EntryType::SoftNavigation => {
                self.paint = None;
                desk.begin_soft((entry.first_paint() - entry.start_time).max(0.0), entry);
                desk.report(self, true, true);
            }
            _ => {}
        }
    }

    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>) {
        match moment {
            Moment::Restored => {
                self.paint = None;
                desk.begin_restored(-1.0);
            }
            Moment::Repainted(took) => {
                desk.metric.value = *took;
                desk.report(self, true, true);
            }
            _ => {}
        }
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let is_soft = metric.navigation.kind == NavigationType::SoftNavigation;
        let paint = self.paint.as_ref().filter(|_| !is_soft);
        let (first_byte, load_state) = match (paint, page.navigation()) {
            _ if is_soft => (0.0, LoadState::Complete),
            (Some(paint), Some(timing)) => {
                (timing.since_activation(timing.response_start), page.load_state(paint.start_time))
            }
            _ => (0.0, page.load_state(page.restored_at.unwrap_or(-1.0))),
        };
        let mut attribution = Attribution::none();
        attribution.numbers[..2].copy_from_slice(&[first_byte, metric.value - first_byte]);
        attribution.load_state = Some(load_state);
        (paint.iter().map(|paint| paint.handle.clone()).collect(), attribution)
    }
}
