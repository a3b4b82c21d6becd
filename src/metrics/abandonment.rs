//! Abandonment: where visitors gave up on the chat.

use serde::{Deserialize, Serialize};

use super::event::{Event, duration};
use super::facts::SessionFacts;
use super::funnel::Step;
use super::percentile::{Distribution, ratio};
use super::series::Tally;
use super::windows::Options;

/// A turn its visitor did not wait for, as one `turn_abandoned` tells of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Abandoned {
    phase: Option<Phase>,
    waited: Option<f64>,
    /// How many such turns it stands for.
    weight: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    BeforeFirstToken,
    Streaming,
}

impl Abandoned {
    pub fn of(event: &Event) -> Self {
        let phase = match event.properties.phase.as_deref() {
            Some("before_first_token") => Some(Phase::BeforeFirstToken),
            Some("streaming") => Some(Phase::Streaming),
            _ => None,
        };
        Self { phase, waited: duration(event.properties.waited_ms), weight: event.weight() }
    }
}

/// How many turns and chats were given up. Turns are `user_message_sent`; of a session that abandoned more turns than
/// it is known to have sent, the abandoned ones. Sampled events count for those that were dropped, so numbers of turns
/// are estimates where sampling is on.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_abandonment};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "type": "user_message_sent"},
///     {"sessionId": "a", "type": "turn_abandoned", "properties": {"phase": "before_first_token", "waitedMs": 9000}},
///     {"sessionId": "a", "type": "user_message_sent"},
///     {"sessionId": "b", "type": "chat_opened"}
/// ]"#)?;
/// let given_up = compute_abandonment(&events, &Options::default()).total;
/// assert_eq!((given_up.rate, given_up.waited_ms.p50), (Some(0.5), Some(9000.0)));
/// assert_eq!((given_up.never_asked, given_up.never_asked_rate), (1, Some(0.5)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Abandonment {
    /// `abandoned / turns`.
    pub rate: Option<f64>,
    /// Turns sent.
    pub turns: f64,
    /// Turns given up.
    pub abandoned: f64,
    /// Those given up before the first token.
    pub before_first_token: f64,
    /// Those given up while the response streamed.
    pub streaming: f64,
    /// How long their visitors had waited, ms.
    pub waited_ms: Distribution,
    /// Sessions that opened the chat (the funnel's first step).
    pub opened: u64,
    /// Those of them that never sent a message.
    pub never_asked: u64,
    /// `neverAsked / opened`.
    pub never_asked_rate: Option<f64>,
}

/// [`Abandonment`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AbandonmentTally {
    turns: f64,
    abandoned: f64,
    before_first_token: f64,
    streaming: f64,
    waited: Vec<f64>,
    opened: u64,
    never_asked: u64,
}

impl Tally for AbandonmentTally {
    type Result = Abandonment;
    type Point = Abandonment;

    fn add(&mut self, session: &SessionFacts) {
        let weigh = |phase: Option<Phase>| -> f64 {
            session
                .abandoned
                .iter()
                .filter(|turn| phase.is_none() || turn.phase == phase)
                .map(|turn| turn.weight)
                .sum()
        };
        let abandoned = weigh(None);
        self.abandoned += abandoned;
        self.before_first_token += weigh(Some(Phase::BeforeFirstToken));
        self.streaming += weigh(Some(Phase::Streaming));
        self.turns += session.sent.max(abandoned);
        self.waited.extend(session.abandoned.iter().filter_map(|turn| turn.waited));
        if session.is_session() && session.reached.is_some() {
            self.opened += 1;
            self.never_asked += u64::from(session.reached == Some(Step::Opened));
        }
    }

    fn merge(&mut self, other: &Self) {
        self.turns += other.turns;
        self.abandoned += other.abandoned;
        self.before_first_token += other.before_first_token;
        self.streaming += other.streaming;
        self.waited.extend(&other.waited);
        self.opened += other.opened;
        self.never_asked += other.never_asked;
    }

    fn result(&self, _: &Options) -> Abandonment {
        self.point()
    }

    fn point(&self) -> Abandonment {
        Abandonment {
            rate: ratio(self.abandoned, self.turns),
            turns: self.turns,
            abandoned: self.abandoned,
            before_first_token: self.before_first_token,
            streaming: self.streaming,
            waited_ms: Distribution::of(&self.waited),
            opened: self.opened,
            never_asked: self.never_asked,
            never_asked_rate: ratio(self.never_asked as f64, self.opened as f64),
        }
    }
}
