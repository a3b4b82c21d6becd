//! The composition root: builds the rooms in order and acts on what they decide.
//!
//! Decide first, act after: a step is bound with `let` before it is acted on, so that no borrow is alive when JavaScript
//! runs, because JavaScript may call in again.

mod actions;
mod capture;
mod chat;
mod consent;
mod delivery;
mod page;
mod parcels;
mod summary;
mod visit;
mod vitals;

use std::cell::{Cell, OnceCell, RefCell};

use wasm_bindgen::prelude::*;

use crate::browser::observers::{Observers, Signal};
use crate::browser::page as dom;
use crate::browser::sinks::http::HttpSink;
use crate::browser::timer::Timer;
use crate::browser::{self, Hear};
use crate::chat::Chats;
use crate::config::{Config, PageSignals};
use crate::metrics::SummaryCounts;
use crate::policy::Policy;
use crate::policy::consent::Consent;
use crate::queue::Limits;
use crate::session::Session;
use crate::time::Now;

use capture::Captured;
use delivery::Desk;
use page::PageState;
use visit::Visit;
use vitals::VitalsState;

#[wasm_bindgen]
extern "C" {
    /// The shell's half: what only JavaScript can do for the tracker. None of it throws.
    pub type Host;
    /// What the site's function for dimensions says now, a JSON object.
    #[wasm_bindgen(method)]
    fn dimensions(this: &Host) -> Option<String>;
    /// Events of the site's own that wait to be captured, for [`Tracker::track`]. `hurry`: whether those that come from now on
    /// may not wait.
    #[wasm_bindgen(method)]
    fn aside(this: &Host, hurry: bool) -> Option<String>;
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

/// A running tracker.
pub struct Tracker {
    host: Host,
    /// What the browser calls back.
    hear: &'static Hear,
    listening: Cell<bool>,
    config: Config,
    http: Option<HttpSink>,
    state: RefCell<State>,
    running: Cell<bool>,
    /// What listens on the page, while the tracker runs.
    observers: OnceCell<Observers>,
    /// When the calls happened that the shell replays (wall clock, ms); 0 while it replays none.
    past: Cell<f64>,
}

/// What changes while the tracker runs.
struct State {
    policy: Policy,
    visit: Visit,
    page: PageState,
    chats: Chats,
    vitals: VitalsState,
    summary: SummaryCounts,
    captured: Captured,
    desk: Desk,
}

impl Tracker {
    /// Builds the rooms; nothing runs yet.
    pub fn new(config: Config, host: Host, hear: Hear) -> Self {
        let mut random = browser::random();
        let signal = config.respect_gpc && browser::wants_privacy();
        let policy = Policy {
            consent: Consent::new(config.consent, config.respect_consent, signal),
            sample_rate: config.sample_rate,
            include_content: config.include_content,
            allow_query: config.allow_query.clone(),
        };
        let limits = Limits {
            size: config.batch_size,
            interval_ms: config.batch_interval_ms,
            bytes: delivery::CALM_BYTES,
            max_events: config.max_events,
        };
        let now = browser::clock::now();
        let state = State {
            policy,
            page: PageState::new(&config),
            captured: Captured::new(&config, now, &mut random),
            vitals: VitalsState::new(&mut random),
            visit: Visit::new(random),
            chats: Chats::default(),
            summary: SummaryCounts::default(),
            desk: Desk::new(limits),
        };
        let hear: &'static Hear = Box::leak(Box::new(hear));
        Tracker {
            http: HttpSink::new(&config, hear),
            hear,
            listening: Cell::new(false),
            host,
            config,
            state: RefCell::new(state),
            running: Cell::new(false),
            observers: OnceCell::new(),
            past: Cell::new(0.0),
        }
    }

    /// A signal to come.
    fn wake(&self, signal: Signal, ms: f64) -> Timer {
        Timer::start(self.hear, signal, ms)
    }

    /// Begins the visit and the first view, and listens. `session` (a record) and `view` (an id) are what the shell had
    /// to tell of before we were there, else empty. (It waits with this while a page is being prerendered.)
    pub fn start(&self, session: &str, view: &str) {
        if !self.config.enabled {
            return;
        }
        let endpoint = self.config.endpoint.as_deref().unwrap_or_default();
        let start = || Observers::start(self.hear, self.config.page, self.config.include_content, endpoint);
        let observers = self.observers.get_or_init(start);
        self.running.set(true);
        self.state.borrow_mut().visit.session = Session::decode(session);
        self.arrived();
        if !view.is_empty() {
            self.continue_view(view);
        }
        // Last: when a page is restored, its new view begins before its new vitals.
        let PageSignals { vitals, soft_navigations, .. } = self.config.page;
        if vitals {
            observers.measure(soft_navigations);
        }
        self.look_now();
    }

    /// What is called next happened at `wall` (ms), while the page had this address; 0 and "" end that.
    pub fn at(&self, wall: f64, url: &str) {
        self.past.set(wall);
        dom::pretend(url);
        if self.is_running() {
            self.route_changed("push");
        }
    }

    /// Something was heard: a signal's number, what it is about, and what is known of it. The answer is the signal's.
    pub fn heard(&self, signal: u32, which: u32, numbers: &[f64], detail: &str) -> u32 {
        // The page's own code may have tracked something before.
        self.absorb();
        if signal >= Signal::VITALS {
            return self.vitals(signal - Signal::VITALS, which, numbers, detail);
        }
        let Some(signal) = Signal::of(signal) else { return 0 };
        match signal {
            Signal::Shown => self.visibility_changed(true),
            Signal::Hidden => self.visibility_changed(false),
            Signal::Focused => self.focus_changed(true),
            Signal::Blurred => self.focus_changed(false),
            Signal::Left => self.left(),
            Signal::Restored => {
                self.catch_up();
                self.presence(false, false);
                self.restored();
                self.resume();
            }
            Signal::Frozen => self.leaving(true),
            Signal::Online => self.online(),
            Signal::Stored => self.storage_changed(detail),
            Signal::Tick => self.tick(),
            Signal::Active => self.active(),
            Signal::Route => self.route_changed(detail),
            Signal::Scrolled => self.scrolled(crate::json::number(detail).unwrap_or_default()),
            Signal::Clicked => self.clicked(detail),
            Signal::Dead => self.dead(detail),
            Signal::Failed => self.failed(detail),
            Signal::Seen => self.seen(detail),
            Signal::Answered => {
                if let [status, retry_after] = *numbers {
                    self.answered(which, status as u16, retry_after);
                }
            }
            Signal::Due => self.due(),
            Signal::Settled => self.settled(),
            Signal::Titled => {
                self.measure();
                self.settle_view();
            }
            Signal::Calmed => self.calm(),
        }
        0
    }

    fn now(&self) -> Now {
        let now = browser::clock::now();
        match self.past.get() {
            0.0 => now,
            wall => Now { wall, mono: now.mono + (wall - now.wall).min(0.0) },
        }
    }

    /// What listens on the page, while the tracker runs.
    fn observers(&self) -> Option<&Observers> {
        self.observers.get().filter(|_| self.is_running())
    }

    fn is_running(&self) -> bool {
        self.running.get()
    }

    /// Whether the site has sinks or listeners of its own to tell about events.
    pub fn listen(&self, on: bool) {
        self.listening.set(on);
    }

    /// Ends the session, sends what waits, undoes every listener, timer and observer.
    pub fn shutdown(&self) {
        if !self.is_running() {
            return;
        }
        self.measure();
        self.leave_vitals();
        self.leave_chats();
        self.leave_view();
        self.settle_visit();
        self.end_visit();
        self.presence(true, true);
        self.send_leaving();
        // A listener may have shut down what was being shut down.
        if self.running.replace(false)
            && let Some(observers) = self.observers.get()
        {
            observers.stop();
        }
        let state = &mut *self.state.borrow_mut();
        state.page.rest();
        state.desk.stop();
    }

    /// Shown or hidden.
    fn visibility_changed(&self, visible: bool) {
        let now = self.now();
        self.state.borrow_mut().page.engagement.set_visible(now.mono, visible);
        self.chats_hidden(!visible);
        if !self.is_running() {
            // This is how the page is at the start.
            return;
        }
        if visible {
            self.presence(false, false);
            self.look_now();
        } else {
            self.measure();
            self.failed_again();
            self.heartbeat();
            self.leaving(false);
        }
    }

    /// Focused or not.
    fn focus_changed(&self, focused: bool) {
        let now = self.now();
        self.state.borrow_mut().page.engagement.set_focused(now.mono, focused);
    }

    /// The page is being left, or put into the back/forward cache.
    fn left(&self) {
        // What is still to be said leaves in one batch.
        self.presence(false, false);
        self.measure();
        self.leave_vitals();
        self.leave_chats();
        self.leave_view();
        self.leaving(true);
    }

    /// Whatever was captured leaves before this returns. `gone`: nothing will happen on this page any more, unless it is
    /// brought back.
    fn leaving(&self, gone: bool) {
        self.settle_visit();
        self.keep_record();
        // A page that goes is also hidden, a moment later.
        let gone = gone || self.state.borrow().desk.gone;
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
