//! Which visit an event belongs to. Ids and `now` come in as arguments; where the record is kept is not known here.
//!
//! Tabs share one record. A visit that ended is followed by one whose id is *derived* from the record's seed, so that
//! two tabs waking in the same instant name the next visit alike without having to talk to each other first.

use crate::id::{self, Random};
use crate::json;
use crate::text::parts;
use crate::time::Now;

/// When a visit is over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Without activity for this long, ms.
    pub idle_ms: f64,
    /// At the latest after this long, ms.
    pub max_ms: f64,
}

/// A visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The id of the visit before it in this browser.
    pub previous: Option<String>,
    /// When it began, wall clock ms.
    pub started: f64,
    /// Its last activity, wall clock ms.
    pub last: f64,
    /// Messages the visitor sent.
    pub user_turns: u32,
    /// Responses that came to their natural end.
    pub assistant_turns: u32,
    /// The tracker was shut down in it, and said that it ended.
    pub ended: bool,
    seed: u128,
}

/// Ids that every tab derives alike.
const NEXT_ID: u64 = 1;
const NEXT_SEED: u64 = 2;
const STARTED_EVENT: u64 = 3;
const ENDED_EVENT: u64 = 4;

impl Session {
    /// A first visit.
    pub fn begin(now: Now, random: &mut Random) -> Self {
        Self::with_seed(random.next_u128(), None, now)
    }

    /// The visit after this one.
    pub fn next(&self, now: Now) -> Self {
        Self::with_seed(id::derive(self.seed, NEXT_SEED), Some(self.id.clone()), now)
    }

    fn with_seed(seed: u128, previous: Option<String>, now: Now) -> Self {
        Self {
            id: id::uuid(id::derive(seed, NEXT_ID), 8),
            previous,
            started: now.wall,
            last: now.wall,
            user_turns: 0,
            assistant_turns: 0,
            ended: false,
            seed,
        }
    }

    /// Whether the visit is over at `now`. A clock that was set back by more than the idle limit ends it too.
    pub fn is_over(&self, now: Now, limits: Limits) -> bool {
        self.ended || (now.wall - self.last).abs() > limits.idle_ms || now.wall - self.started > limits.max_ms
    }

    /// From its start to its last activity, ms.
    pub fn duration_ms(&self) -> f64 {
        (self.last - self.started).max(0.0)
    }

    /// The ids of its `session_ended` event and of the next visit's `session_started`: the same from every tab that
    /// sees this visit end, so that each counts once. Their time is the last activity, which all tabs know.
    pub fn handover_event_ids(&self) -> [String; 2] {
        let derived = |purpose| id::v7(self.last, id::derive(self.seed, purpose));
        [derived(ENDED_EVENT), derived(STARTED_EVENT)]
    }

    /// Takes the later of what two tabs know about the same visit.
    pub fn merge(&mut self, other: &Session) {
        self.started = self.started.min(other.started);
        self.last = self.last.max(other.last);
        self.user_turns = self.user_turns.max(other.user_turns);
        self.assistant_turns = self.assistant_turns.max(other.assistant_turns);
        self.ended |= other.ended;
    }

    /// Which of two visits that are both alive is the one: that which began first, as every tab can tell.
    pub fn precedes(&self, other: &Session) -> bool {
        self.started < other.started || (self.started == other.started && self.id < other.id)
    }

    /// Takes over what a page counted while it was open which visit it is in.
    pub fn join(&mut self, counted: Option<Session>) {
        let Some(counted) = counted else { return };
        if counted.id == self.id {
            return self.merge(&counted);
        }
        self.user_turns += counted.user_turns;
        self.assistant_turns += counted.assistant_turns;
    }

    /// The record kept between pages.
    pub fn encode(&self) -> String {
        let mut out = String::from(if self.ended { "0|" } else { "1|" });
        out.push_str(&self.id);
        out.push('|');
        out.push_str(self.previous.as_deref().unwrap_or_default());
        for number in [self.started, self.last, f64::from(self.user_turns), f64::from(self.assistant_turns)] {
            out.push('|');
            json::push_number(&mut out, number.max(0.0));
        }
        for part in [(self.seed >> 64) as u64, self.seed as u64] {
            out.push('|');
            json::push_unsigned(&mut out, part);
        }
        out
    }

