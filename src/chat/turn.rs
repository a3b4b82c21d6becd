//! The times of one turn. Pure bookkeeping; what they mean for events is decided in `conversation`.

use std::rc::Rc;

use crate::event::Trace;

/// A pause between two signs of life this long is a stall that a reader feels, ms. Text comes several times a second; a
/// second of silence still belongs to the flow of thought (Nielsen 1993), two do not.
pub const STALL_MS: f64 = 2_000.0;

/// A turn. Times are `NaN` until they are observed.
#[derive(Debug)]
pub struct Turn {
    /// From 0, per conversation.
    pub index: u32,
    /// Whether it is still under way.
    pub open: bool,
    /// The submit, or the request for another response; never for a response nobody asked for.
    pub submitted: f64,
    /// The response's start.
    pub started: f64,
    /// The first text.
    pub first_token: f64,
    /// What the first text's time was read from, until its event has left.
    pub unannounced: Option<&'static str>,
    /// Which of a client's streams carries it.
    pub stream: f64,
    /// The response's id.
    pub response: Option<String>,
    /// The id of the message it becomes.
    pub message: Option<String>,
    /// The server's trace.
    pub trace: Option<Rc<Trace>>,
    /// Chunks with text.
    pub chunks: f64,
    /// Pauses of [`STALL_MS`] and more.
    pub stalls: f64,
    /// The longest of them.
    pub longest_stall: f64,
    /// When the connection broke that is not back.
    pub broken: f64,
    /// Whether it was told that the connection broke.
    pub break_told: bool,
    last_sign: f64,
    hidden: f64,
    hidden_since: f64,
    slept_until: f64,
}

impl Turn {
    /// A turn that begins at `at`, on a page that is hidden or not.
    pub fn new(index: u32, at: f64, hidden: bool) -> Self {
        Self {
            index,
            open: true,
            submitted: f64::NAN,
            started: f64::NAN,
            first_token: f64::NAN,
            unannounced: None,
            stream: f64::NAN,
            response: None,
            message: None,
            trace: None,
            chunks: 0.0,
            stalls: 0.0,
            longest_stall: 0.0,
            broken: f64::NAN,
            break_told: false,
            last_sign: f64::NAN,
            hidden: 0.0,
            hidden_since: if hidden { at } else { f64::NAN },
            slept_until: f64::NAN,
        }
    }

    /// From `from` to `to`; `NaN` when one was not observed, when they are out of order, or when the machine slept
    /// meanwhile.
    pub fn between(&self, from: f64, to: f64) -> f64 {
        let slept = from < self.slept_until && self.slept_until <= to;
        if from <= to && !slept { to - from } else { f64::NAN }
    }

    /// The response moved. A pause counts as a stall unless something that explains it was going on.
    #[inline(never)]
    pub fn sign_of_life(&mut self, at: f64, explained: bool) {
        let pause = self.between(self.last_sign, at);
        if !explained && pause >= STALL_MS {
            self.stalls += 1.0;
            self.longest_stall = self.longest_stall.max(pause);
        }
        self.last_sign = at.max(self.last_sign);
    }

    /// The page was hidden, or shown.
    pub fn set_hidden(&mut self, hidden: bool, at: f64) {
        self.hidden = self.hidden_ms(at);
        self.hidden_since = if hidden { at } else { f64::NAN };
    }

    /// How long the page was hidden so far.
    pub fn hidden_ms(&self, at: f64) -> f64 {
        // `max` answers with the number when the other is none.
        self.hidden + (at - self.hidden_since).max(0.0)
    }

    /// The machine slept, or the page was frozen, until now: no duration may span that.
    pub fn woke(&mut self, at: f64) {
        self.slept_until = at;
    }

    /// Whether a signal that names a stream or a response speaks of another one.
    pub fn is_another(&self, stream: f64, response: Option<&str>) -> bool {
        let other = |ours: &str| response.is_some_and(|given| given != ours);
        // Nothing is far from what is not known.
        (self.stream - stream).abs() > 0.0 || self.response.as_deref().is_some_and(other)
    }
}
