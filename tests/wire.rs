//! What goes over the wire and into storage reads back as what it was, whatever it is; and no text, however broken, does
//! any harm.

use chatvitals::json;
use chatvitals::policy::redaction::custom;
use chatvitals::policy::secrets::scrub;
use chatvitals::queue::Encoded;
use chatvitals::wire::stored::Parcel;
use chatvitals::wire::{json as body, pixel};
use proptest::prelude::*;
use serde_json::Value;

/// Any JSON value a page could hand over.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,8}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn object() -> impl Strategy<Value = String> {
    prop::collection::btree_map(".{0,8}", value(), 0..6).prop_map(|map| Value::from_iter(map).to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strings_and_numbers_survive_the_writer_and_the_reader(text in ".*", number in -1e9..1e9f64) {
        let mut out = String::new();
        json::push_text(&mut out, &text);
        prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text.clone());
        prop_assert_eq!(json::text(&out), Some(text));
        let mut out = String::new();
        json::push_number(&mut out, number);
        prop_assert!((json::number(&out).unwrap() - number).abs() <= 1e-6);
    }

    #[test]
    fn the_reader_walks_an_object_as_a_parser_does(object in object()) {
        let parsed: serde_json::Map<String, Value> = serde_json::from_str(&object).unwrap();
        let walked: Vec<_> = json::members(&object).collect();
        prop_assert_eq!(walked.len(), parsed.len());
        for (name, text) in walked {
            let name: String = serde_json::from_str(&format!("\"{name}\"")).unwrap();
            prop_assert_eq!(&parsed[&name], &serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn redaction_keeps_json_json(object in object()) {
        let redacted: Value = serde_json::from_str(&custom(&object)).unwrap();
        prop_assert!(redacted.is_object());
        let again: Value = serde_json::from_str(&custom(&redacted.to_string())).unwrap();
        prop_assert_eq!(again, redacted, "what is clean stays as it is");
    }

    #[test]
    fn broken_text_does_no_harm(text in ".*", cut in any::<prop::sample::Index>()) {
        let _ = (json::members(&text).count(), json::elements(&text).count(), json::number(&text), json::text(&text));
        let _ = (custom(&text), scrub(&text, true), Parcel::decode(&text));
        let object = format!("{{\"a\":{}}}", serde_json::to_string(&text).unwrap());
        let at = (0..=cut.index(object.len())).rev().find(|at| object.is_char_boundary(*at)).unwrap_or(0);
        let _ = custom(&object[..at]);
    }

    #[test]
    fn a_batch_and_a_parcel_hold_the_events_they_were_given(objects in prop::collection::vec(object(), 1..8)) {
        let events: Vec<_> = objects.iter().map(|json| Encoded { json: json.as_str().into() }).collect();
        let batch: Value = serde_json::from_str(&body::batch(&events, 0.0, "{}")).unwrap();
        let given: Vec<Value> = objects.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
        prop_assert_eq!(batch["events"].as_array().unwrap(), &given);
        let parcel = Parcel { lease: 1_763_623_473_123.0, endpoint: "/api/events", stats: "{}", events };
        let stored = parcel.encode();
        prop_assert_eq!(Parcel::decode(&stored), Some(parcel));
    }

    #[test]
    fn a_pixel_carries_the_whole_event_or_nothing(object in object()) {
        if let Some(url) = pixel::url("https://c.example/p.gif", &object, "1970-01-01T00:00:00.000Z") {
            prop_assert!(url.len() < 2_000 && url.is_ascii());
            let query = url.split_once("?e=").unwrap().1.split('&').next().unwrap();
            prop_assert_eq!(percent_decoded(query), object);
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| (byte.unwrap() as char).to_digit(16).unwrap() as u8;
        bytes.push(if byte == b'%' { hex(rest.next()) * 16 + hex(rest.next()) } else { byte });
    }
    String::from_utf8(bytes).unwrap()
}
