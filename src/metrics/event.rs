//! The wire's event (ARCHITECTURE.md), as much of it as metrics look at.

use serde::Deserialize;

use super::lenient;
use crate::catalogue;

/// One event. Every field may be absent: metrics answer from what is there, and one bad event spoils no other.
/// Unknown fields are ignored and a value of the wrong type is absent. (JSON text that names a field twice is refused:
/// it says two things.)
///
/// ```
/// use chatvitals::metrics::Event;
/// let event: Event = serde_json::from_str(
///     r#"{"type": "csat_submitted", "sessionId": 7, "new": [], "properties": {"score": 4, "maxScore": "5"}}"#,
/// )?;
/// assert_eq!(event.properties.score, Some(4.0));
/// assert_eq!((event.session_id, event.properties.max_score), (None, None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// The event's own id: two events with one id are one.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Its name, such as `page_view`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// When it happened, ms since 1970 UTC. On the wire RFC 3339 text or such a number.
    #[serde(deserialize_with = "lenient::time")]
    pub timestamp: Option<i64>,
    /// The visit it belongs to.
    #[serde(deserialize_with = "lenient::text")]
    pub session_id: Option<String>,
    /// The page view it belongs to.
    #[serde(deserialize_with = "lenient::text")]
    pub view_id: Option<String>,
    /// The route of that view.
    #[serde(deserialize_with = "lenient::text")]
    pub path: Option<String>,
    /// The turn of a chat.
    #[serde(deserialize_with = "lenient::number")]
    pub turn_index: Option<f64>,
    /// The share of such events that sampling kept.
    #[serde(deserialize_with = "lenient::number")]
    pub sample_rate: Option<f64>,
    /// What the catalogue says about its type.
    #[serde(deserialize_with = "lenient::object")]
    pub properties: Properties,
    /// Static context of the page and the device.
    #[serde(deserialize_with = "lenient::object")]
    pub context: Context,
    /// Dynamic context.
    #[serde(deserialize_with = "lenient::object")]
    pub dimensions: Dimensions,
}

/// The properties that some metric reads. Their meaning is in the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Properties {
    #[serde(deserialize_with = "lenient::number")]
    pub score: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub max_score: Option<f64>,
    #[serde(deserialize_with = "lenient::flag")]
    pub escalated: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub resolved: Option<bool>,
    #[serde(deserialize_with = "lenient::text")]
    pub order_id: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub revenue: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub currency: Option<String>,
    #[serde(deserialize_with = "lenient::objects")]
    pub items: Vec<Item>,
    #[serde(deserialize_with = "lenient::number")]
    pub duration_ms: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub total_ms: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub ttft_ms: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub ttft_source: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub visible_ms: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub finish_reason: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub stall_count: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub phase: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub waited_ms: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub user_turn_count: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub assistant_turn_count: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub conversation_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub path: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub engaged_ms: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub max_scroll_percent: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    pub percent: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub value: Option<f64>,
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub error_code: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    pub count: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    pub tool_name: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    pub success: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    pub will_retry: Option<bool>,
}

/// One line of a purchase.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Item {
    /// The shop's category.
    #[serde(deserialize_with = "lenient::text")]
    pub category: Option<String>,
    /// How many; 1 when absent.
    #[serde(deserialize_with = "lenient::number")]
    pub quantity: Option<f64>,
    /// The price of one, in the purchase's currency.
    #[serde(deserialize_with = "lenient::number")]
    pub unit_price: Option<f64>,
}

/// Where a visit came from and what it runs on, as the tracker says with each visit and each page view.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The device.
    #[serde(deserialize_with = "lenient::object")]
    pub device: Device,
    /// The campaign.
    #[serde(deserialize_with = "lenient::object")]
    pub campaign: Campaign,
}

/// What a visit runs on, of what `context.device` says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Device {
    /// `mobile`, `tablet`, `tv` or `desktop`.
    #[serde(deserialize_with = "lenient::text")]
    pub class: Option<String>,
    /// The network, such as `4g`.
    #[serde(deserialize_with = "lenient::text")]
    pub connection: Option<String>,
}

