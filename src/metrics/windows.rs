//! Which sessions a question is about: a window of time, a segment, and the steps of a trend.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::facts::SessionFacts;
use super::lenient;
use super::timestamp::{DAY, HOUR};

/// A stretch of time, both ends included, ms since 1970 UTC; open where there is no end. A session belongs to the
/// window it started in, whole: its later events count even past the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first millisecond in it.
    pub from: Option<i64>,
    /// The last millisecond in it.
    pub to: Option<i64>,
}

impl Window {
    /// Whether something of that time is in it. What has no time is in a window without ends only.
    pub fn contains(&self, time: Option<i64>) -> bool {
        match time {
            Some(time) => self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time <= to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }

    /// The hours (their first ms) of which only a part is in the window: at most the first and the last.
    pub fn cut_hours(&self) -> Vec<i64> {
        let first =
            self.from.map(|from| Interval::Hour.start(from)).filter(|hour| !self.contains(Some(*hour)));
        let last = self
            .to
            .map(|to| Interval::Hour.start(to))
            .filter(|hour| !self.contains(Some(hour.saturating_add(HOUR - 1))));
        let mut hours: Vec<i64> = first.into_iter().chain(last).collect();
        hours.dedup();
        hours
    }
}

/// The windows with a name. Each ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Range {
    /// 24 hours.
    #[serde(rename = "24h")]
    Day,
    /// 7 days.
    #[serde(rename = "7d")]
    Week,
    /// 30 days.
    #[serde(rename = "30d")]
    Month,
}

impl Range {
    /// The window of this length that ends at `now`.
    pub fn until(self, now: i64) -> Window {
        let length = match self {
            Range::Day => DAY,
            Range::Week => 7 * DAY,
            Range::Month => 30 * DAY,
        };
        Window { from: Some(now - length), to: Some(now) }
    }
}

/// The step of a trend. Days are UTC days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// One hour.
    Hour,
    /// One day.
    Day,
}

impl Interval {
    /// Its length, ms.
    pub fn length(self) -> i64 {
        match self {
            Interval::Hour => HOUR,
            Interval::Day => DAY,
        }
    }

    /// When the step that holds `time` starts.
    pub fn start(self, time: i64) -> i64 {
        time.saturating_sub(time.rem_euclid(self.length()))
    }
}

/// Which sessions, whenever they were. Absent: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// On a device of this class.
    pub device: Option<String>,
    /// Brought by this campaign.
    pub campaign: Option<String>,
    /// That saw this route.
    pub route: Option<String>,
}

impl Segment {
    /// Whether the session is one of them.
    pub fn contains(&self, session: &SessionFacts) -> bool {
        let is =
            |wanted: &Option<String>, known: Option<&String>| wanted.is_none() || wanted.as_ref() == known;
        is(&self.device, session.device())
            && is(&self.campaign, session.campaign())
            && self.route.as_deref().is_none_or(|route| session.saw(route))
    }
}

/// What a metric is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The sessions' time.
    pub window: Window,
    /// Which of them.
    pub segment: Segment,
    /// The trend's step; by default hours for windows up to two days, else days.
    pub interval: Option<Interval>,
    /// Revenue by item category too.
    pub group_by_category: bool,
    /// How many groups (routes, conversations, categories) a breakdown lists, largest first.
    pub limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window: Window::default(),
            segment: Segment::default(),
            interval: None,
            group_by_category: false,
            limit: 50,
        }
    }
}

impl Options {
    /// The options for a window.
    pub fn within(window: Window) -> Self {
        Self { window, ..Self::default() }
    }

    /// Whether the session is in the window and the segment.
    pub fn contain(&self, session: &SessionFacts) -> bool {
        self.window.contains(session.start) && self.segment.contains(session)
    }

    /// The trend's step.
    pub fn interval(&self) -> Interval {
        self.interval.unwrap_or(match (self.window.from, self.window.to) {
            (Some(from), Some(to)) if to.saturating_sub(from) <= 2 * DAY => Interval::Hour,
            _ => Interval::Day,
        })
    }
}

/// The options as JavaScript and query strings give them:
/// `{filter: {range: '24h' | '7d' | '30d'}}` or `{filter: {from, to}}`, and `now`, `interval`, `groupByCategory`, `limit`.
/// Times are RFC 3339 text or ms. Unknown fields are an error: a misspelt filter would answer another question.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Query {
    filter: Filter,
    now: Option<Time>,
    interval: Option<Interval>,
    group_by_category: bool,
    limit: Option<usize>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Filter {
    range: Option<Range>,
    from: Option<Time>,
    to: Option<Time>,
    device: Option<String>,
    campaign: Option<String>,
    route: Option<String>,
}

