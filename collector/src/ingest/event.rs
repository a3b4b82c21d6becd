//! One event as a client sent it: checked, completed where something is missing, never stripped of what we do not know.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::clock_skew::ClientClock;
use super::text;
use crate::clock;
use crate::store::Event;

/// Longest id, type, session id or view id, in bytes.
const NAME_BYTES: usize = 128;
/// Longest path, in bytes.
const PATH_BYTES: usize = 4096;
/// Deepest nesting of an event. Readers in every language cope with this much.
const DEPTH: usize = 64;

/// The fields the collector itself needs. Everything else is kept, unread, in the event's text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "some fields are only checked for their kind, which reading them does")]
struct Head {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    timestamp: Option<Timestamp>,
    session_id: Option<String>,
    view_id: Option<String>,
    path: Option<String>,
    turn_index: Option<u32>,
    sample_rate: Option<f64>,
    properties: Option<Object>,
    context: Option<Object>,
    dimensions: Option<Object>,
}

/// Checks one event. The error says which field is wrong, what was wanted and what was given.
pub fn read(raw: &RawValue, client_clock: ClientClock, received_at: i64) -> Result<Event, String> {
    let line = text::one_line(raw.get(), DEPTH)
        .ok_or_else(|| format!("an event must not nest deeper than {DEPTH} levels"))?;
    // The parser alone would take an array for the fields in their order.
    if !line.starts_with('{') {
        return Err(format!("an event must be a JSON object, got {}", text::shortened(&line)));
    }
    let head: Head = serde_json::from_str(&line).map_err(|error| explain(&line, &error))?;

    let kind = head.kind.ok_or("`type` is missing: every event needs a name")?;
    if kind.trim().is_empty() {
        return Err("`type` must not be empty".into());
    }
    for (field, value, most) in [
        ("id", &head.id, NAME_BYTES),
        ("sessionId", &head.session_id, NAME_BYTES),
        ("viewId", &head.view_id, NAME_BYTES),
        ("path", &head.path, PATH_BYTES),
    ] {
        check_length(field, value.as_deref().unwrap_or_default(), most)?;
    }
    check_length("type", &kind, NAME_BYTES)?;
    if let Some(rate) = head.sample_rate
        && !(rate > 0.0 && rate <= 1.0)
    {
        return Err(format!("`sampleRate` must be above 0 and at most 1, got {rate}"));
    }

    let said = head.timestamp.as_ref().map(Timestamp::instant).transpose()?;
    let at = said.map_or(received_at, |said| client_clock.correct(said, received_at));
    let id = head.id.filter(|id| !id.is_empty());
    let canonical = matches!(&head.timestamp, Some(Timestamp::Text(text)) if *text == clock::format_iso(at));
    let (id, body) = match id {
        Some(id) if canonical => (id, line.into_owned()),
        // Without an id a repeated delivery cannot be recognised; that is the sender's choice.
        id => {
            let id = id.unwrap_or_else(|| Uuid::now_v7().to_string());
            let body = complete(&line, &id, at, said)?;
            (id, body)
        }
    };
    Ok(Event { id, kind, at, session_id: head.session_id, view_id: head.view_id, path: head.path, body })
}

/// The event's text with `id` and `timestamp` as the collector understood them; every other field keeps its own text.
fn complete(line: &str, id: &str, at: i64, said: Option<i64>) -> Result<String, String> {
    let mut fields: BTreeMap<String, &RawValue> =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    let raw = |text: &str| serde_json::value::to_raw_value(text).map_err(|error| error.to_string());
    let id = raw(id)?;
    let timestamp = raw(&clock::format_iso(at))?;
    let client_timestamp =
        said.filter(|said| *said != at).map(|said| raw(&clock::format_iso(said))).transpose()?;
    fields.insert("id".into(), &id);
    fields.insert("timestamp".into(), &timestamp);
    if let Some(said) = &client_timestamp {
        fields.insert("clientTimestamp".into(), said);
    }
    serde_json::to_string(&fields).map_err(|error| error.to_string())
}

fn check_length(field: &str, value: &str, most: usize) -> Result<(), String> {
    if value.len() <= most {
        return Ok(());
    }
    Err(format!("`{field}` must not exceed {most} bytes, got {}", value.len()))
}

type Check = fn(&RawValue) -> bool;

/// What each field of [`Head`] must be, for [`explain`].
const WANTED: [(&str, &str, Check); 11] = [
    ("id", "a string", reads::<String>),
    ("type", "a string", reads::<String>),
    ("timestamp", "an ISO 8601 date-time or milliseconds", reads::<Timestamp>),
    ("sessionId", "a string", reads::<String>),
    ("viewId", "a string", reads::<String>),
    ("path", "a string", reads::<String>),
    ("turnIndex", "a whole number from 0", reads::<u32>),
    ("sampleRate", "a number", reads::<f64>),
    ("properties", "an object", reads::<Object>),
    ("context", "an object", reads::<Object>),
    ("dimensions", "an object", reads::<Object>),
];

fn reads<T: DeserializeOwned>(value: &RawValue) -> bool {
    serde_json::from_str::<Option<T>>(value.get()).is_ok()
}

/// Finds the field a failed read was about; the parser itself only knows a column.
fn explain(line: &str, error: &serde_json::Error) -> String {
    let Ok(fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(line) else {
        return error.to_string();
    };
    for (field, kind, is_kind) in WANTED {
        if let Some(value) = fields.get(field)
            && !is_kind(value)
        {
            return format!("`{field}` must be {kind}, got {}", text::shortened(value.get()));
        }
    }
    error.to_string()
}

/// A client's instant: ISO 8601, or milliseconds since the epoch.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Timestamp {
    /// ISO 8601.
    Text(String),
    /// Milliseconds since the epoch.
    Milliseconds(f64),
}

impl Timestamp {
    /// The instant, or why it is none.
    pub fn instant(&self) -> Result<i64, String> {
        match self {
            Self::Text(text) => clock::parse_iso(text).ok_or_else(|| {
                format!(
                    "`timestamp` must be ISO 8601 with a zone, such as 2026-11-20T07:24:33.123Z, got {}",
                    text::shortened(&format!("{text:?}"))
                )
            }),
            Self::Milliseconds(ms) => clock::in_range(*ms as i64)
                .ok_or_else(|| format!("`timestamp` must be milliseconds since 1970, got {ms}")),
        }
    }
}

/// Any JSON object; its contents are checked for syntax only.
struct Object;

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self)
    }
}
