//! The collector's account of itself, for Prometheus: `GET /metrics`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::guard::Door;

/// Upper bounds of the commit histogram, in milliseconds.
const COMMIT_MS: [u64; 9] = [1, 2, 5, 10, 25, 50, 100, 250, 1000];

/// What is counted while the collector runs.
#[derive(Debug, Default)]
pub struct Telemetry {
    answers: Mutex<BTreeMap<(Door, u16), u64>>,
    /// Events stored.
    pub stored: AtomicU64,
    /// Events that had been stored before.
    pub duplicates: AtomicU64,
    /// Events that could not be read.
    pub rejected: AtomicU64,
    /// Requests of crawlers, answered and forgotten.
    pub bots: AtomicU64,
    /// Events deleted by age.
    pub expired: AtomicU64,
    /// Live streams open.
    pub listeners: AtomicI64,
    commits: [AtomicU64; COMMIT_MS.len() + 1],
    commit_micros: AtomicU64,
}

impl Telemetry {
    /// Counts an answer.
    pub fn answered(&self, door: Door, status: StatusCode) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry((door, status.as_u16())).or_default() += 1;
    }

    /// Counts a commit and how long it took.
    pub fn committed(&self, took: Duration) {
        let bucket = COMMIT_MS.partition_point(|bound| took > Duration::from_millis(*bound));
        self.commits[bucket].fetch_add(1, Ordering::Relaxed);
        self.commit_micros.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
    }

    fn write_requests(&self, page: &mut Exposition) {
        page.family("chatvitals_requests_total", "counter", "Requests answered, by purpose and status.");
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        for ((door, status), count) in answers.iter() {
            page.sample(&format!("{{door=\"{}\",status=\"{status}\"}}", door.name()), count);
        }
    }

    fn write_commits(&self, page: &mut Exposition) {
        page.family(
            "chatvitals_commit_seconds",
            "histogram",
            "Time of a group commit, waiting for the disk included.",
        );
        let mut total = 0;
        for (bucket, bound) in self.commits.iter().zip(COMMIT_MS) {
            total += bucket.load(Ordering::Relaxed);
            page.line(&format!("_bucket{{le=\"{}\"}}", bound as f64 / 1000.0), &total);
        }
        total += self.commits[COMMIT_MS.len()].load(Ordering::Relaxed);
        page.line("_bucket{le=\"+Inf\"}", &total);
        page.line("_sum", &(self.commit_micros.load(Ordering::Relaxed) as f64 / 1e6));
        page.line("_count", &total);
    }
}

/// The metrics route.
pub fn routes() -> Router<App> {
    Router::new().route("/metrics", get(get_metrics))
}

async fn get_metrics(State(app): State<App>) -> Response {
    let telemetry = &app.telemetry;
    let mut page = Exposition::default();
    telemetry.write_requests(&mut page);
    page.family("chatvitals_events_total", "counter", "Events received, by what became of them.");
    for (outcome, count) in [
        ("stored", &telemetry.stored),
        ("duplicate", &telemetry.duplicates),
        ("rejected", &telemetry.rejected),
    ] {
        page.sample(&format!("{{outcome=\"{outcome}\"}}"), &count.load(Ordering::Relaxed));
    }
    telemetry.write_commits(&mut page);
    page.one(
        "chatvitals_bot_requests_total",
        "counter",
        "Requests of crawlers, not stored.",
        load(&telemetry.bots),
    );
    page.one(
        "chatvitals_events_expired_total",
        "counter",
        "Events deleted by age.",
        load(&telemetry.expired),
    );
    page.one("chatvitals_events_in_store", "gauge", "Events stored now.", app.store().count());
    page.one(
        "chatvitals_store_bytes",
        "gauge",
        "Size of the database and its log.",
        app.store().bytes() as i64,
    );
    page.one(
        "chatvitals_held_bytes",
        "gauge",
        "Bytes of requests waiting for the disk.",
        app.room.used() as i64,
    );
    let listeners = telemetry.listeners.load(Ordering::Relaxed);
    page.one("chatvitals_live_listeners", "gauge", "Live streams open.", listeners);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4"), (header::CACHE_CONTROL, "no-store")], page.text)
        .into_response()
}

fn load(counter: &AtomicU64) -> i64 {
    counter.load(Ordering::Relaxed) as i64
}

/// A page in Prometheus' text format. <https://prometheus.io/docs/instrumenting/exposition_formats/>
#[derive(Default)]
struct Exposition {
    text: String,
    name: &'static str,
}

impl Exposition {
    fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        self.name = name;
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, labels: &str, value: &dyn std::fmt::Display) {
        self.line(labels, value);
    }

    fn line(&mut self, suffix: &str, value: &dyn std::fmt::Display) {
        let _ = writeln!(self.text, "{}{suffix} {value}", self.name);
    }

    fn one(&mut self, name: &'static str, kind: &str, help: &str, value: i64) {
        self.family(name, kind, help);
        self.line("", &value);
    }
}
