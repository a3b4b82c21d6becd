//! Reading events and numbers back.

use chatvitals_collector::clock;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Server, event, ids, now, refusal};

fn at(id: &str, ms: i64) -> Value {
    let mut event = event(id, "x");
    event["timestamp"] = json!(clock::format_iso(ms));
    event
}

#[tokio::test]
async fn events_come_newest_first_and_a_session_in_its_order() {
    let server = Server::start().await;
    let start = now() - 60_000;
    server.store(&[at("c", start + 2), at("a", start), at("b2", start + 1), at("b1", start + 1)]).await;
    assert_eq!(ids(&server.json("/api/events").await)[0], "c");
    let session = server.json("/api/sessions/session").await;
    assert_eq!(session["sessionId"], "session");
    assert_eq!(ids(&session), ["a", "b1", "b2", "c"]);
}

#[tokio::test]
async fn filters_hold_together() {
    let server = Server::start().await;
    let start = now() - 60_000;
    let mut other = at("other", start + 500);
    (other["sessionId"], other["path"], other["type"]) = (json!("s2"), json!("/p"), json!("y"));
    server.store(&[at("one", start), other, at("two", start + 1000)]).await;
    let found = async |query: &str| ids(&server.json(&format!("/api/events?{query}")).await).join(" ");
    assert_eq!(found("type=y").await, "other");
    assert_eq!(found("session=session").await, "two one");
    assert_eq!(found("path=/p").await, "other");
    assert_eq!(found(&format!("since={}", start + 500)).await, "two other");
    assert_eq!(
        found(&format!("since={}&until={}", start + 1, clock::format_iso(start + 1000))).await,
        "other"
    );
    assert_eq!(found("type=y&session=session").await, "");
    assert_eq!(found("range=5m&type=x").await, "two one");
}

