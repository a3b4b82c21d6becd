//! What a client reports whole: every event of the catalogue that is not a turn's own, and what is wrong with it.

use chatvitals::catalogue::{self, EventDef, FieldKind, Presence};
use serde_json::{Map, Value, json};

use super::Page;

/// Families a chat reports from, and what it reports by other names.
fn reported() -> impl Iterator<Item = &'static EventDef> {
    const MACHINES: [&str; 16] = [
        "user_message_sent",
        "assistant_response_started",
        "assistant_response_first_token",
        "assistant_response_completed",
        "response_stalled",
        "turn_abandoned",
        "stream_stopped",
        "regenerate_requested",
        "transport_disconnected",
        "transport_reconnected",
        "session_resumed",
        "session_started",
        "session_ended",
        "handoff_requested",
        "handoff_converted",
        "handoff_completed",
    ];
    let families = catalogue::FAMILIES.into_iter().filter(|(family, _)| *family != "The page");
    families.flat_map(|(_, family)| family).copied().filter(|def| !MACHINES.contains(&def.name))
}

fn sample(kind: FieldKind) -> Value {
    match kind {
        FieldKind::Text => json!("USD"),
        FieldKind::Url => json!("https://shop.example/a"),
        FieldKind::Number => json!(0.5),
        FieldKind::Count => json!(3),
        FieldKind::Boolean => json!(true),
        FieldKind::List => json!([{"productId": "p"}]),
        FieldKind::Object => json!({"a": 1}),
    }
}

#[test]
fn every_event_is_reported_with_all_its_fields_and_nothing_else() {
    for def in reported() {
        let mut page = Page::default();
        let mut details: Map<_, _> = def.fields.iter().map(|f| (f.name.into(), sample(f.kind))).collect();
        let told = Value::Object(details.clone());
        details.insert("somethingElse".into(), json!("PLANTED"));
        page.tell(1.0, def.name, Value::Object(details));
        let events = page.events();
        assert_eq!(events[0].name, def.name);
        assert_eq!(events[0].properties, told, "{}", def.name);
    }
}

#[test]
fn a_field_that_is_missing_or_of_another_type_is_one_sentence_and_nothing_is_sent() {
    for def in reported() {
        for field in def.fields.iter().filter(|field| field.name != "turnIndex") {
            let mut details: Map<_, _> = def.fields.iter().map(|f| (f.name.into(), sample(f.kind))).collect();
            let wrong =
                if matches!(field.kind, FieldKind::Text | FieldKind::Url) { json!(1) } else { json!("x") };
            details.insert(field.name.into(), wrong);
            let said = Page::default().mistake(def.name, Value::Object(details.clone()));
            assert!(said.contains(&format!("\"{}\" should be ", field.name)), "{}: {said}", def.name);
            details.remove(field.name);
            let made_up = ["maxScore", "escalated", "currency"].contains(&field.name);
            if field.presence == Presence::Always && !made_up {
                let said = Page::default().mistake(def.name, Value::Object(details));
                assert!(said.ends_with("but was absent"), "{}: {said}", def.name);
            }
        }
    }
}

#[test]
fn a_message_is_seen_once_and_its_error_with_it() {
    let mut page = Page::default();
    let message =
        json!({"messageId": "m", "role": "assistant", "error": {"errorCode": "E1", "messageId": "m"}});
    page.tell(0.0, "message_impression", message.clone());
    page.tell(1.0, "message_impression", message);
    let events = page.events();
    assert_eq!(events.iter().map(|e| e.name).collect::<Vec<_>>(), ["error_shown", "message_impression"]);
    assert_eq!(events[0].properties, json!({"errorCode": "E1", "severity": "error", "messageId": "m"}));
}

#[test]
fn ratings_are_within_their_scale() {
    let mut page = Page::default();
    page.tell(0.0, "csat_submitted", json!({"score": 4, "comment": "ok"}));
    page.tell(0.0, "csat_submitted", json!({"score": 0, "maxScore": 1}));
    let events = page.events();
    assert_eq!(events[0].properties, json!({"score": 4, "maxScore": 5, "comment": "ok"}));
    assert_eq!(events[1].properties, json!({"score": 0, "maxScore": 1}));
    for (wrong, said) in [
        (json!({"score": 6}), "\"score\" should be a number from 0 to maxScore (default 5), but was 6"),
        (json!({"score": -1}), "but was -1"),
        (json!({}), "\"score\" should be"),
        (json!({"score": "5"}), "but was \"5\""),
        (json!({"score": 1, "maxScore": 0}), "\"maxScore\" should be a number above 0, but was 0"),
    ] {
        assert!(page.mistake("csat_submitted", wrong).contains(said), "{said}");
    }
}

#[test]
fn a_resolution_went_to_a_human_when_it_was_said_or_when_one_was_asked_for() {
    for (handoff, given, escalated, alone) in [
        (false, json!({}), false, true),
        (false, json!({"resolved": true}), false, true),
        (false, json!({"resolved": false}), true, false),
        (false, json!({"escalated": true}), true, false),
        (false, json!({"resolved": false, "escalated": false}), false, false),
        (true, json!({}), true, false),
        (true, json!({"escalated": false}), false, false),
    ] {
        let mut page = Page::default();
        if handoff {
            page.tell(0.0, "handoff", json!({"status": "requested"}));
            page.events();
        }
        page.tell(1.0, "resolution_submitted", given.clone());
        let events = page.events();
        assert_eq!(events[0].properties, json!({"escalated": escalated}), "{given}");
        assert_eq!(events.len() == 2, alone, "{given}");
    }
    let said = Page::default().mistake("resolution_submitted", json!({"resolved": "yes"}));
    assert!(said.contains("\"resolved\" should be true or false"), "{said}");
}

