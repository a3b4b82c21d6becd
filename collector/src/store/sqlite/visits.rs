//! Visits as rows: written with their events, read by the answers.

use std::collections::BTreeMap;

use chatvitals::metrics::{Event, Segment};
use rusqlite::types::{Type, Value};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::answers::{Key, Listed, Visit};
use crate::store::{Event as Arrived, SessionCursor, SessionFilter, SessionPage};

const SAVE: &str = "
    INSERT INTO visits (key, session, first_at, last_at, chatted, device, campaign, routes, known)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (key) DO UPDATE SET
        first_at = excluded.first_at, last_at = excluded.last_at, chatted = excluded.chatted,
        device = excluded.device, campaign = excluded.campaign, routes = excluded.routes, known = excluded.known";

/// The key of an event's visit.
pub fn key_of(session: Option<&str>, event: &str) -> Key {
    match session {
        Some(session) => format!("s{session}").into(),
        None => format!("e{event}").into(),
    }
}

/// What the metrics read in an event.
pub fn event_of(arrived: &Arrived) -> Event {
    read_event(&arrived.body, arrived.at).unwrap_or_else(|| Event {
        id: Some(arrived.id.clone()),
        kind: Some(arrived.kind.clone()),
        timestamp: Some(arrived.at),
        session_id: arrived.session_id.clone(),
        view_id: arrived.view_id.clone(),
        path: arrived.path.clone(),
        ..Event::default()
    })
}

/// `None` for JSON that names a property twice: it passed as JSON when it came, but it says two things.
pub fn read_event(body: &str, at: i64) -> Option<Event> {
    let event: Event = serde_json::from_str(body).ok()?;
    Some(Event { timestamp: Some(at), ..event })
}

/// Writes a visit.
pub fn save(connection: &Connection, key: &str, visit: &Visit) -> rusqlite::Result<()> {
    let known = postcard::to_stdvec(visit)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let [routes, ..] = visit.names();
    let facts = &visit.facts;
    connection.prepare_cached(SAVE)?.execute(params![
        key,
        facts.id,
        visit.start(),
        visit.end(),
        facts.chatted(),
        facts.device(),
        facts.campaign(),
        between_line_feeds(&routes),
        known,
    ])?;
    Ok(())
}

/// Forgets a visit.
pub fn delete(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM visits WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// The visit, if it is known.
pub fn load(connection: &Connection, key: &str) -> rusqlite::Result<Option<Visit>> {
    let mut statement = connection.prepare_cached("SELECT known FROM visits WHERE key = ?1")?;
    statement.query_row([key], |row| decode(row, 0)).optional()
}

/// The visit as its stored events make it; `None` without any.
pub fn gather(connection: &Connection, key: &str) -> rusqlite::Result<Option<Visit>> {
    let (kind, id) = key.split_at(1);
    let session = (kind == "s").then_some(id);
    let column = if session.is_some() { "session_id" } else { "id" };
    let sql = format!(
        "SELECT at, visitor, id, type, session_id, view_id, path, body FROM events WHERE {column} = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    let mut visit = None;
    while let Some(row) = rows.next()? {
        let (event, visitor) = arrived(row)?;
        visit.get_or_insert_with(|| Visit::new(session)).add(&event_of(&event), event.at, visitor);
    }
    Ok(visit)
}

/// Gathers the visits of the events behind `seq`, so many at once; gives the last one's place, `None` behind the end.
pub fn gather_more(connection: &Connection, seq: i64, limit: usize) -> rusqlite::Result<Option<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT at, visitor, id, type, session_id, view_id, path, body, seq FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query(params![seq, limit as i64])?;
    let mut visits: BTreeMap<Key, Visit> = BTreeMap::new();
    let mut last = None;
    while let Some(row) = rows.next()? {
        let (event, visitor) = arrived(row)?;
        let session = event.session_id.as_deref();
        let key = key_of(session, &event.id);
        let mut visit = match visits.remove(&key) {
            Some(visit) => visit,
            None => load(connection, &key)?.unwrap_or_else(|| Visit::new(session)),
        };
        visit.add(&event_of(&event), event.at, visitor);
        visits.insert(key, visit);
        last = Some(row.get(8)?);
    }
    for (key, visit) in &visits {
        save(connection, key, visit)?;
    }
    Ok(last)
}

/// Gives every visit of the segment that started within the bounds (the second not included) to `take`. The segment is
/// matched by its columns, so a visit too many may come.
pub fn each(
    connection: &Connection,
    segment: &Segment,
    (since, until): (i64, i64),
    mut take: impl FnMut(&str, Visit),
) -> rusqlite::Result<()> {
    let (conditions, segment) = conditions(segment);
    let sql = format!("SELECT key, known FROM visits WHERE first_at >= ? AND first_at < ?{conditions}");
    let mut statement = connection.prepare_cached(&sql)?;
    let values = [Value::from(since), Value::from(until)].into_iter().chain(segment);
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        take(row.get_ref(0)?.as_str()?, decode(row, 1)?);
    }
    Ok(())
}

