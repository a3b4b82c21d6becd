//! Where batches go: what a sink can do, and what its answers mean.

pub mod budget;
pub mod exit;
#[cfg(not(target_arch = "wasm32"))]
pub mod memory;

use crate::queue::Encoded;

/// How a body travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `sendBeacon`: outlives the page, and nobody hears the answer.
    Beacon,
    /// A fetch that outlives the page; the answer is heard if the page is still there.
    Keepalive,
    /// A fetch that may end with the page.
    Plain,
}

/// How much time there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// The page stays: a body may be packed first.
    Calm,
    /// The page is being left: what is not on its way when the call returns never will be.
    Leaving,
}

/// What takes bodies away. The browser's twin is `browser::sinks::http::HttpSink`, the tests' one
/// `sink::memory::MemorySink`.
pub trait Sink {
    /// Puts a body on its way; `false` when it was not taken. The answer to anything but a beacon comes later, under
    /// its ticket.
    fn post(&self, way: Way, urgency: Urgency, ticket: u32, body: &str) -> bool;
    /// One event as the address of an image, the last resort; `false` when it was not taken.
    fn pixel(&self, event: &Encoded) -> bool;
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Delivery {
    /// It arrived, or the browser promised to deliver it.
    Delivered,
    /// Try again; the server may have said after how many ms.
    Retry(Option<f64>),
    /// It was too large: try again in halves.
    Split,
    /// The server refuses it; trying again would change nothing.
    GaveUp,
}

impl Delivery {
    /// Reads the answer to a batch from its HTTP status; 0 stands for no answer. `retry_after_ms`: what the server asked.
    pub fn of_status(status: u16, retry_after_ms: Option<f64>) -> Self {
        match status {
            200..=299 => Self::Delivered,
            413 => Self::Split,
            0 | 408 | 429 | 500..=599 => Self::Retry(retry_after_ms),
            _ => Self::GaveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_http_says() {
        assert_eq!(Delivery::of_status(204, None), Delivery::Delivered);
        assert_eq!(Delivery::of_status(413, None), Delivery::Split);
        for status in [0, 408, 429, 500, 503] {
            assert_eq!(Delivery::of_status(status, Some(5.0)), Delivery::Retry(Some(5.0)), "{status}");
        }
        for status in [301, 400, 401, 403, 404, 422] {
            assert_eq!(Delivery::of_status(status, None), Delivery::GaveUp, "{status}");
        }
    }
}
