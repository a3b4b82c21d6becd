//! Web Vitals, played in a browser that does what `chatvitals::vitals` asks of one.

#[path = "vitals/room.rs"]
mod room;
#[path = "vitals/rules.rs"]
mod rules;

use std::collections::HashMap;
use std::rc::Rc;

use chatvitals::vitals::{Report, WatchId};
use room::Room;
use serde_json::{Map, Value};

/// Pages made up at random and what web-vitals 6 reported on them, written by `vitals/bless.mjs`. With
/// `CHATVITALS_GOLDEN=file` more of them, from another seed, are played too.
const GOLDEN: &str = include_str!("vitals/golden.jsonl");

#[test]
fn every_report_equals_that_of_web_vitals_6() {
    let extra = std::env::var("CHATVITALS_GOLDEN").ok().and_then(|path| std::fs::read_to_string(path).ok());
    let mut compared = 0;
    for line in GOLDEN.lines().chain(extra.as_deref().unwrap_or_default().lines()) {
        let page: Value = serde_json::from_str(line).expect("a line of the golden file is JSON");
        let mut room = Room::open(&page["start"]);
        let mut ids = Ids::default();
        for (number, step) in list(&page["steps"]).iter().enumerate() {
            let mut told: Vec<Value> = room
                .play(step)
                .iter()
                .map(|report| describe(report, room.attribution(report), &mut ids))
                .collect();
            let mut wanted = list(&step["reports"]).to_vec();
            // Listeners do not know of each other; the order among them means nothing.
            told.sort_by_key(|report| report["watch"].as_u64());
            wanted.sort_by_key(|report| report["watch"].as_u64());
            compared += wanted.len();
            let (told, wanted) = (Value::Array(told), Value::Array(wanted));
            let place = ["seed", "op", "at"].map(|name| page.get(name).unwrap_or(&step[name]).to_string());
            assert!(is_same(&told, &wanted), "step {number} of {place:?}:\n told {told}\nwanted {wanted}");
        }
    }
    assert!(compared > 500, "only {compared} reports were compared");
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The ids each watch has used so far: the golden file names them by their number.
type Ids = HashMap<WatchId, Vec<Rc<str>>>;

fn describe(report: &Report<u64>, attribution: String, ids: &mut Ids) -> Value {
    let known = ids.entry(report.watch).or_default();
    let id = known.iter().position(|id| *id == report.id).unwrap_or_else(|| {
        known.push(report.id.clone());
        known.len() - 1
    });
    let mut told = Map::new();
    let mut put = |name: &str, value: Value| told.insert(name.into(), value);
    put("watch", report.watch.index().into());
    put("id", id.into());
    put("name", report.name.as_str().into());
    put("value", report.value.into());
    put("delta", report.delta.into());
    put("rating", report.rating.as_str().into());
    put("navigationType", report.navigation.kind.as_str().into());
    put("navigationId", report.navigation.id.into());
    if let Some(url) = &report.navigation.url {
        put("navigationURL", (**url).into());
    }
    if !report.navigation.interaction_id.is_nan() {
        put("navigationInteractionId", report.navigation.interaction_id.into());
    }
    put("navigationStartTime", report.navigation.start_time.into());
    put("attribution", serde_json::from_str(&attribution).expect("attribution is JSON"));
    put("entries", report.entries.clone().into());
    Value::Object(told)
}

/// Equal, with numbers as precise as they travel (six decimals).
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            (a - b).abs() <= 1e-6
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}
