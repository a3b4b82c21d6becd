//! Customer satisfaction, on five points.

use serde::{Deserialize, Serialize};

use super::facts::SessionFacts;
use super::percentile::ratio;
use super::series::Tally;
use super::windows::Options;

/// A rating on five points: `score / maxScore × 5`, where `maxScore` is 5 when absent. `None` for a score outside
/// 0 to `maxScore`, and for a `maxScore` over a million: they are mistakes and not opinions.
pub fn five_points(score: Option<f64>, max_score: Option<f64>) -> Option<f64> {
    let max = max_score.unwrap_or(5.0);
    // Multiplied first: 4 of 5 is then exactly 4.
    score
        .filter(|score| max > 0.0 && (0.0..=max).contains(score) && max <= 1e6)
        .map(|score| score * 5.0 / max)
}

/// What visitors think of their conversation. Only the last rating of a session counts. Definitions:
/// facts/systems.md 2.5.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_csat};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "timestamp": 1, "type": "csat_submitted", "properties": {"score": 1, "maxScore": 5}},
///     {"sessionId": "a", "timestamp": 2, "type": "csat_submitted", "properties": {"score": 5, "maxScore": 5}},
///     {"sessionId": "b", "timestamp": 3, "type": "csat_submitted", "properties": {"score": 6, "maxScore": 10}},
///     {"sessionId": "c", "timestamp": 4, "type": "user_message_sent"}
/// ]"#)?;
/// let csat = compute_csat(&events, &Options::default()).total;
/// assert_eq!(csat.average, Some(4.0)); // of 5 and 3
/// assert_eq!(csat.distribution, [0, 0, 1, 0, 1]);
/// assert_eq!(csat.satisfied_share, Some(0.5));
/// assert_eq!(csat.response_rate, Some(2.0 / 3.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Csat {
    /// The mean of `score / maxScore × 5`.
    pub average: Option<f64>,
    /// Sessions rated 1, 2, 3, 4, 5: the rating rounded, half up; below 1 counts as 1.
    pub distribution: [u64; 5],
    /// Share of the rated that gave 4 or more.
    pub satisfied_share: Option<f64>,
    /// Share of the sessions that rated. A visit that saw pages and no chat had nothing to rate.
    pub response_rate: Option<f64>,
    /// Sessions rated.
    pub rated: u64,
    /// Sessions that could rate.
    pub sessions: u64,
}

/// [`Csat`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CsatTally {
    sessions: u64,
    points: f64,
    distribution: [u64; 5],
    satisfied: u64,
}

impl Tally for CsatTally {
    type Result = Csat;
    type Point = Csat;

    fn add(&mut self, session: &SessionFacts) {
        if !session.is_conversation() {
            return;
        }
        self.sessions += 1;
        if let Some(rating) = &session.rating {
            let points = rating.value;
            self.points += points;
            self.distribution[points.round().max(1.0) as usize - 1] += 1;
            self.satisfied += u64::from(points >= 4.0);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.points += other.points;
        self.satisfied += other.satisfied;
        for (count, more) in self.distribution.iter_mut().zip(other.distribution) {
            *count += more;
        }
    }

    fn result(&self, _: &Options) -> Csat {
        self.point()
    }

    fn point(&self) -> Csat {
        let rated = self.distribution.iter().sum();
        Csat {
            average: ratio(self.points, rated as f64),
            distribution: self.distribution,
            satisfied_share: ratio(self.satisfied as f64, rated as f64),
            response_rate: ratio(rated as f64, self.sessions as f64),
            rated,
            sessions: self.sessions,
        }
    }
}