/// A page of the list of sessions, newest first.
pub fn page(connection: &Connection, filter: &SessionFilter) -> rusqlite::Result<SessionPage> {
    let (conditions, segment) = conditions(&filter.segment);
    let mut sql = String::from(
        "SELECT known FROM visits WHERE session IS NOT NULL AND first_at >= ? AND first_at <= ?",
    );
    let (from, to) = (filter.window.from.unwrap_or(i64::MIN), filter.window.to.unwrap_or(i64::MAX));
    let mut values = vec![Value::from(from), Value::from(to)];
    sql.push_str(&conditions);
    values.extend(segment);
    if filter.with_chat {
        sql.push_str(" AND chatted");
    }
    if let Some(SessionCursor { start, session }) = &filter.before {
        sql.push_str(" AND (first_at, session) < (?, ?)");
        values.extend([Value::from(*start), Value::from(session.clone())]);
    }
    sql.push_str(" ORDER BY first_at DESC, session DESC");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut page = SessionPage::default();
    while let Some(row) = rows.next()? {
        if page.sessions.len() == filter.limit {
            let last = page.sessions.last();
            page.next = last.map(|Listed { start, session_id, .. }| SessionCursor {
                start: *start,
                session: session_id.clone(),
            });
            break;
        }
        page.sessions.extend(decode(row, 0)?.listed());
    }
    Ok(page)
}

/// Conditions that choose the visits of a segment, with their values.
pub fn conditions(segment: &Segment) -> (String, Vec<Value>) {
    let route = segment.route.as_deref().map(|route| between_line_feeds(&[route]));
    let wanted = [
        (" AND device = ?", segment.device.clone()),
        (" AND campaign = ?", segment.campaign.clone()),
        (" AND instr(routes, ?) > 0", route),
    ];
    let (mut clauses, mut values) = (String::new(), Vec::new());
    for (clause, value) in wanted {
        if let Some(value) = value {
            clauses.push_str(clause);
            values.push(value.into());
        }
    }
    (clauses, values)
}

/// A visit in a column.
pub fn decode(row: &Row<'_>, column: usize) -> rusqlite::Result<Visit> {
    let bytes = row.get_ref(column)?.as_blob()?;
    postcard::from_bytes(bytes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error)))
}

/// The route cannot hold a line feed where it came from JSON on one line; one that does is found too often, not never.
fn between_line_feeds(routes: &[&str]) -> String {
    let mut text = String::from("\n");
    for route in routes {
        text.push_str(route);
        text.push('\n');
    }
    text
}

fn arrived(row: &Row<'_>) -> rusqlite::Result<(Arrived, Option<i64>)> {
    let event = Arrived {
        at: row.get(0)?,
        id: row.get(2)?,
        kind: row.get(3)?,
        session_id: row.get(4)?,
        view_id: row.get(5)?,
        path: row.get(6)?,
        body: row.get(7)?,
    };
    Ok((event, row.get(1)?))
}
