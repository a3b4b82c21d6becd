//! The store's answers: from what is counted, and from the rows of what a window cuts through.

use std::collections::HashMap;
use std::sync::{Arc, RwLockReadGuard};

use chatvitals::metrics::{Options, Segment, Window};
use rusqlite::Connection;

use super::{SqliteStore, held, visits};
use crate::answers::{Answers, Counted, Metric, View, Visit, hour_of, largest};
use crate::clock::HOUR;
use crate::store::{Filters, StoreError};

/// Names that each filter lists.
const MOST_NAMES: usize = 100;

/// The window of those who ask for no tallies.
pub const NO_TIME: Window = Window { from: Some(i64::MAX), to: None };

impl SqliteStore {
    /// What is counted of the segment, with everything that was stored before this call.
    pub(super) fn counted(
        &self,
        segment: &Segment,
        window: &Window,
    ) -> Result<RwLockReadGuard<'_, Counted>, StoreError> {
        self.answers.ready(segment, window, |counted| self.count(counted, segment, window))
    }

    /// Counts what the window of the segment lacks.
    fn count(&self, counted: &mut Counted, segment: &Segment, window: &Window) -> Result<(), StoreError> {
        self.read(|connection| {
            let snapshot = {
                // Nobody writes while the rows and what is counted are brought to the same transaction.
                let _writing = held(&self.writing);
                Answers::take_in(&self.answers, counted);
                let snapshot = connection.unchecked_transaction()?;
                // A transaction sees the database as it was at its first read.
                snapshot.query_row("SELECT only FROM visits_state", [], |_| Ok(()))?;
                snapshot
            };
            match counted.view(segment).map(|view| view.outdated(window)) {
                None => {
                    let view = count_all(&snapshot, counted, segment)?;
                    counted.keep(view);
                }
                Some(hours) => {
                    for hour in hours {
                        let visits = settled(&snapshot, counted, segment, hour, hour + HOUR)?;
                        if let Some(view) = counted.view_mut(segment) {
                            view.recount(hour, visits);
                        }
                    }
                }
            }
            Ok(())
        })
    }

    pub(super) fn report(&self, metric: Metric, options: &Options) -> Result<String, StoreError> {
        let window = &options.window;
        let counted = self.counted(&options.segment, window)?;
        let view = counted.view(&options.segment).ok_or_else(not_counted)?;
        let cut = view.cut_hours(window);
        let inside = |visit: &Visit| options.contain(&visit.facts);
        let mut others: Vec<Arc<Visit>> =
            counted.open.iter().filter(|visit| inside(visit)).cloned().collect();
        for hour in &cut {
            let since = window.from.map_or(*hour, |from| from.max(*hour));
            let until = window.to.map_or(hour + HOUR, |to| to.saturating_add(1).min(hour + HOUR));
            let rows =
                self.read(|connection| settled(connection, &counted, &options.segment, since, until))?;
            others.extend(rows.into_iter().filter(|visit| inside(visit)).map(Arc::new));
        }
        view.report(metric, &cut, &others, options).map_err(|error| StoreError::Failed(error.to_string()))
    }

    pub(super) fn names(&self) -> Result<Filters, StoreError> {
        let everybody = Segment::default();
        let counted = self.counted(&everybody, &NO_TIME)?;
        let view = counted.view(&everybody).ok_or_else(not_counted)?;
        let mut counts = [0, 1, 2].map(|kind| {
            let known = view.names()[kind].iter().filter(|(_, count)| **count > 0);
            known.map(|(name, count)| (name.as_str(), *count)).collect::<HashMap<_, _>>()
        });
        for visit in counted.open.iter() {
            for (counts, names) in counts.iter_mut().zip(visit.names()) {
                names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
            }
        }
        let [routes, devices, campaigns] = counts.map(|counts| {
            largest(&counts, MOST_NAMES).into_iter().map(|(name, _)| name.to_owned()).collect()
        });
        Ok(Filters { routes, devices, campaigns })
    }
}

pub(super) fn not_counted() -> StoreError {
    StoreError::Failed("a segment that was asked for is not counted".into())
}

fn count_all(connection: &Connection, counted: &Counted, segment: &Segment) -> rusqlite::Result<View> {
    let mut view = View::new(segment.clone());
    visits::each(connection, segment, (i64::MIN, i64::MAX), |key, visit| {
        if counted.open.get(key).is_none() {
            view.add(&visit);
        }
    })?;
    Ok(view)
}

/// The settled visits that started from `since` on and before `until`.
fn settled(
    connection: &Connection,
    counted: &Counted,
    segment: &Segment,
    since: i64,
    until: i64,
) -> rusqlite::Result<Vec<Visit>> {
    debug_assert!(hour_of(since) + HOUR >= until, "of one hour");
    let mut found = Vec::new();
    visits::each(connection, segment, (since, until), |key, visit| {
        if counted.open.get(key).is_none() {
            found.push(visit);
        }
    })?;
    Ok(found)
}
