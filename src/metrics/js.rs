//! What `chatvitals/metrics` exports: JavaScript events in, plain objects out. Built alone, with
//! `--no-default-features --features metrics-api`.

use js_sys::{Date, Error, JSON};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use super::*;

/// Exports a metric under its JavaScript name.
macro_rules! exports {
    ($($js:literal $name:ident $tally:ty;)*) => {$(
        #[doc = concat!("`", $js, "(events, options?)`.")]
        #[wasm_bindgen(js_name = $js, skip_typescript)]
        pub fn $name(events: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
            answer::<$tally>(events, options)
        }
    )*};
}

exports! {
    "computeDeflectionRate" deflection_rate DeflectionTally;
    "computeCsat" csat CsatTally;
    "computeAverageHandleTime" average_handle_time HandleTimeTally;
    "computeAgentAssistRate" agent_assist_rate AgentAssistTally;
    "computeGmv" gmv GmvTally;
    "computeVitals" vitals VitalsTally;
    "computeTurnLatency" turn_latency LatencyTally;
    "computeFunnel" funnel FunnelTally;
    "computeAbandonment" abandonment AbandonmentTally;
    "computeEngagement" engagement EngagementTally;
}

/// `isOutcomeEvent(event)`.
#[wasm_bindgen(js_name = "isOutcomeEvent", skip_typescript)]
pub fn is_outcome(event: JsValue) -> bool {
    kind_of(event).is_some()
}

/// `outcomeKind(event)`: `csat`, `resolution`, `handoff`, `purchase` or null.
#[wasm_bindgen(js_name = "outcomeKind", skip_typescript)]
pub fn kind(event: JsValue) -> JsValue {
    kind_of(event).map_or(JsValue::NULL, JsValue::from_str)
}

fn kind_of(event: JsValue) -> Option<&'static str> {
    outcome_kind(&js_sys::Reflect::get(&event, &"type".into()).ok()?.as_string()?)
}

fn answer<T: Tally>(events: JsValue, options: JsValue) -> Result<JsValue, JsValue>
where
    T::Result: Serialize,
    T::Point: Serialize,
{
    let options = read_options(&options).map_err(|what| Error::new(&format!("options: {what}")))?;
    if !js_sys::Array::is_array(&events) {
        return Err(Error::new("events must be an array of events").into());
    }
    let text = String::from(JSON::stringify(&events)?);
    let Events(events) = serde_json::from_str(&text).map_err(|error| Error::new(&error.to_string()))?;
    let report = compute_from_events::<T>(&events, &options);
    Ok(report.serialize(&Serializer::json_compatible())?)
}

/// Options written as JSON and read back are plain: a `Date` is its RFC 3339 text, `undefined` is absent.
fn read_options(options: &JsValue) -> Result<Options, String> {
    let query = if options.is_undefined() || options.is_null() {
        Query::default()
    } else {
        let text = JSON::stringify(options).map_err(|_| "cannot be written as JSON")?;
        serde_json::from_str(&String::from(text)).map_err(|error| error.to_string())?
    };
    query.resolve(Date::now() as i64).map_err(|error| error.to_string())
}
