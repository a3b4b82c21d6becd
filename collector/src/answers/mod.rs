//! Answers: the numbers of the dashboard, kept ready while events come in.
//!
//! The walk: stored events → one [`Visit`] for each session → a [`View`] for each segment asked about. The store keeps
//! every visit beside its events, in the same transaction, so that the two never disagree. Visits that are still
//! changing are *open*: each answer counts them by themselves. When there are too many of them, the one that was quiet
//! for longest is *settled*: counted into its hour, once. An event that comes after that takes the visit out again.

mod metric;
mod open;
mod slice;
mod traffic;
mod view;
mod visit;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chatvitals::metrics::{Segment, Window};

pub use metric::Metric;
pub use open::{Key, Open};
pub use slice::{Happening, Mean, STEP, Slice, step_of};
pub use traffic::{Totals, Traffic, largest};
pub use view::{View, hour_of};
pub use visit::{Listed, Visit};

/// Segments kept beside everything. Counting one for the first time takes about a second for a million events.
const MOST_SEGMENTS: usize = 4;

/// What a stored transaction changed.
pub enum Change {
    /// A visit began or went on.
    Opened(Key, Arc<Visit>),
    /// An open visit is to be counted into its hour.
    Settled(Key),
    /// An open visit is no more: its events were deleted.
    Gone(Key),
    /// A visit that was never open is to be counted.
    Added(Arc<Visit>),
    /// A settled visit is no longer as it was counted.
    Outdated(Arc<Visit>),
}

/// Everything that is counted.
#[derive(Default)]
pub struct Counted {
    /// The visits that are still changing.
    pub open: Open,
    /// All sessions first, then the segments asked about, the newest last.
    views: Vec<View>,
}

impl Counted {
    /// The view of a segment, if it is counted.
    pub fn view(&self, segment: &Segment) -> Option<&View> {
        self.views.iter().find(|view| view.segment() == segment)
    }

    /// The same, to be changed.
    pub fn view_mut(&mut self, segment: &Segment) -> Option<&mut View> {
        self.views.iter_mut().find(|view| view.segment() == segment)
    }

    /// Keeps a view that was counted, in place of the oldest segment when there are too many.
    pub fn keep(&mut self, view: View) {
        if *view.segment() == Segment::default() {
            self.views.insert(0, view);
            return;
        }
        let segments = self.views.iter().filter(|view| *view.segment() != Segment::default()).count();
        if segments >= MOST_SEGMENTS
            && let Some(oldest) = self.views.iter().position(|view| *view.segment() != Segment::default())
        {
            self.views.remove(oldest);
        }
        self.views.push(view);
    }

    /// Whether the window can be answered for the segment.
    fn is_ready(&self, segment: &Segment, window: &Window) -> bool {
        self.view(segment).is_some_and(|view| view.outdated(window).is_empty())
    }

    fn apply(&mut self, change: Change) {
        let views = &mut self.views;
        match change {
            Change::Opened(key, visit) => self.open.put(key, visit),
            Change::Gone(key) => drop(self.open.take(&key)),
            Change::Settled(key) => {
                if let Some(visit) = self.open.take(&key) {
                    views.iter_mut().for_each(|view| view.add(&visit));
                }
            }
            Change::Added(visit) => views.iter_mut().for_each(|view| view.add(&visit)),
            Change::Outdated(visit) => views.iter_mut().for_each(|view| view.remove(&visit)),
        }
    }
}

/// What is counted, and the changes that wait to be. Whoever stores never waits for whoever asks: changes are left at
/// the door, and the next question takes them in.
#[derive(Default)]
pub struct Answers {
    changes: Mutex<Vec<Change>>,
    counted: RwLock<Counted>,
}

impl Answers {
    /// Takes note of what a transaction changed. Call it in the order of the transactions.
    pub fn note(&self, changes: Vec<Change>) {
        let waiting = {
            let mut waiting = self.changes();
            waiting.extend(changes);
            waiting.len()
        };
        // Usually nobody is asking; then they need not wait for somebody who does.
        if waiting > 0
            && let Ok(mut counted) = self.counted.try_write()
        {
            self.take_in(&mut counted);
        }
    }

    /// What is counted, with every change up to now; `prepare` first counts what the window of the segment lacks.
    pub fn ready<E>(
        &self,
        segment: &Segment,
        window: &Window,
        prepare: impl FnOnce(&mut Counted) -> Result<(), E>,
    ) -> Result<RwLockReadGuard<'_, Counted>, E> {
        {
            let counted = self.counted.read().unwrap_or_else(PoisonError::into_inner);
            if self.changes().is_empty() && counted.is_ready(segment, window) {
                return Ok(counted);
            }
        }
        let mut counted = self.counted.write().unwrap_or_else(PoisonError::into_inner);
        self.take_in(&mut counted);
        if !counted.is_ready(segment, window) {
            prepare(&mut counted)?;
        }
        Ok(RwLockWriteGuard::downgrade(counted))
    }

    /// Counts the changes that wait.
    pub fn take_in(&self, counted: &mut Counted) {
        let changes = std::mem::take(&mut *self.changes());
        changes.into_iter().for_each(|change| counted.apply(change));
    }

    fn changes(&self) -> MutexGuard<'_, Vec<Change>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
