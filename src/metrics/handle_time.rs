//! Average handle time: how long conversations took, with and without a human.

use serde::{Deserialize, Serialize};

use super::facts::SessionFacts;
use super::percentile::{ascending, mean, percentile};
use super::series::Tally;
use super::windows::Options;

/// Where the histogram's bins begin, ms: 0 and 30 s, 1, 2, 5, 10, 20, 30 and 60 minutes.
pub const BINS: [u64; 9] = [0, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000];

/// How long conversations took, by who handled them: `human` where a `handoff_converted` was seen, else `bot`.
///
/// A session's time is the `durationMs` of its last `session_ended`, else the time from its first event to its last;
/// of a session with one moment nothing is known. A visit that saw pages and no chat was handled by nobody.
/// Definitions: facts/systems.md 2.5.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_average_handle_time};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "timestamp": 0, "type": "session_ended", "properties": {"durationMs": 60000}},
///     {"sessionId": "b", "timestamp": 1000, "type": "user_message_sent"},
///     {"sessionId": "b", "timestamp": 2000, "type": "handoff_converted"},
///     {"sessionId": "b", "timestamp": 21000, "type": "handoff_completed"}
/// ]"#)?;
/// let time = compute_average_handle_time(&events, &Options::default()).total;
/// assert_eq!((time.bot.mean, time.human.mean), (Some(60_000.0), Some(20_000.0)));
/// assert_eq!((time.all.mean, time.all.median), (Some(40_000.0), Some(40_000.0)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandleTime {
    /// Every conversation.
    pub all: ChannelTime,
    /// Those without a human.
    pub bot: ChannelTime,
    /// Those a human took over.
    pub human: ChannelTime,
}

/// The handle times of one channel, ms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelTime {
    /// Conversations whose time is known.
    pub count: usize,
    /// The mean, ms.
    pub mean: Option<f64>,
    /// The median, ms.
    pub median: Option<f64>,
    /// The 90th percentile, ms.
    pub p90: Option<f64>,
    /// How many conversations fell into each bin.
    pub histogram: Vec<Bin>,
}

/// One bar of a histogram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bin {
    /// The shortest time in it, ms.
    pub from: u64,
    /// The time it ends before, ms; open at the end of the histogram.
    pub to: Option<u64>,
    /// How many.
    pub count: usize,
}

/// [`HandleTime`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HandleTimeTally {
    bot: Vec<f64>,
    human: Vec<f64>,
}

impl Tally for HandleTimeTally {
    type Result = HandleTime;
    type Point = HandleTime;

    fn add(&mut self, session: &SessionFacts) {
        if !session.is_conversation() {
            return;
        }
        let seen =
            session.end.zip(session.start).map(|(end, start)| (end - start) as f64).filter(|ms| *ms > 0.0);
        if let Some(ms) = session.ended.as_ref().map(|ended| ended.value).or(seen) {
            if session.handed_off { &mut self.human } else { &mut self.bot }.push(ms);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.bot.extend(&other.bot);
        self.human.extend(&other.human);
    }

    fn result(&self, _: &Options) -> HandleTime {
        self.point()
    }

    fn point(&self) -> HandleTime {
        HandleTime {
            all: ChannelTime::of(&[&self.bot[..], &self.human].concat()),
            bot: ChannelTime::of(&self.bot),
            human: ChannelTime::of(&self.human),
        }
    }
}

impl ChannelTime {
    fn of(times: &[f64]) -> Self {
        let sorted = ascending(times);
        let below = |limit: u64| sorted.partition_point(|ms| *ms < limit as f64);
        let ends = BINS.iter().skip(1).copied().map(Some).chain([None]);
        let histogram = BINS.iter().zip(ends).map(|(&from, to)| {
            let count = to.map_or(sorted.len(), below) - below(from);
            Bin { from, to, count }
        });
        Self {
            count: sorted.len(),
            mean: mean(&sorted),
            median: percentile(&sorted, 0.5),
            p90: percentile(&sorted, 0.9),
            histogram: histogram.collect(),
        }
    }
}
