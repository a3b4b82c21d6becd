//! From a body to an event that may leave: envelope, policy, buffer, queue, the site's own sinks.

use std::rc::Rc;

use crate::catalogue;
use crate::config::Config;
use crate::event::{Body, Event, Kind, View};
use crate::id::{Ids, Random};
use crate::json;
use crate::list::keep;
use crate::policy::Verdict;
use crate::policy::consent::Gate;
use crate::queue::Encoded;
use crate::stats::Stats;
use crate::text::parts;
use crate::time::Now;
use crate::wire;

use super::delivery::EVENT_BYTES;
use super::{State, Tracker};

/// What was captured so far.
pub struct Captured {
    pub ids: Ids,
    pub stats: Stats,
    pub context: String,
    held: Vec<Event>,
    buffer: Vec<Rc<str>>,
    max: usize,
}

/// What is special about the rare event that is not of this moment and this visit.
#[derive(Default)]
pub struct Stamp<'a> {
    /// An id that others derive too.
    pub id: Option<String>,
    /// Another visit than the present one.
    pub session: Option<&'a str>,
    /// Another view than the one that is shown.
    pub view: Option<Rc<View>>,
    /// What its context has beyond that of every event, a JSON object.
    pub context: &'a str,
}

/// The members of several JSON objects in one.
fn joined(objects: [&str; 3]) -> String {
    let mut out = String::from("{");
    for object in objects {
        let inside = object.get(1..object.len().saturating_sub(1)).unwrap_or_default();
        if !inside.is_empty() {
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(inside);
        }
    }
    out.push('}');
    out
}

/// What of an id is enough to tell trackers apart: when it was made, to the millisecond, and 26 bits of chance.
fn short(id: &str) -> String {
    let (mut out, mut parts) = (String::new(), parts(id, b'-'));
    for _ in 0..4 {
        out.push_str(parts.next().unwrap_or_default());
    }
    out
}

/// An event that the site reports itself: one of its own, or of the catalogue.
pub(super) fn own(name: String, properties: &str) -> Body {
    let properties = if properties.starts_with('{') { properties } else { "{}" };
    match catalogue::find(&name) {
        Some(def) => Body { kind: Kind::Known(def), properties: properties.into(), turn: Box::default() },
        None => Body::custom(name, properties.into()),
    }
}

impl Captured {
    pub fn new(config: &Config, now: Now, random: &mut Random) -> Self {
        let mut ids = Ids::new(random);
        let stats = Stats { id: short(&ids.at(now.wall)), ..Stats::default() };
        Self {
            ids,
            stats,
            context: config.context.clone(),
            held: Vec::new(),
            buffer: Vec::new(),
            max: config.max_events,
        }
    }

    /// How many events wait for consent.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Forgets every event, because consent was withdrawn.
    pub fn forget(&mut self) {
        self.stats.dropped_consent += self.held.len() as u32;
        self.held.clear();
        self.buffer.clear();
    }

    fn hold(&mut self, event: Event) {
        if self.held.len() >= self.max {
            self.held.remove(0);
            self.stats.dropped_overflow += 1;
        }
        self.held.push(event);
    }

    fn remember(&mut self, json: &Rc<str>) {
        if self.buffer.len() >= self.max {
            self.buffer.remove(0);
        }
        self.buffer.push(json.clone());
    }
}

impl Tracker {
    /// Events of the site's own, three lines each: when, name and properties, as JSON. Those without a time happen now; the
    /// others waited in the shell, because no function of the site is to be asked about them.
    pub fn track(&self, lines: &str) {
        let present = self.now();
        let mut lines = parts(lines, b'\n');
        let mut any = false;
        while let (Some(when), Some(name), Some(properties)) = (lines.next(), lines.next(), lines.next()) {
            let name = json::text(name).unwrap_or_default();
            if name.is_empty() || !self.is_running() {
                continue;
            }
            let body = own(name, properties);
            let waited = json::number(when);
            let now = waited.map_or(present, |mono| Now { wall: present.wall_of(mono), mono });
            let dimensions = if waited.is_some() { None } else { self.host.dimensions() };
            self.touch(now);
            self.settle_view();
            any |= self.admit(body, now, Stamp::default(), dimensions.as_deref());
        }
        if any {
            self.captured();
        }
    }

    /// Something the visitor did: it keeps the visit alive.
    pub(super) fn capture(&self, body: Body, now: Now) {
        self.touch(now);
        self.settle_view();
        self.pass(body, now, Stamp::default());
    }

    /// Something that happened by itself: it belongs to the visit, and never begins or prolongs one.
    pub(super) fn note(&self, body: Body, now: Now) {
        self.settle_view();
        let now = self.within_visit(now);
        self.pass(body, now, Stamp::default());
    }

    /// Puts a body into its envelope and through the policy; what may leave does so with its batch.
    pub(super) fn pass(&self, body: Body, now: Now, stamp: Stamp) {
        // The site's function runs before anything is borrowed.
        let dimensions = self.host.dimensions();
        if self.admit(body, now, stamp, dimensions.as_deref()) {
            self.captured();
        }
    }

