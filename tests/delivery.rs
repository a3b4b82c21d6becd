//! Whatever a network, a server and a browser do: every event is somewhere, once, and the account adds up.

use std::cell::RefCell;
use std::collections::BTreeSet;

use chatvitals::outbox::{Outbox, Step};
use chatvitals::queue::{Encoded, Limits};
use chatvitals::sink::budget::{Budget, IN_FLIGHT_BYTES};
use chatvitals::sink::exit::{Exit, Handed};
use chatvitals::sink::memory::MemorySink;
use chatvitals::sink::{Delivery, Way};
use chatvitals::stats::Stats;
use chatvitals::wire;
use proptest::prelude::*;

/// What happens to a page.
#[derive(Debug, Clone)]
enum Happening {
    Captures(usize),
    TimePasses(f64),
    Answers { place: usize, status: u16, retry_after: Option<f64> },
    ComesOnline,
    Leaves,
    WithdrawsConsent,
}

fn happening() -> impl Strategy<Value = Happening> {
    let status = prop::sample::select(vec![204, 200, 0, 408, 413, 429, 500, 503, 400, 403]);
    prop_oneof![
        8 => prop_oneof![1..2_000usize, 25_000..58_000usize].prop_map(Happening::Captures),
        4 => (0.0..200_000.0).prop_map(Happening::TimePasses),
        6 => (0..4usize, status, prop::option::of(0.0..1e7))
            .prop_map(|(place, status, retry_after)| Happening::Answers { place, status, retry_after }),
        1 => Just(Happening::ComesOnline),
        2 => Just(Happening::Leaves),
        1 => Just(Happening::WithdrawsConsent),
    ]
}

/// A page with the rooms a tracker has, and a browser that keeps what it was given.
struct Page {
    outbox: Outbox,
    budget: Budget,
    sink: MemorySink,
    stats: RefCell<Stats>,
    flights: Vec<u32>,
    now: f64,
    made: u32,
    last_attempt: f64,
}

impl Page {
    fn new(broken: Vec<Way>) -> Self {
        let limits = Limits { size: 20, interval_ms: 5_000.0, bytes: 30_000, max_events: 40 };
        Self {
            outbox: Outbox::new(limits),
            budget: Budget::default(),
            sink: MemorySink { broken, ..MemorySink::default() },
            stats: RefCell::default(),
            flights: Vec::new(),
            now: 1_000.0,
            made: 0,
            last_attempt: f64::NEG_INFINITY,
        }
    }

    fn capture(&mut self, bytes: usize) {
        self.made += 1;
        let json = format!("{{\"id\":{},\"fill\":\"{}\"}}", self.made, "😀".repeat(bytes / 4));
        self.stats.get_mut().captured += 1;
        self.outbox.push(Encoded { json: json.into() }, self.now, self.stats.get_mut());
    }

    /// As the tracker does what is due.
    fn work(&mut self) {
        if self.outbox.step(self.now, f64::INFINITY) != Step::Send {
            return;
        }
        let events = self.outbox.take(30_000);
        let body = wire::json::batch(&events, 0.0, &self.stats.get_mut().to_json(events.len()));
        let reserved = self.budget.reserve(Way::Keepalive, body.len(), self.now);
        let ticket = reserved.unwrap_or_else(|| self.budget.ticket());
        self.outbox.board(ticket, events, true, None);
        self.flights.push(ticket);
        self.last_attempt = self.now;
    }

