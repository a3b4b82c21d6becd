//! Interaction to Next Paint: how long the page makes people wait when they act.
//!
//! The value is close to the longest wait of the visit: of every 50 interactions one outlier is
//! forgiven, which makes it the 98th percentile (<https://web.dev/articles/inp>).

use std::rc::Rc;

use super::attribution::Attribution;
use super::entry::{Entry, EntryType, sort_ascending};
use super::frames::Frames;
use super::metric::{Metric, NavigationType};
use super::page::Page;
use super::watch::{Desk, Moment, Options, Rule};

/// Enough for the percentile of 500 interactions; beyond those the tenth longest stands in.
const MAX_LONGEST: usize = 10;

const INTERACTIONS_PER_OUTLIER: u64 = 50;

/// What an interaction too short for an entry counts as. Only after a restore or a soft
/// navigation: a load has its `first-input` entry, however short.
const UNSEEN_MS: f64 = 8.0;

/// One interaction: the events of it that took longest.
#[derive(Clone, Debug)]
struct Candidate<E> {
    /// The first of them.
    event: Rc<Entry<E>>,
    frame: u32,
    target: Option<Rc<str>>,
    /// The handles of those that began with it and took as long: at most one per event type.
    others: Vec<E>,
}

impl<E: Clone> Candidate<E> {
    fn new(event: &Rc<Entry<E>>, frame: u32) -> Candidate<E> {
        Candidate { event: event.clone(), frame, target: event.target.clone(), others: Vec::new() }
    }

    fn merge(&mut self, event: &Rc<Entry<E>>, frame: u32) {
        let target = self.target.clone().filter(|target| !target.is_empty());
        if event.duration > self.event.duration {
            *self = Candidate::new(event, frame);
        } else if event.duration == self.event.duration && event.start_time == self.event.start_time {
            self.target = event.target.clone();
            self.others.push(event.handle.clone());
        }
        // The first element the person touched stays the answer.
        if target.is_some() {
            self.target = target;
        }
    }
}

pub(super) struct Inp<E> {
    /// The longest interactions of this navigation, longest first.
    longest: Vec<Candidate<E>>,
    /// How many interactions there had been when this navigation began.
    earlier_interactions: u64,
    /// The one the value comes from.
    current: Option<Candidate<E>>,
    frames: Frames,
}

impl<E> Default for Inp<E> {
    fn default() -> Self {
        Inp { longest: Vec::new(), earlier_interactions: 0, current: None, frames: Frames::default() }
    }
}

impl<E: Clone> Inp<E> {
    fn add(&mut self, event: &Rc<Entry<E>>) {
        let frame = self.frames.add(event);
        // Moves, scrolls and hovers have none.
        if event.id == 0.0 {
            return;
        }
        if let Some(known) = self.longest.iter_mut().find(|known| known.event.id == event.id) {
            known.merge(event, frame);
        } else if self.longest.len() < MAX_LONGEST
            || self.longest.last().is_some_and(|shortest| event.duration > shortest.event.duration)
        {
            self.longest.push(Candidate::new(event, frame));
        } else {
            return;
        }
        sort_ascending(&mut self.longest, |candidate| -candidate.event.duration);
        self.longest.truncate(MAX_LONGEST);
    }

    /// Takes the 98th percentile as the value.
    fn update(&mut self, desk: &mut Desk<'_, E>) {
        let count = desk.page.interactions.saturating_sub(self.earlier_interactions);
        let forgiven = (count / INTERACTIONS_PER_OUTLIER) as usize;
        let index = forgiven.min(self.longest.len().saturating_sub(1));
        let is_begun_anew = matches!(
            desk.metric.navigation.kind,
            NavigationType::SoftNavigation | NavigationType::BackForwardCache
        );
        match self.longest.get(index) {
            Some(candidate) => {
                let id = candidate.event.id;
                let is_current = self.current.as_ref().is_some_and(|current| current.event.id == id);
                let latency = candidate.event.duration;
                // Of equals the one reported stays, though its later events may have joined it.
                if latency != desk.metric.value || is_current {
                    desk.metric.value = latency;
                    self.current = Some(candidate.clone());
                }
            }
            None if count > 0 && is_begun_anew => {
                desk.metric.value = UNSEEN_MS;
                self.current = None;
            }
            None => {}
        }
    }

    fn forget(&mut self, page: &Page) {
        self.longest.clear();
        self.current = None;
        self.earlier_interactions = page.interactions;
    }
}

impl<E: Clone> Rule<E> for Inp<E> {
    fn observes(&self, options: Options) -> &'static [EntryType] {
        if options.soft_navigations {
            &[EntryType::Event, EntryType::FirstInput, EntryType::SoftNavigation]
        } else {
            &[EntryType::Event, EntryType::FirstInput]
        }
    }

    fn entry(&mut self, entry: &Rc<Entry<E>>, desk: &mut Desk<'_, E>) {
        if entry.kind == EntryType::SoftNavigation {
            self.update(desk);
            desk.report(self, true, true);
            self.forget(desk.page);
            desk.begin_soft(-1.0, entry);
        } else {
            self.add(entry);
        }
    }

    fn on(&mut self, moment: &Moment<'_, E>, desk: &mut Desk<'_, E>) {
        match moment {
            Moment::Delivered => {
                self.update(desk);
                let (longest, current) = (&self.longest, &self.current);
                self.frames.tidy(&|id| longest.iter().chain(current).any(|candidate| candidate.frame == id));
                desk.report(self, false, false);
            }
            Moment::Leaving => desk.report(self, true, false),
            Moment::Restored => {
                self.forget(desk.page);
                desk.begin_restored(-1.0);
            }
            _ => {}
        }
    }

    fn takes_records(&self) -> bool {
        true
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let found = self.current.as_ref().and_then(|c| Some((c, self.frames.get(c.frame)?)));
        let Some((current, frame)) = found else {
            // One too quick for the browser to give an entry: all of it is presentation.
            let mut attribution = Attribution::of([f64::NAN, f64::NAN, 0.0, 0.0, metric.value]);
            attribution.load_state = Some(page.load_state(metric.navigation.start_time));
            return (Vec::new(), attribution);
        };
        let event = &current.event;
        let time = event.start_time;
        // A handler of the same frame may have been running when the person acted.
        let processing_start = frame.processing_start.max(time);
        // Durations are rounded and may end before processing began.
        let next_paint_time = (time + event.duration).max(processing_start);
        // A modal dialog can hold a handler beyond the paint
        // (<https://github.com/GoogleChrome/web-vitals/issues/492>).
        let processing_end = frame.processing_end.min(next_paint_time);
        let mut attribution = Attribution::of([
            time,
            next_paint_time,
            processing_start - time,
            processing_end - processing_start,
            next_paint_time - processing_end,
        ]);
        attribution.target = current.target.clone();
        attribution.is_keyboard = Some(event.is_keyboard());
        attribution.load_state = Some(page.load_state(time));
        let mut handles = vec![event.handle.clone()];
        handles.extend_from_slice(&current.others);
        (handles, attribution)
    }
}
