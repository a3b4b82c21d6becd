//! Outbox → sink, calmly or while the page is being left.

use std::cell::RefCell;
use std::rc::Rc;

use crate::browser::clock;
use crate::browser::observers::Signal;
use crate::browser::sinks::http::{HttpSink, is_online, lose_patience, packs};
use crate::browser::timer::Timer;
use crate::outbox::{Outbox, Step};
use crate::queue::{Encoded, Limits};
use crate::sink::budget::{Budget, IN_FLIGHT_BYTES};
use crate::sink::exit::{Exit, Handed};
use crate::sink::{Delivery, Sink, Urgency, Way};
use crate::time::Now;
use crate::{json, wire};

use super::Tracker;

/// Size of a batch that goes as it is, UTF-8 bytes: it may outlive the page.
const PLAIN_BYTES: usize = IN_FLIGHT_BYTES - wire::json::OVERHEAD;
/// Size of a calm batch, UTF-8 bytes: packed, it is far below what may outlive the page.
pub const CALM_BYTES: usize = 2 * PLAIN_BYTES;
/// An event above this many UTF-8 bytes could never be sent when the page is left, so it is not kept at all.
pub const EVENT_BYTES: usize = PLAIN_BYTES;
/// How long a page that was brought back waits for answers to what it sent before, ms.
const RESUMED_PATIENCE_MS: f64 = 1_000.0;
/// What a batch handed over by a page that is left holds at least, however little room there is.
const LEAST_BYTES: usize = 8_000;

thread_local! {
    /// One budget for all trackers of the page.
    static BUDGET: Rc<Budget> = Rc::default();
}

/// What is captured and not delivered, and what is planned for it.
pub(super) struct Desk {
    pub outbox: Outbox,
    pub budget: Rc<Budget>,
    timer: Option<(f64, Timer)>,
    /// When to look for what other pages left in storage, monotonic ms.
    pub look_at: f64,
    /// Parcels of this page in storage.
    pub kept: usize,
    /// The page is hidden: it may be killed at any moment, without a word.
    pub hidden: bool,
    /// The page is gone, or frozen: nothing asynchronous will happen.
    pub gone: bool,
}

impl Desk {
    pub fn new(limits: Limits) -> Self {
        Self {
            outbox: Outbox::new(limits),
            budget: BUDGET.with(Rc::clone),
            timer: None,
            look_at: 0.0,
            kept: 0,
            hidden: false,
            gone: false,
        }
    }

    /// Nothing more will be sent by itself.
    pub fn stop(&mut self) {
        self.timer = None;
    }
}

impl Tracker {
    /// What the clocks say, also while calls of the past are replayed: bodies leave now.
    pub(super) fn present(&self) -> Now {
        clock::now()
    }

    /// An event came in: it leaves with its batch, or at once when the page may not live to see that.
    pub(super) fn captured(&self) {
        match self.hurry() {
            (true, _) => self.send_leaving(),
            (_, true) => self.flush(),
            _ => self.soon(),
        }
    }

    /// Whether the page is gone, and whether it is hidden.
    fn hurry(&self) -> (bool, bool) {
        let desk = &self.state.borrow().desk;
        (desk.gone, desk.hidden)
    }

    /// Captures what the page's code tracked and the shell put aside.
    pub(super) fn absorb(&self) {
        let (gone, hidden) = self.hurry();
        if let Some(events) = self.host.aside(gone || hidden) {
            self.track(&events);
        }
    }

    /// Sees to it that what is due is done, but not within the site's own call: whoever tracks the event that fills a batch
    /// does not pay for writing it, packing it and handing it to the browser.
    fn soon(&self) {
        let now = self.present().mono;
        match self.step(now) {
            Step::Send | Step::Look => self.wake_at(now, now),
            Step::WakeAt(at) => self.wake_at(at, now),
            Step::Rest => {}
        }
    }

    /// What is to be done at `now`; nothing once the tracker was stopped.
    fn step(&self, now: f64) -> Step {
        if !self.is_running() {
            return Step::Rest;
        }
        let desk = &self.state.borrow().desk;
        desk.outbox.step(now, desk.look_at)
    }

    /// Does what is due: sends a batch, or waits for the moment.
    pub(super) fn next(&self) {
        let now = self.present().mono;
        match self.step(now) {
            Step::Send => self.send(),
            Step::Look => match self.claim_parcel() {
                Some((key, events, stats)) => self.depart(events, &stats, Some(key)),
                None => self.next(),
            },
            Step::WakeAt(at) => self.wake_at(at, now),
            Step::Rest => {}
        }
    }

    /// Arms the timer; one at a time.
    fn wake_at(&self, at: f64, now: f64) {
        let desk = &mut self.state.borrow_mut().desk;
        if desk.timer.as_ref().is_some_and(|(armed, _)| *armed <= at) {
            return;
        }
        let timer = self.wake(Signal::Due, (at - now).max(0.0) + 1.0);
        desk.timer = Some((at, timer));
    }

    /// The moment has come.
    pub(super) fn due(&self) {
        self.state.borrow_mut().desk.timer = None;
        self.next();
    }

    /// Sends what waits, now; a server that failed or asked for silence is left alone until its time.
    pub fn flush(&self) {
        self.settle_visit();
        self.settle_chats();
        self.state.borrow_mut().desk.outbox.hurry();
        self.next();
    }

    fn send(&self) {
        let (events, stats) = {
            let state = &mut *self.state.borrow_mut();
            state.desk.timer = None;
            let bytes = if packs() && !state.desk.hidden { CALM_BYTES } else { PLAIN_BYTES };
            let events = state.desk.outbox.take(bytes);
            let stats = state.captured.stats.to_json(events.len() + state.desk.outbox.flying());
            (events, stats)
        };
        if !events.is_empty() {
            self.depart(events, &stats, None);
        }
    }

