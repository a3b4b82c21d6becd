//! What is on its way: the queue, the batches in flight, and when the next one may leave.

use crate::queue::{Encoded, Limits, Queue};
use crate::retry;
use crate::sink::Delivery;
use crate::stats::Stats;

/// After a batch arrived, ms: events that come in numbers then share the next one, for each request is work for the page.
const REST_MS: f64 = 1_000.0;

/// A batch whose answer has not come yet.
#[derive(Debug)]
pub struct Flight {
    /// What its answer is known by.
    pub ticket: u32,
    /// Its events.
    pub events: Vec<Encoded>,
    /// The key under which another page left these events in storage: they stay there until they are delivered, and
    /// count in that page's account.
    pub parcel: Option<String>,
    /// Sent while the page stays; there is one such flight at a time.
    calm: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Nothing: there is nothing to send, or an answer is awaited.
    Rest,
    /// Send a batch now.
    Send,
    /// Look now for what other pages left in storage.
    Look,
    /// Come back at this monotonic time, ms.
    WakeAt(f64),
}

/// Everything that was captured and has not arrived yet.
#[derive(Debug)]
pub struct Outbox {
    queue: Queue,
    flights: Vec<Flight>,
    failures: u32,
    not_before: f64,
    asked: bool,
    batch_bytes: usize,
}

impl Outbox {
    /// An empty outbox. Batches have at most `limits.bytes` UTF-8 bytes, fewer once the server found that too much.
    pub fn new(limits: Limits) -> Self {
        Self {
            queue: Queue::new(limits),
            flights: Vec::new(),
            failures: 0,
            not_before: 0.0,
            asked: false,
            batch_bytes: limits.bytes,
        }
    }

    /// Takes an event at the monotonic time `now`, ms.
    pub fn push(&mut self, event: Encoded, now: f64, stats: &mut Stats) {
        self.queue.push(event, now);
        stats.dropped_overflow += self.queue.take_overflowed();
    }

    /// What to do at `now`. `look_at`: when to look for what other pages left in storage.
    pub fn step(&self, now: f64, look_at: f64) -> Step {
        let send_at = self.queue.due().unwrap_or(f64::INFINITY).max(self.not_before);
        let look_at = look_at.max(self.not_before);
        let next = send_at.min(look_at);
        if self.is_calm_in_flight() || next == f64::INFINITY {
            Step::Rest
        } else if send_at <= now {
            Step::Send
        } else if look_at <= now {
            Step::Look
        } else {
            Step::WakeAt(next)
        }
    }

    /// Whatever waits leaves with the next batch, however young it is.
    pub fn hurry(&mut self) {
        self.queue.hurry();
    }

    fn is_calm_in_flight(&self) -> bool {
        self.flights.iter().any(|flight| flight.calm)
    }

    /// Takes out the next batch: at most `bytes` UTF-8 bytes and what the server takes, but at least one event. Empty
    /// when nothing waits.
    pub fn take(&mut self, bytes: usize) -> Vec<Encoded> {
        self.queue.take(bytes.min(self.batch_bytes))
    }

    /// A batch is on its way.
    pub fn board(&mut self, ticket: u32, events: Vec<Encoded>, calm: bool, parcel: Option<String>) {
        self.flights.push(Flight { ticket, events, parcel, calm });
    }

    /// A batch never left: its events wait again.
    pub fn put_back(&mut self, events: Vec<Encoded>, stats: &mut Stats) {
        self.queue.put_back(events);
        stats.dropped_overflow += self.queue.take_overflowed();
    }

    /// Tickets of the flights that began while the page stayed.
    pub fn calm_tickets(&self) -> Vec<u32> {
        let mut tickets = Vec::new();
        for flight in &self.flights {
            if flight.calm {
                tickets.push(flight.ticket);
            }
        }
        tickets
    }

    /// Takes a flight back, if it is still there.
    pub fn land(&mut self, ticket: u32) -> Option<Flight> {
        let at = self.flights.iter().position(|flight| flight.ticket == ticket)?;
        Some(self.flights.swap_remove(at))
    }

