//! The visit: its record between pages, its start, its end.

use crate::browser::storage::Store;
use crate::catalogue;
use crate::config::Config;
use crate::event::Body;
use crate::id::Random;
use crate::policy::consent::Gate;
use crate::policy::dimensions::Identity;
use crate::session::Session;
use crate::time::Now;

use super::Tracker;

/// Where the session record is kept.
const RECORD_KEY: &str = "chatvitals.session";
/// The record is written again when activity is newer than this, ms: storage is slow, and idle limits are minutes.
const RECORD_AGE_MS: f64 = 5_000.0;

/// Who is here, and since when.
pub struct Visit {
    pub session: Option<Session>,
    pub identity: Identity,
    pub random: Random,
    recorded: f64,
}

impl Visit {
    pub fn new(random: Random) -> Self {
        Self { session: None, identity: Identity::default(), random, recorded: 0.0 }
    }

    /// Forgets every id.
    pub fn forget(&mut self) {
        self.session = None;
        self.identity = Identity::default();
        self.recorded = 0.0;
    }
}

fn store(tracker: &Tracker) -> Store {
    let Config { persistence, .. } = tracker.config;
    Store::open(persistence)
}

impl Tracker {
    pub(super) fn may_store(&self) -> bool {
        self.state.borrow().policy.consent.gate() == Gate::Open
    }

    fn read_record(&self) -> Option<Session> {
        if !self.may_store() {
            return None;
        }
        Session::decode(&store(self).get(RECORD_KEY)?)
    }

    /// Writes the session record, if consent allows storage.
    pub(super) fn keep_record(&self) {
        if !self.may_store() {
            return;
        }
        let record = self.state.borrow().visit.session.as_ref().map(Session::encode);
        if let Some(record) = record {
            store(self).set(RECORD_KEY, &record);
        }
    }

    pub(super) fn erase_record(&self) {
        store(self).remove(RECORD_KEY);
    }

    /// Takes up the visit that storage knows, or begins one.
    pub(super) fn begin_visit(&self) {
        let gate = self.state.borrow().policy.consent.gate();
        if gate == Gate::Closed {
            return;
        }
        self.touch(self.now());
    }

    /// There was activity: continues the visit, or ends it and begins the next.
    pub(super) fn touch(&self, now: Now) {
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
                // The visit that ended is the one this event speaks of, at the time of its last activity.
                self.ended(&record, Some(ended_id));
                let previous = record.id.clone();
                self.adopt(record.next(now), now, false);
                self.started(Some(started_id), Some(&previous), now);
            }
            None => {
                let session = Session::begin(now, &mut self.state.borrow_mut().visit.random);
                self.adopt(session, now, false);
                self.started(None, None, now);
            }
        }
    }

    /// Makes `session` the visit of this page; `true` when the page had none.
    fn adopt(&self, mut session: Session, now: Now, resumed: bool) -> bool {
        session.last = session.last.max(now.wall);
        let first = {
            let visit = &mut self.state.borrow_mut().visit;
            visit.recorded = now.wall;
            visit.identity.resumed = resumed;
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
        self.pass(body, now, event_id, None);
    }

    fn ended(&self, session: &Session, event_id: Option<String>) {
        let body = Body::of(catalogue::SESSION_ENDED)
            .duration("durationMs", session.duration_ms())
            .number("userTurnCount", f64::from(session.user_turns))
            .number("assistantTurnCount", f64::from(session.assistant_turns))
            .done();
        let at = Now { wall: session.last, mono: self.now().mono };
        self.pass(body, at, event_id, Some(session.id.as_str()));
    }

    /// The tracker stops: so does its account of the visit.
    pub(super) fn end_visit(&self) {
        let session = self.state.borrow().visit.session.clone();
        if let Some(session) = session {
            self.ended(&session, None);
        }
    }

    /// Takes over the visit that storage knew before consent was given; `None` when there is none alive.
    pub(super) fn recall(&self, now: Now) -> Option<Session> {
        self.read_record().filter(|record| !record.is_over(now, self.config.session))
    }
}
