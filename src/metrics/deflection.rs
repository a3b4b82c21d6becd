//! Deflection: conversations the assistant settled, and those that needed a human.

use serde::{Deserialize, Serialize};

use super::facts::SessionFacts;
use super::percentile::ratio;
use super::series::Tally;
use super::windows::Options;

/// How many conversations were kept from a human. Definitions: facts/systems.md 2.5.
///
/// - *escalated*: a `handoff_requested`, or a `resolution_submitted` that says so;
/// - *deflected*: resolved (`resolution_submitted` without escalation, or `resolution_without_escalation`) and not escalated;
/// - *engaged*: at least one `user_message_sent`, or a `session_ended` that counts one (sampling may have dropped the first).
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_deflection_rate};
/// // a is resolved; b is resolved after a handoff, so escalated; c only asked.
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "type": "user_message_sent"},
///     {"sessionId": "a", "type": "resolution_submitted", "properties": {"escalated": false}},
///     {"sessionId": "b", "type": "user_message_sent"},
///     {"sessionId": "b", "type": "handoff_requested"},
///     {"sessionId": "b", "type": "resolution_submitted", "properties": {"escalated": false}},
///     {"sessionId": "c", "type": "user_message_sent"}
/// ]"#)?;
/// let deflection = compute_deflection_rate(&events, &Options::default()).total;
/// assert_eq!(deflection.rate, Some(1.0 / 2.0));
/// assert_eq!(deflection.containment_rate, Some(2.0 / 3.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deflection {
    /// `deflected / (deflected + escalated)`.
    pub rate: Option<f64>,
    /// `(engaged − engaged and escalated) / engaged`.
    pub containment_rate: Option<f64>,
    /// Sessions resolved without a human.
    pub deflected: u64,
    /// Sessions that went to a human, or were meant to.
    pub escalated: u64,
    /// Sessions with a message from the visitor.
    pub engaged: u64,
    /// All sessions.
    pub sessions: u64,
}

/// [`Deflection`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DeflectionTally {
    sessions: u64,
    engaged: u64,
    engaged_escalated: u64,
    deflected: u64,
    escalated: u64,
}

impl Tally for DeflectionTally {
    type Result = Deflection;
    type Point = Deflection;

    fn add(&mut self, session: &SessionFacts) {
        if !session.is_session() {
            return;
        }
        let engaged = session.engaged;
        self.sessions += 1;
        self.engaged += u64::from(engaged);
        self.engaged_escalated += u64::from(engaged && session.escalated);
        self.deflected += u64::from(session.resolved && !session.escalated);
        self.escalated += u64::from(session.escalated);
    }

    fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.engaged += other.engaged;
        self.engaged_escalated += other.engaged_escalated;
        self.deflected += other.deflected;
        self.escalated += other.escalated;
    }

    fn result(&self, _: &Options) -> Deflection {
        self.point()
    }

    fn point(&self) -> Deflection {
        Deflection {
            rate: ratio(self.deflected as f64, (self.deflected + self.escalated) as f64),
            containment_rate: ratio((self.engaged - self.engaged_escalated) as f64, self.engaged as f64),
            deflected: self.deflected,
            escalated: self.escalated,
            engaged: self.engaged,
            sessions: self.sessions,
        }
    }
}
