//! The schema and how an older database becomes the current one.

use rusqlite::{Connection, TransactionBehavior, params};

use super::visits;

/// The steps from an empty file to today's schema; `PRAGMA user_version` counts those already taken.
const MIGRATIONS: [&str; 2] = [include_str!("schema.sql"), include_str!("visits.sql")];

/// Brings the database to today's schema, each step in a transaction of its own.
pub fn migrate(connection: &mut Connection) -> Result<(), String> {
    let found: u32 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|error| format!("its schema version cannot be read: {error}"))?;
    if found as usize > MIGRATIONS.len() {
        return Err(format!(
            "it was written by a newer collector (schema {found}, this one knows {}); update the collector",
            MIGRATIONS.len()
        ));
    }
    for (number, step) in (1u32..).zip(MIGRATIONS).skip(found as usize) {
        let applied =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
                transaction.execute_batch(step)?;
                transaction.pragma_update(None, "user_version", number)?;
                transaction.commit()
            });
        applied.map_err(|error| format!("schema step {number} failed: {error}"))?;
    }
    Ok(())
}

/// The format of the stored visits. Count it up whenever `answers::Visit`, or anything in it, changes its fields or takes
/// events in differently: every store then gathers its visits anew.
const VISITS_FORMAT: i64 = 2;

/// Events gathered in one transaction.
const GATHERED_AT_ONCE: usize = 20_000;

/// Gathers the visits from the events where they are missing or of another format; says how far it is when that takes
/// long. What was gathered before a crash stays.
pub fn gather_visits(connection: &mut Connection) -> Result<(), String> {
    let explain = |error: rusqlite::Error| format!("its visits cannot be gathered: {error}");
    let (format, gathered): (i64, Option<i64>) = connection
        .query_row("SELECT format, seq FROM visits_state", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(explain)?;
    let mut seq = match (format == VISITS_FORMAT, gathered) {
        (true, None) => return Ok(()),
        (true, Some(seq)) => seq,
        (false, _) => {
            connection.execute("DELETE FROM visits", []).map_err(explain)?;
            0
        }
    };
    let last: i64 = connection
        .query_row("SELECT coalesce(max(seq), 0) FROM events", [], |row| row.get(0))
        .map_err(explain)?;
    let mut left = true;
    while left {
        let step =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
                let next = visits::gather_more(&transaction, seq, GATHERED_AT_ONCE)?;
                transaction
                    .execute("UPDATE visits_state SET format = ?1, seq = ?2", params![VISITS_FORMAT, next])?;
                transaction.commit()?;
                Ok(next)
            });
        match step.map_err(explain)? {
            Some(next) => {
                seq = next;
                eprintln!("gathering visits from the stored events: {} %", seq * 100 / last.max(1));
            }
            None => left = false,
        }
    }
    Ok(())
}
