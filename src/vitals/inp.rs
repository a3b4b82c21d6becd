//! Interaction to Next Paint: how long the page makes people wait when they act.
//!
//! The value is close to the longest wait of the visit: of every 50 interactions one outlier is
//! forgiven, which makes it the 98th percentile (<https://web.dev/articles/inp>).

use super::attribution::{Attribution, InpAttribution, Interaction};
use super::entry::{Entry, EntryType, EventTiming, sort_ascending};
use super::frames::Frames;
use super::metric::{Metric, NavigationType};
use super::page::Page;
use super::watch::{Desk, Options, Rule};

/// Enough for the percentile of 500 interactions; beyond those the tenth longest stands in.
const MAX_LONGEST: usize = 10;

const INTERACTIONS_PER_OUTLIER: u64 = 50;

/// What an interaction too short for an entry counts as. Only after a restore or a soft
/// navigation: a load has its `first-input` entry, however short.
const UNSEEN_MS: f64 = 8.0;

/// One interaction: the events of it that took longest.
#[derive(Clone, Debug)]
struct Candidate<E> {
    id: u64,
    latency: f64,
    is_keyboard: bool,
    start_time: f64,
    frame: u32,
    target: Option<String>,
    /// Those of equal duration that began together: at most one per event type.
    entries: Vec<E>,
}

impl<E> Candidate<E> {
    fn new(event: EventTiming<E>, frame: u32) -> Candidate<E> {
        Candidate {
            id: event.interaction_id,
            latency: event.duration,
            is_keyboard: event.is_keyboard,
            start_time: event.start_time,
            frame,
            target: event.target,
            entries: vec![event.entry],
        }
    }

    fn merge(&mut self, event: EventTiming<E>, frame: u32) {
        if event.duration > self.latency {
            let target = self.target.take();
            *self = Candidate::new(event, frame);
            // The first element the person touched stays the answer.
            if target.as_ref().is_some_and(|target| !target.is_empty()) {
                self.target = target;
            }
        } else if event.duration == self.latency && event.start_time == self.start_time {
            if self.target.as_ref().is_none_or(|target| target.is_empty()) {
                self.target = event.target;
            }
            self.entries.push(event.entry);
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
    fn add(&mut self, event: EventTiming<E>) {
        let frame = self.frames.add(&event);
        if event.interaction_id == 0 {
            return;
        }
        if let Some(known) = self.longest.iter_mut().find(|c| c.id == event.interaction_id) {
            known.merge(event, frame);
        } else if self.longest.len() < MAX_LONGEST
            || self.longest.last().is_some_and(|shortest| event.duration > shortest.latency)
        {
            self.longest.push(Candidate::new(event, frame));
        } else {
            return;
        }
        sort_ascending(&mut self.longest, |candidate| -candidate.latency);
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
                let is_current = self.current.as_ref().is_some_and(|current| current.id == candidate.id);
                // Of equals the one reported stays, though its later events may have joined it.
                if candidate.latency != desk.metric.value || is_current {
                    desk.metric.value = candidate.latency;
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

    fn entry(&mut self, entry: Entry<E>, desk: &mut Desk<'_, E>) {
        match entry {
            Entry::Event(event) => self.add(event),
            Entry::SoftNavigation(soft) => {
                self.update(desk);
                desk.report(self, true, true);
                self.forget(desk.page);
                desk.begin_soft(-1.0, &soft);
            }
            _ => {}
        }
    }

    fn delivered(&mut self, desk: &mut Desk<'_, E>) {
        self.update(desk);
        let (longest, current) = (&self.longest, &self.current);
        let is = |id, candidate: &Candidate<E>| candidate.frame == id;
        self.frames.tidy(&|id| {
            longest.iter().any(|candidate| is(id, candidate))
                || current.as_ref().is_some_and(|candidate| is(id, candidate))
        });
        desk.report(self, false, false);
    }

    fn takes_records(&self) -> bool {
        true
    }

    fn leaving(&mut self, desk: &mut Desk<'_, E>) {
        desk.report(self, true, false);
    }

    fn restored(&mut self, desk: &mut Desk<'_, E>) {
        self.forget(desk.page);
        desk.begin_restored(-1.0);
    }

    fn explain(&self, metric: &Metric, page: &Page) -> (Vec<E>, Attribution) {
        let found = self.current.as_ref().and_then(|c| Some((c, self.frames.get(c.frame)?)));
        let Some((current, frame)) = found else {
            let load_state = page.load_state(metric.navigation.start_time);
            let attribution = InpAttribution {
                interaction: None,
                input_delay: 0.0,
                processing_duration: 0.0,
                presentation_delay: metric.value,
                load_state,
            };
            return (Vec::new(), Attribution::Inp(attribution));
        };
        let time = current.start_time;
        // A handler of the same frame may have been running when the person acted.
        let processing_start = frame.processing_start.max(time);
        // Durations are rounded and may end before processing began.
        let next_paint_time = (time + current.latency).max(processing_start);
        // A modal dialog can hold a handler beyond the paint
        // (<https://github.com/GoogleChrome/web-vitals/issues/492>).
        let processing_end = frame.processing_end.min(next_paint_time);
        let interaction = Interaction {
            target: current.target.clone(),
            is_keyboard: current.is_keyboard,
            time,
            next_paint_time,
        };
        let attribution = InpAttribution {
            interaction: Some(interaction),
            input_delay: processing_start - time,
            processing_duration: processing_end - processing_start,
            presentation_delay: next_paint_time - processing_end,
            load_state: page.load_state(time),
        };
        (current.entries.clone(), Attribution::Inp(attribution))
    }
}
