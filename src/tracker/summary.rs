//! The session in a handful of numbers, for `tracker.summary()`.

use crate::json::Object;
use crate::metrics::Summary;

use super::Tracker;

impl Tracker {
    /// The summary under its documented names, as JSON; rates without a denominator are `null`.
    pub fn summary(&self) -> String {
        let Summary {
            message_impressions,
            suggestion_chip_click_through_rate,
            tool_approval_rate,
            handoff_conversion_rate,
            average_csat_score,
            resolution_without_escalation_rate,
            purchase_count,
            gross_merchandise_value,
            average_order_value,
        } = self.state.borrow().summary.summary();
        let mut out = Object::new();
        for (name, value) in [
            ("messageImpressions", Some(f64::from(message_impressions))),
            ("suggestionChipClickThroughRate", suggestion_chip_click_through_rate),
            ("toolApprovalRate", tool_approval_rate),
            ("handoffConversionRate", handoff_conversion_rate),
            ("averageCsatScore", average_csat_score),
            ("resolutionWithoutEscalationRate", resolution_without_escalation_rate),
            ("purchaseCount", Some(f64::from(purchase_count))),
        ] {
            match value {
                Some(value) => out.number(name, value),
                None => out.raw(name, "null"),
            }
        }
        let (mut totals, mut means) = (Object::new(), Object::new());
        for (currency, total) in gross_merchandise_value {
            totals.number(&currency, total);
        }
        for (currency, mean) in average_order_value {
            means.number(&currency, mean.unwrap_or(f64::NAN));
        }
        out.raw("grossMerchandiseValue", &totals.finish());
        out.raw("averageOrderValue", &means.finish());
        out.finish()
    }
}
