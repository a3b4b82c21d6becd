//! The schema and how an older database becomes the current one.

use rusqlite::{Connection, TransactionBehavior};

/// The steps from an empty file to today's schema; `PRAGMA user_version` counts those already taken.
const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];

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