    /// Puts a calm batch on its way.
    fn depart(&self, events: Vec<Encoded>, stats: &str, parcel: Option<String>) {
        let Some(http) = &self.http else { return };
        let now = self.present();
        let body = wire::json::batch(&events, now.wall, stats);
        let (way, urgency, ticket) = {
            let desk = &mut self.state.borrow_mut().desk;
            let urgency = if desk.hidden { Urgency::Leaving } else { Urgency::Calm };
            let weight = HttpSink::weight(urgency, &body);
            let (way, ticket) = match desk.budget.reserve(Way::Keepalive, weight, now.mono) {
                Some(ticket) => (Way::Keepalive, ticket),
                None => (Way::Plain, desk.budget.ticket()),
            };
            desk.outbox.board(ticket, events, true, parcel);
            (way, urgency, ticket)
        };
        if !http.post(way, urgency, ticket, &body) {
            self.answered(ticket, 0, f64::NAN);
        }
    }

    /// Acts on what became of a flight.
    pub(super) fn answered(&self, ticket: u32, status: u16, retry_after: f64) {
        let delivery = Delivery::of_status(status, Some(retry_after).filter(|wait| wait.is_finite()));
        let now = self.present().mono;
        let flight = {
            let state = &mut *self.state.borrow_mut();
            state.desk.budget.release(ticket);
            let jitter = state.visit.random.unit();
            state.desk.outbox.answered(ticket, delivery, now, jitter, &mut state.captured.stats)
        };
        let Some(flight) = flight else { return };
        if self.config.debug {
            let (count, status) = (json::decimal(flight.events.len()), json::decimal(status.into()));
            self.log(&["answer", &status, "to a batch of", &count]);
        }
        match flight.parcel {
            Some(key) => self.parcel_answered(&key, flight.events.len(), delivery),
            None => self.keep_up(delivery),
        }
        self.next();
    }

    /// Hands everything over before returning: no await, promise or timer in between.
    ///
    /// Where nobody hears the answer (a beacon) there must be reason to trust it. A server that failed last, or a browser
    /// that is offline, is none: then everything is left in storage first, and only tried by what can be heard.
    pub(super) fn send_leaving(&self) {
        let Some(http) = &self.http else { return };
        let now = self.present().mono;
        self.take_back(http);
        let (budget, failing, silenced) = {
            let desk = &mut self.state.borrow_mut().desk;
            desk.timer = None;
            (desk.budget.clone(), desk.outbox.is_failing(), desk.outbox.is_silenced(now))
        };
        let offline = !is_online();
        let stored = (failing || silenced || offline) && self.keep_undelivered();
        if stored && (silenced || offline) {
            return;
        }
        let refused = RefCell::new(Vec::new());
        let exit = Exit {
            sink: http,
            budget: &budget,
            unheard: !(http.has_headers() || offline || failing && stored),
            now,
            body: &|events| {
                let state = self.state.borrow();
                let stats = state.captured.stats.to_json(events.len() + state.desk.outbox.flying());
                wire::json::batch(events, self.present().wall, &stats)
            },
            handed: &|events, handed| {
                let state = &mut *self.state.borrow_mut();
                match handed {
                    Handed::Taken => state.captured.stats.sent += events.len() as u32,
                    Handed::InFlight(ticket) => state.desk.outbox.board(ticket, events, false, None),
                    Handed::Refused => refused.borrow_mut().extend(events),
                }
            },
        };
        loop {
            let room =
                IN_FLIGHT_BYTES.saturating_sub(budget.in_flight() + wire::json::OVERHEAD).max(LEAST_BYTES);
            let batch = self.state.borrow_mut().desk.outbox.take(room);
            if batch.is_empty() {
                break;
            }
            exit.hand_over(batch);
        }
        {
            let state = &mut *self.state.borrow_mut();
            state.desk.outbox.put_back(refused.into_inner(), &mut state.captured.stats);
        }
        if !stored {
            self.keep_undelivered();
        }
    }

    /// What was still being packed goes the quick way.
    fn take_back(&self, http: &HttpSink) {
        let tickets = self.state.borrow().desk.outbox.calm_tickets();
        for ticket in tickets.into_iter().filter(|ticket| http.take_back(*ticket)) {
            let state = &mut *self.state.borrow_mut();
            state.desk.budget.release(ticket);
            let flight = state.desk.outbox.land(ticket).filter(|flight| flight.parcel.is_none());
            if let Some(flight) = flight {
                state.desk.outbox.put_back(flight.events, &mut state.captured.stats);
            }
        }
    }

    /// The browser found its network again. What other tabs left is looked for a little later: those that live deliver
    /// their own.
    pub fn online(&self) {
        let now = self.present().mono;
        {
            let desk = &mut self.state.borrow_mut().desk;
            desk.outbox.online();
            desk.look_at = now + 3_000.0;
        }
        self.next();
    }

    /// The page is hidden, or even about to go, or neither.
    pub(super) fn presence(&self, hidden: bool, gone: bool) {
        {
            let desk = &mut self.state.borrow_mut().desk;
            (desk.hidden, desk.gone) = (hidden, gone);
        }
        self.absorb();
    }

    /// The page is back from the back/forward cache. Firefox does not tell it of all answers that came while it was away.
    pub(super) fn resume(&self) {
        lose_patience(RESUMED_PATIENCE_MS);
        self.look_now();
    }

    /// There may be something in storage that other pages left.
    pub(super) fn look_now(&self) {
        self.state.borrow_mut().desk.look_at = 0.0;
        self.next();
    }
}
