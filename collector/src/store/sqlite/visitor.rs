//! Counting visitors without knowing them: a hash whose salt is thrown away every day.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::clock::DAY;
use crate::store::Visitor;

/// The visitor's hash for the day of `received_at` (UTC): the same all day, and tomorrow no longer computable.
pub fn hash(connection: &Connection, visitor: &Visitor, received_at: i64) -> rusqlite::Result<i64> {
    let salt = salt_of_day(connection, received_at / DAY)?;
    let digest = Sha256::new()
        .chain_update(&salt)
        .chain_update(visitor.address.to_canonical().to_string())
        .chain_update(b"\n")
        .chain_update(&visitor.user_agent)
        .finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Ok(i64::from_be_bytes(first))
}

/// Today's salt, made from SQLite's generator of random bytes, which the system seeds.
fn salt_of_day(connection: &Connection, day: i64) -> rusqlite::Result<Vec<u8>> {
    let kept = connection
        .prepare_cached("SELECT salt FROM visitor_salt WHERE day >= ?1")?
        .query_row([day], |row| row.get(0))
        .optional()?;
    if let Some(salt) = kept {
        return Ok(salt);
    }
    connection.query_row(
        "INSERT INTO visitor_salt (only, day, salt) VALUES (1, ?1, randomblob(32))
         ON CONFLICT (only) DO UPDATE SET day = excluded.day, salt = excluded.salt
         RETURNING salt",
        params![day],
        |row| row.get(0),
    )
}