    /// Acts on the answer to a flight at the monotonic time `now`; `unit` (0 to 1) is the jitter. Gives the flight's
    /// parcel, and its events for whoever has to divide it.
    pub fn answered(
        &mut self,
        ticket: u32,
        delivery: Delivery,
        now: f64,
        unit: f64,
        stats: &mut Stats,
    ) -> Option<Flight> {
        // A flight that is not known was forgotten when consent was withdrawn.
        let mut flight = self.land(ticket)?;
        let count = flight.events.len() as u32;
        let is_own = flight.parcel.is_none();
        match delivery {
            Delivery::Delivered => {
                stats.sent += if is_own { count } else { 0 };
                self.failures = 0;
                self.asked = false;
                self.not_before = 0.0;
                self.queue.rest(now + REST_MS);
            }
            Delivery::GaveUp => stats.lost += if is_own { count } else { 0 },
            Delivery::Split => {
                let bytes = flight.events.iter().map(|event| event.json.len() + 1).sum::<usize>();
                if count > 1 {
                    self.batch_bytes = self.batch_bytes.min(bytes) / 2;
                    stats.retried += 1;
                } else if is_own {
                    stats.dropped_oversized += 1;
                }
            }
            Delivery::Retry(asked) => {
                stats.retried += 1;
                self.failures = self.failures.saturating_add(1);
                self.asked = asked.is_some();
                self.not_before = now + retry::wait_ms(self.failures, asked, unit);
            }
        }
        let again = matches!(delivery, Delivery::Retry(_)) || (delivery == Delivery::Split && count > 1);
        if is_own && again {
            self.put_back(core::mem::take(&mut flight.events), stats);
        }
        Some(flight)
    }

    /// The browser is online again: no more waiting, unless the server asked for it.
    pub fn online(&mut self) {
        if !self.asked {
            self.not_before = 0.0;
        }
    }

    /// Whether the last attempt failed.
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// Whether the server asked for silence that lasts at `now`.
    pub fn is_silenced(&self, now: f64) -> bool {
        self.asked && now < self.not_before
    }

    /// When the next attempt may be made, monotonic ms.
    pub fn not_before(&self) -> f64 {
        self.not_before
    }

    /// How many events have not arrived yet.
    pub fn waiting(&self) -> usize {
        self.flying() + self.queue.len()
    }

    /// How many events are on their way.
    pub fn flying(&self) -> usize {
        let flying = self.flights.iter().filter(|flight| flight.parcel.is_none());
        flying.map(|flight| flight.events.len()).sum()
    }

    /// The events that have not arrived yet, those in flight first.
    pub fn undelivered(&self) -> Vec<Encoded> {
        let mut all = Vec::new();
        for flight in &self.flights {
            if flight.parcel.is_none() {
                all.extend_from_slice(&flight.events);
            }
        }
        for event in self.queue.iter() {
            all.push(event.clone());
        }
        all
    }

