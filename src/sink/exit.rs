//! How a page that is being left gives its events away: synchronously, by whatever still takes them.

use super::budget::Budget;
use super::{Sink, Urgency, Way};
use crate::queue::Encoded;

/// A refused beacon is halved down to this size, bytes. When even that is not taken, size is not the reason.
const SPLIT_BYTES: usize = 8_192;

/// What became of events that were handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// The browser took them, and nothing more will be heard of them.
    Taken,
    /// They are on their way; the answer comes under this ticket, if the page lives to hear it.
    InFlight(u32),
    /// Nothing took them.
    Refused,
}

/// How a page that is being left gives its events away. Synchronous from end to end.
pub struct Exit<'a, S: Sink> {
    /// What takes them.
    pub sink: &'a S,
    /// What else is in flight.
    pub budget: &'a Budget,
    /// Whether to use what nobody hears an answer from (beacon, pixel).
    pub unheard: bool,
    /// Monotonic, ms.
    pub now: f64,
    /// Makes the body of some events.
    pub body: &'a dyn Fn(&[Encoded]) -> String,
    /// Told what became of them, part by part, before the next part is tried.
    pub handed: &'a dyn Fn(Vec<Encoded>, Handed),
}

impl<S: Sink> Exit<'_, S> {
    /// Beacon → halves → keepalive fetch → plain fetch → pixels.
    pub fn hand_over(&self, mut events: Vec<Encoded>) {
        let body = (self.body)(&events);
        if self.unheard && self.beacon(&body) {
            return (self.handed)(events, Handed::Taken);
        }
        if self.unheard && events.len() > 1 && body.len() > SPLIT_BYTES {
            let rest = events.split_off(events.len() / 2);
            self.hand_over(events);
            return self.hand_over(rest);
        }
        for way in [Way::Keepalive, Way::Plain] {
            let ticket = match way {
                Way::Plain => Some(self.budget.ticket()),
                _ => self.budget.reserve(way, body.len(), self.now),
            };
            let Some(ticket) = ticket else { continue };
            if self.sink.post(way, Urgency::Leaving, ticket, &body) {
                return (self.handed)(events, Handed::InFlight(ticket));
            }
            self.budget.release(ticket);
        }
        // An event that is too long for an address must not keep back the others.
        for event in events {
            let taken = self.unheard && self.sink.pixel(&event);
            (self.handed)(vec![event], if taken { Handed::Taken } else { Handed::Refused });
        }
    }

    fn beacon(&self, body: &str) -> bool {
        let Some(ticket) = self.budget.reserve(Way::Beacon, body.len(), self.now) else { return false };
        let taken = self.sink.post(Way::Beacon, Urgency::Leaving, ticket, body);
        if !taken {
            self.budget.release(ticket);
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::sink::memory::MemorySink;

    fn leave(sink: &MemorySink, unheard: bool, sizes: &[usize]) -> Vec<(usize, Handed)> {
        let budget = Budget::default();
        let handed = RefCell::new(Vec::new());
        let exit = Exit {
            sink,
            budget: &budget,
            unheard,
            now: 0.0,
            body: &|events| events.iter().map(|event| &*event.json).collect(),
            handed: &|events, handed_over| handed.borrow_mut().push((events.len(), handed_over)),
        };
        exit.hand_over(sizes.iter().map(|size| Encoded { json: "x".repeat(*size).into() }).collect());
        handed.into_inner()
    }

    #[test]
    fn one_beacon_is_enough_for_most_pages() {
        let sink = MemorySink::default();
        assert_eq!(leave(&sink, true, &[400; 20]), [(20, Handed::Taken)]);
        assert_eq!(sink.ways(), [Way::Beacon]);
    }

    #[test]
    fn what_does_not_fit_is_halved_and_then_tries_the_next_way() {
        let sink = MemorySink::default();
        let handed = leave(&sink, true, &[30_000, 25_000, 20_000]);
        assert_eq!(handed, [(1, Handed::Taken), (1, Handed::Taken), (1, Handed::InFlight(3))]);
        assert_eq!(sink.ways(), [Way::Beacon, Way::Beacon, Way::Plain]);
    }

    #[test]
    fn without_beacon_there_is_keepalive_without_keepalive_a_fetch_without_fetch_pixels() {
        let without = |ways: &[Way]| MemorySink { broken: ways.to_vec(), ..MemorySink::default() };
        let sink = without(&[Way::Beacon]);
        assert_eq!(leave(&sink, true, &[10, 10]), [(2, Handed::InFlight(2))]);
        assert_eq!(sink.ways(), [Way::Keepalive]);
        let sink = without(&[Way::Beacon, Way::Keepalive]);
        assert_eq!(leave(&sink, true, &[10, 10]), [(2, Handed::InFlight(3))]);
        assert_eq!(sink.ways(), [Way::Plain]);
        let sink = without(&[Way::Beacon, Way::Keepalive, Way::Plain]);
        assert_eq!(leave(&sink, true, &[10, 5_000]), [(1, Handed::Taken), (1, Handed::Refused)]);
        assert_eq!(sink.pixels.borrow().len(), 1, "the long one does not keep back the short one");
    }

    #[test]
    fn what_must_be_heard_of_goes_by_fetch_only() {
        let sink = MemorySink::default();
        assert_eq!(leave(&sink, false, &[10]), [(1, Handed::InFlight(1))]);
        let mute = MemorySink { broken: vec![Way::Keepalive, Way::Plain], ..MemorySink::default() };
        assert_eq!(leave(&mute, false, &[10]), [(1, Handed::Refused)]);
        assert!(mute.ways().is_empty() && mute.pixels.borrow().is_empty());
    }
}
