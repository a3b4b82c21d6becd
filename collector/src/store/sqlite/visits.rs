//! Sessions as the answers know them.

use std::collections::BTreeMap;

use chatvitals::metrics::Event;
use rusqlite::Connection;

use crate::answers::Visit;

/// Every session there is.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<Visit>> {
    let mut statement = connection.prepare_cached("SELECT at, visitor, session_id, body FROM events")?;
    let mut rows = statement.query([])?;
    let mut sessions: BTreeMap<String, Visit> = BTreeMap::new();
    let mut others = Vec::new();
    while let Some(row) = rows.next()? {
        let (at, visitor, session): (i64, Option<i64>, Option<String>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let event = event(row.get_ref(3)?.as_str()?, at);
        match session {
            Some(id) => {
                let visit = sessions.entry(id).or_insert_with_key(|id| Visit::new(Some(id)));
                visit.add(&event, at, visitor);
            }
            None => {
                let mut visit = Visit::new(None);
                visit.add(&event, at, visitor);
                others.push(visit);
            }
        }
    }
    Ok(sessions.into_values().chain(others).collect())
}

/// What the metrics read in a stored event.
fn event(body: &str, at: i64) -> Event {
    // Checked when it came in, so only a field named twice deep inside can make it unreadable; it still happened.
    let event: Event = serde_json::from_str(body).unwrap_or_default();
    Event { timestamp: Some(at), ..event }
}
