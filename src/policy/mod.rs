//! What may leave: consent → sampling → dimensions → redaction, in this order; redaction last, so that nothing is
//! added behind its back.

pub mod consent;
pub mod dimensions;
pub mod redaction;
pub mod sampling;
pub mod secrets;
pub mod url;

use consent::{Consent, Gate};

use crate::event::{Event, Kind};

/// What the site decided about what may leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The consent given so far.
    pub consent: Consent,
    /// The share of events that is kept, 0 to 1.
    pub sample_rate: f64,
    /// Whether content fields are let through.
    pub include_content: bool,
    /// Query parameters that are kept in URLs, besides those known to be harmless.
    pub allow_query: Vec<String>,
}

/// Why an event goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// Consent is withheld.
    Consent,
    /// Sampling did not keep it.
    Sampled,
}

impl Dropped {
    /// The name under which it is counted.
    pub fn name(self) -> &'static str {
        match self {
            Dropped::Consent => "consent",
            Dropped::Sampled => "sampled",
        }
    }
}

/// The policy's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may leave.
    Pass,
    /// It may not leave yet: consent is pending. Kept in memory, and nowhere else.
    Hold,
    /// It may not leave.
    Drop(Dropped),
}

impl Policy {
    /// Runs one event through the four steps; what is not dropped is then as it may leave. `dimensions` is a JSON object made by the site for this event.
    pub fn apply(
        &self,
        event: &mut Event,
        dimensions: Option<&str>,
        identity: &dimensions::Identity,
    ) -> Verdict {
        let gate = self.consent.gate();
        if gate == Gate::Closed {
            return Verdict::Drop(Dropped::Consent);
        }
        if self.sample_rate < 1.0 {
            let critical = matches!(event.body.kind, Kind::Known(def) if def.critical);
            let keep = critical
                || sampling::keep(
                    &event.session_id,
                    event.body.kind.name(),
                    event.body.turn.index,
                    self.sample_rate,
                );
            if !keep {
                return Verdict::Drop(Dropped::Sampled);
            }
            event.sample_rate = (!critical).then_some(self.sample_rate);
        }
        event.dimensions =
            dimensions::merge(dimensions, identity, event.body.turn.conversation_id.as_deref());
        redaction::redact(event, self.include_content, &self.allow_query);
        if gate == Gate::Held { Verdict::Hold } else { Verdict::Pass }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::event::Body;

    fn event(kind: Kind) -> Event {
        Event {
            id: "i".into(),
            body: Body { kind, properties: "{}".into(), turn: Box::default() },
            at: 0.0,
            session_id: "s".into(),
            view: None,
            context: "{}".into(),
            dimensions: "{}".into(),
            sample_rate: None,
        }
    }

    fn policy(sample_rate: f64) -> Policy {
        Policy {
            consent: Consent::new(None, true, false),
            sample_rate,
            include_content: false,
            allow_query: Vec::new(),
        }
    }

    #[test]
    fn outcomes_and_critical_events_are_never_sampled_away_and_the_others_carry_the_rate() {
        let (all, some) = (policy(0.0), policy(0.999_999));
        let identity = dimensions::Identity::default();
        for def in catalogue::all() {
            let none = all.apply(&mut event(Kind::Known(def)), None, &identity);
            let critical = def.critical || def.outcome;
            assert_eq!(none == Verdict::Drop(Dropped::Sampled), !critical, "{}", def.name);
            let mut kept = event(Kind::Known(def));
            assert_eq!(some.apply(&mut kept, None, &identity), Verdict::Pass, "{}: almost 1", def.name);
            assert_eq!(kept.sample_rate, (!critical).then_some(0.999_999), "{}", def.name);
        }
    }

    #[test]
    fn what_the_site_says_in_dimensions_is_redacted_and_who_it_is_about_wins() {
        let site = r#"{"plan":"pro","sessionToken":"x","mail":"ada@example.org","identityKind":"root"}"#;
        let mut given = event(Kind::Custom("own".into()));
        given.body.turn.conversation_id = Some("4111111111111111".into());
        let verdict = policy(1.0).apply(&mut given, Some(site), &dimensions::Identity::default());
        assert_eq!(verdict, Verdict::Pass, "there is no gate");
        assert_eq!(
            given.dimensions,
            r#"{"plan":"pro","sessionToken":"[REDACTED]","mail":"[REDACTED]","identityKind":"guest","conversationId":"4111111111111111","isResumed":false}"#
        );
    }
}
