//! The numbers of the live dashboard.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::clock::{self, MINUTE};
use crate::store::{Delivery, MinuteCount, PageCount, Summary, TypeCount};
use crate::window::Window;

const TOP_PAGES: i64 = 10;
const TIMELINE_MINUTES: i64 = 60;
const ACTIVE_MINUTES: i64 = 5;

/// A stretch of time as the queries want it: from the first bound on, before the second.
type Bounds = (i64, i64);

/// The numbers of a window, as of `now`.
pub fn summary(connection: &Connection, window: Window, now: i64) -> rusqlite::Result<Summary> {
    let bounds = window.bounds();
    let count =
        |sql: &str, bounds: Bounds| connection.prepare_cached(sql)?.query_row(bounds, |row| row.get(0));
    let (avg_engaged_ms, avg_scroll_percent) = closed_views(connection, bounds)?;
    Ok(Summary {
        visitors: count("SELECT count(DISTINCT visitor) FROM events WHERE at >= ?1 AND at < ?2", bounds)?,
        sessions: count(SESSIONS, bounds)?,
        views: count(
            "SELECT count(*) FROM events WHERE type = 'page_view' AND at >= ?1 AND at < ?2",
            bounds,
        )?,
        active_now: count(SESSIONS, (now - ACTIVE_MINUTES * MINUTE, i64::MAX))?,
        events_per_minute: events_per_minute(connection, bounds, now)?,
        top_pages: top_pages(connection, bounds)?,
        by_type: by_type(connection, bounds)?,
        avg_engaged_ms,
        avg_scroll_percent,
        delivery: delivery(connection, bounds)?,
    })
}

const SESSIONS: &str = "SELECT count(DISTINCT session_id) FROM events WHERE at >= ?1 AND at < ?2";

fn events_per_minute(
    connection: &Connection,
    (since, until): Bounds,
    now: i64,
) -> rusqlite::Result<Vec<MinuteCount>> {
    let last = (until - 1).min(now) / MINUTE;
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

fn top_pages(connection: &Connection, bounds: Bounds) -> rusqlite::Result<Vec<PageCount>> {
    let mut statement = connection.prepare_cached(
        "SELECT path, count(*) AS views, count(DISTINCT visitor) FROM events
         WHERE type = 'page_view' AND at >= ?1 AND at < ?2 AND path IS NOT NULL
         GROUP BY path ORDER BY views DESC, path LIMIT ?3",
    )?;
    let pages = statement.query_map(params![bounds.0, bounds.1, TOP_PAGES], |row| {
        Ok(PageCount { path: row.get(0)?, views: row.get(1)?, visitors: row.get(2)? })
    })?;
    pages.collect()
}

fn by_type(connection: &Connection, bounds: Bounds) -> rusqlite::Result<Vec<TypeCount>> {
    let mut statement = connection.prepare_cached(
        "SELECT type, count(*) AS events FROM events WHERE at >= ?1 AND at < ?2 GROUP BY type ORDER BY events DESC, type LIMIT 100",
    )?;
    let types = statement.query_map(bounds, |row| Ok(TypeCount { kind: row.get(0)?, count: row.get(1)? }))?;
    types.collect()
}

/// Means over the views that were closed: engaged milliseconds and percent scrolled. A value that is no number is
/// left out rather than read as 0.
fn closed_views(connection: &Connection, bounds: Bounds) -> rusqlite::Result<(Option<f64>, Option<f64>)> {
    let mut statement = connection.prepare_cached(
        "SELECT avg(CASE WHEN json_type(body, '$.properties.engagedMs') IN ('integer', 'real')
                    THEN json_extract(body, '$.properties.engagedMs') END),
                avg(CASE WHEN json_type(body, '$.properties.maxScrollPercent') IN ('integer', 'real')
                    THEN json_extract(body, '$.properties.maxScrollPercent') END)
         FROM events WHERE type = 'page_leave' AND at >= ?1 AND at < ?2",
    )?;
    statement.query_row(bounds, |row| Ok((row.get(0)?, row.get(1)?)))
}

fn delivery(connection: &Connection, bounds: Bounds) -> rusqlite::Result<Delivery> {
    let mut totals = connection.prepare_cached(
        "SELECT count(*), coalesce(sum(captured), 0), coalesce(sum(sent), 0), coalesce(sum(lost), 0),
                coalesce(sum(retried), 0)
         FROM tracker_stats WHERE updated_at >= ?1 AND updated_at < ?2",
    )?;
    let mut reasons = connection.prepare_cached(
        "SELECT key, sum(value) FROM tracker_stats, json_each(dropped) WHERE updated_at >= ?1 AND updated_at < ?2 GROUP BY key LIMIT 100",
    )?;
    let dropped =
        reasons.query_map(bounds, |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    totals.query_row(bounds, |row| {
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
