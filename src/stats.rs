//! The tracker's own account: what became of everything it saw.

use crate::json::{Object, decimal};
use crate::policy::Dropped;

/// Counts since the tracker started; sent with every batch, so that loss is visible at the other end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Names this tracker instance: the counts are cumulative per id.
    pub id: String,
    /// Events that happened.
    pub captured: u32,
    /// Events delivered, or promised by the browser to be.
    pub sent: u32,
    /// Events held back by consent.
    pub dropped_consent: u32,
    /// Events not kept by sampling.
    pub dropped_sampled: u32,
    /// Events that no longer fitted into the queue.
    pub dropped_overflow: u32,
    /// Events too large to travel, or too large for the collector.
    pub dropped_oversized: u32,
    /// Events the collector refused.
    pub lost: u32,
    /// Batches sent again.
    pub retried: u32,
}

impl Stats {
    /// Counts an event the policy dropped.
    pub fn drop(&mut self, reason: Dropped) {
        match reason {
            Dropped::Consent => self.dropped_consent += 1,
            Dropped::Sampled => self.dropped_sampled += 1,
        }
    }

    /// `{id, captured, sent, lost, retried, dropped: {reason: count}}`; what is 0 or empty is left out, because every batch
    /// carries this.
    ///
    /// `carried`: how many events the body has that this account goes with, and how many are on their way before it. When
    /// it can be read they have arrived, so they count as sent in it. One that did not arrive is sent again, and if the
    /// page is gone, by the next page.
    pub fn to_json(&self, carried: usize) -> String {
        self.account(carried, false).finish()
    }

    /// The same for the page itself, with `waiting`: what has not arrived yet. `captured` is always the sum of `sent`,
    /// `lost`, `waiting` and all that was dropped. A page may calculate with it: every count is there.
    pub fn with_waiting(&self, waiting: usize) -> String {
        let mut out = self.account(0, true);
        out.raw("waiting", &decimal(waiting));
        out.finish()
    }

    fn account(&self, carried: usize, whole: bool) -> Object {
        let mut dropped = Object::new();
        let reasons = [
            (Dropped::Consent.name(), self.dropped_consent),
            (Dropped::Sampled.name(), self.dropped_sampled),
            ("overflow", self.dropped_overflow),
            ("oversized", self.dropped_oversized),
        ];
        push(&mut dropped, &reasons, false);
        let mut out = Object::new();
        out.text("id", &self.id);
        let counts = [
            ("captured", self.captured),
            ("sent", self.sent + carried as u32),
            ("lost", self.lost),
            ("retried", self.retried),
        ];
        push(&mut out, &counts, whole);
        if whole || !dropped.is_empty() {
            out.raw("dropped", &dropped.finish());
        }
        out
    }
}

/// Writes counts; with `whole` those that are 0, too.
#[inline(never)]
fn push(out: &mut Object, counts: &[(&str, u32)], whole: bool) {
    for (name, count) in counts {
        if whole || *count > 0 {
            out.raw(name, &decimal(*count as usize));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_names_every_count() {
        let mut stats = Stats { id: "t".into(), captured: 3, sent: 1, ..Stats::default() };
        stats.drop(Dropped::Sampled);
        assert_eq!(stats.to_json(0), r#"{"id":"t","captured":3,"sent":1,"dropped":{"sampled":1}}"#);
        assert_eq!(Stats { id: "t".into(), ..Stats::default() }.to_json(0), r#"{"id":"t"}"#);
        assert!(stats.to_json(2).contains(r#""sent":3,"#), "what comes with the account has arrived");
        assert_eq!(
            stats.with_waiting(1),
            r#"{"id":"t","captured":3,"sent":1,"lost":0,"retried":0,"dropped":{"sampled":1},"waiting":1}"#
        );
    }
}