#[test]
fn purchases_have_an_amount_and_a_currency_that_can_be_true() {
    let mut page = Page::default();
    let item = json!({"productId": "p", "name": "n", "quantity": 2, "unitPrice": 1.5, "category": "k", "note": "PLANTED"});
    let order = json!({"orderId": "o", "revenue": 3, "currency": "eur", "items": [item]});
    page.tell(0.0, "purchase_completed", order);
    let kept = json!({"productId": "p", "name": "n", "quantity": 2, "unitPrice": 1.5, "category": "k"});
    assert_eq!(
        page.events()[0].properties,
        json!({"orderId": "o", "revenue": 3, "currency": "EUR", "items": [kept]})
    );
    for (revenue, currency, said) in [
        (json!(-1), "EUR", "\"revenue\" should be a number, 0 or more, but was -1"),
        (json!("3"), "EUR", "\"revenue\" should be"),
        (json!(3), "EURO", "\"currency\" should be an ISO 4217 code such as \"EUR\", but was \"EURO\""),
        (json!(3), "€", "but was \"€\""),
    ] {
        let wrong = json!({"orderId": "o", "revenue": revenue, "currency": currency});
        assert!(page.mistake("purchase_completed", wrong).contains(said), "{said}");
    }
}

#[test]
fn actions_have_one_name_each() {
    let mut page = Page::default();
    for (given, told) in [
        ("thumbs_up", "feedback.positive"),
        ("Dislike", "feedback.negative"),
        ("Copy", "copy"),
        ("my.own", "my.own"),
    ] {
        page.tell(0.0, "action", json!({"action": given}));
        assert_eq!(page.events()[0].properties["action"], told);
    }
}

#[test]
fn tools_approvals_and_uploads_are_measured_from_their_beginning() {
    let mut page = Page::default();
    page.tell(0.0, "toolCalled", json!({"toolName": "t", "toolCallId": "1"}));
    page.tell(5.0, "toolFinished", json!({"toolCallId": "1", "errorCode": "E"}));
    page.tell(6.0, "toolFinished", json!({"toolName": "unseen", "durationMs": 7}));
    page.tell(10.0, "approvalRequested", json!({"toolName": "pay", "toolCallId": "2"}));
    page.tell(11.0, "approvalRequested", json!({"toolName": "pay", "toolCallId": "2"}));
    page.tell(20.0, "approvalResolved", json!({"toolCallId": "2", "approved": false}));
    page.tell(30.0, "uploadStarted", json!({"uploadId": "u", "kind": "image/png", "bytes": 9}));
    page.tell(42.0, "uploadCompleted", json!({"uploadId": "u"}));
    page.tell(50.0, "uploadStarted", json!({"kind": "text/csv"}));
    page.tell(51.0, "uploadFailed", json!({"kind": "text/csv", "errorCode": "too_large"}));
    let told: Vec<_> = page.events().into_iter().map(|e| (e.name, e.properties)).collect();
    assert_eq!(
        told,
        [
            (
                "tool_executed",
                json!({"toolName": "t", "toolCallId": "1", "durationMs": 5, "success": false, "errorCode": "E"})
            ),
            ("tool_executed", json!({"toolName": "unseen", "durationMs": 7, "success": true})),
            ("tool_approval_requested", json!({"toolName": "pay", "toolCallId": "2"})),
            ("tool_approval_resolved", json!({"toolName": "pay", "toolCallId": "2", "approved": false})),
            ("file_upload_started", json!({"kind": "image/png", "bytes": 9})),
            ("file_upload_completed", json!({"kind": "image/png", "bytes": 9, "durationMs": 12})),
            ("file_upload_started", json!({"kind": "text/csv"})),
            ("file_upload_failed", json!({"kind": "text/csv", "errorCode": "too_large"})),
        ]
    );
    assert!(
        page.mistake("toolFinished", json!({"toolCallId": "9"})).contains("\"toolName\" should be a string")
    );
    assert!(
        page.mistake("approvalResolved", json!({"toolName": "t"}))
            .contains("\"approved\" should be true or false")
    );
    assert!(page.mistake("uploadFailed", json!({"kind": "k"})).contains("\"errorCode\" should be a string"));
}

#[test]
fn a_handoff_is_told_step_by_step() {
    let mut page = Page::default();
    for (at, status) in [(0.0, "requested"), (1.0, "queued"), (9.0, "accepted"), (20.0, "completed")] {
        page.tell(at, "handoff", json!({"status": status, "reason": "asked", "targetAgent": "PLANTED"}));
    }
    let told: Vec<_> = page.events().into_iter().map(|e| (e.name, e.properties)).collect();
    assert_eq!(
        told,
        [
            ("handoff_requested", json!({"reason": "asked", "targetAgent": "PLANTED"})),
            ("handoff_converted", json!({"waitMs": 9})),
            ("handoff_completed", json!({"durationMs": 11})),
        ]
    );
    let said = page.mistake("handoff", json!({"status": "dancing"}));
    assert!(said.ends_with("\"cancelled\", but was \"dancing\""), "{said}");
}

#[test]
fn an_unknown_signal_is_a_mistake() {
    assert!(Page::default().mistake("dance", json!({})).contains("dance"));
}
