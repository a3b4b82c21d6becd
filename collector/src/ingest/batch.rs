//! A request's text → its good events, and why the others are not.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::clock_skew::ClientClock;
use super::event::{self, Timestamp};
use super::text;
use crate::store::{Event, TrackerStats};

/// What a body held.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The events to store.
    pub events: Vec<Event>,
    /// The events that cannot be stored.
    pub rejected: Vec<Rejection>,
    /// The tracker's account, when it is readable; a broken one never costs an event.
    pub stats: Option<TrackerStats>,
}

/// Why one event of a batch was not stored.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Its id, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What was wanted and what was given.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(borrow, default)]
    events: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sent_at: Option<&'a RawValue>,
    #[serde(borrow, default)]
    stats: Option<&'a RawValue>,
    #[serde(rename = "type", borrow, default)]
    kind: Option<&'a RawValue>,
}

/// Reads `{events: […], sentAt, stats}` or one event. An error means that nothing could be read.
pub fn parse(body: &[u8], received_at: i64) -> Result<Parsed, String> {
    let whole: &RawValue =
        serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    // The parser alone would take an array for the fields in their order.
    if !whole.get().starts_with('{') {
        let given = text::shortened(whole.get());
        return Err(format!("the body must be an object {{\"events\": […]}} or one event, got {given}"));
    }
    let envelope: Envelope = serde_json::from_str(whole.get()).map_err(|error| error.to_string())?;
    let events = match (envelope.events, envelope.kind) {
        (Some(list), _) => serde_json::from_str::<Vec<&RawValue>>(list.get())
            .map_err(|_| format!("`events` must be an array, got {}", text::shortened(list.get())))?,
        (None, Some(_)) => vec![whole],
        (None, None) => return Err("the body has neither `events` nor the `type` of one event".into()),
    };
    if events.is_empty() {
        return Err("`events` is empty: send at least one event".into());
    }
    let client_clock = ClientClock::new(envelope.sent_at.and_then(instant), received_at);
    let mut parsed = Parsed { stats: envelope.stats.and_then(read_stats), ..Parsed::default() };
    parsed.events.reserve(events.len());
    for (index, raw) in events.into_iter().enumerate() {
        match event::read(raw, client_clock, received_at) {
            Ok(event) => parsed.events.push(event),
            Err(reason) => parsed.rejected.push(Rejection { index, id: id_of(raw), reason }),
        }
    }
    Ok(parsed)
}

fn instant(raw: &RawValue) -> Option<i64> {
    serde_json::from_str::<Timestamp>(raw.get()).ok()?.instant().ok()
}

fn read_stats(raw: &RawValue) -> Option<TrackerStats> {
    let stats: TrackerStats = serde_json::from_str(raw.get()).ok()?;
    // Accounts are kept per instance, so what names and counts them has to be bounded.
    (stats.id.len() <= 128 && stats.dropped.len() <= 32).then_some(stats)
}

fn id_of(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    serde_json::from_str::<Id>(raw.get()).ok().map(|event| text::shortened(&event.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    const NOW: i64 = 1_795_159_473_000;

    fn parsed(body: &str) -> Parsed {
        parse(body.as_bytes(), NOW).unwrap()
    }

    fn reason(event: &str) -> String {
        parsed(&format!(r#"{{"events":[{event}]}}"#)).rejected.remove(0).reason
    }

    #[test]
    fn an_untouched_event_keeps_its_text_byte_for_byte() {
        let event = format!(
            r#"{{"id":"a","type":"page_view","timestamp":"{}","big":12345678901234567890123,"é":1.50}}"#,
            clock::format_iso(NOW)
        );
        assert_eq!(parsed(&format!(r#"{{"events":[{event}]}}"#)).events[0].body, event);
    }

    #[test]
    fn a_corrected_event_keeps_unknown_fields_and_what_the_client_said() {
        let day = clock::DAY;
        let body = format!(
            r#"{{"sentAt":"{}","events":[{{"id":"a","type":"x","timestamp":"{}","big":12345678901234567890123}}]}}"#,
            clock::format_iso(NOW - day),
            clock::format_iso(NOW - day - 1000),
        );
        let event = &parsed(&body).events[0];
        assert_eq!(event.at, NOW - 1000);
        assert!(event.body.contains(r#""big":12345678901234567890123"#), "{}", event.body);
        assert!(event.body.contains(&format!(r#""timestamp":"{}""#, clock::format_iso(NOW - 1000))));
        assert!(
            event.body.contains(&format!(r#""clientTimestamp":"{}""#, clock::format_iso(NOW - day - 1000)))
        );
    }

    #[test]
    fn reasons_name_the_field_and_the_value() {
        assert_eq!(reason(r#"{"id":"a"}"#), "`type` is missing: every event needs a name");
        assert_eq!(reason(r#"{"type":5}"#), "`type` must be a string, got 5");
        assert_eq!(reason(r#"{"type":"x","properties":[1]}"#), "`properties` must be an object, got [1]");
        assert_eq!(
            reason(r#"{"type":"x","turnIndex":-1}"#),
            "`turnIndex` must be a whole number from 0, got -1"
        );
        assert_eq!(reason("7"), "an event must be a JSON object, got 7");
        assert!(reason(r#"{"type":"x","timestamp":"soon"}"#).contains("got \"soon\""));
        assert!(reason(r#"{"type":"x","id":"1","id":"2"}"#).contains("duplicate field `id`"));
    }

    #[test]
    fn a_broken_account_costs_no_event() {
        let parsed = parsed(r#"{"events":[{"type":"x"}],"stats":{"id":3},"sentAt":[]}"#);
        assert_eq!((parsed.events.len(), parsed.stats), (1, None));
    }

    #[test]
    fn formatting_is_taken_out_so_that_an_event_is_one_line() {
        let event =
            &parsed("{\n \"type\": \"x\",\n \"properties\": {\n \"text\": \"two words\" }\n}").events[0];
        assert!(
            !event.body.contains('\n') && event.body.contains(r#"{"text":"two words"}"#),
            "{}",
            event.body
        );
    }
}
