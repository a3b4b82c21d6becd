//! What went on in one stretch of five minutes, all sessions together: added up as sessions come, taken back when one has changed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

use super::slice::{Mean, STEP, Slice};
use crate::clock::MINUTE;

/// One stretch.
#[derive(Debug, Default, PartialEq)]
pub struct Traffic {
    /// Events by minute of the stretch.
    minutes: BTreeMap<u8, i64>,
    types: BTreeMap<String, i64>,
    routes: HashMap<String, Route>,
    visitors: Count,
    /// Sessions, by hash of the id.
    sessions: HashSet<u64, Hashed>,
    engaged: Mean,
    scrolled: Mean,
}

#[derive(Debug, Default, PartialEq)]
struct Route {
    views: i64,
    visitors: Count,
}

/// How often each visitor was there.
type Count = HashMap<i64, i64, Hashed>;

/// The hash of what is a hash already, and one that nobody outside can foresee.
type Hashed = BuildHasherDefault<AsItIs>;

/// Passes an integer through.
#[derive(Debug, Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn write_i64(&mut self, number: i64) {
        self.0 = number as u64;
    }
}

impl Traffic {
    /// Adds what a session did in this stretch.
    pub fn add(&mut self, session: Option<&str>, slice: &Slice) {
        self.sessions.extend(session.map(hash));
        self.sum(slice, 1);
    }

    /// Takes back what was added.
    pub fn remove(&mut self, session: Option<&str>, slice: &Slice) {
        if let Some(id) = session {
            self.sessions.remove(&hash(id));
        }
        self.sum(slice, -1);
        self.minutes.retain(|_, count| *count != 0);
        self.types.retain(|_, count| *count != 0);
        self.visitors.retain(|_, count| *count != 0);
        self.routes.retain(|_, route| {
            route.visitors.retain(|_, count| *count != 0);
            route.views != 0
        });
    }

    fn sum(&mut self, slice: &Slice, times: i64) {
        for (minute, events) in &slice.minutes {
            *self.minutes.entry(*minute).or_default() += i64::from(*events) * times;
        }
        for (kind, events) in &slice.types {
            match self.types.get_mut(kind) {
                Some(count) => *count += i64::from(*events) * times,
                None => drop(self.types.insert(kind.clone(), i64::from(*events) * times)),
            }
        }
        for visitor in &slice.visitors {
            *self.visitors.entry(*visitor).or_default() += times;
        }
        for (path, visitor, views) in &slice.views {
            if !self.routes.contains_key(path) {
                self.routes.insert(path.clone(), Route::default());
            }
            if let Some(route) = self.routes.get_mut(path) {
                route.views += i64::from(*views) * times;
                if let Some(visitor) = visitor {
                    *route.visitors.entry(*visitor).or_default() += times;
                }
            }
        }
        self.engaged.add(slice.engaged, times);
        self.scrolled.add(slice.scrolled, times);
    }

    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.minutes.is_empty()
    }

    /// From when to when things happened, to the minute: ms within the stretch, the end not included.
    pub fn extent(&self) -> Option<(i64, i64)> {
        let (first, _) = self.minutes.first_key_value()?;
        let (last, _) = self.minutes.last_key_value()?;
        Some((i64::from(*first) * MINUTE, (i64::from(*last) + 1) * MINUTE))
    }
}

fn hash(session: &str) -> u64 {
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    KEYS.hash_one(session)
}

/// Several stretches together.
#[derive(Debug, Default)]
pub struct Totals<'t> {
    /// Engaged time of the closed views, ms.
    pub engaged: Mean,
    /// How far they were scrolled, %.
    pub scrolled: Mean,
    types: HashMap<&'t str, i64>,
    routes: HashMap<&'t str, i64>,
    visitors: HashSet<i64, Hashed>,
    sessions: HashSet<u64, Hashed>,
    all: Vec<(i64, &'t Traffic)>,
}

impl<'t> Totals<'t> {
    /// Adds the stretch that starts at `step`.
    pub fn add(&mut self, step: i64, traffic: &'t Traffic) {
        for (kind, events) in &traffic.types {
            *self.types.entry(kind).or_default() += events;
        }
        for (path, route) in &traffic.routes {
            *self.routes.entry(path).or_default() += route.views;
        }
        self.visitors.extend(traffic.visitors.keys());
        self.sessions.extend(&traffic.sessions);
        self.engaged.add(traffic.engaged, 1);
        self.scrolled.add(traffic.scrolled, 1);
        self.all.push((step, traffic));
    }

    /// Events by minute (minutes since the epoch), of the stretches from `since` (ms) on.
    pub fn minutes(&self, since: i64) -> HashMap<i64, i64> {
        let mut minutes = HashMap::new();
        for (step, traffic) in self.all.iter().filter(|(step, _)| *step + STEP > since) {
            for (minute, events) in &traffic.minutes {
                *minutes.entry(step / MINUTE + i64::from(*minute)).or_default() += events;
            }
        }
        minutes
    }

    /// Distinct visitors.
    pub fn visitors(&self) -> usize {
        self.visitors.len()
    }

    /// Distinct sessions.
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Events of that type.
    pub fn count(&self, kind: &str) -> i64 {
        self.types.get(kind).copied().unwrap_or(0)
    }

    /// The `most` frequent types with their events.
    pub fn types(&self, most: usize) -> Vec<(&'t str, i64)> {
        largest(&self.types, most)
    }

    /// The `most` viewed routes with their views and distinct visitors.
    pub fn routes(&self, most: usize) -> Vec<(&'t str, i64, usize)> {
        let visitors = |path: &str| {
            let with_it = self.all.iter().filter_map(|(_, traffic)| traffic.routes.get(path));
            with_it.flat_map(|route| route.visitors.keys()).collect::<HashSet<_, Hashed>>().len()
        };
        let routes = largest(&self.routes, most);
        routes.into_iter().map(|(path, views)| (path, views, visitors(path))).collect()
    }
}

/// The `most` largest, largest first, equal ones by name.
pub fn largest<'t>(counts: &HashMap<&'t str, i64>, most: usize) -> Vec<(&'t str, i64)> {
    let mut all: Vec<(&str, i64)> = counts.iter().map(|(name, count)| (*name, *count)).collect();
    all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use chatvitals::metrics::Properties;

    use super::*;
    use crate::answers::slice::Happening;

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        let slice = |visitor, engaged| {
            let mut slice = Slice::default();
            let properties = Properties { engaged_ms: Some(engaged), ..Properties::default() };
            for (at, kind) in [(1, "page_view"), (70_000, "page_leave")] {
                let properties = &properties;
                slice.add(&Happening { at, kind, path: Some("/a"), visitor: Some(visitor), properties });
            }
            slice
        };
        let (one, two) = (slice(1, 0.1), slice(2, 1e9));
        let mut alone = Traffic::default();
        alone.add(Some("one"), &one);
        let mut both = Traffic::default();
        both.add(Some("one"), &one);
        both.add(Some("two"), &two);
        both.remove(Some("two"), &two);
        assert_eq!(both, alone);
        assert_eq!(both.extent(), Some((0, 120_000)));
        both.remove(Some("one"), &one);
        assert_eq!(both, Traffic::default());
    }
}
