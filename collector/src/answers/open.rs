//! The visits that are still changing, the one that was quiet for longest first.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::visit::Visit;

/// What a visit is known by: `s` and the session's id, or `e` and the id of an event without a session.
pub type Key = Arc<str>;

/// Open visits in the order in which they last changed.
#[derive(Default)]
pub struct Open {
    visits: HashMap<Key, (u64, Arc<Visit>)>,
    order: BTreeMap<u64, Key>,
    turn: u64,
}

impl Open {
    /// The visit, if it is open.
    pub fn get(&self, key: &str) -> Option<&Arc<Visit>> {
        self.visits.get(key).map(|(_, visit)| visit)
    }

    /// Keeps a visit as the one that changed last.
    pub fn put(&mut self, key: Key, visit: Arc<Visit>) {
        self.turn += 1;
        if let Some((turn, _)) = self.visits.insert(key.clone(), (self.turn, visit)) {
            self.order.remove(&turn);
        }
        self.order.insert(self.turn, key);
    }

    /// Takes a visit out.
    pub fn take(&mut self, key: &str) -> Option<Arc<Visit>> {
        let (turn, visit) = self.visits.remove(key)?;
        self.order.remove(&turn);
        Some(visit)
    }

    /// Takes out the quietest ones, until at most `most` are left.
    pub fn shrink(&mut self, most: usize) -> Vec<Key> {
        let mut quiet = Vec::new();
        while self.visits.len() > most
            && let Some((_, key)) = self.order.pop_first()
        {
            self.visits.remove(&key);
            quiet.push(key);
        }
        quiet
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Visit>> {
        self.visits.values().map(|(_, visit)| visit)
    }
}
