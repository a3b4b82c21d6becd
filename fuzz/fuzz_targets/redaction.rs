//! Whatever JSON a page hands over: what leaves is JSON of the same kind, and no secret's value is in it.
#![no_main]

use chatvitals::policy::redaction::custom;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

/// A value that no input contains by chance.
const PLANTED: &str = "planted-7f3a9c51e2b84d06";

fuzz_target!(|text: &str| {
    let Ok(mut object) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    plant(&mut object);
    let given = Value::Object(object).to_string();
    let left = custom(&given);
    assert!(!left.contains(PLANTED), "{given} became {left}");
    assert!(serde_json::from_str::<Map<String, Value>>(&left).is_ok(), "{given} became {left}");
});

/// Puts a secret into every object, at every depth.
fn plant(object: &mut Map<String, Value>) {
    object.insert("user_passWord2".into(), PLANTED.into());
    for value in object.values_mut() {
        plant_below(value);
    }
}

fn plant_below(value: &mut Value) {
    match value {
        Value::Object(object) => plant(object),
        Value::Array(list) => list.iter_mut().for_each(plant_below),
        _ => {}
    }
}
