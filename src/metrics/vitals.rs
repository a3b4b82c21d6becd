//! Web Vitals in the field: the 75th percentile and the shares of each rating, by route.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::facts::{SessionFacts, Stamped};
use super::groups::{Group, Groups};
use super::percentile::{ascending, percentile, ratio};
use super::series::Tally;
use super::windows::Options;
use crate::vitals::Name;

/// Every vital, in the order in which values are kept.
const NAMES: [Name; 6] = [Name::Lcp, Name::Cls, Name::Inp, Name::Fcp, Name::Ttfb, Name::Fid];

/// The form of [`Name`] in stored facts.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Name", rename_all = "UPPERCASE")]
enum NameText {
    Lcp,
    Cls,
    Inp,
    Fcp,
    Ttfb,
    Fid,
}

/// What one `web_vital` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Reading {
    #[serde(with = "NameText")]
    name: Name,
    value: Stamped<f64>,
    route: Option<String>,
}

impl Reading {
    /// `None` for a metric that is not known, and for a value no page can have: below 0, or over a day.
    pub fn of(event: &Event) -> Option<Self> {
        let given = event.properties.name.as_deref()?;
        let name = NAMES.into_iter().find(|name| name.as_str() == given)?;
        let value = event.properties.value.filter(|value| (0.0..=86_400_000.0).contains(value))?;
        let route = event.route().map(str::to_owned);
        Some(Self { name, value: Stamped::new(event.timestamp, value), route })
    }

    /// Whether it replaces a report under the same id: a metric is reported again when it changed.
    pub fn is_later(&self, known: &Self) -> bool {
        self.value > known.value
    }
}

/// How fast and how stable pages were. Values are rated anew by the thresholds, whatever rating they carry.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_vitals};
/// // The second report of v1 replaces the first.
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "timestamp": 1, "type": "web_vital", "path": "/", "properties": {"name": "LCP", "id": "v1", "value": 900}},
///     {"sessionId": "a", "timestamp": 2, "type": "web_vital", "path": "/", "properties": {"name": "LCP", "id": "v1", "value": 2000}},
///     {"sessionId": "b", "timestamp": 3, "type": "web_vital", "path": "/", "properties": {"name": "LCP", "id": "v2", "value": 4400}}
/// ]"#)?;
/// let lcp = compute_vitals(&events, &Options::default()).total.overall.lcp;
/// assert_eq!((lcp.count, lcp.p75, lcp.rating), (2, Some(3800.0), Some("needs-improvement")));
/// assert_eq!((lcp.good, lcp.needs_improvement, lcp.poor), (Some(0.5), Some(0.0), Some(0.5)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vitals {
    /// All routes together.
    pub overall: VitalSet,
    /// The routes with the most values.
    pub by_route: Vec<Group<VitalSet>>,
}

/// Each vital of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct VitalSet {
    /// Largest Contentful Paint, ms.
    pub lcp: VitalStats,
    /// Cumulative Layout Shift, score.
    pub cls: VitalStats,
    /// Interaction to Next Paint, ms.
    pub inp: VitalStats,
    /// First Contentful Paint, ms.
    pub fcp: VitalStats,
    /// Time to First Byte, ms.
    pub ttfb: VitalStats,
    /// First Input Delay, ms.
    pub fid: VitalStats,
}

/// One vital.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VitalStats {
    /// How many page loads told it.
    pub count: usize,
    /// The value three quarters of them do not exceed.
    pub p75: Option<f64>,
    /// The rating of `p75`: `good`, `needs-improvement` or `poor`.
    pub rating: Option<&'static str>,
    /// Share of good values.
    pub good: Option<f64>,
    /// Share between good and poor.
    pub needs_improvement: Option<f64>,
    /// Share of poor values.
    pub poor: Option<f64>,
}

/// [`Vitals`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct VitalsTally {
    overall: Values,
    by_route: Groups<Values>,
}

/// Values by vital, as in [`NAMES`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Values([Vec<f64>; 6]);

impl Tally for VitalsTally {
    type Result = Vitals;
    type Point = VitalSet;

    fn add(&mut self, session: &SessionFacts) {
        for reading in session.vitals.values() {
            self.overall.push(reading);
            if let Some(route) = &reading.route {
                self.by_route.at(route).push(reading);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.merge_for_point(other);
        self.by_route.merge(&other.by_route, Values::merge);
    }

    fn merge_for_point(&mut self, other: &Self) {
        self.overall.merge(&other.overall);
    }

    fn result(&self, options: &Options) -> Vitals {
        Vitals {
            overall: self.point(),
            by_route: self.by_route.largest(options.limit, |values| values.count() as f64, Values::stats),
        }
    }

    fn point(&self) -> VitalSet {
        self.overall.stats()
    }
}

impl Values {
    fn push(&mut self, reading: &Reading) {
        self.0[reading.name as usize].push(reading.value.value);
    }

    fn merge(&mut self, other: &Self) {
        for (values, more) in self.0.iter_mut().zip(&other.0) {
            values.extend(more);
        }
    }

    fn count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    fn stats(&self) -> VitalSet {
        let [lcp, cls, inp, fcp, ttfb, fid] = NAMES.map(|name| VitalStats::of(name, &self.0[name as usize]));
        VitalSet { lcp, cls, inp, fcp, ttfb, fid }
    }
}

impl VitalStats {
    fn of(name: Name, values: &[f64]) -> Self {
        let sorted = ascending(values);
        let p75 = percentile(&sorted, 0.75);
        let up_to = |limit| sorted.partition_point(|value| *value <= limit);
        let share = |part: usize| ratio(part as f64, sorted.len() as f64);
        let (good, fair) = name.thresholds();
        Self {
            count: sorted.len(),
            p75,
            rating: p75.map(|value| name.rate(value).as_str()),
            good: share(up_to(good)),
            needs_improvement: share(up_to(fair) - up_to(good)),
            poor: share(sorted.len() - up_to(fair)),
        }
    }
}
