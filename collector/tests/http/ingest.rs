//! `POST /api/events`.

use chatvitals_collector::clock;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{Server, event, gzip, ids, now, refusal};

#[tokio::test]
async fn a_stored_batch_is_answered_with_an_empty_204() {
    let server = Server::start().await;
    let response = server.post(json!({ "events": [event("a", "page_view"), event("b", "click")] })).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.bytes().await.unwrap().len(), 0);
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn json_and_text_and_no_type_at_all_are_the_same() {
    let server = Server::start().await;
    for (index, content_type) in ["application/json", "text/plain;charset=UTF-8"].iter().enumerate() {
        let body = json!({ "events": [event(&index.to_string(), "x")] }).to_string();
        assert_eq!(
            server.posting_as(content_type, body).send().await.unwrap().status(),
            204,
            "{content_type}"
        );
    }
    let untyped =
        server.http.post(format!("{}/api/events", server.url)).body(event("untyped", "x").to_string());
    assert_eq!(untyped.send().await.unwrap().status(), 204);
    assert_eq!(server.count().await, 3);
}

#[tokio::test]
async fn one_event_without_an_envelope_is_taken() {
    let server = Server::start().await;
    assert_eq!(server.post(event("lone", "signup")).await.status(), 204);
    assert_eq!(ids(&server.json("/api/events").await), ["lone"]);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_reason_and_costs_nothing_beside_it() {
    let server = Server::start().await;
    server.store(&[event("before", "x")]).await;
    let cases = [
        ("not json", 400, "not JSON"),
        ("", 400, "not JSON"),
        ("[1,2]", 400, "must be an object"),
        ("{}", 400, "neither `events` nor the `type`"),
        (r#"{"events":[]}"#, 400, "empty"),
        (r#"{"events":{}}"#, 400, "`events` must be an array, got {}"),
        (r#"{"events":[["id", "type"]]}"#, 400, "must be a JSON object, got ["),
        (r#"{"events":[{"type":5}]}"#, 400, "`type` must be a string, got 5"),
        (r#"{"type":"x","timestamp":"soon"}"#, 400, "ISO 8601"),
    ];
    for (body, status, reason) in cases {
        let (given, error) = refusal(server.post(body).await).await;
        assert_eq!(given, status, "{body}");
        assert!(error.contains(reason), "{body}: {error}");
    }
    assert_eq!(ids(&server.json("/api/events").await), ["before"]);
}

#[tokio::test]
async fn a_body_that_is_no_text_is_refused() {
    let server = Server::start().await;
    let response = server.posting(vec![b'"', 0xff, 0xfe, b'"']).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_content_type_is_415() {
    let server = Server::start().await;
    let body = event("a", "x").to_string();
    let response = server.posting_as("application/xml", body).send().await.unwrap();
    let (status, error) = refusal(response).await;
    assert_eq!((status, error.contains("got application/xml")), (415, true), "{error}");
}

#[tokio::test]
async fn a_body_of_two_megabytes_is_413_and_the_next_one_is_taken() {
    let server = Server::start().await;
    let body = json!({ "events": [{ "type": "x", "properties": { "text": "x".repeat(2 << 20) } }] });
    let (status, error) = refusal(server.post(body).await).await;
    assert_eq!((status, error.contains("1048576 bytes")), (413, true), "{error}");
    server.store(&[event("after", "x")]).await;
}

#[tokio::test]
async fn the_good_events_of_a_batch_are_kept_and_the_bad_ones_explained() {
    let server = Server::start().await;
    let body =
        json!({ "events": [event("good", "x"), { "id": "bad", "type": 7 }, "text", event("good too", "y")] });
    let response = server.post(body).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(
        answer,
        json!({ "accepted": 2, "duplicates": 0, "rejected": [
            { "index": 1, "id": "bad", "reason": "`type` must be a string, got 7" },
            { "index": 2, "reason": "an event must be a JSON object, got \"text\"" },
        ] })
    );
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn a_repeated_event_is_stored_once_and_is_no_error() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.store(&[event("same", "x"), event("same", "x")]).await;
    }
    let answer: Value =
        server.post(json!({ "events": [event("same", "x"), {}] })).await.json().await.unwrap();
    assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(0), &json!(1)));
    assert_eq!(server.count().await, 1);
}

#[tokio::test]
async fn unknown_types_and_fields_and_hostile_values_come_back_as_they_were_sent() {
    let server = Server::start().await;
    let mut sent = event("x'); DROP TABLE events; --", "<script>alert(1)</script>");
    sent["neverHeardOf"] = json!({ "deep": [1.5, null, "é\u{2028}"], "big": 9_007_199_254_740_993_i64 });
    sent["sessionId"] = json!("' OR 1=1 --");
    server.store(std::slice::from_ref(&sent)).await;
    let path = format!("/api/sessions/{}", "%27%20OR%201%3D1%20--");
    assert_eq!(server.json(&path).await["events"][0], sent);
    assert_eq!(server.json("/api/events?type=%27%20OR%201%3D1%20--").await["count"], 0);
}

#[tokio::test]
async fn gzip_is_understood_in_the_header_and_in_the_query() {
    let server = Server::start().await;
    let packed = |id: &str| gzip(&json!({ "events": [event(id, "x")] }).to_string());
    let by_header = server.posting(packed("header")).header(CONTENT_ENCODING, "gzip").send().await.unwrap();
    assert_eq!(by_header.status(), 204);
    let url = format!("{}/api/events?encoding=gzip", server.url);
    let by_query =
        server.http.post(url).header(CONTENT_TYPE, "text/plain").body(packed("query")).send().await.unwrap();
    assert_eq!(by_query.status(), 204);
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn broken_gzip_is_400_other_encodings_415_and_a_gzip_bomb_413() {
    let server = Server::start().await;
    let status = async |body: Vec<u8>, encoding: &str| {
        let response = server.posting(body).header(CONTENT_ENCODING, encoding).send().await.unwrap();
        refusal(response).await.0
    };
    assert_eq!(status(b"no gzip".to_vec(), "gzip").await, 400);
    assert_eq!(status(b"{}".to_vec(), "br").await, 415);
    let bomb = gzip(&" ".repeat(64 << 20));
    assert!(bomb.len() < 100_000);
    assert_eq!(status(bomb, "gzip").await, 413);
}

#[tokio::test]
async fn a_client_clock_a_day_off_is_corrected_from_sent_at() {
    let server = Server::start().await;
    let wrong = now() - 86_400_000;
    let body = json!({
        "events": [{ "id": "a", "type": "x", "timestamp": clock::format_iso(wrong - 5_000) }],
        "sentAt": clock::format_iso(wrong),
    });
    assert_eq!(server.post(body).await.status(), 204);
    let stored = &server.json("/api/events").await["events"][0];
    let at = clock::parse_iso(stored["timestamp"].as_str().unwrap()).unwrap();
    assert!((now() - at - 5_000).abs() < 5_000, "{stored}");
    assert_eq!(stored["clientTimestamp"], clock::format_iso(wrong - 5_000));
}

#[tokio::test]
async fn an_event_kept_offline_for_days_keeps_its_time() {
    let server = Server::start().await;
    let then = now() - 3 * 86_400_000;
    let body = json!({
        "events": [{ "id": "a", "type": "x", "timestamp": clock::format_iso(then) }],
        "sentAt": clock::format_iso(now()),
    });
    assert_eq!(server.post(body).await.status(), 204);
    assert_eq!(server.json("/api/events").await["events"][0]["timestamp"], clock::format_iso(then));
}

#[tokio::test]
async fn an_event_without_id_and_time_gets_both() {
    let server = Server::start().await;
    let before = now();
    assert_eq!(server.post(r#"{"type":"hello"}"#).await.status(), 204);
    let stored = &server.json("/api/events").await["events"][0];
    assert_eq!(stored["id"].as_str().unwrap().len(), 36);
    let at = clock::parse_iso(stored["timestamp"].as_str().unwrap()).unwrap();
    assert!((before..=now()).contains(&at));
}
