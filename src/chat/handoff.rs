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
    requested: Option<f64>,
    converted: Option<f64>,
}

impl Handoff {
    /// Takes a step; `None` when it changes nothing, otherwise how long the step before it took, where that was seen.
    pub fn take(&mut self, step: Step, at: f64) -> Option<Option<f64>> {
        let since = |from: Option<f64>| from.filter(|from| *from <= at).map(|from| at - from);
        match step {
            Step::Requested if self.requested.is_none() && self.converted.is_none() => {
                self.requested = Some(at);
                Some(None)
            }
            Step::Converted if self.converted.is_none() => {
                self.converted = Some(at);
                Some(since(self.requested))
            }
            Step::Completed if self.converted.is_some() => Some(since(core::mem::take(self).converted)),
            Step::Dropped => {
                *self = Self::default();
                None
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_told_once_with_its_wait() {
        let mut handoff = Handoff::default();
        assert_eq!(handoff.take(Step::Completed, 0.0), None, "nobody had taken over");
        assert_eq!(handoff.take(Step::Requested, 1.0), Some(None));
        assert_eq!(handoff.take(Step::Requested, 2.0), None);
        assert_eq!(handoff.take(Step::Converted, 5.0), Some(Some(4.0)));
        assert_eq!(handoff.take(Step::Converted, 6.0), None);
        assert_eq!(handoff.take(Step::Requested, 6.0), None, "a human is there");
        assert_eq!(handoff.take(Step::Completed, 9.0), Some(Some(4.0)));
        assert_eq!(handoff.take(Step::Requested, 10.0), Some(None), "the next one");
    }
}
