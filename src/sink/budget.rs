//! What may be in flight by beacon and keepalive: one budget for the whole page.

use crate::list::keep;
use std::cell::{Cell, RefCell};

use super::Way;

/// Bytes that may be in flight by beacon and keepalive together. Browsers allow 64 KiB, and count more than the body.
pub const IN_FLIGHT_BYTES: usize = 60_000;
/// Requests that may be in flight by beacon and keepalive together: Chromium refuses more.
const IN_FLIGHT_REQUESTS: usize = 9;
/// Nobody hears what becomes of a beacon. After this long, ms, it no longer counts: a fetch is given up then too.
pub const PATIENCE_MS: f64 = 30_000.0;

/// What is in flight by beacon and keepalive. It numbers all flights.
#[derive(Debug, Default)]
pub struct Budget {
    flights: RefCell<Vec<InFlight>>,
    tickets: Cell<u32>,
}

#[derive(Debug)]
struct InFlight {
    ticket: u32,
    bytes: usize,
    until: f64,
}

impl Budget {
    /// A ticket for a flight that the budget does not count.
    pub fn ticket(&self) -> u32 {
        self.tickets.set(self.tickets.get() + 1);
        self.tickets.get()
    }

    /// A ticket for a flight of `bytes` UTF-8 bytes at the monotonic time `now`, if they fit.
    pub fn reserve(&self, way: Way, bytes: usize, now: f64) -> Option<u32> {
        let flights = &mut *self.flights.borrow_mut();
        keep(flights, &mut |flight| flight.until > now);
        let total = flights.iter().fold(bytes, |sum, flight| sum + flight.bytes);
        if total > IN_FLIGHT_BYTES || flights.len() >= IN_FLIGHT_REQUESTS {
            return None;
        }
        let until = if way == Way::Beacon { now + PATIENCE_MS } else { f64::INFINITY };
        let ticket = self.ticket();
        flights.push(InFlight { ticket, bytes, until });
        Some(ticket)
    }

    /// The answer came, or the flight never began.
    pub fn release(&self, ticket: u32) {
        keep(&mut self.flights.borrow_mut(), &mut |flight| flight.ticket != ticket);
    }

    /// Bytes in flight.
    pub fn in_flight(&self) -> usize {
        self.flights.borrow().iter().map(|flight| flight.bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_requests_are_bounded_together_until_the_answer_comes() {
        let budget = Budget::default();
        let first = budget.reserve(Way::Keepalive, 40_000, 0.0).unwrap();
        assert_eq!(budget.reserve(Way::Beacon, 20_001, 0.0), None);
        assert!(budget.reserve(Way::Beacon, 20_000, 0.0).is_some());
        assert_eq!(budget.in_flight(), 60_000);
        budget.release(first);
        for _ in 0..8 {
            assert!(budget.reserve(Way::Keepalive, 1, 0.0).is_some());
        }
        assert_eq!(budget.reserve(Way::Keepalive, 1, 0.0), None);
    }

    #[test]
    fn a_beacon_stops_counting_when_a_fetch_would_have_been_given_up() {
        let budget = Budget::default();
        budget.reserve(Way::Beacon, 60_000, 0.0).unwrap();
        assert_eq!(budget.reserve(Way::Keepalive, 1, PATIENCE_MS - 1.0), None);
        assert!(budget.reserve(Way::Keepalive, 60_000, PATIENCE_MS).is_some());
        assert_eq!(budget.reserve(Way::Beacon, 1, 1e9), None, "a fetch counts until it is answered");
    }
}
