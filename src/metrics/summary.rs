//! The summary of a session: what `tracker.summary()` answers. Counters and divisions only: it is part of the
//! tracker that every visitor downloads.

use serde::{Serialize, Serializer};

use super::csat::five_points;
use super::money;
use super::percentile::ratio;
use crate::json;

/// Orders remembered, so that one told of twice is counted once.
const MOST_ORDERS: usize = 1000;

/// The summary under its documented names (facts/systems.md 2.3). Rates are `None` where their denominator is 0.
///
/// ```
/// use chatvitals::metrics::SummaryCounts;
/// let mut counts = SummaryCounts::default();
/// for (kind, properties) in [
///     ("message_impression", "{}"),
///     ("message_impression", "{}"),
///     ("suggestion_chip_clicked", "{}"),
///     ("csat_submitted", r#"{"score": 8, "maxScore": 10}"#),
///     ("purchase_completed", r#"{"orderId": "1", "revenue": 9.5, "currency": "EUR"}"#),
/// ] {
///     counts.observe(kind, properties);
/// }
/// assert_eq!(serde_json::to_value(counts.summary())?, serde_json::json!({
///     "messageImpressions": 2,
///     "suggestionChipClickThroughRate": 0.5,
///     "toolApprovalRate": null,
///     "handoffConversionRate": null,
///     "averageCsatScore": 4.0,
///     "resolutionWithoutEscalationRate": null,
///     "purchaseCount": 1,
///     "grossMerchandiseValue": {"EUR": 9.5},
///     "averageOrderValue": {"EUR": 9.5}
/// }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// `message_impression` events.
    pub message_impressions: u32,
    /// `suggestion_chip_clicked / message_impression`.
    pub suggestion_chip_click_through_rate: Option<f64>,
    /// `tool_approval_resolved` with `approved` ÷ all of them.
    pub tool_approval_rate: Option<f64>,
    /// `handoff_converted / handoff_requested`.
    pub handoff_conversion_rate: Option<f64>,
    /// The mean of `score / maxScore × 5` of every rating.
    pub average_csat_score: Option<f64>,
    /// `resolution_without_escalation / resolution_submitted`.
    pub resolution_without_escalation_rate: Option<f64>,
    /// Orders, each once.
    pub purchase_count: u32,
    /// Revenue by currency.
    #[serde(serialize_with = "as_map")]
    pub gross_merchandise_value: Vec<(String, f64)>,
    /// Revenue per order, by currency.
    #[serde(serialize_with = "as_map")]
    pub average_order_value: Vec<(String, Option<f64>)>,
}

fn as_map<S: Serializer, T: Serialize>(pairs: &[(String, T)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

/// The text of one property.
fn property<'p>(properties: &'p str, name: &str) -> Option<&'p str> {
    json::members(properties).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A [`Summary`] in the making.
#[derive(Debug, Clone, Default)]
pub struct SummaryCounts {
    impressions: u32,
    chips: u32,
    approvals: u32,
    approvals_resolved: u32,
    handoffs_requested: u32,
    handoffs_converted: u32,
    ratings: u32,
    points: f64,
    resolutions: u32,
    resolutions_alone: u32,
    purchases: u32,
    orders: Vec<String>,
    revenue: Vec<Takings>,
}

/// The orders of one currency.
#[derive(Debug, Clone)]
struct Takings {
    currency: String,
    total: f64,
    orders: u32,
}

impl SummaryCounts {
    /// Counts an event in, once each: its type, and its properties as a JSON object. Types the summary does not name
    /// change nothing.
    pub fn observe(&mut self, kind: &str, properties: &str) {
        match kind {
            "message_impression" => self.impressions += 1,
            "suggestion_chip_clicked" => self.chips += 1,
            "tool_approval_resolved" => {
                self.approvals_resolved += 1;
                self.approvals += u32::from(property(properties, "approved") == Some("true"));
            }
            "handoff_requested" => self.handoffs_requested += 1,
            "handoff_converted" => self.handoffs_converted += 1,
            "csat_submitted" => {
                let number = |name| property(properties, name).and_then(json::number);
                if let Some(points) = five_points(number("score"), number("maxScore")) {
                    self.ratings += 1;
                    self.points += points;
                }
            }
            "resolution_submitted" => self.resolutions += 1,
            "resolution_without_escalation" => self.resolutions_alone += 1,
            "purchase_completed" => self.purchase(properties),
            _ => {}
        }
    }

    fn purchase(&mut self, properties: &str) {
        let text = |name| property(properties, name).and_then(json::text).filter(|text| !text.is_empty());
        let revenue = money::amount(property(properties, "revenue").and_then(json::number));
        let Some((revenue, currency)) = revenue.zip(money::currency(text("currency").as_deref())) else {
            return;
        };
        if let Some(order) = text("orderId") {
            if self.orders.contains(&order) {
                return;
            }
            if self.orders.len() == MOST_ORDERS {
                self.orders.remove(0);
            }
            self.orders.push(order);
        }
        self.purchases += 1;
        match self.revenue.iter_mut().find(|takings| takings.currency == currency) {
            Some(takings) => {
                takings.total += revenue;
                takings.orders += 1;
            }
            None => self.revenue.push(Takings { currency, total: revenue, orders: 1 }),
        }
    }

    /// The summary so far.
    pub fn summary(&self) -> Summary {
        let rate = |part: u32, whole: u32| ratio(f64::from(part), f64::from(whole));
        let revenue = self.revenue.iter();
        Summary {
            message_impressions: self.impressions,
            suggestion_chip_click_through_rate: rate(self.chips, self.impressions),
            tool_approval_rate: rate(self.approvals, self.approvals_resolved),
            handoff_conversion_rate: rate(self.handoffs_converted, self.handoffs_requested),
            average_csat_score: ratio(self.points, f64::from(self.ratings)),
            resolution_without_escalation_rate: rate(self.resolutions_alone, self.resolutions),
            purchase_count: self.purchases,
            gross_merchandise_value: revenue.clone().map(|t| (t.currency.clone(), t.total)).collect(),
            average_order_value: revenue
                .map(|t| (t.currency.clone(), ratio(t.total, f64::from(t.orders))))
                .collect(),
        }
    }
}
