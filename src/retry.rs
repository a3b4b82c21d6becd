//! When a batch that failed is tried again.

const FIRST_MS: f64 = 1_000.0;
const LONGEST_MS: f64 = 60_000.0;

/// How long to wait before the next attempt, ms.
///
/// `failures`: how many in a row, 1 or more. `asked_ms`: the server's `Retry-After`, which is obeyed. Otherwise
/// exponential from one second to a minute, with full jitter over the upper half (`unit` in 0..1), so that a
/// recovering server does not meet everybody at once.
pub fn wait_ms(failures: u32, asked_ms: Option<f64>, unit: f64) -> f64 {
    if let Some(asked) = asked_ms {
        return asked.max(0.0);
    }
    let doubled = FIRST_MS * f64::from(1u32 << failures.saturating_sub(1).min(10));
    let full = doubled.min(LONGEST_MS);
    full / 2.0 + unit * full / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        assert_eq!(wait_ms(1, None, 1.0), 1_000.0);
        assert_eq!(wait_ms(2, None, 1.0), 2_000.0);
        assert_eq!(wait_ms(3, None, 0.0), 2_000.0);
        assert_eq!(wait_ms(100, None, 1.0), 60_000.0);
        assert!(wait_ms(100, None, 0.0) >= 30_000.0);
    }

    #[test]
    fn the_servers_word_is_obeyed() {
        assert_eq!(wait_ms(1, Some(7_000.0), 0.5), 7_000.0);
    }
}