/// What brought a visit, of what `context.campaign` says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Campaign {
    /// The campaign's name: the URL's `utm_campaign`.
    #[serde(rename = "campaign", deserialize_with = "lenient::text")]
    pub name: Option<String>,
}

/// Dynamic context, resolved per event.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Dimensions {
    /// The conversation.
    #[serde(deserialize_with = "lenient::text")]
    pub conversation_id: Option<String>,
}

impl Event {
    /// The event's name; empty when it has none.
    pub fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or_default()
    }

    /// How many events this one stands for: `1 / sampleRate`, so that counts are estimates of what happened and not
    /// of what was kept. Types that sampling never drops stand for themselves whatever they carry, and so does a rate
    /// that is none (over 1, or below one in a million).
    pub fn weight(&self) -> f64 {
        match self.sample_rate {
            Some(rate) if (1e-6..1.0).contains(&rate) && !is_critical(self.kind()) => 1.0 / rate,
            _ => 1.0,
        }
    }

    /// The conversation it belongs to.
    pub fn conversation(&self) -> Option<&str> {
        self.dimensions.conversation_id.as_deref().or(self.properties.conversation_id.as_deref())
    }

    /// The route it happened on.
    pub fn route(&self) -> Option<&str> {
        self.path.as_deref().or(self.properties.path.as_deref())
    }
}

/// Whether sampling never drops events of that type.
fn is_critical(kind: &str) -> bool {
    catalogue::find(kind).is_some_and(|def| def.critical)
}

/// A duration that can be true: 0 ms to 31 days. One hostile 1e300 would otherwise be everybody's average.
pub(super) fn duration(ms: Option<f64>) -> Option<f64> {
    ms.filter(|ms| (0.0..=31.0 * 86_400_000.0).contains(ms))
}

/// A list of events read one by one: what is not an object is left out.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Events(#[serde(deserialize_with = "lenient::objects")] pub Vec<Event>);

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> Event {
        serde_json::from_str(json).expect("tolerant of every type")
    }

    #[test]
    fn any_type_anywhere_leaves_the_rest_readable() {
        for bad in
            ["null", "true", "-1", "1e300", "\"x\"", "[]", "[{\"a\":[1]}]", "{}", "{\"score\":{\"a\":{}}}"]
        {
            let json = format!(
                r#"{{"id":{bad},"timestamp":{bad},"path":{bad},"context":{bad},"dimensions":{bad},"sampleRate":{bad},
                "properties":{{"score":{bad},"items":{bad},"escalated":{bad},"revenue":12.5}},"sessionId":"s"}}"#
            );
            let event = event(&json);
            assert_eq!(event.session_id.as_deref(), Some("s"), "{bad}");
            assert_eq!(event.properties.revenue, Some(12.5), "{bad}");
            let whole = format!(r#"{{"properties":{bad},"sessionId":"s"}}"#);
            assert_eq!(self::event(&whole).session_id.as_deref(), Some("s"), "{bad}");
        }
    }

    #[test]
    fn a_list_keeps_its_events_and_drops_the_rest() {
        let Events(events) =
            serde_json::from_str(r#"[null, 3, {"id": "a"}, [{"id": "b"}], "c", {"id": "d"}]"#).unwrap();
        assert_eq!(events.iter().map(|e| e.id.as_deref()).collect::<Vec<_>>(), [Some("a"), Some("d")]);
    }

    #[test]
    fn sampled_events_stand_for_more_and_outcomes_for_themselves() {
        assert_eq!(event(r#"{"type":"click","sampleRate":0.25}"#).weight(), 4.0);
        assert_eq!(event(r#"{"type":"purchase_completed","sampleRate":0.25}"#).weight(), 1.0);
        for rate in ["0", "-1", "1", "7", "1e-300", "\"0.5\""] {
            assert_eq!(event(&format!(r#"{{"type":"click","sampleRate":{rate}}}"#)).weight(), 1.0, "{rate}");
        }
    }
}