#[tokio::test]
async fn pages_join_without_gap_or_overlap_even_within_one_millisecond() {
    let server = Server::start().await;
    let start = now() - 60_000;
    let events: Vec<Value> = (0..25).map(|n| at(&format!("e{n:02}"), start + n / 10)).collect();
    server.store(&events).await;
    let mut seen = Vec::new();
    let mut before = String::new();
    loop {
        let page = server.json(&format!("/api/events?limit=10{before}")).await;
        assert_eq!(page["count"].as_u64().unwrap() as usize, ids(&page).len());
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    let expected: Vec<String> = (0..25).rev().map(|n| format!("e{n:02}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_wrong_question_is_told_what_was_wanted() {
    let server = Server::start().await;
    for (path, wanted) in [
        ("/api/events?limit=0", "`limit` must be a whole number from 1 to 10000, got 0"),
        ("/api/events?since=soon", "`since` must be ISO 8601 or milliseconds, got soon"),
        ("/api/events?before=x", "`before` must be the `next` of an earlier page, got x"),
        ("/api/events?range=1h&since=0", "give either `range` or `since` and `until`, not both"),
        ("/api/summary?since=2&until=1", "`since` must not be after `until`"),
        ("/api/events?type=a&type=b", "the query cannot be read: duplicate field `type`"),
        ("/api/summary?range=2h", "`range` must be one of 5m, 1h, 24h, 7d, 30d, got 2h"),
    ] {
        assert_eq!(refusal(server.get(path).await).await, (400, wanted.to_owned()));
    }
    assert_eq!(server.get("/api/sessions/nobody").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(refusal(server.get("/api/nothing").await).await.0, 404);
    let deleting = server.http.delete(format!("{}/api/events", server.url)).send().await.unwrap();
    assert_eq!(refusal(deleting).await, (405, "/api/events does not take DELETE".to_owned()));
}

#[tokio::test]
async fn the_summary_counts_what_happened_in_its_window() {
    let server = Server::start().await;
    let view = |id: &str, session: &str, path: &str, ms: i64| {
        let mut view = at(id, ms);
        (view["type"], view["sessionId"], view["path"]) = (json!("page_view"), json!(session), json!(path));
        view
    };
    let leave = |id: &str, engaged: Value, scrolled: i64| {
        let mut leave = at(id, now() - 1000);
        leave["type"] = json!("page_leave");
        leave["properties"] = json!({ "engagedMs": engaged, "maxScrollPercent": scrolled });
        leave
    };
    let recent = now() - 1000;
    let stats = |sent: u32| json!({ "id": "tracker", "captured": 9, "sent": sent, "lost": 1, "dropped": { "sampled": 2 } });
    let first = json!({
        "events": [view("v1", "s1", "/", recent), view("v2", "s1", "/a", recent), leave("l1", json!(1000), 50)],
        "stats": stats(8),
    });
    assert_eq!(server.post(first).await.status(), 204);
    let second = json!({
        "events": [view("v3", "s2", "/a", recent), leave("l2", json!(3000), 100), leave("l3", json!("soon"), 0),
                   view("old", "s3", "/a", now() - 10 * 60_000)],
        "stats": stats(4),
    });
    let request = server.posting(second.to_string()).header("user-agent", "another browser");
    assert_eq!(request.send().await.unwrap().status(), 204);

    let summary = server.json("/api/summary?range=5m").await;
    assert_eq!(
        (&summary["visitors"], &summary["sessions"], &summary["views"]),
        (&json!(2), &json!(3), &json!(3))
    );
    assert_eq!(summary["activeNow"], 3);
    assert_eq!(
        summary["topPages"],
        json!([{ "path": "/a", "views": 2, "visitors": 2 }, { "path": "/", "views": 1, "visitors": 1 }])
    );
    assert_eq!(
        summary["byType"],
        json!([{ "type": "page_leave", "count": 3 }, { "type": "page_view", "count": 3 }])
    );
    assert_eq!((&summary["avgEngagedMs"], &summary["avgScrollPercent"]), (&json!(2000.0), &json!(50.0)));
    let minutes = summary["eventsPerMinute"].as_array().unwrap();
    assert_eq!(minutes.len(), 5);
    assert_eq!(minutes.iter().map(|minute| minute["count"].as_i64().unwrap()).sum::<i64>(), 6);
    // The account that overtook the newer one on the way does not replace it.
    let delivery = json!({ "trackers": 1, "captured": 9, "sent": 8, "lost": 1, "retried": 0, "dropped": { "sampled": 2 } });
    assert_eq!(summary["delivery"], delivery);
    assert_eq!(server.json("/api/summary?range=1h").await["views"], 4);
    let earlier = server.json(&format!("/api/summary?until={}", now() - 5 * 60_000)).await;
    assert_eq!((&earlier["views"], &earlier["activeNow"]), (&json!(1), &json!(3)));
}

#[tokio::test]
async fn numbers_nobody_observed_are_null() {
    let server = Server::start().await;
    let summary = server.json("/api/summary").await;
    assert_eq!((&summary["avgEngagedMs"], &summary["avgScrollPercent"]), (&Value::Null, &Value::Null));
    assert_eq!((&summary["range"], &summary["visitors"]), (&json!("24h"), &json!(0)));
}

#[tokio::test]
async fn no_address_is_ever_stored() {
    let server = Server::start().await;
    server.store(&[event("a", "page_view")]).await;
    let db = rusqlite::Connection::open(server.db()).unwrap();
    let dump: String = db
        .query_row("SELECT group_concat(quote(body) || visitor || quote(path)) FROM events", [], |row| {
            row.get(0)
        })
        .unwrap_or_default();
    let visitor: i64 = db.query_row("SELECT visitor FROM events", [], |row| row.get(0)).unwrap();
    assert_ne!(visitor, 0);
    for file in ["events.db", "events.db-wal"] {
        let bytes = std::fs::read(server.db().with_file_name(file)).unwrap();
        assert!(!bytes.windows(9).any(|window| window == b"127.0.0.1"), "{file} {dump}");
    }
    let quiet = Server::with(&["--count-visitors", "false"]).await;
    quiet.store(&[event("a", "page_view")]).await;
    assert_eq!(quiet.json("/api/summary").await["visitors"], 0);
}
