//! Values that try to be something else: SQL, scripts, paths, far too long. And askers who may not ask.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Server, event};

const VALUES: [&str; 12] = [
    "'; DROP TABLE events; --",
    "\" OR \"\"=\"",
    "%",
    "_\\",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}",
    "../../etc/passwd",
    "a\nb\u{0}c",
    "\u{202e}txt.exe",
    "-9223372036854775808",
    "1e309",
];

/// Every route that reads, with a parameter to fill in.
const ROUTES: [&str; 29] = [
    "events?type=",
    "events?session=",
    "events?path=",
    "events?range=",
    "events?since=",
    "events?until=",
    "events?limit=",
    "events?before=",
    "sessions?range=",
    "sessions?route=",
    "sessions?device=",
    "sessions?campaign=",
    "sessions?chat=",
    "sessions?limit=",
    "sessions?before=",
    "summary?range=",
    "summary?since=",
    "summary?route=",
    "summary?device=",
    "summary?campaign=",
    "metrics/csat?range=",
    "metrics/csat?from=",
    "metrics/csat?now=",
    "metrics/gmv?groupByCategory=",
    "metrics/vitals?route=",
    "metrics/tools?device=",
    "metrics/latency?interval=",
    "metrics/engagement?limit=",
    "live?lastEventId=",
];

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[tokio::test]
async fn hostile_values_are_stored_as_they_are_and_match_only_themselves() {
    let server = Server::start().await;
    let mut sent = Vec::new();
    for (n, value) in VALUES.iter().enumerate() {
        let mut view = event(&format!("{value}{n}"), "page_view");
        view["sessionId"] = json!(value);
        view["viewId"] = json!(value);
        view["path"] = json!(value);
        view["context"] = json!({ "device": { "class": value }, "campaign": { "campaign": value } });
        view["properties"] = json!({ "url": value, "title": value, "durationMs": 1e300, "errorCode": value });
        sent.push(view);
    }
    server.store(&sent).await;
    for (view, value) in sent.iter().zip(VALUES) {
        let value = encoded(value);
        let found = server.json(&format!("/api/sessions/{value}")).await;
        assert_eq!(found["events"], json!([view]));
        for route in ["events?path=", "events?session="] {
            assert_eq!(server.json(&format!("/api/{route}{value}")).await["events"], json!([view]));
        }
        for filter in ["device", "campaign", "route"] {
            let sessions = server.json(&format!("/api/sessions?{filter}={value}")).await;
            assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1, "{filter} {value}");
            assert_eq!(sessions["sessions"][0]["sessionId"], view["sessionId"]);
            let report = server.json(&format!("/api/metrics/engagement?{filter}={value}")).await;
            assert_eq!(report["visits"], 1, "{filter} {value}");
        }
    }
    let errors = server.json("/api/metrics/tools").await;
    assert_eq!(errors["errors"].as_array().unwrap().len(), VALUES.len());
}

#[tokio::test]
async fn no_parameter_of_any_route_can_be_more_than_a_value() {
    let server = Server::start().await;
    server.store(&[event("a", "page_view")]).await;
    let long = "x".repeat(5000);
    for route in ROUTES {
        for value in VALUES.into_iter().chain([long.as_str()]) {
            let response = server.get(&format!("/api/{route}{}", encoded(value))).await;
            let status = response.status().as_u16();
            assert!(status == 200 || status == 400, "{route}{value}: {status}");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
            match route.starts_with("live") && status == 200 {
                true => assert_eq!(kind, "text/event-stream"),
                false => {
                    assert_eq!(kind, "application/json", "{route}{value}");
                    response.json::<Value>().await.expect("JSON");
                }
            }
        }
    }
    for path in ["metrics/%27%3B--", "metrics/..%2F..%2Fsummary", "sessions/%00"] {
        assert_eq!(server.get(&format!("/api/{path}")).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(server.count().await, 1, "everything is still there");
}

#[tokio::test]
async fn whoever_has_no_token_or_comes_from_elsewhere_reads_nothing() {
    let server = Server::with(&["--token-read", "secret"]).await;
    for route in ROUTES.map(|route| route.split('?').next().unwrap()).into_iter().chain([
        "metrics/filters",
        "metrics/transport",
        "metrics/nothing",
        "sessions/a",
        "nothing",
    ]) {
        let url = format!("{}/api/{route}", server.url);
        for token in [None, Some("wrong"), Some("secret2"), Some("")] {
            let mut request = server.http.get(&url);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{route} {token:?}");
            assert_eq!(response.headers()["www-authenticate"], "Bearer");
        }
        let elsewhere = server.http.get(&url).bearer_auth("secret").header("origin", "https://evil.example");
        let response = elsewhere.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{route}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{route}");
        let right = server.http.get(&url).bearer_auth("secret").send().await.unwrap();
        assert!(right.status().is_success() || right.status() == StatusCode::NOT_FOUND, "{route}");
    }
}