    /// Reads a record back; `None` for anything that is not one.
    pub fn decode(record: &str) -> Option<Self> {
        let mut parts = parts(record, b'|');
        let ended = match parts.next()? {
            "0" => true,
            "1" => false,
            _ => return None,
        };
        let id = parts.next().filter(|id| id.len() == 36)?.into();
        let previous = parts.next().filter(|id| id.len() == 36).map(String::from);
        let mut number = || parts.next().and_then(json::number);
        let (started, last, user, assistant) = (number()?, number()?, number()?, number()?);
        let seed = (u128::from(unsigned(parts.next()?)?) << 64) | u128::from(unsigned(parts.next()?)?);
        Some(Self {
            id,
            previous,
            started,
            last,
            user_turns: user as u32,
            assistant_turns: assistant as u32,
            ended,
            seed,
        })
    }
}

fn unsigned(text: &str) -> Option<u64> {
    let mut value = 0u64;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { idle_ms: 1_800_000.0, max_ms: 86_400_000.0 };

    fn at(wall: f64) -> Now {
        Now { wall, mono: 0.0 }
    }

    fn session() -> Session {
        Session::begin(at(1e12), &mut Random::new(9))
    }

    #[test]
    fn a_visit_ends_when_idle_or_too_long() {
        let mut session = session();
        assert!(!session.is_over(at(1e12 + 1_800_000.0), LIMITS));
        assert!(session.is_over(at(1e12 + 1_800_001.0), LIMITS));
        session.last = 1e12 + 86_399_000.0;
        assert!(!session.is_over(at(1e12 + 86_400_000.0), LIMITS));
        assert!(session.is_over(at(1e12 + 86_400_001.0), LIMITS));
    }

    #[test]
    fn a_clock_set_back_does_not_make_a_visit_immortal() {
        assert!(session().is_over(at(1e12 - 86_400_000.0), LIMITS));
        assert!(!session().is_over(at(1e12 - 1_000.0), LIMITS));
    }

    #[test]
    fn of_two_visits_every_tab_picks_the_same() {
        let mut random = Random::new(3);
        let [a, b, c] = [1e12, 1e12, 2e12].map(|start| Session::begin(at(start), &mut random));
        assert_ne!(a.precedes(&b), b.precedes(&a));
        assert!(a.precedes(&c) && b.precedes(&c) && !c.precedes(&a));
        assert!(!a.precedes(&a));
    }

    #[test]
    fn a_visit_that_was_shut_down_is_over_for_every_tab() {
        let (mut here, mut there) = (session(), session());
        there.ended = true;
        here.merge(&there);
        assert!(here.is_over(at(1e12), LIMITS));
    }

    #[test]
    fn two_tabs_waking_name_the_next_visit_alike() {
        let record = session().encode();
        let (a, b) = (Session::decode(&record).unwrap(), Session::decode(&record).unwrap());
        let (a, b) = (a.next(at(2e12)), b.next(at(2e12 + 10.0)));
        assert_eq!(a.id, b.id);
        assert_eq!(a.previous.as_deref(), Some(session().id.as_str()));
        assert_ne!(a.id, session().id);
        assert_ne!(a.next(at(3e12)).id, a.id);
        let [ended, started] = Session::decode(&record).unwrap().handover_event_ids();
        assert_ne!(ended, started);
        assert_eq!(session().handover_event_ids(), [ended, started]);
    }

    #[test]
    fn records_survive_the_round_trip_and_others_are_refused() {
        let mut session = session().next(at(1.5e12));
        session.user_turns = 3;
        assert_eq!(Session::decode(&session.encode()), Some(session.clone()));
        session.ended = true;
        assert_eq!(Session::decode(&session.encode()), Some(session));
        for wrong in ["", "1", "2|x", "1|short||1|2|3|4|5|6", "{\"id\":1}", "1||||||||||"] {
            assert_eq!(Session::decode(wrong), None, "{wrong}");
        }
    }
}
