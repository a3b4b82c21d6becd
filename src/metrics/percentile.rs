//! Ratios, means and percentiles, where nothing to divide by gives nothing.

use serde::Serialize;

/// `part / whole`; `None` when the whole is 0.
pub fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The `p`-th percentile (0 to 1) of ascending values, interpolated linearly between the two nearest
/// (Hyndman and Fan's type 7: what SQL's `percentile_cont`, numpy and spreadsheets give). `None` of no values.
///
/// ```
/// use chatvitals::metrics::percentile::percentile;
/// assert_eq!(percentile(&[100.0, 300.0], 0.5), Some(200.0));
/// assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.75), Some(4.0));
/// assert_eq!(percentile(&[], 0.5), None);
/// ```
pub fn percentile(ascending: &[f64], p: f64) -> Option<f64> {
    let rank = p * ascending.len().checked_sub(1)? as f64;
    let below = ascending[rank.floor() as usize];
    let above = ascending[rank.ceil() as usize];
    Some(below + (above - below) * rank.fract())
}

/// The values in ascending order: the same numbers then come out whatever order the events came in.
pub fn ascending(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The mean; `None` of no values.
pub fn mean(values: &[f64]) -> Option<f64> {
    ratio(values.iter().sum(), values.len() as f64)
}

/// How values are spread. All but `count` are `None` where there are none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution {
    /// How many values were seen. Sampling makes them fewer and leaves the percentiles where they are.
    pub count: usize,
    /// The mean.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The value three quarters do not exceed.
    pub p75: Option<f64>,
    /// The 95th percentile.
    pub p95: Option<f64>,
    /// The 99th percentile.
    pub p99: Option<f64>,
}

impl Distribution {
    /// The spread of these values, in any order.
    pub fn of(values: &[f64]) -> Self {
        let sorted = ascending(values);
        Self {
            count: sorted.len(),
            mean: mean(&sorted),
            p50: percentile(&sorted, 0.5),
            p75: percentile(&sorted, 0.75),
            p95: percentile(&sorted, 0.95),
            p99: percentile(&sorted, 0.99),
        }
    }
}
