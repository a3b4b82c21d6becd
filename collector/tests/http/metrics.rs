//! The numbers of the API against the metrics of the very events it gives back, and against an obvious reference.

use chatvitals::metrics::{self, Event, Events, Interval, Options, Window};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::close::assert_close;
use crate::generate::{self, Case};
use crate::reference;
use crate::support::{Server, event, now, refusal};

type Compute = fn(&[Event], &Options) -> Value;

fn of<R: Serialize>(report: R) -> Value {
    serde_json::to_value(report).unwrap()
}

const METRICS: [(&str, Compute); 10] = [
    ("deflection", |events, options| of(metrics::compute_deflection_rate(events, options))),
    ("csat", |events, options| of(metrics::compute_csat(events, options))),
    ("handle-time", |events, options| of(metrics::compute_average_handle_time(events, options))),
    ("agent-assist", |events, options| of(metrics::compute_agent_assist_rate(events, options))),
    ("gmv", |events, options| of(metrics::compute_gmv(events, options))),
    ("vitals", |events, options| of(metrics::compute_vitals(events, options))),
    ("latency", |events, options| of(metrics::compute_turn_latency(events, options))),
    ("funnel", |events, options| of(metrics::compute_funnel(events, options))),
    ("abandonment", |events, options| of(metrics::compute_abandonment(events, options))),
    ("engagement", |events, options| of(metrics::compute_engagement(events, options))),
];

/// All events the server has, oldest first.
async fn stored(server: &Server) -> Vec<Value> {
    let mut events = server.json("/api/events?limit=10000").await["events"].as_array().unwrap().clone();
    events.reverse();
    events
}

fn read(events: &[Value]) -> Vec<Event> {
    let Events(events) = serde_json::from_value(events.into()).unwrap();
    events
}

/// Asks for every metric of the window and compares.
async fn check(server: &Server, window: Window, segment: &str, choose: impl Fn(&mut Options)) {
    let events = read(&stored(server).await);
    let mut options =
        Options { group_by_category: true, interval: Some(Interval::Day), ..Options::within(window) };
    choose(&mut options);
    let end = |name: &str, end: Option<i64>| end.map_or(String::new(), |ms| format!("&{name}={ms}"));
    let query = format!(
        "groupByCategory=true&interval=day{}{}{segment}",
        end("from", window.from),
        end("to", window.to)
    );
    for (name, compute) in METRICS {
        let given = server.json(&format!("/api/metrics/{name}?{query}")).await;
        assert_close(&given, &compute(&events, &options));
    }
}

/// Sends a case's events the way bad networks do: in small batches, out of order, some with a clock that is off.
async fn send(server: &Server, case: &Case, seed: u64) {
    for (number, batch) in generate::shuffled(&case.events, seed).chunks(7).enumerate() {
        let off = if number % 3 == 2 { 86_400_000 } else { 0 };
        let sent_at = chatvitals_collector::clock::format_iso(now() - off);
        let status = server.post(json!({ "events": batch, "sentAt": sent_at })).await.status();
        // What cannot be stored is refused; here it is about what can.
        assert!(status.is_success() || status == StatusCode::BAD_REQUEST, "{status}");
    }
}

#[tokio::test]
async fn every_metric_is_that_of_the_stored_events_however_they_came() {
    let mut runner = TestRunner::deterministic();
    let mut server = Server::start().await;
    for seed in 0..6 {
        let mut case = generate::case().new_tree(&mut runner).unwrap().current();
        // Each case has sessions, views and orders of its own and some of the cases before.
        if seed % 2 == 0 {
            for event in &mut case.events {
                if let Some(id) = event["id"].as_str().map(str::to_owned) {
                    event["id"] = json!(format!("{seed}-{id}"));
                }
            }
        }
        send(&server, &case, seed).await;
        let window = match case.window {
            Window { from: None, to: None } => Window { from: Some(0), to: None },
            window => window,
        };
        check(&server, window, "", |_| {}).await;
        let whole = Window { from: Some(0), to: None };
        check(&server, whole, "", |_| {}).await;
        check(&server, whole, "&route=/shop", |options| options.segment.route = Some("/shop".into())).await;
        reference_agrees(&server, window).await;
        // Visits that are open go on being counted by themselves; after a start all of them are settled, and what comes
        // for them then comes late.
        if seed % 2 == 1 {
            server = server.restarted(&[]).await;
            check(&server, whole, "", |_| {}).await;
        }
    }
}

