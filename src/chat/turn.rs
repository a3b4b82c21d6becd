//! The times of one turn. Pure bookkeeping; what they mean for events is decided in `conversation`.

use std::rc::Rc;

use crate::event::Trace;

/// A pause between two signs of life longer than this is a stall that a reader feels, ms. Text comes several times a
/// second; a second of silence still belongs to the flow of thought (Nielsen 1993), two do not.
pub const STALL_MS: f64 = 2_000.0;

/// A response on its way.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    /// From 0, per conversation.
    pub index: u32,
    /// The submit, or the request for another response; absent for a response nobody asked for.
    pub submitted: Option<f64>,
    /// The response's start.
    pub started: Option<f64>,
    /// The first text.
    pub first_token: Option<f64>,
    /// What the first text's time was read from, until its event has left.
    pub unannounced: Option<&'static str>,
    /// Which of a client's streams carries it.
    pub stream: Option<f64>,
    /// The response's id.
    pub response: Option<String>,
    /// The id of the message it becomes.
    pub message: Option<String>,
    /// The server's trace.
    pub trace: Option<Rc<Trace>>,
    /// Chunks with text.
    pub chunks: f64,
    /// Pauses longer than [`STALL_MS`].
    pub stalls: f64,
    /// The longest of them.
    pub longest_stall: f64,
    /// The connection broke, and is not back.
    pub broken: Option<f64>,
    /// It was told that the connection broke.
    pub break_told: bool,
    last_sign: Option<f64>,
    hidden: f64,
    hidden_since: Option<f64>,
    slept_until: f64,
}

impl Turn {
    /// A turn that begins, on a page that is hidden or not.
    pub fn new(index: u32, at: f64, hidden: bool) -> Self {
        Self { index, hidden_since: hidden.then_some(at), slept_until: f64::NEG_INFINITY, ..Self::default() }
    }

    /// From `from` to `to`; absent when one of them is, when they are out of order, or when the machine slept meanwhile.
    pub fn between(&self, from: Option<f64>, to: f64) -> Option<f64> {
        from.filter(|from| *from <= to && !(*from < self.slept_until && self.slept_until <= to))
            .map(|from| to - from)
    }

    /// The response moved. A pause counts as a stall when nothing that explains it was going on.
    pub fn sign_of_life(&mut self, at: f64, explained: bool) {
        if !explained && let Some(pause) = self.between(self.last_sign, at).filter(|pause| *pause >= STALL_MS)
        {
            self.stalls += 1.0;
            self.longest_stall = self.longest_stall.max(pause);
        }
        self.last_sign = Some(self.last_sign.map_or(at, |last| last.max(at)));
    }

    /// The page was hidden, or shown.
    pub fn set_hidden(&mut self, hidden: bool, at: f64) {
        match (hidden, self.hidden_since) {
            (true, None) => self.hidden_since = Some(at),
            (false, Some(since)) => {
                self.hidden += (at - since).max(0.0);
                self.hidden_since = None;
            }
            _ => {}
        }
    }

    /// How long the page was hidden so far.
    pub fn hidden_ms(&self, at: f64) -> f64 {
        self.hidden + self.hidden_since.map_or(0.0, |since| (at - since).max(0.0))
    }

    /// The machine slept, or the page was frozen, until now: no duration may span that.
    pub fn woke(&mut self, at: f64) {
        self.slept_until = at;
    }

    /// Whether a signal that names a stream or a response speaks of another one.
    pub fn is_another(&self, stream: Option<f64>, response: Option<&str>) -> bool {
        let other_stream = self.stream.zip(stream).is_some_and(|(ours, given)| ours != given);
        let other_response =
            self.response.as_deref().zip(response).is_some_and(|(ours, given)| ours != given);
        other_stream || other_response
    }
}
