//! The composition root: builds the rooms in order and acts on what they decide.
//!
//! Decide first, act after: a step is bound with `let` before it is acted on, so that no borrow is alive when JavaScript
//! runs, because JavaScript may call in again.

mod capture;
mod chat;
mod delivery;
mod page;
mod parcels;
mod visit;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Interval;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Window};

use crate::browser::listener::Listener;
use crate::browser::observers::Observers;
use crate::browser::sinks::http::HttpSink;
use crate::browser::{self, lifecycle, storage};
use crate::chat::Chats;
use crate::config::Config;
use crate::page::engagement::TICK_MS;
use crate::policy::Policy;
use crate::policy::consent::{Change, Consent, Gate, Posture};
use crate::queue::Limits;
use crate::session::Session;
use crate::time::Now;

use capture::Captured;
use delivery::Desk;
use page::PageState;
use visit::Visit;

#[wasm_bindgen]
extern "C" {
    /// The shell's half: what only JavaScript can do for the tracker. None of it throws.
    pub type Host;
    /// The site's function for dimensions, if it gave one. It answers with a JSON object.
    #[wasm_bindgen(method, getter)]
    fn dimensions(this: &Host) -> Option<Function>;
    /// An event passed the policy; for the site's own sinks and listeners. Called only after `listen(true)`.
    #[wasm_bindgen(method)]
    fn emit(this: &Host, event: &str);
    /// Consent was withdrawn: sinks and listeners empty their own queues.
    #[wasm_bindgen(method)]
    fn withdrawn(this: &Host);
    /// A line for the developer, only when `debug` is on.
    #[wasm_bindgen(method)]
    fn log(this: &Host, line: &str);
}

/// Appears in storage for an instant when consent is withdrawn, so that the other tabs hear of it.
const WITHDRAWN_KEY: &str = "chatvitals.withdrawn";

/// A running tracker.
pub struct Tracker {
    window: Window,
    document: Document,
    host: Host,
    dimensions: Option<Function>,
    listening: Cell<bool>,
    config: Config,
    http: Option<HttpSink>,
    state: RefCell<State>,
    running: RefCell<Option<Running>>,
    past: RefCell<Past>,
    this: Weak<Tracker>,
}

/// When and where the calls happened that the shell replays; `wall` is 0 while it replays none.
#[derive(Default)]
struct Past {
    wall: f64,
    url: String,
}

/// What changes while the tracker runs.
struct State {
    policy: Policy,
    visit: Visit,
    page: PageState,
    chats: Chats,
    captured: Captured,
    desk: Desk,
}

/// What is undone by dropping it.
struct Running {
    _lifecycle: Vec<Listener>,
    _observers: Observers,
    _tick: Option<Interval>,
}

impl Tracker {
    /// Builds the rooms; nothing runs yet.
    pub fn new(config: Config, host: Host) -> Rc<Self> {
        let (window, document) = browser::page().unwrap_throw();
        let mut random = browser::random(&window);
        let signal = config.respect_gpc && browser::global_privacy_control(&window);
        let policy = Policy {
            consent: Consent::new(config.consent, config.respect_consent, signal),
            sample_rate: config.sample_rate,
            include_content: config.include_content,
        };
        let limits = Limits {
            size: config.batch_size,
            interval_ms: config.batch_interval_ms,
            bytes: delivery::CALM_BYTES,
            max_events: config.max_events,
        };
        let now = browser::clock::now(&window);
        let state = State {
            policy,
            page: PageState::new(&config, now, &document),
            captured: Captured::new(&config, now, &mut random),
            visit: Visit::new(random),
            chats: Chats::default(),
            desk: Desk::new(limits),
        };
        Rc::new_cyclic(|this: &Weak<Tracker>| Tracker {
            http: {
                let this = this.clone();
                HttpSink::new(&config, move |ticket, status, retry_after| {
                    if let Some(tracker) = this.upgrade() {
                        tracker.answered(ticket, status, retry_after);
                    }
                })
            },
            window,
            document,
            dimensions: host.dimensions(),
            listening: Cell::new(false),
            host,
            config,
            state: RefCell::new(state),
            running: RefCell::new(None),
            past: RefCell::default(),
            this: this.clone(),
        })
    }

    /// Begins the visit and the first view, and listens. `session` and `view` were begun by the shell, if it had to
    /// speak before we were there. (The shell waits with this while a page is being prerendered.)
    pub fn start(self: &Rc<Self>, session: &str, view: &str) {
        if !self.config.enabled {
            return;
        }
        let this = self.this.clone();
        let tick = self.config.page.engagement.then(|| {
            Interval::new(TICK_MS as u32, move || {
                if let Some(tracker) = this.upgrade() {
                    tracker.tick();
                }
            })
        });
        let running = Running {
            _lifecycle: lifecycle::listen(&self.window, &self.document, self),
            _observers: Observers::start(&self.document, self.config.page, self),
            _tick: tick,
        };
        *self.running.borrow_mut() = Some(running);
        self.chats_hidden(!lifecycle::is_visible(&self.document));
        self.state.borrow_mut().visit.session = Session::decode(session);
        self.begin_visit();
        if self.config.page.views {
            if view.is_empty() {
                self.first_view("navigate");
            } else {
                self.continue_view(view);
            }
        }
    }

