//! Deleting events by age.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::clock::{self, DAY};

/// How often old events are looked for.
const EVERY: Duration = Duration::from_secs(3600);

/// Events deleted in one transaction: few enough that a request hardly notices.
const CHUNK: usize = 2000;

/// Deletes events older than `days`, now and every hour, until the collector stops.
pub async fn run(app: App, days: u32) {
    let mut stopping = app.stopping.clone();
    let mut hours = tokio::time::interval(EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            _ = hours.tick() => {}
        }
        let before = clock::now_ms() - i64::from(days) * DAY;
        while !*stopping.borrow() {
            match app.writer.prune(before, CHUNK).await {
                Ok(deleted) => {
                    app.telemetry.expired.fetch_add(deleted as u64, Ordering::Relaxed);
                    if deleted < CHUNK {
                        break;
                    }
                }
                Err(error) => {
                    eprintln!("old events could not be deleted, the next try is in an hour: {error}");
                    break;
                }
            }
        }
    }
}
