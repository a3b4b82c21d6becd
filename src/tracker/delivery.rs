//! Queue → sink, calmly or while the page is being left.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use crate::browser::sinks::http::KEEPALIVE_BYTES;
use crate::queue::{Encoded, Step};
use crate::retry;
use crate::sink::Delivery;
use crate::wire::json;

use super::Tracker;

/// Size of a calm batch, UTF-8 bytes: well below what browsers allow in flight.
pub const CALM_BYTES: usize = 30_000;

impl Tracker {
    /// Arms the timer for a batch's age; one timer at a time.
    pub(super) fn flush_at(&self, at: f64, now: f64) {
        let state = &mut *self.state.borrow_mut();
        if state.flush_timer.as_ref().is_some_and(|(armed, _)| *armed <= at) {
            return;
        }
        let this = self.this.clone();
        let timer = Timeout::new((at - now).max(0.0) as u32, move || {
            if let Some(tracker) = this.upgrade() {
                tracker.state.borrow_mut().flush_timer = None;
                tracker.flush();
            }
        });
        state.flush_timer = Some((at, timer));
    }

    /// Sends a batch now, one at a time.
    pub fn flush(&self) {
        if self.http.is_none() {
            return;
        }
        let batch = {
            let state = &mut *self.state.borrow_mut();
            if state.sending || state.queue.is_empty() {
                return;
            }
            state.flush_timer = None;
            state.sending = true;
            state.queue.take(CALM_BYTES)
        };
        let Some(tracker) = self.this.upgrade() else { return };
        spawn_local(async move {
            let body = json::batch(&batch, tracker.now().wall, &tracker.stats());
            let delivery = match &tracker.http {
                Some(http) => http.send(body).await,
                None => Delivery::GaveUp,
            };
            tracker.answered(batch, delivery);
        });
    }

    /// Acts on what became of a batch.
    fn answered(&self, batch: Vec<Encoded>, delivery: Delivery) {
        let now = self.now().mono;
        let next = {
            let state = &mut *self.state.borrow_mut();
            state.sending = false;
            let count = batch.len() as u32;
            let stats = &mut state.captured.stats;
            match delivery {
                Delivery::Delivered => {
                    stats.sent += count;
                    state.failures = 0;
                    (!state.queue.is_empty()).then_some(Step::Send)
                }
                Delivery::GaveUp => {
                    stats.lost += count;
                    state.failures = 0;
                    (!state.queue.is_empty()).then_some(Step::Send)
                }
                Delivery::Split if count == 1 => {
                    stats.dropped_oversized += 1;
                    (!state.queue.is_empty()).then_some(Step::Send)
                }
                Delivery::Split | Delivery::Retry(_) => {
                    let asked = if let Delivery::Retry(asked) = delivery { asked } else { None };
                    stats.retried += 1;
                    state.failures += 1;
                    let wait = retry::wait_ms(state.failures, asked, state.visit.random.unit());
                    state.queue.put_back(batch);
                    stats.dropped_overflow += state.queue.take_overflowed();
                    Some(Step::WakeAt(now + wait))
                }
            }
        };
        match next {
            Some(Step::Send) => self.flush(),
            Some(Step::WakeAt(at)) => self.flush_at(at, now),
            None => {}
        }
    }

    /// Hands everything over before returning: no await, promise or timer in between.
    pub(super) fn send_leaving(&self) {
        let Some(http) = &self.http else { return };
        loop {
            let (batch, stats) = {
                let state = &mut *self.state.borrow_mut();
                state.flush_timer = None;
                (state.queue.take(KEEPALIVE_BYTES / 2), state.captured.stats.to_json())
            };
            if batch.is_empty() {
                return;
            }
            let taken = http.send_leaving(&batch, self.now().wall, &stats);
            let stats = &mut self.state.borrow_mut().captured.stats;
            let count = batch.len() as u32;
            if taken {
                stats.sent += count;
            } else {
                stats.lost += count;
            }
        }
    }
}