    /// What is called next happened then and there; 0 ends that.
    pub fn at(&self, wall: f64, url: &str) {
        *self.past.borrow_mut() = Past { wall, url: url.into() };
        if self.is_running() && self.config.page.views {
            self.route_changed("push");
        }
    }

    fn now(&self) -> Now {
        let now = browser::clock::now(&self.window);
        match self.past.borrow().wall {
            0.0 => now,
            wall => Now { wall, mono: now.mono + (wall - now.wall).min(0.0) },
        }
    }

    /// The page's address, or the one it had when a replayed call was made.
    fn address(&self) -> String {
        let past = self.past.borrow();
        if past.wall > 0.0 { past.url.clone() } else { self.window.location().href().unwrap_or_default() }
    }

    fn is_running(&self) -> bool {
        self.running.borrow().is_some()
    }

    /// Whether the site has sinks or listeners of its own to tell about events.
    pub fn listen(&self, on: bool) {
        self.listening.set(on);
    }

    /// The visitor decided.
    pub fn set_consent(&self, posture: &str) -> Result<(), String> {
        let Some(posture) = Posture::parse(posture) else {
            let mut message = String::from(
                "ChatVitals: setConsent wants \"none\", \"functional\", \"analytics\" or \"all\", but was given ",
            );
            crate::json::push_text(&mut message, posture);
            return Err(message);
        };
        let (before, change) = {
            let consent = &mut self.state.borrow_mut().policy.consent;
            (consent.gate(), consent.set(posture))
        };
        match change {
            Change::Same => {}
            Change::Opened if before == Gate::Held => self.release_held(),
            Change::Opened => self.begin_again(),
            Change::Withdrawn => {
                self.forget();
                storage::tell_other_tabs(WITHDRAWN_KEY);
            }
        }
        if change == Change::Opened {
            self.look_now();
        }
        Ok(())
    }

    /// Another tab wrote to storage. A withdrawn consent holds for all of them.
    pub fn storage_changed(&self, key: Option<String>) {
        if key.as_deref() != Some(WITHDRAWN_KEY) {
            return;
        }
        let change = self.state.borrow_mut().policy.consent.set(Posture::None);
        if change == Change::Withdrawn {
            self.forget();
        }
    }

    /// Nothing was captured while consent was withheld: the visit begins now.
    fn begin_again(&self) {
        if self.is_running() {
            self.begin_visit();
            if self.config.page.views {
                self.first_view("navigate");
            }
        }
    }

    /// Consent was withdrawn: empties queues, sinks, storage and ids.
    fn forget(&self) {
        {
            let state = &mut *self.state.borrow_mut();
            state.captured.forget();
            state.desk.outbox.forget(&mut state.captured.stats);
            state.desk.stop();
            state.visit.forget();
        }
        self.erase_record();
        self.erase_parcels();
        self.forget_chats();
        self.host.withdrawn();
    }

    /// Ends the session, sends what waits, undoes every listener, timer and observer.
    pub fn shutdown(&self) {
        if !self.is_running() {
            return;
        }
        self.leave_chats();
        self.leave_view();
        self.end_visit();
        self.presence(true, true);
        self.send_leaving();
        let running = self.running.borrow_mut().take();
        drop(running);
        self.state.borrow_mut().desk.stop();
    }

    /// Shown or hidden.
    pub fn visibility_changed(&self) {
        let visible = lifecycle::is_visible(&self.document);
        let now = self.now();
        self.state.borrow_mut().page.engagement.set_visible(now.mono, visible);
        self.chats_hidden(!visible);
        if visible {
            self.presence(false, false);
            self.look_now();
        } else {
            self.heartbeat();
            self.leaving(false);
        }
    }

    /// Focused or not.
    pub fn focus_changed(&self, focused: bool) {
        let now = self.now();
        self.state.borrow_mut().page.engagement.set_focused(now.mono, focused);
    }

    /// The page is being left, or put into the back/forward cache.
    pub fn page_hidden(&self) {
        // What is still to be said leaves in one batch.
        self.presence(false, false);
        self.leave_chats();
        self.leave_view();
        self.leaving(true);
    }

    /// Brought back from the back/forward cache: a new view of the same visit.
    pub fn restored(&self) {
        self.presence(false, false);
        self.first_view("back-forward-cache");
        self.look_now();
    }

    /// Whatever was captured leaves before this returns. `gone`: nothing will happen on this page any more, unless it is
    /// brought back.
    pub fn leaving(&self, gone: bool) {
        self.keep_record();
        self.presence(true, gone);
        self.send_leaving();
    }

    /// A line for the developer. Ask `config.debug` first: making the words costs more than not saying them.
    #[inline(never)]
    fn log(&self, words: &[&str]) {
        let mut line = String::from("ChatVitals:");
        for word in words {
            line.push(' ');
            line.push_str(word);
        }
        self.host.log(&line);
    }
}
