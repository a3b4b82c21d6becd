//! The visit: its record between pages, its start, its end.

use std::rc::Rc;

use crate::browser::observers::Signal;
use crate::browser::storage::Store;
use crate::browser::timer::Timer;
use crate::catalogue;
use crate::config::Persistence;
use crate::event::Body;
use crate::id::Random;
use crate::metrics::SummaryCounts;
use crate::policy::consent::Gate;
use crate::policy::dimensions::Identity;
use crate::session::Session;
use crate::time::Now;

use super::capture::Stamp;
use super::{State, Tracker};

/// Where the session record is kept.
pub(super) const RECORD_KEY: &str = "chatvitals.session";
/// How long a first visit is held back, ms: a tab opened in the same moment may have begun one too, and storage takes
/// a while to get from one process to the other.
const SETTLE_MS: f64 = 200.0;
/// Each time it turns out to be another tab's visit it is held back once more, for that tab may have to learn of a third:
/// at most so often.
const MAX_ROUNDS: u32 = 3;
/// The record is written again when activity is newer than this, ms: storage is slow, and idle limits are minutes.
const RECORD_AGE_MS: f64 = 5_000.0;

/// Who is here, and since when.
pub struct Visit {
    pub session: Option<Session>,
    pub identity: Identity,
    pub random: Random,
    recorded: f64,
    /// Whether storage took the record.
    kept: bool,
    settling: Option<Settling>,
}

/// A first visit that is held back.
struct Settling {
    /// Dropped, it is called off.
    _timer: Timer,
    /// The visit it was when the wait began.
    id: Rc<str>,
    /// How often it waited before.
    rounds: u32,
}

impl Visit {
    pub fn new(random: Random) -> Self {
        Self {
            session: None,
            identity: Identity::default(),
            random,
            recorded: 0.0,
            kept: false,
            settling: None,
        }
    }

    /// Forgets every id.
    pub fn forget(&mut self) {
        self.session = None;
        self.identity = Identity::default();
        self.recorded = 0.0;
        self.kept = false;
        self.settling = None;
    }

    /// Whether it is still open which visit this is.
    pub fn is_settling(&self) -> bool {
        self.settling.is_some()
    }
}

impl Tracker {
    fn store(&self) -> Store {
        Store::open(self.config.persistence)
    }

    pub(super) fn may_store(&self) -> bool {
        self.state.borrow().policy.consent.gate() == Gate::Open
    }

    fn read_record(&self) -> Option<Session> {
        if !self.may_store() {
            return None;
        }
        Session::decode(&self.store().get(RECORD_KEY)?)
    }

    /// Writes the session record, if consent allows storage. What other tabs wrote is not lost: counts of the same visit
    /// are joined, and of two visits that are alive the first is the one we are in.
    pub(super) fn keep_record(&self) {
        if !self.may_store() {
            return;
        }
        let (now, known) = (self.now(), self.read_record());
        let record = {
            let visit = &mut self.state.borrow_mut().visit;
            let Some(session) = &mut visit.session else { return };
            match known {
                Some(known) if known.id == session.id => session.merge(&known),
                // A visit that is over is not news, though this tab has not noticed yet.
                Some(_) if session.is_over(now, self.config.session) => return,
                Some(mut known) if !known.is_over(now, self.config.session) && known.precedes(session) => {
                    core::mem::swap(session, &mut known);
                    session.join(Some(known));
                }
                _ => {}
            }
            session.encode()
        };
        let kept = self.store().set(RECORD_KEY, &record);
        self.state.borrow_mut().visit.kept = kept;
    }

    /// Whether the record was kept and is gone: only a withdrawn consent erases it.
    pub(super) fn lost_record(&self) -> bool {
        // Not in one expression: the page's own code may stand in for its storage, and call us from there.
        let kept = self.state.borrow().visit.kept;
        kept && self.store().get(RECORD_KEY).is_none()
    }

    /// Another tab wrote the record. Of two visits that began in the same moment the first is the one: we join it, or
    /// tell the other tab of ours by writing it again.
    pub(super) fn agree(&self) {
        let Some(known) = self.read_record() else { return };
        if self.state.borrow().visit.session.as_ref().is_some_and(|session| session.id != known.id) {
            self.keep_record();
        }
    }

    pub(super) fn erase_record(&self) {
        self.store().remove(RECORD_KEY);
    }

    /// There was activity: continues the visit, takes up the one that storage knows, or begins the next.
    pub(super) fn touch(&self, now: Now) {
        if self.state.borrow().policy.consent.gate() == Gate::Closed {
            return;
        }
        let limits = self.config.session;
        let fresh = {
            let mut state = self.state.borrow_mut();
            let visit = &mut state.visit;
            match &mut visit.session {
                Some(session) if !session.is_over(now, limits) => {
                    session.last = session.last.max(now.wall);
                    let stale = now.wall - visit.recorded > RECORD_AGE_MS;
                    if stale {
                        visit.recorded = now.wall;
                    }
                    Some(stale)
                }
                _ => None,
            }
        };
        match fresh {
            Some(true) => self.keep_record(),
            Some(false) => {}
            None => self.renew(now),
        }
    }

