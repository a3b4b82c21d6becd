//! The numbers of `golden.json`: this crate gives them natively, as the collector does, and tests/metrics_js.rs expects
//! them of the wasm build of `chatvitals/metrics`.

use chatvitals::metrics::{self, Event, Options, Query};
use serde::Serialize;
use serde_json::{Map, Value};

use super::close::assert_close;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/metrics/golden.json");

/// A function of events, as JSON.
type Compute = fn(&[Event], &Options) -> Value;

fn of<R: Serialize>(report: R) -> Value {
    serde_json::to_value(report).expect("plain data")
}

const FUNCTIONS: [(&str, Compute); 10] = [
    ("computeDeflectionRate", |events, options| of(metrics::compute_deflection_rate(events, options))),
    ("computeCsat", |events, options| of(metrics::compute_csat(events, options))),
    ("computeAverageHandleTime", |events, options| of(metrics::compute_average_handle_time(events, options))),
    ("computeAgentAssistRate", |events, options| of(metrics::compute_agent_assist_rate(events, options))),
    ("computeGmv", |events, options| of(metrics::compute_gmv(events, options))),
    ("computeVitals", |events, options| of(metrics::compute_vitals(events, options))),
    ("computeTurnLatency", |events, options| of(metrics::compute_turn_latency(events, options))),
    ("computeFunnel", |events, options| of(metrics::compute_funnel(events, options))),
    ("computeAbandonment", |events, options| of(metrics::compute_abandonment(events, options))),
    ("computeEngagement", |events, options| of(metrics::compute_engagement(events, options))),
];

/// To change the file on purpose: `BLESS=1 cargo test --test metrics golden`, and read the diff.
#[test]
fn the_collector_gives_the_golden_numbers() {
    let mut golden: Value =
        serde_json::from_str(&std::fs::read_to_string(FILE).expect("golden.json")).expect("JSON");
    let events: Vec<Event> = serde_json::from_value(golden["events"].clone()).expect("events");
    let query: Query = serde_json::from_value(golden["options"].clone()).expect("options");
    let options = query.resolve(0).expect("options that agree");
    let results: Map<String, Value> =
        FUNCTIONS.iter().map(|(name, compute)| ((*name).to_owned(), compute(&events, &options))).collect();
    let results = Value::Object(results);
    if std::env::var_os("BLESS").is_some() {
        golden["results"] = results;
        let text = serde_json::to_string_pretty(&golden).expect("JSON");
        std::fs::write(FILE, text + "\n").expect("golden.json written");
    } else {
        assert_close(&results, &golden["results"]);
    }
}
