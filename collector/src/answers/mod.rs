//! Answers: the metrics of what is stored.

mod metric;
mod slice;
mod visit;

pub use metric::Metric;
pub use slice::{Mean, Slice};
pub use visit::{Listed, Visit};
