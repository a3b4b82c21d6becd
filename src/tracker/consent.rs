//! What the visitor decided, here or in another tab, and what that begins or ends.

use crate::browser::storage;
use crate::json::push_text;
use crate::policy::consent::{Change, Gate, Posture};

use super::Tracker;
use super::visit::RECORD_KEY;

/// Appears in storage for an instant when consent is withdrawn, so that the other tabs hear of it.
const WITHDRAWN_KEY: &str = "chatvitals.withdrawn";

impl Tracker {
    /// The visitor decided.
    pub fn set_consent(&self, posture: &str) -> Result<(), String> {
        let Some(posture) = Posture::parse(posture) else {
            let mut message = String::from(
                "ChatVitals: setConsent wants \"none\", \"functional\", \"analytics\" or \"all\", but was given ",
            );
            push_text(&mut message, posture);
            return Err(message);
        };
        let (before, change) = {
            let consent = &mut self.state.borrow_mut().policy.consent;
            (consent.gate(), consent.set(posture))
        };
        match change {
            Change::Same => {}
            Change::Opened if before == Gate::Held => self.release_held(),
            Change::Opened => self.begin_again(),
            Change::Withdrawn => {
                self.forget();
                storage::tell_other_tabs(WITHDRAWN_KEY);
            }
        }
        if change == Change::Opened {
            self.look_now();
        }
        Ok(())
    }

    /// Another tab wrote to storage. A withdrawn consent holds for all of them, and a visit is one for all of them.
    pub(super) fn storage_changed(&self, key: &str) {
        match key {
            RECORD_KEY => self.agree(),
            WITHDRAWN_KEY => self.withdrawn(),
            _ => {}
        }
    }

    /// Back from the back/forward cache, where Firefox lets no page hear of its storage: what another tab withdrew meanwhile.
    pub(super) fn catch_up(&self) {
        if self.lost_record() {
            self.withdrawn();
        }
    }

    /// The visitor withdrew consent, in another tab.
    fn withdrawn(&self) {
        let change = self.state.borrow_mut().policy.consent.set(Posture::None);
        if change == Change::Withdrawn {
            self.forget();
        }
    }

    /// Nothing was captured while consent was withheld: the visit begins now.
    fn begin_again(&self) {
        if self.is_running() {
            self.arrived();
        }
    }

    /// Consent was withdrawn: empties queues, sinks, storage and ids.
    fn forget(&self) {
        {
            let state = &mut *self.state.borrow_mut();
            state.captured.forget();
            state.desk.outbox.forget(&mut state.captured.stats);
            state.desk.stop();
            state.visit.forget();
        }
        self.erase_record();
        self.erase_parcels();
        self.forget_chats();
        self.host.withdrawn();
    }
}
