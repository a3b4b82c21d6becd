//! The collector's promises, asked of the real server over real HTTP.

// The cases and the reference that the metrics themselves are tested with.
#[path = "../../../tests/metrics/close.rs"]
mod close;
#[path = "../../../tests/metrics/generate.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../../../tests/metrics/reference.rs"]
#[allow(dead_code)]
mod reference;

mod guard;
mod hostile;
mod ingest;
mod live;
mod metrics;
mod pixel;
mod pressure;
mod process;
mod query;
mod seed;
mod site;
mod support;
