//! First Input Delay: how long the person's first action waited for the page to begin on it.
//!
//! web-vitals measured it up to version 4; INP has replaced it, and dashboards still ask for it.
//! A page restored from the back/forward cache has no `first-input` entry any more, so it gets no
//! value rather than a guess.

use std::rc::Rc;

use super::attribution::Attribution;
use super::entry::{Entry, EntryType};
use super::metric::Metric;
use super::page::Page;
use super::watch::{Desk, Moment, Options, Rule};

pub(super) struct Fid<E> {
    is_seen: bool,
    input: Option<Rc<Entry<E>>>,
}

impl<E> Default for Fid<E> {
    fn default() -> Self {
        Fid { is_seen: false, input: None }
    }
}

impl<E: Clone> Rule<E> for Fid<E> {
    fn observes(&self, _options: Options) -> &'static [EntryType] {
        if self.is_seen { &[] } else { &[EntryType::FirstInput] }
    }

    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        if !self.is_seen {
            self.is_seen = true;
            if entry.start_time < desk.page.first_hidden {
                desk.metric.value = entry.processing_start() - entry.start_time;
                self.input = Some(entry.clone());
                desk.report(self, true, true);
            }
        }
    }

    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>) {
        if let Moment::Restored = moment {
            self.input = None;
            desk.begin_restored(-1.0);
        }
    }

    fn takes_records(&self) -> bool {
        !self.is_seen
    }

    fn explain(&self, _metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let mut attribution = Attribution::none();
        let Some(input) = &self.input else { return (Vec::new(), attribution) };
        attribution.target = input.target.clone();
        attribution.is_keyboard = Some(input.is_keyboard());
        attribution.numbers[0] = input.start_time;
        attribution.load_state = Some(page.load_state(input.start_time));
        (vec![input.handle.clone()], attribution)
    }
}
