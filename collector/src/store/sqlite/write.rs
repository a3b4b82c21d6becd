//! Appending batches: one transaction for all that wait.

use rusqlite::{CachedStatement, Connection, TransactionBehavior, params};

use super::visitor;
use crate::store::{Appended, Batch, TrackerStats};

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
        SELECT seq FROM events WHERE at < ?1 AND seq < (SELECT max(seq) FROM events) ORDER BY at LIMIT ?2)";

/// Stores `batches`, numbering new events from `last_seq` on; gives what became of each batch, and the new last number.
pub fn append(
    connection: &mut Connection,
    last_seq: i64,
    batches: &[Batch],
) -> rusqlite::Result<(Vec<Appended>, i64)> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut seq = last_seq;
    let mut appended = Vec::with_capacity(batches.len());
    {
        let mut insert = transaction.prepare_cached(INSERT_EVENT)?;
        for batch in batches {
            let visitor = match &batch.visitor {
                Some(visitor) => Some(visitor::hash(&transaction, visitor, batch.received_at)?),
                None => None,
            };
            appended.push(append_batch(&mut insert, &mut seq, batch, visitor)?);
            if let Some(stats) = &batch.stats {
                keep_stats(&transaction, stats, batch.received_at)?;
            }
        }
    }
    transaction.commit()?;
    Ok((appended, seq))
}

/// Deletes what happened before `before`. The event stored last stays, so that its number is not given out again.
pub fn prune(connection: &mut Connection, before: i64, limit: usize) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let deleted = transaction.prepare_cached(DELETE_EVENTS)?.execute(params![before, limit as i64])?;
    transaction.execute("DELETE FROM tracker_stats WHERE updated_at < ?1", [before])?;
    transaction.commit()?;
    Ok(deleted)
}

fn append_batch(
    insert: &mut CachedStatement<'_>,
    seq: &mut i64,
    batch: &Batch,
    visitor: Option<i64>,
) -> rusqlite::Result<Appended> {
    let mut appended = Appended::default();
    for event in &batch.events {
        let changed = insert.execute(params![
            *seq + 1,
            event.id,
            event.kind,
            event.at,
            batch.received_at,
            event.session_id,
            event.view_id,
            event.path,
            visitor,
            event.body,
        ])?;
        if changed == 0 {
            appended.duplicates += 1;
        } else {
            appended.stored += 1;
            *seq += 1;
        }
    }
    Ok(appended)
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
