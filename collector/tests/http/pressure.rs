//! Too much at once, a full disk, somebody else's lock, slow connections, old events.

use std::time::Duration;

use chatvitals_collector::clock;
use reqwest::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::{PATIENCE, Server, event, now, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_sent_away_and_what_was_acknowledged_is_stored() {
    let server = Server::start().await;
    let lock = Connection::open(server.db()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut posts = JoinSet::new();
    for n in 0..60 {
        let mut big = event(&n.to_string(), "x");
        big["properties"] = json!({ "text": "x".repeat(1_000_000) });
        posts.spawn(server.posting(big.to_string()).send());
    }
    let mut acknowledged = 0;
    let mut refused = 0;
    while let Some(response) = posts.join_next().await {
        let response = response.unwrap().unwrap();
        if response.status() == StatusCode::NO_CONTENT {
            acknowledged += 1;
            continue;
        }
        assert!(response.headers().contains_key("retry-after"));
        assert_eq!(refusal(response).await.0, 503);
        if refused == 0 {
            // The first one was sent away while the others wait: now let those through.
            lock.execute_batch("COMMIT").unwrap();
        }
        refused += 1;
    }
    assert!(acknowledged > 0 && refused > 0, "{acknowledged} {refused}");
    assert_eq!(server.count().await, acknowledged);
    server.store(&[event("after", "x")]).await;
}

#[tokio::test]
async fn a_database_held_by_somebody_else_delays_and_then_refuses() {
    let server = Server::start().await;
    let lock = Connection::open(server.db()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (status, error) = refusal(server.post(event("a", "x")).await).await;
    assert_eq!((status, error.contains("busy")), (503, true), "{error}");
    lock.execute_batch("COMMIT").unwrap();
    server.store(&[event("a", "x")]).await;
    assert_eq!(server.count().await, 1);
}

#[tokio::test]
async fn a_full_disk_refuses_new_events_and_keeps_serving_the_old_ones() {
    let server = Server::with(&["--max-db-mb", "1"]).await;
    let mut stored = 0;
    let refused = loop {
        let mut event = event(&stored.to_string(), "x");
        event["properties"] = json!({ "text": "x".repeat(50_000) });
        let response = server.post(event).await;
        match response.status() {
            StatusCode::NO_CONTENT => stored += 1,
            _ => break response,
        }
        assert!(stored < 100, "the limit holds");
    };
    assert_eq!(refused.headers()["retry-after"], "60");
    let (status, error) = refusal(refused).await;
    assert_eq!((status, error.contains("full")), (503, true), "{error}");
    assert_eq!(server.count().await, stored);
    let server = server.restarted(&[]).await;
    assert_eq!(server.json("/api/events").await["count"], stored);
    server.store(&[event("with room again", "x")]).await;
}

#[tokio::test]
async fn connections_that_only_pretend_cannot_keep_others_out() {
    let server = Server::with(&["--max-connections", "8"]).await;
    let address = server.url.trim_start_matches("http://");
    let mut slow = Vec::new();
    for _ in 0..8 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(b"POST /api/events HTTP/1.1\r\nHost: x\r\n").await.unwrap();
        slow.push(connection);
    }
    // Everything is taken, so this one waits until the first of the others is cut off.
    let health = server.get("/api/health").await;
    assert_eq!(health.status(), StatusCode::OK);
    for mut connection in slow {
        let mut rest = Vec::new();
        timeout(PATIENCE, connection.read_to_end(&mut rest)).await.expect("to be cut off").unwrap();
    }
}

#[tokio::test]
async fn hundreds_of_stalled_uploads_do_not_slow_the_next_one() {
    let server = Server::start().await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut idle = Vec::new();
    for _ in 0..400 {
        let mut connection = TcpStream::connect(&address).await.unwrap();
        connection
            .write_all(b"POST /api/events HTTP/1.1\r\nContent-Length: 100\r\nHost: x\r\n\r\n{")
            .await
            .unwrap();
        idle.push(connection);
    }
    timeout(Duration::from_secs(5), server.store(&[event("a", "x")])).await.expect("an answer at once");
}

#[tokio::test]
async fn old_events_are_deleted_and_the_order_of_arrival_goes_on() {
    let server = Server::start().await;
    let old = |n: i64| {
        let mut old = event(&format!("old {n}"), "x");
        old["timestamp"] = json!(clock::format_iso(now() - 40 * 86_400_000 + n));
        old
    };
    let events: Vec<Value> = (0..2500).map(old).chain([event("new", "x")]).collect();
    server.store(&events).await;
    let server = server.restarted(&["--retention-days", "30"]).await;
    timeout(PATIENCE, async {
        while server.count().await > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("old events to go");
    assert_eq!(server.json("/api/events").await["events"][0]["id"], "new");
    let sessions = server.json("/api/sessions").await;
    assert_eq!(sessions["sessions"][0]["events"], 1, "what was deleted in several steps is counted no more");
    server.store(&[event("next", "x")]).await;
    let db = Connection::open(server.db()).unwrap();
    let seq: i64 = db.query_row("SELECT max(seq) FROM events", [], |row| row.get(0)).unwrap();
    assert_eq!(seq, 2502);
}
