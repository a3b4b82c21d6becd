//! `GET /api/live`.

use reqwest::Response;
use serde_json::Value;
use tokio::time::timeout;

use crate::support::{PATIENCE, Server, event, ids, refusal};

/// A stream of server-sent events, read message by message.
struct Stream {
    response: Response,
    unread: String,
}

impl Stream {
    async fn open(server: &Server, last_event_id: Option<&str>) -> Self {
        let mut request = server.http.get(format!("{}/api/live", server.url));
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, unread: String::new() }
    }

    /// The next event and its id; `None` when the server has ended the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((message, rest)) = self.unread.clone().split_once("\n\n") {
                self.unread = rest.to_owned();
                let field =
                    |name: &str| message.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if field("event:") == Some("event") {
                    return Some((field("id:")?.to_owned(), serde_json::from_str(field("data:")?).unwrap()));
                }
                continue;
            }
            let chunk =
                timeout(PATIENCE, self.response.chunk()).await.expect("a message in time").unwrap()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn an_event_is_on_the_stream_as_soon_as_it_is_acknowledged() {
    let server = Server::start().await;
    server.store(&[event("before", "x")]).await;
    let mut stream = Stream::open(&server, None).await;
    let sent = event("during", "page_view");
    server.store(std::slice::from_ref(&sent)).await;
    let (_, received) = stream.next().await.unwrap();
    assert_eq!(received, sent);
}

#[tokio::test]
async fn a_stream_that_broke_goes_on_where_it_was() {
    let server = Server::start().await;
    let mut stream = Stream::open(&server, None).await;
    server.store(&[event("one", "x")]).await;
    let (last, _) = stream.next().await.unwrap();
    drop(stream);
    let missed: Vec<Value> = (0..450).map(|n| event(&format!("missed {n:03}"), "x")).collect();
    server.store(&missed).await;
    let mut stream = Stream::open(&server, Some(&last)).await;
    for expected in missed {
        assert_eq!(stream.next().await.unwrap().1, expected);
    }
}

#[tokio::test]
async fn duplicates_are_not_told_twice() {
    let server = Server::start().await;
    let mut stream = Stream::open(&server, None).await;
    server.store(&[event("same", "x")]).await;
    server.store(&[event("same", "x")]).await;
    server.store(&[event("marker", "x")]).await;
    let mut seen = Vec::new();
    while seen.last().is_none_or(|id| id != "marker") {
        seen.push(stream.next().await.unwrap().1["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, ["same", "marker"]);
}

#[tokio::test]
async fn stopping_ends_the_streams_and_loses_nothing() {
    let server = Server::start().await;
    let mut stream = Stream::open(&server, None).await;
    server.store(&[event("kept", "x")]).await;
    assert_eq!(stream.next().await.unwrap().1["id"], "kept");
    let server = timeout(PATIENCE, server.restarted(&[])).await.expect("a stop in time");
    assert!(stream.next().await.is_none());
    assert_eq!(ids(&server.json("/api/events").await), ["kept"]);
}

#[tokio::test]
async fn an_id_that_is_none_is_refused() {
    let server = Server::start().await;
    let (status, error) = refusal(server.get("/api/live?lastEventId=x").await).await;
    assert_eq!((status, error.contains("got x")), (400, true), "{error}");
}
