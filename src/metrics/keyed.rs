//! Things that are told of more than once under one id, and things without an id, which are told of once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Values by their id, and those that have none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Keyed<T> {
    by_id: BTreeMap<String, T>,
    others: Vec<T>,
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self { by_id: BTreeMap::new(), others: Vec::new() }
    }
}

impl<T> Keyed<T> {
    /// Keeps `new`, unless what is known under its id is as good.
    pub fn put(&mut self, id: Option<&str>, new: T, is_better: impl FnOnce(&T, &T) -> bool) {
        let Some(id) = id else {
            self.others.push(new);
            return;
        };
        match self.by_id.get_mut(id) {
            Some(known) if is_better(&new, known) => *known = new,
            Some(_) => {}
            None => {
                self.by_id.insert(id.to_owned(), new);
            }
        }
    }

    /// What is known under an id, to be added to; without an id something new.
    pub fn slot(&mut self, id: Option<&str>) -> &mut T
    where
        T: Default,
    {
        match id {
            Some(id) => self.by_id.entry(id.to_owned()).or_default(),
            None => {
                self.others.push(T::default());
                let last = self.others.len() - 1;
                &mut self.others[last]
            }
        }
    }

    /// Each with its id.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, &T)> {
        let named = self.by_id.iter().map(|(id, value)| (Some(id.as_str()), value));
        named.chain(self.others.iter().map(|value| (None, value)))
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.by_id.values().chain(&self.others)
    }

    pub fn len(&self) -> usize {
        self.by_id.len() + self.others.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
