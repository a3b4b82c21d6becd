//! The tracker's own account: what became of everything it saw.

use crate::json::{self, Object};
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
    /// Events too large for the collector, alone.
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

    /// `{id, captured, sent, lost, retried, dropped: {reason: count}}`; reasons without a count are left out.
    pub fn to_json(&self) -> String {
        let mut dropped = Object::new();
        for (reason, count) in [
            (Dropped::Consent.name(), self.dropped_consent),
            (Dropped::Sampled.name(), self.dropped_sampled),
            ("overflow", self.dropped_overflow),
            ("oversized", self.dropped_oversized),
        ] {
            if count > 0 {
                dropped.raw(reason, &whole(count));
            }
        }
        let mut out = Object::new();
        out.text("id", &self.id);
        for (name, count) in
            [("captured", self.captured), ("sent", self.sent), ("lost", self.lost), ("retried", self.retried)]
        {
            out.raw(name, &whole(count));
        }
        out.raw("dropped", &dropped.finish());
        out.finish()
    }
}

fn whole(count: u32) -> String {
    let mut out = String::new();
    json::push_unsigned(&mut out, u64::from(count));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_names_every_count() {
        let mut stats = Stats { id: "t".into(), captured: 3, sent: 1, ..Stats::default() };
        stats.drop(Dropped::Sampled);
        assert_eq!(
            stats.to_json(),
            r#"{"id":"t","captured":3,"sent":1,"lost":0,"retried":0,"dropped":{"sampled":1}}"#
        );
    }
}
