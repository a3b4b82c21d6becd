//! What the browser room hears, in a real browser, without the shell and without a network.
#![cfg(target_arch = "wasm32")]

use std::cell::Cell;
use std::rc::Rc;

use chatvitals::api::{self, Hear, Host, Verb};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, window};

wasm_bindgen_test_configure!(run_in_browser);

const SESSION_KEY: &str = "chatvitals.session";

/// The shell's half, doing nothing.
fn host() -> Host {
    let make = js_sys::Function::new_no_args(
        "return { dimensions() {}, aside() {}, emit() {}, withdrawn() {}, log() {} }",
    );
    make.call0(&JsValue::NULL).unwrap_throw().unchecked_into()
}

/// Asks for what needs no number.
fn ask(core: u32, verb: Verb, texts: [&str; 2]) -> Option<String> {
    let [first, second] = texts;
    api::call(core, verb as u32, first, second, "", 0.0)
}

/// An event that happens now: three lines, the first of them empty.
fn track(core: u32, name: &str, properties: &str) {
    ask(core, Verb::Track, [&format!("\n\"{name}\"\n{properties}"), ""]);
}

fn shutdown(core: u32) {
    ask(core, Verb::Shutdown, ["", ""]);
}

fn events(core: u32) -> String {
    ask(core, Verb::Events, ["", ""]).unwrap_throw()
}

/// A tracker that does not listen yet; the other half of the shell's, the function by which it hears.
fn open(options: &str) -> Result<u32, String> {
    let core = Rc::new(Cell::new(0));
    let number = core.clone();
    let hear = move |signal: u32, which: u32, numbers: Vec<f64>, text: String| {
        api::hear(number.get(), signal, which, &numbers, &text)
    };
    let hear: Closure<dyn Fn(u32, u32, Vec<f64>, String) -> u32> = Closure::new(hear);
    core.set(api::open(options, host(), hear.into_js_value().unchecked_into::<Hear>())?);
    Ok(core.get())
}

fn start(options: &str) -> u32 {
    storage().remove_item(SESSION_KEY).unwrap_throw();
    let core = open(options).unwrap_throw();
    ask(core, Verb::Start, ["", ""]);
    core
}

fn storage() -> web_sys::Storage {
    window().unwrap_throw().local_storage().unwrap_throw().unwrap_throw()
}

/// The types of the events captured so far, in order.
fn types(core: u32) -> Vec<String> {
    // A visit that is new waits a moment for what other tabs say; asked to send, it waits no longer.
    ask(core, Verb::Flush, ["", ""]);
    let events: serde_json::Value = serde_json::from_str(&events(core)).unwrap_throw();
    let all = events.as_array().unwrap_throw().iter();
    all.map(|event| event["type"].as_str().unwrap_throw().to_owned()).collect()
}

fn button() -> Element {
    let document = window().unwrap_throw().document().unwrap_throw();
    let button = document.create_element("button").unwrap_throw();
    button.set_attribute("data-cv-cta", "buy").unwrap_throw();
    document.body().unwrap_throw().append_child(&button).unwrap_throw();
    button
}

fn click(element: &Element) {
    let click: js_sys::Function = Reflect::get(element, &"click".into()).unwrap_throw().unchecked_into();
    click.call0(element).unwrap_throw();
}

#[wasm_bindgen_test]
fn a_visit_begins_with_a_session_and_a_page_view() {
    let core = start("{}");
    track(core, "signup", r#"{"plan":"pro"}"#);
    assert_eq!(types(core), ["session_started", "page_view", "signup"]);
    shutdown(core);
    assert_eq!(types(core)[3..], ["page_leave", "session_ended"]);
}

#[wasm_bindgen_test]
fn clicks_are_heard_until_shutdown_and_not_after() {
    let core = start("{}");
    let button = button();
    click(&button);
    assert!(types(core).contains(&"cta_click".to_owned()), "{:?}", types(core));
    shutdown(core);
    let before = types(core);
    click(&button);
    window()
        .unwrap_throw()
        .history()
        .unwrap_throw()
        .push_state_with_url(&JsValue::NULL, "", Some("#x"))
        .unwrap_throw();
    assert_eq!(types(core), before);
    button.remove();
}

#[wasm_bindgen_test]
fn nothing_is_stored_or_released_before_consent() {
    let core = start(r#"{"consent":"functional"}"#);
    track(core, "early", "{}");
    assert_eq!(events(core), "[]");
    assert_eq!(storage().get_item(SESSION_KEY).unwrap_throw(), None);
    assert_eq!(ask(core, Verb::SetConsent, ["analytics", ""]), None);
    assert_eq!(types(core), ["session_started", "page_view", "early"]);
    assert!(storage().get_item(SESSION_KEY).unwrap_throw().is_some());
    assert_eq!(ask(core, Verb::SetConsent, ["none", ""]), None);
    assert_eq!(events(core), "[]");
    assert_eq!(storage().get_item(SESSION_KEY).unwrap_throw(), None);
    shutdown(core);
}

#[wasm_bindgen_test]
fn a_mistaken_option_is_refused_with_a_reason() {
    let error = open(r#"{"sampleRate":"often"}"#).err().unwrap_throw();
    assert!(error.contains("a number from 0 to 1") && error.contains("often"), "{error}");
}

#[wasm_bindgen_test]
fn a_tracker_that_is_not_enabled_does_nothing() {
    let core = start(r#"{"enabled":false}"#);
    track(core, "x", "{}");
    assert_eq!(events(core), "[]");
    assert_eq!(storage().get_item(SESSION_KEY).unwrap_throw(), None);
}
