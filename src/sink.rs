//! Where batches go.

/// How much time a sink has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// The page stays: the answer can be waited for.
    Calm,
    /// The page is being left: everything must be handed over before this call returns.
    Leaving,
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
