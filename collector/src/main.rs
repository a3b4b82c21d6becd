//! The ChatVitals collector.
fn main() {}
