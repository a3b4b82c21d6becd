//! Instants as the collector keeps them: milliseconds since the Unix epoch, written as ISO 8601 in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Milliseconds in one minute.
pub const MINUTE: i64 = 60_000;
/// Milliseconds in one hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in one day.
pub const DAY: i64 = 24 * HOUR;

/// The last instant ISO 8601 can write with a four-digit year.
const LATEST: i64 = 253_402_300_799_999;

/// Now, by the server's clock.
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64)
}

/// Reads an ISO 8601 date-time with a zone, such as `2026-11-20T07:24:33.123Z`.
pub fn parse_iso(text: &str) -> Option<i64> {
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    in_range((instant.unix_timestamp_nanos() / 1_000_000) as i64)
}

/// Reads what a person writes into a query: ISO 8601, or milliseconds since the epoch.
pub fn parse_query(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().and_then(in_range).or_else(|| parse_iso(text))
}

/// The instant, if ISO 8601 can write it.
pub fn in_range(ms: i64) -> Option<i64> {
    (0..=LATEST).contains(&ms).then_some(ms)
}

/// Writes an instant as `2026-11-20T07:24:33.123Z`; always 24 characters, so that texts sort like instants.
pub fn format_iso(ms: i64) -> String {
    let ms = ms.clamp(0, LATEST);
    let instant = OffsetDateTime::from_unix_timestamp(ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        instant.year(),
        u8::from(instant.month()),
        instant.day(),
        instant.hour(),
        instant.minute(),
        instant.second(),
        ms % 1000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_survive_a_round_trip() {
        for ms in [0, 1, 951_782_400_000, 1_795_159_473_123, LATEST] {
            assert_eq!(parse_iso(&format_iso(ms)), Some(ms));
        }
    }

    #[test]
    fn zones_are_understood_and_their_absence_is_not_guessed() {
        assert_eq!(parse_iso("2026-11-20T09:24:33.5+02:00"), parse_iso("2026-11-20T07:24:33.500Z"));
        assert_eq!(parse_iso("2026-11-20T07:24:33"), None);
        assert_eq!(parse_iso("yesterday"), None);
    }

    #[test]
    fn a_query_may_use_milliseconds() {
        assert_eq!(parse_query("1795159473123"), Some(1_795_159_473_123));
        assert_eq!(parse_query("-5"), None);
    }
}