    /// Whether it may leave.
    fn admit(&self, body: Body, now: Now, stamp: Stamp, dimensions: Option<&str>) -> bool {
        let name = if self.config.debug { body.kind.name().into() } else { String::new() };
        let verdict = {
            let state = &mut *self.state.borrow_mut();
            state.captured.stats.captured += 1;
            // What sampling leaves out happened all the same.
            if state.policy.consent.gate() != Gate::Closed {
                state.summary.observe(body.kind.name(), &body.properties);
            }
            let session = state.visit.session.as_ref();
            let session_id = stamp.session.or(session.map(|session| session.id.as_str())).unwrap_or_default();
            let id = stamp.id.unwrap_or_else(|| state.captured.ids.at(now.wall));
            let view = stamp.view.or_else(|| state.page.view.clone());
            // A vital of an earlier view speaks of the address that view had.
            let fields = view.as_ref().map_or(&state.page.fields, |view| &view.fields);
            let context = joined([&state.captured.context, fields, stamp.context]);
            let mut event = Event {
                id,
                body,
                at: now.wall,
                session_id: session_id.into(),
                view,
                context,
                dimensions: String::new(),
                sample_rate: None,
            };
            match state.policy.apply(&mut event, dimensions, &state.visit.identity) {
                Verdict::Pass if !state.visit.is_settling() => Ok(Some(event)),
                Verdict::Pass | Verdict::Hold => {
                    state.captured.hold(event);
                    Ok(None)
                }
                Verdict::Drop(reason) => {
                    state.captured.stats.drop(reason);
                    Err(reason)
                }
            }
        };
        if self.config.debug {
            let reason = verdict.as_ref().err().map_or("", |reason| reason.name());
            self.log(&[if reason.is_empty() { "captured" } else { "dropped" }, &name, reason]);
        }
        let Ok(Some(event)) = verdict else { return false };
        self.deliver(&event, now.mono);
        true
    }

    /// An event that may leave goes to the buffer, the queue and the site's own sinks.
    fn deliver(&self, event: &Event, now: f64) {
        let json: Rc<str> = wire::json::event(event).into();
        {
            let State { captured, desk, .. } = &mut *self.state.borrow_mut();
            if json.len() > EVENT_BYTES {
                captured.stats.dropped_oversized += 1;
                return;
            }
            captured.remember(&json);
            match self.http {
                Some(_) => desk.outbox.push(Encoded { json: json.clone() }, now, &mut captured.stats),
                // The site's own sinks are called with it, below: it has arrived.
                None => captured.stats.sent += 1,
            }
        }
        if self.listening.get() {
            self.host.emit(&json);
        }
    }

    /// Consent opened the gate, or it is settled which visit this is: what was held leaves, under the visit that storage
    /// knows if there is one.
    pub(super) fn release_held(&self) {
        let now = self.now();
        let known = self.recall(now);
        let held = {
            let state = &mut *self.state.borrow_mut();
            if let Some(mut known) = known {
                // Turns that were told meanwhile were told in the visit that is known by now.
                known.join(state.visit.session.take());
                state.visit.session = Some(known);
            }
            let id: Rc<str> =
                state.visit.session.as_ref().map(|session| session.id.as_str()).unwrap_or_default().into();
            let mut held = core::mem::take(&mut state.captured.held);
            // A visit that was not to be did not begin either.
            let started = catalogue::SESSION_STARTED.name;
            keep(&mut held, &mut |event| event.session_id == id || event.body.kind.name() != started);
            for event in &mut held {
                event.session_id = id.clone();
            }
            held
        };
        self.keep_record();
        let any = !held.is_empty();
        for event in held {
            self.deliver(&event, now.mono);
        }
        if any {
            self.captured();
        }
    }

    /// Who the visitor is: `{userId, tenantId, trusted}`.
    pub fn identify(&self, identity: &str) {
        let state = &mut *self.state.borrow_mut();
        let who = &mut state.visit.identity;
        for (name, value) in json::members(identity) {
            match name {
                "userId" => who.user_id = json::text(value).filter(|id| !id.is_empty()),
                "tenantId" => who.tenant_id = json::text(value).filter(|id| !id.is_empty()),
                "trusted" => who.trusted = json::boolean(value).unwrap_or(false),
                _ => {}
            }
        }
        who.authenticated = who.trusted && who.user_id.is_some();
    }

    /// Replaces the static context.
    pub fn set_context(&self, context: &str) {
        let context = if context.starts_with('{') { context } else { "{}" };
        self.state.borrow_mut().captured.context = context.into();
    }

    /// The counts, as JSON.
    pub fn stats(&self) -> String {
        let state = self.state.borrow();
        let waiting = state.captured.held() + state.desk.outbox.waiting();
        state.captured.stats.with_waiting(waiting)
    }

    /// The local buffer, as a JSON array.
    pub fn events(&self) -> String {
        self.settle_chats();
        let state = self.state.borrow();
        let mut out = String::from("[");
        for json in &state.captured.buffer {
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(json);
        }
        out.push(']');
        out
    }
}
