//! When a batch that failed is tried again.

const FIRST_MS: f64 = 1_000.0;
/// The longest wait before jitter: the shorter half of it is a minute, so a long outage costs one request a minute at most.
const LONGEST_MS: f64 = 120_000.0;
/// A server's word is obeyed up to this long. A timer of more than 24 days would fire at once.
const LONGEST_ASKED_MS: f64 = 86_400_000.0;

/// How long to wait before the next attempt, ms.
///
/// `failures`: how many in a row, 1 or more. Exponential from one second to two minutes, with full jitter over the upper
/// half (`unit` in 0..1), so that a recovering server does not meet everybody at once. `asked_ms`: the server's
/// `Retry-After`; never earlier than that, and one that always asks for no wait at all makes no loop.
pub fn wait_ms(failures: u32, asked_ms: Option<f64>, unit: f64) -> f64 {
    let doubled = FIRST_MS * f64::from(1u32 << failures.saturating_sub(1).min(10));
    let full = doubled.min(LONGEST_MS);
    let wait = full / 2.0 + unit * full / 2.0;
    asked_ms.map_or(wait, |asked| asked.clamp(wait, LONGEST_ASKED_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_two_minutes() {
        assert_eq!(wait_ms(1, None, 1.0), 1_000.0);
        assert_eq!(wait_ms(2, None, 1.0), 2_000.0);
        assert_eq!(wait_ms(3, None, 0.0), 2_000.0);
        assert_eq!(wait_ms(100, None, 1.0), 120_000.0);
    }

    #[test]
    fn a_long_outage_costs_one_request_a_minute_at_most() {
        for failures in [8, 100, u32::MAX] {
            assert!(wait_ms(failures, None, 0.0) >= 60_000.0, "{failures}");
        }
    }

    #[test]
    fn the_servers_word_is_obeyed() {
        assert_eq!(wait_ms(1, Some(7_000.0), 0.5), 7_000.0);
        assert_eq!(wait_ms(1, Some(0.0), 1.0), 1_000.0, "no wait asked for is no reason to loop");
        assert_eq!(wait_ms(1, Some(-5.0), 1.0), 1_000.0, "a date that has passed");
        assert_eq!(wait_ms(1, Some(1e15), 0.5), 86_400_000.0);
    }
}
