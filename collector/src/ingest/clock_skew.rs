//! Clients' clocks are wrong by minutes, sometimes by days; `sentAt` shows by how much.

/// Differences up to this many milliseconds are taken for the time the request travelled. Correcting them would shift
/// batches of one visit against each other for no gain.
const TRAVEL_MS: i64 = 10_000;

/// What a batch tells about its sender's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientClock {
    behind_ms: i64,
}

impl ClientClock {
    /// Reads the sender's clock off `sent_at`, its time when the body left; without it the clock is trusted.
    pub fn new(sent_at: Option<i64>, received_at: i64) -> Self {
        let behind_ms = sent_at.map_or(0, |sent_at| received_at - sent_at);
        Self { behind_ms: if behind_ms.abs() <= TRAVEL_MS { 0 } else { behind_ms } }
    }

    /// The client's instant by the server's clock. An event cannot have happened after it arrived.
    pub fn correct(self, said: i64, received_at: i64) -> i64 {
        let at = (said + self.behind_ms).max(0);
        if at > received_at + TRAVEL_MS { received_at } else { at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_159_473_000;
    const DAY: i64 = 86_400_000;

    #[test]
    fn a_clock_a_day_off_is_set_right_either_way() {
        for off in [-DAY, DAY] {
            let client = ClientClock::new(Some(NOW + off), NOW);
            assert_eq!(client.correct(NOW + off - 5_000, NOW), NOW - 5_000);
        }
    }

    #[test]
    fn travel_time_shifts_nothing() {
        let client = ClientClock::new(Some(NOW - 3_000), NOW);
        assert_eq!(client.correct(NOW - 4_000, NOW), NOW - 4_000);
    }

    #[test]
    fn nothing_happens_in_the_future() {
        assert_eq!(ClientClock::new(None, NOW).correct(NOW + DAY, NOW), NOW);
        assert_eq!(ClientClock::new(None, NOW).correct(NOW - 30 * DAY, NOW), NOW - 30 * DAY);
    }
}
