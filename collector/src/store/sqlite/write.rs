//! Appending batches: one transaction for all that wait.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, TransactionBehavior, params};

use super::touched::{Touched, after_deletion};
use super::{visitor, visits};
use crate::answers::{Change, Key, Open};
use crate::store::{Appended, Batch, Event, TrackerStats};

const INSERT_EVENT: &str = "
    INSERT INTO events (seq, id, type, at, received_at, session_id, view_id, path, visitor, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (id) DO NOTHING";

// Accounts are cumulative, so of two that overtook each other on the way the larger one is the newer one.
const UPSERT_STATS: &str = "
    INSERT INTO tracker_stats (id, captured, sent, lost, retried, dropped, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (id) DO UPDATE SET
        captured = excluded.captured, sent = excluded.sent, lost = excluded.lost,
        retried = excluded.retried, dropped = excluded.dropped, updated_at = excluded.updated_at
    WHERE excluded.captured >= captured AND excluded.sent >= sent";

const DELETE_EVENTS: &str = "
    DELETE FROM events WHERE seq IN (
        SELECT seq FROM events WHERE at < ?1 AND seq < (SELECT max(seq) FROM events) ORDER BY at LIMIT ?2)
    RETURNING session_id, id";

const MORE_TO_DELETE: &str = "
    SELECT 1 FROM events WHERE session_id = ?1 AND at < ?2 AND seq < (SELECT max(seq) FROM events)";

/// What a transaction did.
pub struct Done<T> {
    /// Its answer.
    pub answer: T,
    /// What it changed for the answers.
    pub changes: Vec<Change>,
}

/// Stores `batches` and the visits they change, numbering new events from `last_seq` on; gives what became of each batch,
/// and the new last number.
pub fn append(
    connection: &mut Connection,
    open: &mut Open,
    last_seq: i64,
    batches: &[Batch],
) -> rusqlite::Result<Done<(Vec<Appended>, i64)>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut seq = last_seq;
    let mut appended = Vec::with_capacity(batches.len());
    let mut touched = Touched::default();
    {
        let mut insert = transaction.prepare_cached(INSERT_EVENT)?;
        for batch in batches {
            let visitor = match &batch.visitor {
                Some(visitor) => Some(visitor::hash(&transaction, visitor, batch.received_at)?),
                None => None,
            };
            let mut new = Appended::default();
            for event in &batch.events {
                if insert_event(&mut insert, seq + 1, batch.received_at, event, visitor)? {
                    seq += 1;
                    new.stored += 1;
                    touched.add(&transaction, open, event, visitor)?;
                } else {
                    new.duplicates += 1;
                }
            }
            appended.push(new);
            if let Some(stats) = &batch.stats {
                keep_stats(&transaction, stats, batch.received_at)?;
            }
        }
    }
    touched.save(&transaction)?;
    transaction.commit()?;
    Ok(Done { answer: (appended, seq), changes: touched.changes(open) })
}

/// Deletes what happened before `before`. The event stored last stays, so that its number is not given out again.
pub fn prune(
    connection: &mut Connection,
    open: &mut Open,
    before: i64,
    limit: usize,
) -> rusqlite::Result<Done<usize>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut keys = Vec::new();
    {
        let mut delete = transaction.prepare_cached(DELETE_EVENTS)?;
        let mut deleted = delete.query(params![before, limit as i64])?;
        while let Some(row) = deleted.next()? {
            let session: Option<String> = row.get(0)?;
            keys.push(visits::key_of(session.as_deref(), row.get_ref(1)?.as_str()?));
        }
    }
    let deleted = keys.len();
    let mut touched: BTreeSet<Key> = keys.into_iter().collect();
    if deleted == limit {
        // A visit that loses more with the next call is gathered then, not again and again.
        let mut more = transaction.prepare_cached(MORE_TO_DELETE)?;
        let mut losing = BTreeSet::new();
        for key in &touched {
            if more.exists(params![key.get(1..), before])? {
                losing.insert(key.clone());
            }
        }
        touched.retain(|key| !losing.contains(key));
    }
    let changes = after_deletion(&transaction, open, touched)?;
    transaction.execute("DELETE FROM tracker_stats WHERE updated_at < ?1", [before])?;
    transaction.commit()?;
    Ok(Done { answer: deleted, changes: changes(open) })
}

/// Stores an event unless its id is stored already.
fn insert_event(
    insert: &mut CachedStatement<'_>,
    seq: i64,
    received_at: i64,
    event: &Event,
    visitor: Option<i64>,
) -> rusqlite::Result<bool> {
    let changed = insert.execute(params![
        seq,
        event.id,
        event.kind,
        event.at,
        received_at,
        event.session_id,
        event.view_id,
        event.path,
        visitor,
        event.body,
    ])?;
    Ok(changed > 0)
}

fn keep_stats(connection: &Connection, stats: &TrackerStats, received_at: i64) -> rusqlite::Result<()> {
    let dropped = serde_json::json!(stats.dropped).to_string();
    connection.prepare_cached(UPSERT_STATS)?.execute(params![
        stats.id,
        stats.captured,
        stats.sent,
        stats.lost,
        stats.retried,
        dropped,
        received_at,
    ])?;
    Ok(())
}
