//! What could not be delivered outlives the page in storage, and the next page of the origin delivers it.
//!
//! Storage is slow, so it is written when the page is left and after a failure, never per event; memory stays the truth
//! while the page lives. Every page has parcels of its own. Another page takes one over when its lease has run out: the
//! page that wrote it is gone, or sleeps. If it does wake, both send, and the collector keeps one.

use crate::browser::storage::Store;
use crate::json::push_unsigned;
use crate::queue::Encoded;
use crate::sink::Delivery;
use crate::wire::stored::Parcel;

use super::Tracker;

/// Size of a parcel, UTF-8 bytes: storage is small, and the next page may be left soon, too.
const PARCEL_BYTES: usize = 30_000;
const PREFIX: &str = "chatvitals.queue.";
/// Parcels an origin keeps at the most: half a megabyte. Beyond, the oldest go.
const MOST: usize = 16;
/// How long a page has a parcel to itself after its next attempt, ms.
const LEASE_MS: f64 = 20_000.0;
/// A lease that runs longer than any wait was written by a clock that was wrong, ms.
const LONGEST_LEASE_MS: f64 = 90_000_000.0;

impl Tracker {
    fn parcels(&self) -> Store {
        Store::open(self.config.persistence)
    }

    fn parcel_key(&self, number: usize) -> String {
        let mut key = String::from(PREFIX);
        key.push_str(&self.state.borrow().captured.stats.id);
        key.push('.');
        push_unsigned(&mut key, number as u64);
        key
    }

    /// After an answer: storage holds what has still not arrived, or nothing.
    pub(super) fn keep_up(&self, delivery: Delivery) {
        let (kept, waiting) = {
            let desk = &self.state.borrow().desk;
            (desk.kept, desk.outbox.waiting())
        };
        let failed = matches!(delivery, Delivery::Retry(_));
        if failed || (kept > 0 && waiting == 0) {
            self.keep_undelivered();
        }
    }

    /// Leaves in storage what has not arrived; `false` when there is none, or consent does not allow it.
    pub(super) fn keep_undelivered(&self) -> bool {
        if !self.may_store() {
            return false;
        }
        let now = self.present();
        let (mut events, stats, before, lease) = {
            let state = &mut *self.state.borrow_mut();
            let desk = &mut state.desk;
            let wait = (desk.outbox.not_before() - now.mono).max(0.0);
            let lease = if desk.gone { 0.0 } else { now.wall + wait + LEASE_MS };
            (desk.outbox.undelivered(), state.captured.stats.clone(), core::mem::take(&mut desk.kept), lease)
        };
        let Some(http) = &self.http else { return false };
        let store = self.parcels();
        let (mut kept, mut carried, mut stored) = (0, 0, true);
        while !events.is_empty() {
            let (mut count, mut bytes) = (0, 0);
            for event in &events {
                if count > 0 && bytes + event.json.len() >= PARCEL_BYTES {
                    break;
                }
                bytes += event.json.len();
                count += 1;
            }
            let rest = events.split_off(count);
            let batch = core::mem::replace(&mut events, rest);
            carried += batch.len();
            let parcel =
                Parcel { lease, endpoint: &http.endpoint, stats: &stats.to_json(carried), events: batch };
            stored &= store.set(&self.parcel_key(kept), &parcel.encode());
            kept += 1;
        }
        for number in kept..before {
            store.remove(&self.parcel_key(number));
        }
        self.state.borrow_mut().desk.kept = kept;
        if kept > 0 {
            let all = store.keys(PREFIX);
            let surplus = all.len().saturating_sub(MOST);
            all.iter().take(surplus).for_each(|key| store.remove(key));
        }
        stored
    }

    /// Takes over a parcel of a page that is gone: its key, events and account.
    pub(super) fn claim_parcel(&self) -> Option<(String, Vec<Encoded>, String)> {
        let now = self.present();
        self.state.borrow_mut().desk.look_at = f64::INFINITY;
        let endpoint = &self.http.as_ref()?.endpoint;
        if !self.may_store() {
            return None;
        }
        let own = self.parcel_key(0);
        let own = own.get(..own.len() - 1)?;
        let store = self.parcels();
        for key in store.keys(PREFIX) {
            if key.starts_with(own) {
                continue;
            }
            let text = store.get(&key).unwrap_or_default();
            let Some(parcel) = Parcel::decode(&text) else {
                store.remove(&key);
                continue;
            };
            if parcel.endpoint != endpoint {
                continue;
            }
            let left = parcel.lease - now.wall;
            let desk = &mut self.state.borrow_mut().desk;
            if left > 0.0 && left < LONGEST_LEASE_MS {
                desk.look_at = desk.look_at.min(now.mono + left);
                continue;
            }
            // There may be more.
            desk.look_at = now.mono;
            let claimed = Parcel { lease: now.wall + LEASE_MS, ..parcel };
            store.set(&key, &claimed.encode());
            return Some((key, claimed.events, claimed.stats.into()));
        }
        None
    }

    /// Acts on the answer to a parcel of `count` events.
    pub(super) fn parcel_answered(&self, key: &str, count: usize, delivery: Delivery) {
        let store = self.parcels();
        let text = store.get(key).unwrap_or_default();
        match Parcel::decode(&text) {
            Some(mut parcel) if delivery == Delivery::Split && count > 1 => {
                let rest = parcel.events.split_off(parcel.events.len() / 2);
                parcel.lease = 0.0;
                store.set(key, &parcel.encode());
                let mut beside = String::from(key);
                beside.push('+');
                store.set(&beside, &Parcel { events: rest, ..parcel }.encode());
            }
            Some(parcel) if matches!(delivery, Delivery::Retry(_)) => {
                store.set(key, &Parcel { lease: 0.0, ..parcel }.encode());
            }
            _ => store.remove(key),
        }
        self.state.borrow_mut().desk.look_at = 0.0;
    }

    /// Forgets every parcel of the origin.
    pub(super) fn erase_parcels(&self) {
        let store = self.parcels();
        store.keys(PREFIX).iter().for_each(|key| store.remove(key));
        self.state.borrow_mut().desk.kept = 0;
    }
}
