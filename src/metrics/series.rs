//! From facts to answers: tallies that can be merged, kept by the hour.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facts::SessionFacts;
use super::timestamp::HOUR;
use super::windows::{Interval, Options, Window};

/// Tallies by the start of their hour or day. Boxed, so that the maps of all metrics are the same machine code.
pub type Steps<T> = BTreeMap<i64, Box<T>>;

/// A metric in the making. Sessions may be added in any order, and tallies merged in any order, with one result.
pub trait Tally: Default {
    /// The metric of everything added.
    type Result;
    /// The metric as one point of a trend: the result without its breakdowns.
    type Point;

    /// Counts one session in.
    fn add(&mut self, session: &SessionFacts);
    /// Counts in what another tally holds.
    fn merge(&mut self, other: &Self);
    /// The same, as far as [`Tally::point`] looks: a trend need not carry the breakdowns along.
    fn merge_for_point(&mut self, other: &Self) {
        self.merge(other);
    }
    /// The metric.
    fn result(&self, options: &Options) -> Self::Result;
    /// The metric, short.
    fn point(&self) -> Self::Point;

    /// One tally for each step of a trend, from one for each hour.
    fn by_interval<'t>(hours: impl Iterator<Item = (i64, &'t Self)>, interval: Interval) -> Steps<Self>
    where
        Self: 't,
    {
        let mut steps = Steps::<Self>::default();
        for (hour, tally) in hours {
            steps.entry(interval.start(hour)).or_default().merge_for_point(tally);
        }
        steps
    }
}

/// A metric, the window it was asked for, and how it went from step to step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<R, P> {
    /// The metric of the whole window.
    #[serde(flatten)]
    pub total: R,
    /// The window.
    pub window: Window,
    /// The trend's step.
    pub interval: Interval,
    /// Its points in order of time. Every step of a window with two ends has one, else those in which a session started.
    pub trend: Vec<Point<P>>,
}

/// One step of a trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point<P> {
    /// When it starts, ms since 1970 UTC.
    pub start: i64,
    /// The metric of the sessions that started in it.
    #[serde(flatten)]
    pub value: P,
}

/// The report a tally makes.
pub type ReportOf<T> = Report<<T as Tally>::Result, <T as Tally>::Point>;

/// Tallies by the hour in which the sessions started: small enough to keep in memory for months of sessions, and as
/// exact as the events. Where a window cuts through an hour, give it that hour's facts instead of its tally.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series<T> {
    hours: Steps<T>,
    /// Sessions without any time.
    undated: T,
}

impl<T: Default> Default for Series<T> {
    fn default() -> Self {
        Self { hours: Steps::default(), undated: T::default() }
    }
}

impl<T: Tally> Series<T> {
    /// Counts one session in, whatever its window.
    pub fn add(&mut self, session: &SessionFacts) {
        match session.start {
            Some(start) => self.hours.entry(Interval::Hour.start(start)).or_default().add(session),
            None => self.undated.add(session),
        }
    }

    /// Replaces what is known of one hour (any moment in it), after its sessions changed; without any it is no more.
    pub fn replace<'f>(&mut self, hour: i64, sessions: impl IntoIterator<Item = &'f SessionFacts>) {
        let hour = Interval::Hour.start(hour);
        self.hours.remove(&hour);
        for session in sessions {
            self.hours.entry(hour).or_default().add(session);
        }
    }

    /// Counts in what another series holds.
    pub fn merge(&mut self, other: &Self) {
        for (hour, tally) in &other.hours {
            self.hours.entry(*hour).or_default().merge(tally);
        }
        self.undated.merge(&other.undated);
    }

    /// The metric of everything in the series.
    pub fn report(&self, options: &Options) -> ReportOf<T> {
        let hours = self.hours.iter().map(|(hour, tally)| (*hour, &**tally)).collect::<Vec<_>>();
        report(&hours, &[&self.undated], options)
    }

    /// The metric of the window: its whole hours from this series, and the hours that the window cuts through
    /// ([`Window::cut_hours`]) from `edges`, which holds just the sessions inside.
    pub fn report_within(&self, edges: &Self, options: &Options) -> ReportOf<T> {
        self.report_beside(&options.window.cut_hours(), edges, options)
    }

    /// The metric of the window: the hours it touches from this series without those `left_out`, and `others`, which
    /// holds just sessions inside. An hour that the window cuts through may stay when all its sessions are inside.
    pub fn report_beside(&self, left_out: &[i64], others: &Self, options: &Options) -> ReportOf<T> {
        let window = options.window;
        let touched = |hour: i64| {
            window.from.is_none_or(|from| from < hour.saturating_add(HOUR))
                && window.to.is_none_or(|to| hour <= to)
        };
        let inner = self.hours.iter().filter(|(hour, _)| touched(**hour) && !left_out.contains(hour));
        let hours = inner.chain(&others.hours).map(|(hour, tally)| (*hour, &**tally)).collect::<Vec<_>>();
        let undated = if window.contains(None) { vec![&self.undated] } else { Vec::new() };
        report(&hours, &undated, options)
    }
}

fn report<T: Tally>(hours: &[(i64, &T)], undated: &[&T], options: &Options) -> ReportOf<T> {
    let mut total = T::default();
    for tally in undated.iter().chain(hours.iter().map(|(_, tally)| tally)) {
        total.merge(tally);
    }
    let interval = options.interval();
    let mut steps = T::by_interval(hours.iter().copied(), interval);
    for start in steps_of(&options.window, interval) {
        steps.entry(start).or_default();
    }
    Report {
        total: total.result(options),
        window: options.window,
        interval,
        trend: steps.into_iter().map(|(start, tally)| Point { start, value: tally.point() }).collect(),
    }
}

/// Every step of a window with two ends, unless they are more than a chart could show.
fn steps_of(window: &Window, interval: Interval) -> impl Iterator<Item = i64> {
    const MOST: i64 = 1000;
    let steps = window.from.zip(window.to).and_then(|(from, to)| {
        let (first, last) = (interval.start(from), interval.start(to));
        let count = last.checked_sub(first)? / interval.length() + 1;
        (count <= MOST).then_some((first, count))
    });
    let (first, count) = steps.unwrap_or((0, 0));
    (0..count).map(move |step| first + step * interval.length())
}

/// The metric `T` of the sessions that the options choose.
pub fn compute<'f, T: Tally>(
    sessions: impl IntoIterator<Item = &'f SessionFacts>,
    options: &Options,
) -> ReportOf<T> {
    let mut series = Series::<T>::default();
    for session in sessions.into_iter().filter(|session| options.contain(session)) {
        series.add(session);
    }
    series.report(options)
}
