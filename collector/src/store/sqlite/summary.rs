//! The numbers of the live dashboard.

use std::collections::{BTreeMap, HashMap};

use chatvitals::metrics::{Properties, Segment};
use rusqlite::{Connection, params_from_iter};

use super::answers::{NO_TIME, not_counted};
use super::{SqliteStore, visits};
use crate::answers::{Counted, Happening, STEP, Slice, Totals, Traffic, View, Visit, step_of};
use crate::clock::{self, MINUTE};
use crate::store::{Delivery, MinuteCount, PageCount, StoreError, Summary, TypeCount};
use crate::window::Window;

const TOP_PAGES: usize = 10;
const MOST_TYPES: usize = 100;
const TIMELINE_MINUTES: i64 = 60;
const ACTIVE_MINUTES: i64 = 5;

/// A stretch of time: from the first instant on, before the second.
type Bounds = (i64, i64);

/// The numbers of a window, as of `now`, of the sessions in the segment.
pub fn summary(
    store: &SqliteStore,
    window: Window,
    segment: &Segment,
    now: i64,
) -> Result<Summary, StoreError> {
    let bounds = window.bounds();
    let counted = store.counted(segment, &NO_TIME)?;
    let view = counted.view(segment).ok_or_else(not_counted)?;
    let open = traffic_of_open(&counted, segment, bounds);
    let mut parts = BTreeMap::new();
    for step in cut_steps(view, &open, bounds) {
        let part = (bounds.0.max(step), bounds.1.min(step.saturating_add(STEP)));
        parts.insert(step, store.read(|connection| traffic_of_events(connection, &counted, segment, part))?);
    }
    let mut totals = Totals::default();
    let whole = view.traffic(bounds.0, bounds.1).chain(open.iter().map(|(step, traffic)| (*step, traffic)));
    for (step, traffic) in whole.filter(|(step, _)| !parts.contains_key(step)) {
        totals.add(step, traffic);
    }
    for (step, traffic) in &parts {
        totals.add(*step, traffic);
    }
    let active_since = now - ACTIVE_MINUTES * MINUTE;
    let delivery = store.read(|connection| delivery(connection, bounds))?;
    Ok(Summary {
        visitors: totals.visitors() as i64,
        sessions: totals.sessions() as i64,
        views: totals.count("page_view"),
        active_now: store.read(|connection| active(connection, &counted, segment, active_since))?,
        events_per_minute: events_per_minute(&totals, bounds, now),
        top_pages: totals
            .routes(TOP_PAGES)
            .into_iter()
            .map(|(path, views, visitors)| PageCount { path: path.into(), views, visitors: visitors as i64 })
            .collect(),
        by_type: totals
            .types(MOST_TYPES)
            .into_iter()
            .map(|(kind, count)| TypeCount { kind: kind.into(), count })
            .collect(),
        avg_engaged_ms: totals.engaged.value(),
        avg_scroll_percent: totals.scrolled.value(),
        delivery,
    })
}

/// What the open visits did in the stretches that the window touches.
fn traffic_of_open(counted: &Counted, segment: &Segment, (since, until): Bounds) -> BTreeMap<i64, Traffic> {
    let mut steps: BTreeMap<i64, Traffic> = BTreeMap::new();
    let chosen = counted.open.iter().filter(|visit| segment.contains(&visit.facts));
    for visit in chosen {
        for (step, slice) in visit.steps.range(step_of(since)..until.max(step_of(since))) {
            steps.entry(*step).or_default().add(visit.facts.id.as_deref(), slice);
        }
    }
    steps
}

