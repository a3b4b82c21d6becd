//! Where a handoff to a human stands.

/// What a status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A human was asked for.
    Requested,
    /// A human took over.
    Converted,
    /// The human finished.
    Completed,
    /// It came to nothing.
    Dropped,
}

/// What clients call each step.
const STATUSES: [(&str, Step); 16] = [
    ("requested", Step::Requested),
    ("pending", Step::Requested),
    ("queued", Step::Requested),
    ("waiting", Step::Requested),
    ("converted", Step::Converted),
    ("accepted", Step::Converted),
    ("connected", Step::Converted),
    ("active", Step::Converted),
    ("joined", Step::Converted),
    ("completed", Step::Completed),
    ("ended", Step::Completed),
    ("closed", Step::Completed),
    ("failed", Step::Dropped),
    ("declined", Step::Dropped),
    ("cancelled", Step::Dropped),
    ("canceled", Step::Dropped),
];

/// The step a status stands for.
pub fn step(status: &str) -> Option<Step> {
    STATUSES.iter().find(|(name, _)| *name == status).map(|(_, step)| *step)
}

/// The handoff of a conversation. Each of its events is told once.
#[derive(Debug, Clone, Default)]
pub struct Handoff {
    stands: Option<Step>,
    since: f64,
}

impl Handoff {
    /// Takes a step. `None` when it changes nothing; otherwise how long the step before it took, `NaN` when there was none.
    pub fn take(&mut self, step: Step, at: f64) -> Option<f64> {
        let before = self.stands;
        let told = match step {
            Step::Requested => before.is_none(),
            Step::Converted => before != Some(Step::Converted),
            Step::Completed => before == Some(Step::Converted),
            Step::Dropped => false,
        };
        let took = if before.is_some() && self.since <= at { at - self.since } else { f64::NAN };
        if told || step == Step::Dropped {
            self.stands = matches!(step, Step::Requested | Step::Converted).then_some(step);
            self.since = at;
        }
        told.then_some(took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_told_once_with_its_wait() {
        let mut handoff = Handoff::default();
        assert_eq!(handoff.take(Step::Completed, 0.0), None, "nobody had taken over");
        assert!(handoff.take(Step::Requested, 1.0).is_some_and(f64::is_nan));
        assert_eq!(handoff.take(Step::Requested, 2.0), None);
        assert_eq!(handoff.take(Step::Converted, 5.0), Some(4.0));
        assert_eq!(handoff.take(Step::Converted, 6.0), None);
        assert_eq!(handoff.take(Step::Requested, 6.0), None, "a human is there");
        assert_eq!(handoff.take(Step::Completed, 9.0), Some(4.0));
        assert!(handoff.take(Step::Requested, 10.0).is_some(), "the next one");
        assert_eq!(handoff.take(Step::Dropped, 11.0), None);
        assert!(handoff.take(Step::Converted, 12.0).is_some_and(f64::is_nan), "taken over unasked");
    }
}
