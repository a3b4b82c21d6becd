//! The numbers of the live dashboard.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::clock::{self, MINUTE};
use crate::store::{Delivery, MinuteCount, PageCount, Summary, TypeCount};

const TOP_PAGES: i64 = 10;
const TIMELINE_MINUTES: i64 = 60;
const ACTIVE_MINUTES: i64 = 5;

/// The numbers of the window from `since` to `now`.
pub fn summary(connection: &Connection, since: i64, now: i64) -> rusqlite::Result<Summary> {
    let count = |sql: &str, from: i64| connection.prepare_cached(sql)?.query_row([from], |row| row.get(0));
    let (avg_engaged_ms, avg_scroll_percent) = closed_views(connection, since)?;
    Ok(Summary {
        visitors: count("SELECT count(DISTINCT visitor) FROM events WHERE at >= ?1", since)?,
        sessions: count(ACTIVE_SESSIONS, since)?,
        views: count("SELECT count(*) FROM events WHERE type = 'page_view' AND at >= ?1", since)?,
        active_now: count(ACTIVE_SESSIONS, now - ACTIVE_MINUTES * MINUTE)?,
        events_per_minute: events_per_minute(connection, since, now)?,
        top_pages: top_pages(connection, since)?,
        by_type: by_type(connection, since)?,
        avg_engaged_ms,
        avg_scroll_percent,
        delivery: delivery(connection, since)?,
    })
}

const ACTIVE_SESSIONS: &str = "SELECT count(DISTINCT session_id) FROM events WHERE at >= ?1";

fn events_per_minute(connection: &Connection, since: i64, now: i64) -> rusqlite::Result<Vec<MinuteCount>> {
    let last = now / MINUTE;
    let first = (since / MINUTE + 1).max(last - TIMELINE_MINUTES + 1);
    let mut statement = connection
        .prepare_cached("SELECT at / 60000, count(*) FROM events WHERE at >= ?1 AND at < ?2 GROUP BY 1")?;
    let counted: BTreeMap<i64, i64> = statement
        .query_map([first * MINUTE, (last + 1) * MINUTE], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let minutes = first..=last;
    Ok(minutes
        .map(|minute| MinuteCount {
            minute: clock::format_iso(minute * MINUTE),
            count: counted.get(&minute).copied().unwrap_or(0),
        })
        .collect())
}

fn top_pages(connection: &Connection, since: i64) -> rusqlite::Result<Vec<PageCount>> {
    let mut statement = connection.prepare_cached(
        "SELECT path, count(*) AS views, count(DISTINCT visitor) FROM events
         WHERE type = 'page_view' AND at >= ?1 AND path IS NOT NULL
         GROUP BY path ORDER BY views DESC, path LIMIT ?2",
    )?;
    let pages = statement.query_map(params![since, TOP_PAGES], |row| {
        Ok(PageCount { path: row.get(0)?, views: row.get(1)?, visitors: row.get(2)? })
    })?;
    pages.collect()
}

fn by_type(connection: &Connection, since: i64) -> rusqlite::Result<Vec<TypeCount>> {
    let mut statement = connection.prepare_cached(
        "SELECT type, count(*) AS events FROM events WHERE at >= ?1 GROUP BY type ORDER BY events DESC, type LIMIT 100",
    )?;
    let types =
        statement.query_map([since], |row| Ok(TypeCount { kind: row.get(0)?, count: row.get(1)? }))?;
    types.collect()
}

/// Means over the views that were closed: engaged milliseconds and percent scrolled. A value that is no number is
/// left out rather than read as 0.
fn closed_views(connection: &Connection, since: i64) -> rusqlite::Result<(Option<f64>, Option<f64>)> {
    let mut statement = connection.prepare_cached(
        "SELECT avg(CASE WHEN json_type(body, '$.properties.engagedMs') IN ('integer', 'real')
                    THEN json_extract(body, '$.properties.engagedMs') END),
                avg(CASE WHEN json_type(body, '$.properties.maxScrollPercent') IN ('integer', 'real')
                    THEN json_extract(body, '$.properties.maxScrollPercent') END)
         FROM events WHERE type = 'page_leave' AND at >= ?1",
    )?;
    statement.query_row([since], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn delivery(connection: &Connection, since: i64) -> rusqlite::Result<Delivery> {
    let mut totals = connection.prepare_cached(
        "SELECT count(*), coalesce(sum(captured), 0), coalesce(sum(sent), 0), coalesce(sum(lost), 0),
                coalesce(sum(retried), 0)
         FROM tracker_stats WHERE updated_at >= ?1",
    )?;
    let mut reasons = connection.prepare_cached(
        "SELECT key, sum(value) FROM tracker_stats, json_each(dropped) WHERE updated_at >= ?1 GROUP BY key LIMIT 100",
    )?;
    let dropped =
        reasons.query_map([since], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    totals.query_row([since], |row| {
        Ok(Delivery {
            trackers: row.get(0)?,
            captured: row.get(1)?,
            sent: row.get(2)?,
            lost: row.get(3)?,
            retried: row.get(4)?,
            dropped,
        })
    })
}