    /// This tab has no live visit. Another tab may have one; otherwise the next one begins.
    fn renew(&self, now: Now) {
        let limits = self.config.session;
        let known = self.read_record().or_else(|| self.state.borrow().visit.session.clone());
        match known {
            Some(record) if !record.is_over(now, limits) => {
                let in_chat = record.user_turns > 0;
                let first = self.adopt(record, now, true);
                // Every page of a visit takes it up; that is only worth an event when a chat goes on.
                if first && in_chat {
                    self.started(None, None, now);
                }
            }
            Some(record) => {
                let [ended_id, started_id] = record.handover_event_ids();
                // The visit that ended is the one this event speaks of, at the time of its last activity. One that was
                // shut down has told so already.
                if !record.ended {
                    self.ended(&record, ended_id);
                }
                let previous = record.id.clone();
                self.adopt(record.next(now), now, false);
                self.started(Some(started_id), Some(&previous), now);
            }
            None => {
                let session = Session::begin(now, &mut self.state.borrow_mut().visit.random);
                self.settle_soon(&session.id, 0);
                self.adopt(session, now, false);
                self.started(None, None, now);
            }
        }
    }

    /// A first visit is held back for a moment.
    fn settle_soon(&self, id: &str, rounds: u32) {
        if self.config.persistence != Persistence::Local || !self.may_store() {
            return;
        }
        let timer = self.wake(Signal::Settled, SETTLE_MS);
        self.state.borrow_mut().visit.settling = Some(Settling { _timer: timer, id: id.into(), rounds });
    }

    /// The moment is over.
    pub(super) fn settled(&self) {
        self.keep_record();
        let again = {
            let visit = &self.state.borrow().visit;
            let (Some(settling), Some(session)) = (&visit.settling, &visit.session) else { return };
            let is_other = *settling.id != *session.id && settling.rounds < MAX_ROUNDS;
            is_other.then(|| (session.id.clone(), settling.rounds + 1))
        };
        match again {
            Some((id, rounds)) => self.settle_soon(&id, rounds),
            None => self.settle_visit(),
        }
    }

    /// The visit is the one that storage knows by now, and what was held back leaves under it.
    pub(super) fn settle_visit(&self) {
        let settling = self.state.borrow_mut().visit.settling.take();
        if settling.is_some() {
            self.keep_record();
            self.release_held();
        }
    }

    /// Makes `session` the visit of this page; `true` when the page had none.
    fn adopt(&self, mut session: Session, now: Now, resumed: bool) -> bool {
        session.last = session.last.max(now.wall);
        let first = {
            let State { visit, summary, .. } = &mut *self.state.borrow_mut();
            visit.recorded = now.wall;
            visit.identity.resumed = resumed;
            if visit.session.as_ref().is_some_and(|before| before.id != session.id) {
                *summary = SummaryCounts::default();
            }
            visit.session.replace(session).is_none()
        };
        self.keep_record();
        first
    }

    fn started(&self, event_id: Option<String>, previous: Option<&str>, now: Now) {
        let identity = self.state.borrow().visit.identity.clone();
        let body = Body::of(catalogue::SESSION_STARTED)
            .boolean("resumed", identity.resumed)
            .text("identityKind", if identity.authenticated { "authenticated" } else { "guest" })
            .maybe_text("previousId", previous)
            .done();
        let context = self.arrival();
        self.pass(body, now, Stamp { id: event_id, context: &context, ..Stamp::default() });
    }

    fn ended(&self, session: &Session, event_id: String) {
        let body = Body::of(catalogue::SESSION_ENDED)
            .duration("durationMs", session.duration_ms())
            .number("userTurnCount", f64::from(session.user_turns))
            .number("assistantTurnCount", f64::from(session.assistant_turns))
            .done();
        let at = Now { wall: session.last, mono: self.now().mono };
        self.pass(body, at, Stamp { id: Some(event_id), session: Some(&session.id), ..Stamp::default() });
    }

    /// The tracker stops, and the visit ends with it; other tabs and the next page go on with the next one.
    pub(super) fn end_visit(&self) {
        self.keep_record();
        let session = self.state.borrow_mut().visit.session.take();
        let Some(mut session) = session.filter(|session| !session.ended) else { return };
        let [ended_id, _] = session.handover_event_ids();
        session.ended = true;
        self.ended(&session, ended_id);
        if self.may_store() {
            self.store().set(RECORD_KEY, &session.encode());
        }
    }

    /// The moment to which something that happened by itself belongs: now, or the visit's last when it is over. Passing
    /// time neither begins a visit nor prolongs it.
    pub(super) fn within_visit(&self, now: Now) -> Now {
        let limits = self.config.session;
        let is_over = |session: &Session| session.is_over(now, limits);
        if !self.state.borrow().visit.session.as_ref().is_some_and(is_over) {
            return now;
        }
        // Another tab may have kept it alive.
        let known = self.read_record();
        let visit = &mut self.state.borrow_mut().visit;
        let Some(session) = &mut visit.session else { return now };
        if let Some(known) = known.filter(|known| known.id == session.id) {
            session.merge(&known);
        }
        if is_over(session) { Now { wall: session.last, mono: now.mono } } else { now }
    }

    /// Takes over the visit that storage knew before consent was given; `None` when there is none alive.
    pub(super) fn recall(&self, now: Now) -> Option<Session> {
        self.read_record().filter(|record| !record.is_over(now, self.config.session))
    }
}
