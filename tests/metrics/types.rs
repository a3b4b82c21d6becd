//! The TypeScript declarations of the package, held against what Rust gives: every field, every type.

use std::collections::BTreeMap;

use chatvitals::metrics::{
    AbandonmentTally, AgentAssistTally, CsatTally, DeflectionTally, EngagementTally, Event, FunnelTally,
    GmvTally, HandleTimeTally, Interval, LatencyTally, Options, Tally, VitalsTally, Window,
    compute_from_events,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

const DECLARED: &str = include_str!("../../pkg-template/src/metrics.types.ts");

/// Interfaces by name: fields by name, with their types; optional ones keep their `?`.
type Interfaces = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn the_declared_types_are_those_of_the_values() {
    let declared = interfaces();
    let mut checked = 0;
    for events in [Vec::new(), one_of_each()] {
        for (report, result, point) in [
            report::<DeflectionTally>(&events, "Deflection", "Deflection"),
            report::<CsatTally>(&events, "Csat", "Csat"),
            report::<HandleTimeTally>(&events, "HandleTime", "HandleTime"),
            report::<AgentAssistTally>(&events, "AgentAssist", "AgentAssist"),
            report::<GmvTally>(&events, "Gmv", "Gmv"),
            report::<VitalsTally>(&events, "Vitals", "VitalSet"),
            report::<LatencyTally>(&events, "TurnLatency", "LatencyPoint"),
            report::<FunnelTally>(&events, "Funnel", "Funnel"),
            report::<AbandonmentTally>(&events, "Abandonment", "Abandonment"),
            report::<EngagementTally>(&events, "Engagement", "EngagementPoint"),
        ] {
            let Value::Object(mut report) = report else { panic!("{result} is no object") };
            let trend = report.remove("trend").expect("a trend");
            fits(&declared, &report, &[result, "Frame"]);
            for step in trend.as_array().expect("a list of points") {
                fits(&declared, step.as_object().expect("an object"), &[point, "Step"]);
                checked += 1;
            }
        }
    }
    assert!(checked >= 20, "trends were empty");
}

fn report<T: Tally>(
    events: &[Event],
    result: &'static str,
    point: &'static str,
) -> (Value, &'static str, &'static str)
where
    T::Result: Serialize,
    T::Point: Serialize,
{
    let window = Window { from: Some(0), to: Some(86_400_000 - 1) };
    let options =
        Options { group_by_category: true, interval: Some(Interval::Day), ..Options::within(window) };
    (serde_json::to_value(compute_from_events::<T>(events, &options)).expect("plain data"), result, point)
}

/// Something for every list and map of the results.
fn one_of_each() -> Vec<Event> {
    let event = |kind: &str, properties: Value| {
        json!({"sessionId": "s", "timestamp": 5, "type": kind, "path": "/", "properties": properties,
               "dimensions": {"conversationId": "c"}, "context": {"device": {"connection": "4g"}}})
    };
    let events = json!([
        event("page_view", json!({})),
        event("web_vital", json!({"name": "LCP", "value": 1200})),
        event("assistant_response_first_token", json!({"ttftMs": 300})),
        event("purchase_completed", json!({"revenue": 5, "currency": "EUR", "items": [{"unitPrice": 5}]})),
    ]);
    serde_json::from_value(events).expect("events")
}

/// The interfaces of the file. They are written one field a line, so reading lines is reading TypeScript.
fn interfaces() -> Interfaces {
    let mut found = Interfaces::new();
    let mut open: Option<String> = None;
    for line in DECLARED.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("export interface ").and_then(|rest| rest.strip_suffix(" {")) {
            found.insert(name.to_owned(), BTreeMap::new());
            open = Some(name.to_owned());
        } else if line == "}" {
            open = None;
        } else if let (Some(name), Some((field, kind))) =
            (&open, line.strip_suffix(';').and_then(|line| line.split_once(": ")))
        {
            found.get_mut(name).expect("opened above").insert(field.to_owned(), kind.to_owned());
        }
    }
    found
}

/// Panics unless the object has the fields of these interfaces, and no others.
fn fits(declared: &Interfaces, object: &Map<String, Value>, names: &[&str]) {
    let mut left: Map<String, Value> = object.clone();
    for name in names {
        for (field, kind) in declared.get(*name).unwrap_or_else(|| panic!("no interface {name}")) {
            let (field, optional) =
                field.strip_suffix('?').map_or((field.as_str(), false), |field| (field, true));
            match left.remove(field) {
                Some(value) => {
                    assert!(is(declared, &value, kind), "{name}.{field} is {value} and not {kind}")
                }
                None => assert!(optional, "{name}.{field} is declared, not given: {object:?}"),
            }
        }
    }
    assert!(left.is_empty(), "given, not declared in {names:?}: {left:?}");
}

/// Whether the value is of that type.
fn is(declared: &Interfaces, value: &Value, kind: &str) -> bool {
    if kind.contains(" | ") {
        return kind.split(" | ").any(|kind| is(declared, value, kind));
    }
    if let Some(element) = kind.strip_suffix("[]") {
        return value.as_array().is_some_and(|list| list.iter().all(|value| is(declared, value, element)));
    }
    let generic =
        |name: &str| kind.strip_prefix(name).and_then(|rest| rest.strip_prefix('<')?.strip_suffix('>'));
    if let Some(element) = generic("Record").and_then(|parameters| parameters.strip_prefix("string, ")) {
        return value.as_object().is_some_and(|map| map.values().all(|value| is(declared, value, element)));
    }
    if let Some(row) = generic("Row") {
        fits(declared, value.as_object().expect("a row is an object"), &[row, "Key"]);
        return true;
    }
    match kind {
        "number" => value.is_number(),
        "string" => value.is_string(),
        "null" => value.is_null(),
        text if text.starts_with('\'') => value.as_str() == Some(text.trim_matches('\'')),
        name => {
            fits(declared, value.as_object().unwrap_or_else(|| panic!("{value} is no {name}")), &[name]);
            true
        }
    }
}