/// The stretches at the window's ends in which something happened outside of it.
fn cut_steps(view: &View, open: &BTreeMap<i64, Traffic>, (since, until): Bounds) -> Vec<i64> {
    let outside = |step: i64, traffic: &Traffic| {
        let extent = traffic.extent();
        extent.is_some_and(|(first, last)| step + first < since || step + last > until)
    };
    let mut steps = vec![step_of(since), step_of(until.saturating_sub(1))];
    steps.dedup();
    steps.retain(|step| {
        let settled = view.traffic(*step, step.saturating_add(1)).any(|(_, traffic)| outside(*step, traffic));
        settled || open.get(step).is_some_and(|traffic| outside(*step, traffic))
    });
    steps
}

/// What happened in a part of a stretch, read from the events.
fn traffic_of_events(
    connection: &Connection,
    counted: &Counted,
    segment: &Segment,
    bounds: Bounds,
) -> rusqlite::Result<Traffic> {
    let mut statement = connection.prepare_cached(
        "SELECT at, type, path, visitor, session_id, id, CASE WHEN type = 'page_leave' THEN body END
         FROM events WHERE at >= ?1 AND at < ?2",
    )?;
    let mut rows = statement.query(bounds)?;
    let mut slices: HashMap<String, Option<(Option<String>, Slice)>> = HashMap::new();
    let (everybody, nothing) = (*segment == Segment::default(), Properties::default());
    while let Some(row) = rows.next()? {
        let session = row.get_ref(4)?.as_str_or_null()?;
        let key = visits::key_of(session, row.get_ref(5)?.as_str()?);
        if !slices.contains_key(&*key) {
            let is_chosen = everybody || is_in(connection, counted, segment, &key)?;
            let slice = is_chosen.then(|| (session.map(str::to_owned), Slice::default()));
            slices.insert(key.to_string(), slice);
        }
        let Some(Some((_, slice))) = slices.get_mut(&*key) else { continue };
        let at = row.get(0)?;
        let left = row.get_ref(6)?.as_str_or_null()?.and_then(|body| visits::read_event(body, at));
        slice.add(&Happening {
            at,
            kind: row.get_ref(1)?.as_str()?,
            path: row.get_ref(2)?.as_str_or_null()?,
            visitor: row.get(3)?,
            properties: left.as_ref().map_or(&nothing, |event| &event.properties),
        });
    }
    let mut traffic = Traffic::default();
    for (session, slice) in slices.values().flatten() {
        traffic.add(session.as_deref(), slice);
    }
    Ok(traffic)
}

fn is_in(connection: &Connection, counted: &Counted, segment: &Segment, key: &str) -> rusqlite::Result<bool> {
    let contains = |visit: &Visit| segment.contains(&visit.facts);
    match counted.open.get(key) {
        Some(visit) => Ok(contains(visit)),
        None => Ok(visits::load(connection, key)?.is_some_and(|visit| contains(&visit))),
    }
}

/// Sessions with an event since then: the open ones, and rows of the others.
fn active(
    connection: &Connection,
    counted: &Counted,
    segment: &Segment,
    since: i64,
) -> rusqlite::Result<i64> {
    let open = counted.open.iter().filter(|visit| visit.end() >= since && segment.contains(&visit.facts));
    let mut active = open.count() as i64;
    let (conditions, mut values) = visits::conditions(segment);
    values.insert(0, since.into());
    let sql = format!("SELECT session FROM visits WHERE session IS NOT NULL AND last_at >= ?{conditions}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let key = visits::key_of(Some(row.get_ref(0)?.as_str()?), "");
        active += i64::from(counted.open.get(&key).is_none());
    }
    Ok(active)
}

fn events_per_minute(totals: &Totals<'_>, (since, until): Bounds, now: i64) -> Vec<MinuteCount> {
    let last = (until - 1).min(now) / MINUTE;
    let first = (since / MINUTE + 1).max(last - TIMELINE_MINUTES + 1);
    let counts = totals.minutes(first * MINUTE);
    let minute = |minute: i64| MinuteCount {
        minute: clock::format_iso(minute * MINUTE),
        count: counts.get(&minute).copied().unwrap_or(0),
    };
    (first..=last).map(minute).collect()
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