    /// Forgets everything, as a withdrawn consent demands.
    pub fn forget(&mut self, stats: &mut Stats) {
        stats.dropped_consent += self.waiting() as u32;
        self.flights.clear();
        self.queue.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { size: 3, interval_ms: 100.0, bytes: 1_000, max_events: 50 };

    struct Desk {
        outbox: Outbox,
        stats: Stats,
        tickets: u32,
    }

    impl Desk {
        fn with(events: usize) -> Self {
            let mut desk = Self { outbox: Outbox::new(LIMITS), stats: Stats::default(), tickets: 0 };
            for _ in 0..events {
                desk.outbox.push(Encoded { json: "x".repeat(99).into() }, 0.0, &mut desk.stats);
            }
            desk
        }

        fn send(&mut self) -> u32 {
            self.tickets += 1;
            let events = self.outbox.take(1_000);
            self.outbox.board(self.tickets, events, true, None);
            self.tickets
        }

        fn answer(&mut self, delivery: Delivery, now: f64) -> usize {
            let ticket = self.send();
            let events = self.outbox.flights[0].events.len();
            self.outbox.answered(ticket, delivery, now, 1.0, &mut self.stats);
            events
        }
    }

    #[test]
    fn one_calm_batch_at_a_time() {
        let mut desk = Desk::with(3);
        assert_eq!(desk.outbox.step(0.0, f64::INFINITY), Step::Send);
        let ticket = desk.send();
        desk.outbox.push(Encoded { json: "y".into() }, 5.0, &mut desk.stats);
        assert_eq!(desk.outbox.step(1_000.0, f64::INFINITY), Step::Rest);
        desk.outbox.answered(ticket, Delivery::Delivered, 1_000.0, 0.0, &mut desk.stats);
        assert_eq!(desk.outbox.step(50.0, f64::INFINITY), Step::WakeAt(105.0));
        assert_eq!((desk.stats.sent, desk.outbox.waiting()), (3, 1));
    }

    #[test]
    fn a_full_queue_is_no_reason_to_try_a_failing_server_earlier() {
        let mut desk = Desk::with(3);
        desk.answer(Delivery::Retry(None), 0.0);
        for _ in 0..10 {
            desk.outbox.push(Encoded { json: "y".into() }, 1.0, &mut desk.stats);
        }
        assert_eq!(desk.outbox.step(1.0, f64::INFINITY), Step::WakeAt(1_000.0));
        desk.outbox.hurry();
        assert_eq!(desk.outbox.step(999.0, f64::INFINITY), Step::WakeAt(1_000.0), "nor is being asked to");
        assert_eq!(desk.outbox.step(1_000.0, f64::INFINITY), Step::Send);
        desk.outbox.online();
        assert_eq!(desk.outbox.step(1.0, f64::INFINITY), Step::Send, "being online again is a reason");
    }

    #[test]
    fn a_server_that_asks_for_silence_gets_it_even_when_the_browser_comes_online() {
        let mut desk = Desk::with(3);
        desk.answer(Delivery::Retry(Some(7_000.0)), 0.0);
        desk.outbox.online();
        assert!(desk.outbox.is_silenced(6_999.0) && !desk.outbox.is_silenced(7_000.0));
        assert_eq!(desk.outbox.step(1.0, f64::INFINITY), Step::WakeAt(7_000.0));
    }

    #[test]
    fn what_is_too_large_is_halved_until_it_fits_and_a_lone_event_is_dropped() {
        let mut desk = Desk::with(10);
        let sizes: Vec<_> = (0..4).map(|_| desk.answer(Delivery::Split, 0.0)).collect();
        assert_eq!(sizes, [10, 5, 2, 1]);
        assert_eq!((desk.stats.dropped_oversized, desk.outbox.waiting()), (1, 9));
        assert_eq!(desk.outbox.step(0.0, f64::INFINITY), Step::Send, "the size was wrong, not the moment");
    }

    #[test]
    fn a_refusal_is_final() {
        let mut desk = Desk::with(3);
        desk.answer(Delivery::GaveUp, 0.0);
        assert_eq!((desk.stats.lost, desk.outbox.waiting(), desk.stats.retried), (3, 0, 0));
    }

    #[test]
    fn what_another_page_left_counts_in_that_pages_account() {
        let mut desk = Desk::with(0);
        let events = vec![Encoded { json: "z".into() }];
        for delivery in [Delivery::Delivered, Delivery::GaveUp, Delivery::Split, Delivery::Retry(None)] {
            desk.outbox.board(1, events.clone(), true, Some("key".into()));
            assert_eq!(desk.outbox.waiting(), 0);
            let flight = desk.outbox.answered(1, delivery, 0.0, 1.0, &mut desk.stats).unwrap();
            assert_eq!(flight.parcel.as_deref(), Some("key"));
        }
        assert_eq!(desk.stats, Stats { retried: 1, ..Stats::default() });
        assert!(desk.outbox.undelivered().is_empty());
        assert_eq!(desk.outbox.step(2_000.0, 0.0), Step::Look);
    }

    #[test]
    fn withdrawn_consent_forgets_flights_too() {
        let mut desk = Desk::with(5);
        let ticket = desk.send();
        desk.outbox.push(Encoded { json: "y".into() }, 0.0, &mut desk.stats);
        desk.outbox.forget(&mut desk.stats);
        assert_eq!((desk.stats.dropped_consent, desk.outbox.waiting()), (6, 0));
        assert!(desk.outbox.answered(ticket, Delivery::Retry(None), 0.0, 0.0, &mut desk.stats).is_none());
        assert_eq!(desk.outbox.step(0.0, f64::INFINITY), Step::Rest);
    }
}
