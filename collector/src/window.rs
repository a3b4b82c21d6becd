//! The stretch of time a question is about: `range=24h`, or `since=` and `until=`.

use serde::Deserialize;

use crate::clock::{self, DAY, HOUR, MINUTE};
use crate::fault::Fault;

const RANGES: [(&str, i64); 5] =
    [("5m", 5 * MINUTE), ("1h", HOUR), ("24h", DAY), ("7d", 7 * DAY), ("30d", 30 * DAY)];

/// The parameters of a query that say when.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    range: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

/// A stretch of time, in milliseconds since the epoch: `since` is in it, `until` is not; absent means without end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Its start.
    pub since: Option<i64>,
    /// Its end.
    pub until: Option<i64>,
}

impl Window {
    /// The first instant in it and the first one behind it, as numbers.
    pub fn bounds(self) -> (i64, i64) {
        (self.since.unwrap_or(0), self.until.unwrap_or(i64::MAX))
    }
}

impl Wanted {
    /// The same question, about `range` when it names no time at all.
    pub fn or_range(self, range: &str) -> Self {
        if self.range.is_some() || self.since.is_some() || self.until.is_some() {
            return self;
        }
        Self { range: Some(range.to_owned()), ..self }
    }

    /// The range's name, when there is one.
    pub fn range(&self) -> Option<&str> {
        self.range.as_deref()
    }

    /// The window as of `now`.
    pub fn window(&self, now: i64) -> Result<Window, Fault> {
        let since = instant("since", self.since.as_deref())?;
        let until = instant("until", self.until.as_deref())?;
        match self.range() {
            Some(_) if since.or(until).is_some() => {
                Err(Fault::bad_request("give either `range` or `since` and `until`, not both"))
            }
            // Not cut off at now: a client's clock may be a few seconds ahead.
            Some(range) => Ok(Window { since: Some(now - length_of(range)?), until: None }),
            None if since.zip(until).is_some_and(|(since, until)| since > until) => {
                Err(Fault::bad_request("`since` must not be after `until`"))
            }
            None => Ok(Window { since, until }),
        }
    }
}

fn instant(name: &str, text: Option<&str>) -> Result<Option<i64>, Fault> {
    text.map(|text| {
        clock::parse_query(text).ok_or_else(|| {
            Fault::bad_request(format!("`{name}` must be ISO 8601 or milliseconds, got {text}"))
        })
    })
    .transpose()
}

fn length_of(range: &str) -> Result<i64, Fault> {
    RANGES.iter().find(|(name, _)| *name == range).map(|(_, length)| *length).ok_or_else(|| {
        let names = RANGES.map(|(name, _)| name).join(", ");
        Fault::bad_request(format!("`range` must be one of {names}, got {range}"))
    })
}
