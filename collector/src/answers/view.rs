//! One segment's sessions, counted: the metrics' tallies by the hour a session started in, and traffic by the
//! five minutes in which things happened.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chatvitals::metrics::{Options, Segment, Window};

use super::metric::{Metric, Tallies};
use super::slice::step_of;
use super::traffic::Traffic;
use super::visit::Visit;
use crate::clock::HOUR;

/// The settled sessions of a segment. What was added can be taken back: traffic by subtraction, tallies by counting
/// their hour anew when it is next asked for.
#[derive(Default)]
pub struct View {
    segment: Segment,
    tallies: Tallies,
    traffic: BTreeMap<i64, Traffic>,
    /// When the first and the last session of an hour started.
    starts: BTreeMap<i64, (i64, i64)>,
    /// Hours whose tallies have to be counted anew.
    outdated: BTreeSet<i64>,
    /// How many sessions saw a route, were on a device, came by a campaign.
    names: [HashMap<String, i64>; 3],
}

impl View {
    /// A view of nothing yet.
    pub fn new(segment: Segment) -> Self {
        Self { segment, ..Self::default() }
    }

    /// Whose sessions are counted.
    pub fn segment(&self) -> &Segment {
        &self.segment
    }

    /// Counts a session in, unless it belongs to another segment.
    pub fn add(&mut self, visit: &Visit) {
        if !self.segment.contains(&visit.facts) {
            return;
        }
        let hour = hour_of(visit.start());
        if !self.outdated.contains(&hour) {
            self.tallies.add(&visit.facts);
            self.widen(hour, visit.start());
        }
        for (step, slice) in &visit.steps {
            self.traffic.entry(*step).or_default().add(visit.facts.id.as_deref(), slice);
        }
        self.name(visit, 1);
    }

    /// Takes a session back that was counted in as it is given here.
    pub fn remove(&mut self, visit: &Visit) {
        if !self.segment.contains(&visit.facts) {
            return;
        }
        self.outdated.insert(hour_of(visit.start()));
        for (step, slice) in &visit.steps {
            let traffic = self.traffic.entry(*step).or_default();
            traffic.remove(visit.facts.id.as_deref(), slice);
            if traffic.is_empty() {
                self.traffic.remove(step);
            }
        }
        self.name(visit, -1);
    }

    /// The hours that have to be counted anew before the window can be answered.
    pub fn outdated(&self, window: &Window) -> Vec<i64> {
        let touched = |hour: &i64| {
            window.from.is_none_or(|from| from < *hour + HOUR) && window.to.is_none_or(|to| *hour <= to)
        };
        self.outdated.iter().copied().filter(touched).collect()
    }

    /// Counts an hour anew: `visits` are all settled sessions that started in it.
    pub fn recount(&mut self, hour: i64, mut visits: Vec<Visit>) {
        visits.retain(|visit| self.segment.contains(&visit.facts));
        self.tallies.replace(hour, &visits);
        self.outdated.remove(&hour);
        self.starts.remove(&hour);
        for visit in &visits {
            self.widen(hour, visit.start());
        }
    }

    /// The hours of the window of which only some sessions are inside, so that their tallies cannot be used.
    pub fn cut_hours(&self, window: &Window) -> Vec<i64> {
        let whole = |hour: &i64| match self.starts.get(hour) {
            Some((first, last)) => window.contains(Some(*first)) && window.contains(Some(*last)),
            None => true,
        };
        window.cut_hours().into_iter().filter(|hour| !whole(hour)).collect()
    }

    /// The report of a metric, as JSON: the hours without those `left_out`, and `others`, which are in the window.
    pub fn report(
        &self,
        metric: Metric,
        left_out: &[i64],
        others: &[Arc<Visit>],
        options: &Options,
    ) -> serde_json::Result<String> {
        self.tallies.report(metric, left_out, others, options)
    }

    /// What went on from `since` on and before `until`, by stretch, those at both ends whole.
    pub fn traffic(&self, since: i64, until: i64) -> impl Iterator<Item = (i64, &Traffic)> {
        let first = step_of(since);
        self.traffic.range(first..until.max(first)).map(|(step, traffic)| (*step, traffic))
    }

    /// Routes, devices and campaigns with the number of their sessions.
    pub fn names(&self) -> &[HashMap<String, i64>; 3] {
        &self.names
    }

    fn widen(&mut self, hour: i64, start: i64) {
        let (first, last) = self.starts.entry(hour).or_insert((start, start));
        *first = start.min(*first);
        *last = start.max(*last);
    }

    fn name(&mut self, visit: &Visit, times: i64) {
        for (counts, names) in self.names.iter_mut().zip(visit.names()) {
            for name in names {
                match counts.get_mut(name) {
                    Some(count) => *count += times,
                    None => drop(counts.insert(name.to_owned(), times)),
                }
            }
        }
    }
}

/// The start of the hour that holds an instant.
pub fn hour_of(at: i64) -> i64 {
    at - at.rem_euclid(HOUR)
}
