//! `chatvitals/metrics` as JavaScript sees it: the same numbers as the collector's, options that are understood or refused.
//!
//! `cargo test --target wasm32-unknown-unknown --no-default-features --features metrics-api --test metrics_js`
#![cfg(all(target_arch = "wasm32", feature = "metrics-api"))]

#[path = "metrics/close.rs"]
mod close;

use chatvitals::metrics::js;
use js_sys::{Error, JSON};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use close::assert_close;

fn javascript(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn json(value: &JsValue) -> Value {
    serde_json::from_str(&String::from(JSON::stringify(value).expect("plain data"))).expect("JSON")
}

#[wasm_bindgen_test]
fn javascript_gets_the_golden_numbers() {
    let golden: Value = serde_json::from_str(include_str!("metrics/golden.json")).expect("JSON");
    let (events, options) = (golden["events"].to_string(), golden["options"].to_string());
    type Export = fn(JsValue, JsValue) -> Result<JsValue, JsValue>;
    let exports: [(&str, Export); 10] = [
        ("computeDeflectionRate", js::deflection_rate),
        ("computeCsat", js::csat),
        ("computeAverageHandleTime", js::average_handle_time),
        ("computeAgentAssistRate", js::agent_assist_rate),
        ("computeGmv", js::gmv),
        ("computeVitals", js::vitals),
        ("computeTurnLatency", js::turn_latency),
        ("computeFunnel", js::funnel),
        ("computeAbandonment", js::abandonment),
        ("computeEngagement", js::engagement),
    ];
    for (name, export) in exports {
        let result = export(javascript(&events), javascript(&options)).expect(name);
        assert_close(&json(&result), &golden["results"][name]);
    }
}

#[wasm_bindgen_test]
fn options_may_be_absent_and_hold_dates() {
    let events = || javascript(r#"[{"sessionId": "a", "type": "chat_opened", "timestamp": 5}, null, 7]"#);
    let all = js::funnel(events(), JsValue::UNDEFINED).expect("no options");
    assert_eq!(json(&all)["steps"][0]["sessions"], 1);
    let (options, filter) = (js_sys::Object::new(), js_sys::Object::new());
    js_sys::Reflect::set(&filter, &"from".into(), &js_sys::Date::new(&6.into())).expect("set");
    js_sys::Reflect::set(&options, &"filter".into(), &filter).expect("set");
    let later = js::funnel(events(), options.into()).expect("dates");
    assert_eq!(json(&later)["steps"][0]["sessions"], 0);
    assert_eq!(json(&later)["window"]["from"], 6);
}

#[wasm_bindgen_test]
fn mistakes_throw_an_error_that_names_them() {
    for (options, wanted) in [
        (r#"{"filter": {"range": "5d"}}"#, "`24h`, `7d`, `30d`"),
        (r#"{"filter": {"rnage": "7d"}}"#, "rnage"),
        (r#"{"window": "7d"}"#, "window"),
        (r#"{"filter": {"from": "soon"}}"#, "`filter.from` must be"),
        ("7", "7"),
    ] {
        let error = js::gmv(javascript("[]"), javascript(options)).expect_err(options);
        let message = String::from(Error::from(error).message());
        assert!(message.starts_with("options: ") && message.contains(wanted), "{options}: {message}");
    }
    let error = js::gmv(javascript(r#"{"events": []}"#), JsValue::UNDEFINED).expect_err("no array");
    assert!(String::from(Error::from(error).message()).contains("array"));
}

#[wasm_bindgen_test]
fn outcomes_are_told_from_other_events() {
    let kind = |event: &str| js::kind(javascript(event)).as_string();
    assert_eq!(kind(r#"{"type": "handoff_requested"}"#).as_deref(), Some("handoff"));
    assert_eq!((kind(r#"{"type": "click"}"#), kind("{}"), kind("null"), kind("3")), (None, None, None, None));
    assert!(js::is_outcome(javascript(r#"{"type": "csat_submitted"}"#)));
    assert!(!js::is_outcome(JsValue::NULL));
}
