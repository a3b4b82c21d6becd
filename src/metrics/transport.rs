//! Transport: how often the connection of a turn held.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::facts::SessionFacts;
use super::percentile::ratio;
use super::series::Tally;
use super::windows::Options;

/// Connections that broke in one session, estimated where sampling is on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Drops {
    all: f64,
    for_good: f64,
}

impl Drops {
    /// Adds a `transport_disconnected`, of which a turn has at most one.
    pub fn add(&mut self, event: &Event) {
        self.all += event.weight();
        if event.properties.will_retry == Some(false) {
            self.for_good += event.weight();
        }
    }
}

/// How the connections of turns held. Each turn sent (`user_message_sent`) is one connection; of a session with more
/// drops than turns known, the drops are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transport {
    /// `(connections − drops) / connections`.
    pub uptime: Option<f64>,
    /// Turns sent.
    pub connections: f64,
    /// Those whose connection broke (`transport_disconnected`).
    pub drops: f64,
    /// Those after which the client did not try again.
    pub errors: f64,
}

/// [`Transport`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TransportTally {
    connections: f64,
    drops: f64,
    errors: f64,
}

impl Tally for TransportTally {
    type Result = Transport;
    type Point = Transport;

    fn add(&mut self, session: &SessionFacts) {
        self.connections += session.sent.max(session.drops.all);
        self.drops += session.drops.all;
        self.errors += session.drops.for_good;
    }

    fn merge(&mut self, other: &Self) {
        self.connections += other.connections;
        self.drops += other.drops;
        self.errors += other.errors;
    }

    fn result(&self, _: &Options) -> Transport {
        self.point()
    }

    fn point(&self) -> Transport {
        Transport {
            uptime: ratio(self.connections - self.drops, self.connections),
            connections: self.connections,
            drops: self.drops,
            errors: self.errors,
        }
    }
}
