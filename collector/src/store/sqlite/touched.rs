//! The visits that a transaction changes: found or begun, added to, written, and told to the answers once it is durable.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Connection;

use super::visits;
use crate::answers::{Change, Key, Open, Visit};
use crate::store::Event;

/// Visits that are kept open. Each answer counts them one by one, so they must not be too many; sites have fewer visits
/// at a time than this, or so many that a quiet one seldom comes back.
const MOST_OPEN: usize = 2048;

/// The changed visits by key.
#[derive(Default)]
pub struct Touched(BTreeMap<Key, (Visit, Before)>);

/// What a visit was before the transaction.
enum Before {
    New,
    Open,
    /// Settled, and counted like this.
    Settled(Arc<Visit>),
}

impl Touched {
    /// Adds a new event to its visit.
    pub fn add(
        &mut self,
        connection: &Connection,
        open: &Open,
        event: &Event,
        visitor: Option<i64>,
    ) -> rusqlite::Result<()> {
        let session = event.session_id.as_deref();
        let key = visits::key_of(session, &event.id);
        if !self.0.contains_key(&key) {
            let found = match (session, open.get(&key)) {
                (None, _) => (Visit::new(None), Before::New),
                (_, Some(visit)) => (Visit::clone(visit), Before::Open),
                (_, None) => match visits::load(connection, &key)? {
                    Some(visit) => (visit.clone(), Before::Settled(visit.into())),
                    None => (Visit::new(session), Before::New),
                },
            };
            self.0.insert(key.clone(), found);
        }
        if let Some((visit, _)) = self.0.get_mut(&key) {
            visit.add(&visits::event_of(event), event.at, visitor);
        }
        Ok(())
    }

    /// Writes the visits, within the transaction of their events.
    pub fn save(&self, connection: &Connection) -> rusqlite::Result<()> {
        self.0.iter().try_for_each(|(key, (visit, _))| visits::save(connection, key, visit))
    }

    /// What has changed, once the transaction is durable. The open visits are brought up to date.
    pub fn changes(self, open: &mut Open) -> Vec<Change> {
        let mut changes = Vec::with_capacity(self.0.len());
        for (key, (visit, before)) in self.0 {
            let visit = Arc::new(visit);
            if let Before::Settled(counted) = before {
                changes.push(Change::Outdated(counted));
            }
            if visit.facts.is_session() {
                open.put(key.clone(), visit.clone());
                changes.push(Change::Opened(key, visit));
            } else {
                changes.push(Change::Added(visit));
            }
        }
        changes.extend(open.shrink(MOST_OPEN).into_iter().map(Change::Settled));
        changes
    }
}

/// Gathers the visits of deleted events anew from what is left of them, within the transaction that deleted them. The
/// answer brings the open visits up to date, once that is durable, and says what has changed.
pub fn after_deletion(
    connection: &Connection,
    open: &Open,
    keys: BTreeSet<Key>,
) -> rusqlite::Result<impl FnOnce(&mut Open) -> Vec<Change> + use<>> {
    let mut gathered = Vec::new();
    for key in keys {
        let counted = match open.get(&key) {
            Some(_) => None,
            None => visits::load(connection, &key)?,
        };
        let left = visits::gather(connection, &key)?;
        match &left {
            Some(visit) => visits::save(connection, &key, visit)?,
            None => visits::delete(connection, &key)?,
        }
        gathered.push((key, counted, left.map(Arc::new)));
    }
    Ok(move |open: &mut Open| {
        let mut changes = Vec::new();
        for (key, counted, left) in gathered {
            let was_open = open.get(&key).is_some();
            changes.extend(counted.map(|visit| Change::Outdated(visit.into())));
            match (left, was_open) {
                (Some(visit), true) => {
                    open.put(key.clone(), visit.clone());
                    changes.push(Change::Opened(key, visit));
                }
                (Some(visit), false) => changes.push(Change::Added(visit)),
                (None, true) => {
                    open.take(&key);
                    changes.push(Change::Gone(key));
                }
                (None, false) => {}
            }
        }
        changes
    })
}
