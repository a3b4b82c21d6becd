//! First Input Delay: how long the person's first action waited for the page to begin on it.
//!
//! web-vitals measured it up to version 4; INP has replaced it, and dashboards still ask for it.
//! A page restored from the back/forward cache has no `first-input` entry any more, so it gets no
//! value rather than a guess.

use super::attribution::{Attribution, FidAttribution};
use super::entry::{Entry, EntryType, EventTiming};
use super::metric::Metric;
use super::page::Page;
use super::watch::{Desk, Options, Rule};

pub(super) struct Fid<E> {
    is_seen: bool,
    input: Option<EventTiming<E>>,
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

    fn entry(&mut self, entry: Entry<E>, desk: &mut Desk<'_, E>) {
        if let Entry::Event(input) = entry
            && !self.is_seen
        {
            self.is_seen = true;
            if input.start_time < desk.page.first_hidden {
                desk.metric.value = input.processing_start - input.start_time;
                self.input = Some(input);
                desk.report(self, true, true);
            }
        }
    }

    fn takes_records(&self) -> bool {
        !self.is_seen
    }

    fn restored(&mut self, desk: &mut Desk<'_, E>) {
        self.input = None;
        desk.begin_restored(-1.0);
    }

    fn explain(&self, _metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        match &self.input {
            None => (Vec::new(), Attribution::None),
            Some(input) => (
                vec![input.entry.clone()],
                Attribution::Fid(FidAttribution {
                    target: input.target.clone(),
                    is_keyboard: input.is_keyboard,
                    time: input.start_time,
                    load_state: page.load_state(input.start_time),
                }),
            ),
        }
    }
}
