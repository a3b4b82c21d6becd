//! Rage: several clicks at one spot in a moment.

/// So many clicks…
const CLICKS: u32 = 3;
/// …within this time are rage; a burst goes on as long as the next click follows this soon, ms.
pub const WITHIN_MS: f64 = 1_000.0;
/// Clicks this near each other are at one spot, CSS px.
const NEAR_PX: f64 = 30.0;

/// The clicks at one spot so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Burst {
    x: f64,
    y: f64,
    /// Times of the last two clicks.
    times: [f64; 2],
    count: u32,
    rage: bool,
    selector: String,
}

/// A burst of rage that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rage {
    /// The element first clicked.
    pub selector: String,
    /// How many clicks.
    pub count: u32,
}

impl Burst {
    /// A click at `(x, y)`, CSS px; the answer is the rage it ended by being elsewhere or later.
    pub fn click(&mut self, x: f64, y: f64, at: f64, selector: &str) -> Option<Rage> {
        let [before_last, last] = self.times;
        let goes_on = self.count > 0
            && at - last <= WITHIN_MS
            && (x - self.x).abs() <= NEAR_PX
            && (y - self.y).abs() <= NEAR_PX;
        if goes_on {
            self.count += 1;
            self.rage |= self.count >= CLICKS && at - before_last <= WITHIN_MS;
            self.times = [last, at];
            return None;
        }
        let ended = self.end();
        *self = Self { x, y, times: [at, at], count: 1, rage: false, selector: selector.into() };
        ended
    }

    /// Whether this is rage already.
    pub fn is_rage(&self) -> bool {
        self.rage
    }

    /// No further click came.
    pub fn end(&mut self) -> Option<Rage> {
        let Burst { rage, count, selector, .. } = core::mem::take(self);
        rage.then_some(Rage { selector, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(times: &[(f64, f64)]) -> Option<Rage> {
        let mut burst = Burst::default();
        for (at, x) in times {
            assert_eq!(burst.click(*x, 5.0, *at, "b"), None);
        }
        burst.end()
    }

    #[test]
    fn three_clicks_within_a_second_are_rage() {
        let rage = |count| Some(Rage { selector: "b".into(), count });
        assert_eq!(clicks(&[(0.0, 5.0), (300.0, 9.0), (900.0, 30.0)]), rage(3));
        assert_eq!(
            clicks(&[(0.0, 5.0), (900.0, 5.0), (1_800.0, 5.0), (1_900.0, 5.0), (2_000.0, 5.0)]),
            rage(5)
        );
    }

    #[test]
    fn slow_or_few_clicks_are_not() {
        assert_eq!(clicks(&[(0.0, 5.0), (100.0, 5.0)]), None);
        assert_eq!(clicks(&[(0.0, 5.0), (900.0, 5.0), (1_800.0, 5.0)]), None);
    }

    #[test]
    fn a_click_elsewhere_or_later_ends_the_burst() {
        for (x, at) in [(80.0, 250.0), (5.0, 1_201.0)] {
            let mut burst = Burst::default();
            for click in [0.0, 100.0, 200.0] {
                assert_eq!(burst.click(5.0, 5.0, click, "b"), None);
            }
            assert!(burst.is_rage());
            assert_eq!(burst.click(x, 5.0, at, "c"), Some(Rage { selector: "b".into(), count: 3 }));
            assert_eq!(burst.end(), None, "and the click that ended it begins the next");
        }
    }
}