    fn leave(&mut self) {
        let Self { outbox, budget, sink, stats, now, flights, .. } = self;
        let handed = RefCell::new(Vec::new());
        let exit = Exit {
            sink,
            budget,
            unheard: !outbox.is_failing(),
            now: *now,
            body: &|events| wire::json::batch(events, 0.0, &stats.borrow().to_json(events.len())),
            handed: &|events, became| handed.borrow_mut().push((events, became)),
        };
        loop {
            let room = IN_FLIGHT_BYTES.saturating_sub(budget.in_flight() + 600).max(8_000);
            let batch = outbox.take(room);
            if batch.is_empty() {
                break;
            }
            exit.hand_over(batch);
        }
        for (events, became) in handed.into_inner() {
            match became {
                Handed::Taken => stats.get_mut().sent += events.len() as u32,
                Handed::InFlight(ticket) => {
                    flights.push(ticket);
                    outbox.board(ticket, events, false, None);
                }
                Handed::Refused => outbox.put_back(events, stats.get_mut()),
            }
        }
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Captures(bytes) => self.capture(bytes),
            Happening::TimePasses(ms) => self.now += ms,
            Happening::ComesOnline => self.outbox.online(),
            Happening::Leaves => self.leave(),
            Happening::WithdrawsConsent => self.outbox.forget(self.stats.get_mut()),
            Happening::Answers { place, status, retry_after } => {
                if place < self.flights.len() {
                    let ticket = self.flights.remove(place);
                    self.budget.release(ticket);
                    let delivery = Delivery::of_status(status, retry_after);
                    self.outbox.answered(ticket, delivery, self.now, 0.5, self.stats.get_mut());
                }
            }
        }
        self.work();
    }

    /// Every event that was captured is in exactly one place.
    fn adds_up(&mut self) {
        let stats = self.stats.get_mut();
        let dropped = stats.dropped_consent + stats.dropped_overflow + stats.dropped_oversized;
        let waiting = self.outbox.waiting() as u32;
        assert_eq!(
            stats.captured,
            stats.sent + stats.lost + dropped + waiting,
            "{stats:?}, {waiting} waiting"
        );
        let undelivered = self.outbox.undelivered();
        assert_eq!(undelivered.len() as u32, waiting);
        let once: BTreeSet<_> = undelivered.iter().map(|event| &*event.json).collect();
        assert_eq!(once.len(), undelivered.len(), "an event waits twice");
        assert!(self.budget.in_flight() <= IN_FLIGHT_BYTES, "{} bytes in flight", self.budget.in_flight());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_is_somewhere_once_and_the_account_adds_up(
        broken in prop::sample::subsequence(vec![Way::Beacon, Way::Keepalive, Way::Plain], 0..=3),
        happenings in prop::collection::vec(happening(), 1..60),
    ) {
        let mut page = Page::new(broken);
        for happening in happenings {
            page.happens(happening);
            page.adds_up();
        }
    }

    #[test]
    fn what_outlives_the_page_never_exceeds_the_budget(
        sizes in prop::collection::vec(1..58_000usize, 1..20),
        refuses in any::<bool>(),
    ) {
        let mut page = Page::new(if refuses { vec![Way::Beacon] } else { Vec::new() });
        for size in sizes {
            page.capture(size);
        }
        page.leave();
        page.adds_up();
        prop_assert!(page.sink.kept_alive() <= IN_FLIGHT_BYTES);
    }

    #[test]
    fn a_server_that_recovers_gets_everything_in_the_end(
        sizes in prop::collection::vec(1..40_000usize, 1..30),
        failures in prop::collection::vec(prop::sample::select(vec![0u16, 408, 429, 500, 502, 503, 504]), 0..30),
    ) {
        let mut page = Page::new(Vec::new());
        let count = sizes.len() as u32;
        for size in sizes {
            page.happens(Happening::Captures(size));
        }
        let mut failures = failures.into_iter();
        for _ in 0..200 {
            let status = failures.next().unwrap_or(204);
            page.happens(Happening::TimePasses(130_000.0));
            page.happens(Happening::Answers { place: 0, status, retry_after: None });
            page.adds_up();
        }
        prop_assert_eq!(page.stats.borrow().sent, count);
    }
}

#[test]
fn a_hundred_failures_lead_to_one_request_a_minute_at_most() {
    let mut page = Page::new(Vec::new());
    page.capture(100);
    let mut attempts = Vec::new();
    // Ten seconds at a time, with a page that goes on capturing, for three hours.
    for _ in 0..1_080 {
        page.happens(Happening::TimePasses(10_000.0));
        page.happens(Happening::Captures(100));
        if !page.flights.is_empty() {
            attempts.push(page.last_attempt);
            page.happens(Happening::Answers { place: 0, status: 503, retry_after: Some(0.0) });
        }
        page.adds_up();
    }
    assert!(attempts.len() > 100, "{} attempts", attempts.len());
    for pair in attempts.windows(2).skip(10) {
        assert!(pair[1] - pair[0] >= 60_000.0, "{pair:?}");
    }
    assert_eq!(page.outbox.waiting(), 40, "memory is bounded");
}
