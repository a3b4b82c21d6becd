//! Breakdowns: one tally for each route, conversation, connection or category.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Tallies by key. Boxed, so that all such maps are the same machine code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Groups<T>(BTreeMap<String, Box<T>>);

/// One row of a breakdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group<R> {
    /// The route, conversation, connection or category.
    pub key: String,
    /// Its metric.
    #[serde(flatten)]
    pub value: R,
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Default> Groups<T> {
    /// The tally of a key.
    pub fn at(&mut self, key: &str) -> &mut T {
        self.0.entry(key.to_owned()).or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(key, tally)| (key.as_str(), &**tally))
    }

    pub fn merge(&mut self, other: &Self, merge: impl Fn(&mut T, &T)) {
        for (key, tally) in &other.0 {
            merge(self.at(key), tally);
        }
    }

    /// The `limit` groups of the largest size, largest first, equal ones by key.
    pub fn largest<R>(
        &self,
        limit: usize,
        size: impl Fn(&T) -> f64,
        result: impl Fn(&T) -> R,
    ) -> Vec<Group<R>> {
        let mut groups: Vec<_> = self.0.iter().map(|(key, tally)| (size(tally), key, tally)).collect();
        groups.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        groups.truncate(limit);
        groups.into_iter().map(|(_, key, tally)| Group { key: key.clone(), value: result(tally) }).collect()
    }
}
