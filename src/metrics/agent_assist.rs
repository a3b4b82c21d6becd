//! Agent-assist: how often the assistant answered and no human had to take over.

use serde::{Deserialize, Serialize};

use super::facts::SessionFacts;
use super::percentile::ratio;
use super::series::Tally;
use super::windows::Options;

/// How many answered conversations stayed with the assistant. *Answered*: at least one
/// `assistant_response_completed` that came to its natural end, or a `session_ended` that counts one; *assisted*:
/// answered without `handoff_converted`. Definitions: facts/systems.md 2.5.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_agent_assist_rate};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "type": "assistant_response_completed", "properties": {"finishReason": "natural"}},
///     {"sessionId": "b", "type": "assistant_response_completed", "properties": {"finishReason": "natural"}},
///     {"sessionId": "b", "type": "handoff_converted"},
///     {"sessionId": "c", "type": "assistant_response_completed", "properties": {"finishReason": "errored"}}
/// ]"#)?;
/// assert_eq!(compute_agent_assist_rate(&events, &Options::default()).total.rate, Some(0.5));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentAssist {
    /// `assisted / answered`.
    pub rate: Option<f64>,
    /// Sessions the assistant answered and no human took over.
    pub assisted: u64,
    /// Sessions the assistant answered.
    pub answered: u64,
}

/// [`AgentAssist`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentAssistTally {
    assisted: u64,
    answered: u64,
}

impl Tally for AgentAssistTally {
    type Result = AgentAssist;
    type Point = AgentAssist;

    fn add(&mut self, session: &SessionFacts) {
        if session.is_session() && session.answered {
            self.answered += 1;
            self.assisted += u64::from(!session.handed_off);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.assisted += other.assisted;
        self.answered += other.answered;
    }

    fn result(&self, _: &Options) -> AgentAssist {
        self.point()
    }

    fn point(&self) -> AgentAssist {
        AgentAssist {
            rate: ratio(self.assisted as f64, self.answered as f64),
            assisted: self.assisted,
            answered: self.answered,
        }
    }
}
