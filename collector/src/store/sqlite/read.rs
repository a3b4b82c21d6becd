//! Reading events back.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::store::{Cursor, EventFilter, Page, StoredEvent};

/// A page ends after this many bytes of events even when its limit allows more, so that no answer grows without bound.
const PAGE_BYTES: usize = 8 << 20;

/// The events of `filter`, newest first.
pub fn events(connection: &Connection, filter: &EventFilter) -> rusqlite::Result<Page> {
    let (conditions, values) = conditions(filter);
    // One more than asked: it tells whether there is a next page.
    let sql = format!(
        "SELECT seq, at, body FROM events {conditions} ORDER BY at DESC, seq DESC LIMIT {}",
        filter.limit + 1
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut page = Page::default();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        if page.events.len() == filter.limit || bytes > PAGE_BYTES {
            page.next = page.events.last().map(|last: &StoredEvent| Cursor { at: last.at, seq: last.seq });
            break;
        }
        let event = stored_event(row)?;
        bytes += event.body.len();
        page.events.push(event);
    }
    Ok(page)
}

/// The events stored after `seq`, in the order they were stored.
pub fn after(connection: &Connection, seq: i64, limit: usize) -> rusqlite::Result<Vec<StoredEvent>> {
    let mut statement =
        connection.prepare_cached("SELECT seq, at, body FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    bounded(statement.query((seq, limit as i64))?)
}

/// The events of one session, ascending by time and then id.
pub fn session(connection: &Connection, session: &str, limit: usize) -> rusqlite::Result<Vec<StoredEvent>> {
    let mut statement = connection
        .prepare_cached("SELECT seq, at, body FROM events WHERE session_id = ?1 ORDER BY at, id LIMIT ?2")?;
    bounded(statement.query((session, limit as i64))?)
}

fn bounded(mut rows: rusqlite::Rows<'_>) -> rusqlite::Result<Vec<StoredEvent>> {
    let mut events = Vec::new();
    let mut bytes = 0;
    while bytes <= PAGE_BYTES
        && let Some(row) = rows.next()?
    {
        let event = stored_event(row)?;
        bytes += event.body.len();
        events.push(event);
    }
    Ok(events)
}

fn stored_event(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent { seq: row.get(0)?, at: row.get(1)?, body: row.get(2)? })
}

/// The WHERE clause of `filter` and its values; only conditions that are asked for, so that each finds its index.
fn conditions(filter: &EventFilter) -> (String, Vec<Value>) {
    let mut clauses = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut require = |clause: &'static str, wanted: Option<Value>| {
        if let Some(value) = wanted {
            clauses.push(clause);
            values.push(value);
        }
    };
    require("at >= ?", filter.window.since.map(Value::from));
    require("at < ?", filter.window.until.map(Value::from));
    require("type = ?", filter.kind.clone().map(Value::from));
    require("session_id = ?", filter.session.clone().map(Value::from));
    require("path = ?", filter.path.clone().map(Value::from));
    if let Some(cursor) = filter.before {
        clauses.push("(at, seq) < (?, ?)");
        values.extend([Value::from(cursor.at), Value::from(cursor.seq)]);
    }
    if clauses.is_empty() {
        return (String::new(), values);
    }
    (format!("WHERE {}", clauses.join(" AND ")), values)
}