/// A time that was given, if it could be read.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
struct Time(#[serde(deserialize_with = "lenient::time")] Option<i64>);

/// Why options are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryError {
    /// This field holds no time.
    NotATime(&'static str),
    /// Both a range and its ends were given.
    RangeAndEnds,
    /// The window ends before it starts.
    Backwards,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotATime(field) => {
                write!(
                    f,
                    "`{field}` must be an RFC 3339 time such as \"2026-11-20T07:24:33Z\", or ms since 1970"
                )
            }
            Self::RangeAndEnds => {
                f.write_str("give `filter.range`, or `filter.from` and `filter.to`, not both")
            }
            Self::Backwards => f.write_str("`filter.from` must not be after `filter.to`"),
        }
    }
}

impl std::error::Error for QueryError {}

impl Query {
    /// The options meant, where the question is asked at `now` unless it brings its own.
    pub fn resolve(self, now: i64) -> Result<Options, QueryError> {
        let now = read(self.now, "now")?.unwrap_or(now);
        let (from, to) = (read(self.filter.from, "filter.from")?, read(self.filter.to, "filter.to")?);
        let window = match self.filter.range {
            Some(_) if from.is_some() || to.is_some() => return Err(QueryError::RangeAndEnds),
            Some(range) => range.until(now),
            None => Window { from, to },
        };
        if window.from.zip(window.to).is_some_and(|(from, to)| from > to) {
            return Err(QueryError::Backwards);
        }
        let defaults = Options::default();
        Ok(Options {
            window,
            segment: Segment {
                device: self.filter.device,
                campaign: self.filter.campaign,
                route: self.filter.route,
            },
            interval: self.interval,
            group_by_category: self.group_by_category,
            limit: self.limit.unwrap_or(defaults.limit),
        })
    }
}

fn read(time: Option<Time>, field: &'static str) -> Result<Option<i64>, QueryError> {
    match time {
        Some(Time(None)) => Err(QueryError::NotATime(field)),
        Some(Time(known)) => Ok(known),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(json: &str) -> Result<Options, String> {
        let query: Query = serde_json::from_str(json).map_err(|error| error.to_string())?;
        query.resolve(1_000 * DAY).map_err(|error| error.to_string())
    }

    #[test]
    fn a_range_ends_now_and_ends_are_taken_as_given() {
        let week = resolve(r#"{"filter": {"range": "7d"}}"#).unwrap();
        assert_eq!(week.window, Window { from: Some(993 * DAY), to: Some(1_000 * DAY) });
        assert_eq!(week.interval(), Interval::Day);
        let day = resolve(r#"{"filter": {"range": "24h"}, "now": "1970-01-03T00:00:00Z"}"#).unwrap();
        assert_eq!(day.window, Window { from: Some(DAY), to: Some(2 * DAY) });
        assert_eq!(day.interval(), Interval::Hour);
        let ends = resolve(r#"{"filter": {"from": 5, "to": "1970-01-01T00:00:01Z"}}"#).unwrap();
        assert_eq!(ends.window, Window { from: Some(5), to: Some(1000) });
        assert_eq!(resolve("{}").unwrap(), Options::default());
    }

    #[test]
    fn mistakes_are_named() {
        for (json, wanted) in [
            (r#"{"filter": {"range": "5d"}}"#, "`24h`, `7d`, `30d`"),
            (r#"{"filter": {"rnage": "7d"}}"#, "rnage"),
            (r#"{"filter": {"range": "7d", "to": 5}}"#, "not both"),
            (r#"{"filter": {"from": "yesterday"}}"#, "`filter.from` must be"),
            (r#"{"filter": {"from": 2, "to": 1}}"#, "must not be after"),
            (r#"{"now": {}}"#, "`now` must be"),
        ] {
            let error = resolve(json).expect_err(json);
            assert!(error.contains(wanted), "{json}: {error}");
        }
    }

    #[test]
    fn what_has_no_time_is_only_in_a_window_without_ends() {
        assert!(Window::default().contains(None));
        assert!(!Window { from: Some(0), to: None }.contains(None));
        assert!(Window { from: Some(1), to: Some(2) }.contains(Some(2)));
        assert!(!Window { from: Some(1), to: Some(2) }.contains(Some(3)));
    }
}
