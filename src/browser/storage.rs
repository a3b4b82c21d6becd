//! The browser's storage, which may be absent, full, or throw when it is looked at: then there is none, silently.

use wasm_bindgen::prelude::*;

use crate::config::Persistence;
use crate::text::parts;

#[wasm_bindgen(module = "/src/browser/storage.js")]
extern "C" {
    fn read(tab: bool, key: &str) -> Option<String>;
    fn write(tab: bool, key: &str, value: Option<&str>) -> bool;
    fn keys(tab: bool, prefix: &str) -> String;
}

/// A place that outlives the page, or none.
#[derive(Clone, Copy)]
pub struct Store(Persistence);

impl Store {
    /// The storage for this persistence; it is touched only when it is used.
    pub fn open(persistence: Persistence) -> Self {
        Self(persistence)
    }

    fn is_none(self) -> bool {
        self.0 == Persistence::Memory
    }

    fn is_tab(self) -> bool {
        self.0 == Persistence::Tab
    }

    /// What is kept under `key`.
    pub fn get(self, key: &str) -> Option<String> {
        if self.is_none() { None } else { read(self.is_tab(), key) }
    }

    /// Keeps `value` under `key`; `false` when there is no room, or no storage.
    pub fn set(self, key: &str, value: &str) -> bool {
        !self.is_none() && write(self.is_tab(), key, Some(value))
    }

    /// Forgets what is kept under `key`.
    pub fn remove(self, key: &str) {
        if !self.is_none() {
            write(self.is_tab(), key, None);
        }
    }

    /// The keys that begin with `prefix`, in order.
    pub fn keys(self, prefix: &str) -> Vec<String> {
        let all = if self.is_none() { String::new() } else { keys(self.is_tab(), prefix) };
        let mut keys = Vec::new();
        for key in parts(&all, b'\n') {
            if !key.is_empty() {
                keys.push(key.into());
            }
        }
        keys
    }
}

/// Tells all other tabs of the origin something, by the `storage` event: a key appears, and is gone at once.
pub fn tell_other_tabs(key: &str) {
    write(false, key, Some("1"));
    write(false, key, None);
}
