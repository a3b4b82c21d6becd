//! The chat funnel: opened, sent, first token, completed, resolved.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::facts::SessionFacts;
use super::outcome;
use super::percentile::ratio;
use super::series::Tally;
use super::windows::Options;

/// The steps of a chat that goes well, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The chat was opened, or used at all: one that is always open never says so.
    Opened,
    /// The visitor sent a message.
    Sent,
    /// The first token of a response arrived.
    FirstToken,
    /// A response came to its natural end.
    Completed,
    /// The conversation was resolved without a human.
    Resolved,
}

/// The steps in order.
const STEPS: [Step; 5] = [Step::Opened, Step::Sent, Step::FirstToken, Step::Completed, Step::Resolved];

impl Step {
    /// The furthest step an event proves; `None` when it has nothing to do with a chat.
    pub(super) fn shown_by(event: &Event) -> Option<Self> {
        let properties = &event.properties;
        match event.kind() {
            "user_message_sent" | "assistant_response_started" | "turn_abandoned" => Some(Self::Sent),
            "assistant_response_first_token" => Some(Self::FirstToken),
            "assistant_response_completed" if is_natural(event) => Some(Self::Completed),
            "assistant_response_completed" => Some(Self::Sent),
            // Never sampled away, so it knows of turns whose own events were.
            "session_ended" if properties.assistant_turn_count >= Some(1.0) => Some(Self::Completed),
            "session_ended" if properties.user_turn_count >= Some(1.0) => Some(Self::Sent),
            "chat_opened" | "chat_closed" | "message_impression" => Some(Self::Opened),
            "purchase_completed" => None,
            kind if outcome::is_outcome_event(kind) || event.turn_index.is_some() => Some(Self::Opened),
            _ => None,
        }
    }
}

/// Whether a completed response came to its natural end; a client that gives no reason knows of no other.
pub(super) fn is_natural(completed: &Event) -> bool {
    completed.properties.finish_reason.as_deref().is_none_or(|reason| reason == "natural")
}

/// How far chats got. A session counts for a step when that step or a later one was seen: a later one proves the
/// earlier ones, also where their events were sampled away or lost. So no step has more sessions than the one before.
/// *Resolved* is as in [`Deflection`](super::Deflection): resolved and not escalated.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_funnel};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "type": "chat_opened"},
///     {"sessionId": "b", "type": "chat_opened"},
///     {"sessionId": "b", "type": "user_message_sent"},
///     {"sessionId": "b", "type": "assistant_response_first_token"},
///     {"sessionId": "c", "type": "assistant_response_completed", "properties": {"finishReason": "natural"}},
///     {"sessionId": "d", "type": "page_view"}
/// ]"#)?;
/// let counts = compute_funnel(&events, &Options::default()).total.steps.map(|step| step.sessions);
/// assert_eq!(counts, [3, 2, 2, 1, 0]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// The five steps, in order.
    pub steps: [FunnelStep; 5],
}

/// One step of the funnel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunnelStep {
    /// Which.
    pub step: Step,
    /// Sessions that got this far.
    pub sessions: u64,
    /// Their share of all that opened the chat.
    pub from_start: Option<f64>,
    /// Their share of those that reached the step before; of the first step as `fromStart`.
    pub from_previous: Option<f64>,
}

/// [`Funnel`] in the making: sessions by the furthest step they reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelTally([u64; 5]);

impl Tally for FunnelTally {
    type Result = Funnel;
    type Point = Funnel;

    fn add(&mut self, session: &SessionFacts) {
        let resolved = (session.resolved && !session.escalated).then_some(Step::Resolved);
        if let Some(step) = session.reached.max(resolved)
            && session.is_session()
        {
            self.0[step as usize] += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }

    fn result(&self, _: &Options) -> Funnel {
        self.point()
    }

    fn point(&self) -> Funnel {
        let reached = |index: usize| self.0[index..].iter().sum::<u64>();
        Funnel {
            steps: STEPS.map(|step| {
                let index = step as usize;
                let sessions = reached(index);
                FunnelStep {
                    step,
                    sessions,
                    from_start: ratio(sessions as f64, reached(0) as f64),
                    from_previous: ratio(sessions as f64, reached(index.saturating_sub(1)) as f64),
                }
            }),
        }
    }
}
