//! What a metric or a list of sessions is asked: the window of time, the segment, and how much of the answer.

use std::collections::BTreeMap;

use chatvitals::metrics::{Interval, Options, Range, Segment, Window};
use serde::Deserialize;

use crate::clock;
use crate::fault::Fault;

/// Rows a breakdown may list at most.
const MOST_ROWS: usize = 1000;

/// The parameters of a question, each taken out by the one who reads it. What nobody has taken is refused: a misspelt
/// filter would answer another question. A parameter without a value was not given, as forms send them.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Question(BTreeMap<String, String>);

impl Question {
    /// The value of a parameter.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).filter(|value| !value.is_empty())
    }

    /// Refuses what is left. The token was for the guard.
    pub fn finish(mut self) -> Result<(), Fault> {
        self.0.remove("token");
        match self.0.into_keys().next() {
            Some(name) => Err(Fault::bad_request(format!("there is no parameter `{name}` here"))),
            None => Ok(()),
        }
    }

    /// What a metric is asked at `now`.
    pub fn options(mut self, now: i64) -> Result<Options, Fault> {
        let defaults = Options::default();
        let options = Options {
            window: self.window(now)?,
            segment: self.segment(),
            interval: self.one_of("interval", &[("hour", Interval::Hour), ("day", Interval::Day)])?,
            group_by_category: self
                .one_of("groupByCategory", &[("true", true), ("false", false)])?
                .unwrap_or(defaults.group_by_category),
            limit: self.limit(MOST_ROWS)?.unwrap_or(defaults.limit),
        };
        self.finish()?;
        Ok(options)
    }

    /// The window asked about at `now`, unless the question brings its own; the last 24 hours when it names no time.
    pub fn window(&mut self, now: i64) -> Result<Window, Fault> {
        const RANGES: [(&str, Range); 3] = [("24h", Range::Day), ("7d", Range::Week), ("30d", Range::Month)];
        let now = self.instant("now")?.unwrap_or(now);
        let (from, to) = (self.instant("from")?, self.instant("to")?);
        match self.one_of("range", &RANGES)? {
            Some(_) if from.or(to).is_some() => {
                Err(Fault::bad_request("give either `range` or `from` and `to`, not both"))
            }
            Some(range) => Ok(range.until(now)),
            None if from.or(to).is_none() => Ok(Range::Day.until(now)),
            None if from.zip(to).is_some_and(|(from, to)| from > to) => {
                Err(Fault::bad_request("`from` must not be after `to`"))
            }
            None => Ok(Window { from, to }),
        }
    }

    /// The sessions asked about.
    pub fn segment(&mut self) -> Segment {
        Segment { device: self.take("device"), campaign: self.take("campaign"), route: self.take("route") }
    }

    /// `limit`, from 1 to `most`.
    pub fn limit(&mut self, most: usize) -> Result<Option<usize>, Fault> {
        let Some(text) = self.take("limit") else { return Ok(None) };
        match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => Ok(Some(limit)),
            _ => Err(Fault::bad_request(format!(
                "`limit` must be a whole number from 1 to {most}, got {text}"
            ))),
        }
    }

    /// One of a few words, and what it means.
    pub fn one_of<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Fault> {
        let Some(text) = self.take(name) else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let names = names.join(", ");
                Err(Fault::bad_request(format!("`{name}` must be one of {names}, got {text}")))
            }
        }
    }

    fn instant(&mut self, name: &str) -> Result<Option<i64>, Fault> {
        let Some(text) = self.take(name) else { return Ok(None) };
        clock::parse_query(&text).map(Some).ok_or_else(|| {
            Fault::bad_request(format!("`{name}` must be ISO 8601 or milliseconds, got {text}"))
        })
    }
}
