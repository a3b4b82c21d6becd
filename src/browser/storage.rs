//! The browser's storage, which may be absent, full, or throw when it is looked at: then there is none, silently.

use web_sys::{Storage, Window};

use crate::config::Persistence;

/// A place that outlives the page.
pub struct Store {
    storage: Option<Storage>,
}

impl Store {
    /// Opens the storage for this persistence. In a sandboxed frame the getter itself throws.
    pub fn open(window: &Window, persistence: Persistence) -> Self {
        let storage = match persistence {
            Persistence::Local => window.local_storage(),
            Persistence::Tab => window.session_storage(),
            Persistence::Memory => Ok(None),
        };
        Self { storage: storage.ok().flatten() }
    }

    /// What is kept under `key`.
    pub fn get(&self, key: &str) -> Option<String> {
        self.storage.as_ref()?.get_item(key).ok()?
    }

    /// Keeps `value` under `key`, if there is room.
    pub fn set(&self, key: &str, value: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.set_item(key, value);
        }
    }

    /// Forgets what is kept under `key`.
    pub fn remove(&self, key: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(key);
        }
    }
}