#[tokio::test]
async fn a_store_without_visits_gathers_them_from_its_events() {
    let mut runner = TestRunner::deterministic();
    let server = Server::start().await;
    let case = generate::case().new_tree(&mut runner).unwrap().current();
    send(&server, &case, 1).await;
    let db = rusqlite::Connection::open(server.db()).unwrap();
    // As the first version left it.
    db.execute_batch("DROP TABLE visits; DROP TABLE visits_state; PRAGMA user_version = 1").unwrap();
    drop(db);
    let server = server.restarted(&[]).await;
    check(&server, Window { from: Some(0), to: None }, "", |_| {}).await;
    send(&server, &generate::case().new_tree(&mut runner).unwrap().current(), 2).await;
    check(&server, Window { from: Some(0), to: None }, "", |_| {}).await;
}

#[tokio::test]
async fn what_retention_deletes_is_counted_no_more() {
    let day = 86_400_000;
    let server = Server::start().await;
    let mut events = Vec::new();
    for (session, days) in [("old", 35), ("late", 20), ("across", 31)] {
        events.extend(visit(session, now() - days * day, "mobile", "spring", "/shop"));
    }
    // This visit goes on after the day of the deletion.
    let mut on: Vec<Value> = visit("across", now() - 29 * day, "desktop", "fall", "/");
    on.retain(|event| event["type"] != "session_started");
    for event in &mut on {
        event["id"] = json!(format!("on {}", event["id"].as_str().unwrap()));
    }
    events.extend(on);
    server.store(&events).await;
    let whole = Window { from: Some(0), to: None };
    check(&server, whole, "", |_| {}).await;
    let kept = events.len() as u64 - 16;
    let server = server.restarted(&["--retention-days", "30"]).await;
    tokio::time::timeout(crate::support::PATIENCE, async {
        while server.count().await > kept {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("old events to go");
    check(&server, whole, "", |_| {}).await;
    check(&server, whole, "&device=desktop", |options| options.segment.device = Some("desktop".into())).await;
    summary_agrees(&server, 0, now(), "", |_| true).await;
    assert_eq!(server.json("/api/sessions?from=0").await["sessions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_summary_counts_what_a_plain_count_of_the_events_counts() {
    let server = Server::start().await;
    let hour = 3_600_000;
    let (base, mut events) = (now() - 5 * hour, Vec::new());
    for n in 0..40 {
        let device = if n % 3 == 0 { "mobile" } else { "desktop" };
        events.extend(visit(
            &n.to_string(),
            base + n * 420_001,
            device,
            "spring",
            ["/", "/shop"][n as usize % 2],
        ));
    }
    for batch in events.chunks(30) {
        server.store(batch).await;
    }
    let mobile = |session: &str| session.parse::<i64>().unwrap() % 3 == 0;
    let server = server.restarted(&[]).await;
    for (since, until) in
        [(0, now()), (base + hour / 3, base + 3 * hour), (base + 17, base + 18), (base, base + hour)]
    {
        summary_agrees(&server, since, until, "", |_| true).await;
        summary_agrees(&server, since, until, "&device=mobile", mobile).await;
    }
    // And once more while some of them are open and others are not.
    server.store(&visit("99", now() - 2 * hour, "mobile", "fall", "/shop")).await;
    let late = [event("late", "page_leave")].map(|mut event| {
        event["sessionId"] = json!("3");
        event["properties"] = json!({ "engagedMs": 900, "maxScrollPercent": 1e300 });
        event
    });
    server.store(&late).await;
    for (since, until) in [(0, now() + 1), (base + hour / 3, now() - hour)] {
        summary_agrees(&server, since, until, "", |_| true).await;
        summary_agrees(&server, since, until, "&device=mobile", mobile).await;
    }
    let summary = server.json("/api/summary?device=mobile").await;
    assert_eq!((&summary["avgEngagedMs"], &summary["avgScrollPercent"]), (&json!(900.0), &Value::Null));
    assert_eq!(summary["activeNow"], 1);
}

/// Counts the events that were stored in the window, of the sessions that `is_chosen` knows.
async fn summary_agrees(
    server: &Server,
    since: i64,
    until: i64,
    segment: &str,
    is_chosen: impl Fn(&str) -> bool,
) {
    let mut events = stored(server).await;
    events.retain(|event| {
        let ms = chatvitals_collector::clock::parse_iso(event["timestamp"].as_str().unwrap()).unwrap();
        (since..until).contains(&ms) && event["sessionId"].as_str().is_some_and(&is_chosen)
    });
    let count = |field: &str, kind: Option<&str>| {
        let mut counts = std::collections::BTreeMap::<String, i64>::new();
        for event in events.iter().filter(|event| kind.is_none_or(|kind| event["type"] == kind)) {
            *counts.entry(event[field].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let mut counts: Vec<(String, i64)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| -count);
        counts
    };
    let summary = server.json(&format!("/api/summary?since={since}&until={until}{segment}")).await;
    let sessions = count("sessionId", None);
    assert_eq!(summary["sessions"], sessions.len(), "{since} {until} {segment}");
    assert_eq!(summary["views"], events.iter().filter(|event| event["type"] == "page_view").count());
    assert_eq!(summary["visitors"], i64::from(!events.is_empty()));
    let types: Vec<Value> = count("type", None)
        .into_iter()
        .map(|(kind, count)| json!({ "type": kind, "count": count }))
        .collect();
    assert_eq!(summary["byType"], Value::from(types), "{since} {until} {segment}");
    let pages: Vec<Value> = count("path", Some("page_view"))
        .into_iter()
        .map(|(path, views)| json!({ "path": path, "views": views, "visitors": 1 }))
        .collect();
    assert_eq!(summary["topPages"], Value::from(pages));
}

/// The definitions once more, word by word, over the stored events.
async fn reference_agrees(server: &Server, window: Window) {
    let mut events = stored(server).await;
    for event in &mut events {
        let ms = chatvitals_collector::clock::parse_iso(event["timestamp"].as_str().unwrap());
        event["_ms"] = json!(ms);
    }
    let sessions = reference::sessions(&events, &window);
    let end = |name: &str, end: Option<i64>| end.map_or(String::new(), |ms| format!("&{name}={ms}"));
    let query = format!("{}{}", end("from", window.from), end("to", window.to));
    for (name, expected) in [
        ("deflection", reference::deflection(&sessions)),
        ("csat", reference::csat(&sessions)),
        ("handle-time", reference::handle_time(&sessions)),
        ("vitals", reference::vitals(&sessions, true)),
        ("latency", reference::latency(&sessions, true)),
        ("funnel", reference::funnel(&sessions)),
        ("abandonment", reference::abandonment(&sessions)),
        ("engagement", reference::engagement(&sessions, true)),
    ] {
        let mut given = server.json(&format!("/api/metrics/{name}?{query}")).await;
        for frame in ["window", "interval", "trend"] {
            given.as_object_mut().unwrap().remove(frame);
        }
        assert_close(&given, &expected);
    }
}

/// A visit as the tracker reports it: the device and the campaign are in the context of visits and views.
fn visit(session: &str, ms: i64, device: &str, campaign: &str, path: &str) -> Vec<Value> {
    let stamp = |kind: &str, after: i64, properties: Value| {
        let mut event = event(&format!("{session}-{kind}-{after}"), kind);
        event["timestamp"] = json!(chatvitals_collector::clock::format_iso(ms + after));
        event["sessionId"] = json!(session);
        event["viewId"] = json!(format!("{session}-view"));
        event["path"] = json!(path);
        event["properties"] = properties;
        event
    };
    let mut started = stamp("session_started", 0, json!({ "resumed": false, "identityKind": "anonymous" }));
    let mut view = stamp("page_view", 1, json!({ "url": "https://shop.example", "path": path }));
    for event in [&mut started, &mut view] {
        event["context"] = json!({
            "campaign": { "source": "news", "campaign": campaign, "channel": "email" },
            "device": { "class": device, "browser": "Chromium", "connection": "4g", "language": "en" },
        });
    }
    vec![
        started,
        view,
        stamp("user_message_sent", 2, json!({ "turnIndex": 0 })),
        stamp("tool_executed", 3, json!({ "toolName": "search", "durationMs": 120, "success": true })),
        stamp(
            "tool_executed",
            4,
            json!({ "toolName": "search", "durationMs": 80, "success": false, "errorCode": "timeout" }),
        ),
        stamp("transport_disconnected", 5, json!({ "willRetry": false })),
        stamp("js_error", 6, json!({ "type": "error", "fingerprint": "f", "count": 3 })),
        stamp("handoff_requested", 7, json!({})),
    ]
}

async fn with_three_visits() -> Server {
    let server = Server::start().await;
    let start = now() - 60_000;
    let visits = [
        visit("a", start, "mobile", "spring", "/shop"),
        visit("b", start + 1000, "desktop", "spring", "/"),
        visit("c", start + 2000, "mobile", "fall", "/shop"),
    ];
    server.store(&visits.concat()).await;
    server
}

#[tokio::test]
async fn segments_are_what_the_tracker_says_of_device_campaign_and_route() {
    let server = with_three_visits().await;
    for (segment, visits) in [
        ("", 3),
        ("device=mobile", 2),
        ("campaign=spring", 2),
        ("route=/shop&campaign=fall", 1),
        ("device=tablet", 0),
        ("device=&campaign=", 3),
    ] {
        let engagement = server.json(&format!("/api/metrics/engagement?range=24h&{segment}")).await;
        assert_eq!(engagement["visits"], visits, "{segment}");
        let sessions = server.json(&format!("/api/sessions?{segment}")).await;
        assert_eq!(sessions["sessions"].as_array().unwrap().len(), visits, "{segment}");
    }
    let latency = server.json("/api/metrics/latency").await;
    assert_eq!(latency["byConnection"], json!([]), "no times, no connections");
    assert_eq!(
        server.json("/api/metrics/filters").await,
        json!({ "routes": ["/shop", "/"], "devices": ["mobile", "desktop"], "campaigns": ["spring", "fall"] })
    );
}

#[tokio::test]
async fn tools_errors_and_connections_are_counted() {
    let server = with_three_visits().await;
    let tools = server.json("/api/metrics/tools?device=mobile").await;
    assert_eq!(
        tools["tools"],
        json!([{ "name": "search", "calls": 4.0, "errors": 2.0, "p50Ms": 100.0, "p95Ms": 120.0 }])
    );
    assert_eq!(
        tools["errors"],
        json!([{ "type": "js_error", "code": "error", "count": 6.0 }, { "type": "tool_executed", "code": "timeout", "count": 2.0 }])
    );
    let transport = server.json("/api/metrics/transport").await;
    let [uptime, connections, drops, errors] =
        ["uptime", "connections", "drops", "errors"].map(|field| &transport[field]);
    assert_eq!([uptime, connections, drops, errors], [0.0, 3.0, 3.0, 3.0].map(Value::from).each_ref());
    assert_eq!(
        transport["window"]["to"].as_i64().unwrap() - transport["window"]["from"].as_i64().unwrap(),
        86_400_000
    );
    let nothing = server.json("/api/metrics/transport?device=tablet").await;
    assert_eq!(nothing["uptime"], Value::Null);
}

#[tokio::test]
async fn sessions_are_listed_newest_first_page_by_page() {
    let server = with_three_visits().await;
    let mut reader = event("reader", "page_view");
    reader["sessionId"] = json!("reads only");
    reader["timestamp"] = json!(chatvitals_collector::clock::format_iso(now() - 100_000));
    server.store(&[reader]).await;
    let first = server.json("/api/sessions?range=24h&limit=2").await;
    let names = |page: &Value| -> Vec<String> {
        page["sessions"].as_array().unwrap().iter().map(|s| s["sessionId"].as_str().unwrap().into()).collect()
    };
    assert_eq!(names(&first), ["c", "b"]);
    let second =
        server.json(&format!("/api/sessions?limit=2&before={}", first["next"].as_str().unwrap())).await;
    assert_eq!((names(&second), second.get("next")), (vec!["a".to_owned(), "reads only".to_owned()], None));
    assert_eq!(names(&server.json("/api/sessions?chat=1&limit=9").await), ["c", "b", "a"]);
    let listed = &first["sessions"][0];
    let start = listed["start"].as_i64().unwrap();
    assert_eq!(
        *listed,
        json!({ "sessionId": "c", "start": start, "end": start + 7, "events": 8, "views": 1, "turns": 1,
                "entryPath": "/shop", "device": "mobile", "outcome": "handoff" })
    );
}

#[tokio::test]
async fn questions_that_make_no_sense_say_what_was_wanted_and_given() {
    let server = Server::start().await;
    for (path, status, wanted) in [
        ("metrics/speed", 404, "got speed"),
        ("metrics/csat?range=5d", 400, "24h, 7d, 30d, got 5d"),
        ("metrics/csat?range=24h&from=5", 400, "not both"),
        ("metrics/csat?from=2&to=1", 400, "must not be after"),
        ("metrics/csat?from=yesterday", 400, "got yesterday"),
        ("metrics/csat?limit=0", 400, "from 1 to 1000, got 0"),
        ("metrics/csat?interval=week", 400, "hour, day, got week"),
        ("metrics/csat?groupByCategory=1", 400, "true, false, got 1"),
        ("metrics/csat?rnage=24h", 400, "`rnage`"),
        ("sessions?chat=yes", 400, "got yes"),
        ("sessions?before=x", 400, "got x"),
        ("sessions?limit=1001", 400, "from 1 to 1000"),
    ] {
        let (given, error) = refusal(server.get(&format!("/api/{path}")).await).await;
        assert_eq!(given, status, "{path}");
        assert!(error.contains(wanted), "{path}: {error}");
    }
}
