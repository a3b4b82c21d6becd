//! A running collector with a database of its own, and short words for what the tests ask of it.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chatvitals_collector::clock;
use chatvitals_collector::config::Config;
use chatvitals_collector::server::Collector;
use clap::Parser;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A collector on a free port.
pub struct Server {
    pub url: String,
    pub http: Client,
    collector: Collector,
    folder: TempDir,
}

impl Server {
    /// Starts a collector with its defaults.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts a collector with flags, as a person would give them.
    pub async fn with(flags: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        Self::in_folder(folder, flags).await
    }

    async fn in_folder(folder: TempDir, flags: &[&str]) -> Self {
        let db = folder.path().join("events.db");
        let fixed = ["chatvitals-collector", "--listen", "127.0.0.1:0", "--db", db.to_str().unwrap()];
        let config = Config::parse_from(fixed.iter().chain(flags));
        let collector = Collector::start(config).await.unwrap();
        let url = format!("http://{}", collector.address());
        let http = Client::builder().timeout(PATIENCE).build().unwrap();
        Self { url, http, collector, folder }
    }

    /// Stops the collector and starts it again on the same database.
    pub async fn restarted(self, flags: &[&str]) -> Self {
        self.collector.stop().await.unwrap();
        Self::in_folder(self.folder, flags).await
    }

    /// Where its events are.
    pub fn db(&self) -> PathBuf {
        self.folder.path().join("events.db")
    }

    /// A GET.
    pub async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// What a GET answers, which must be JSON and a success.
    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// A POST of events, not sent yet.
    pub fn posting(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.posting_as("text/plain", body)
    }

    /// A POST of a content type, not sent yet.
    pub fn posting_as(&self, content_type: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.http.post(format!("{}/api/events", self.url)).header(CONTENT_TYPE, content_type).body(body)
    }

    /// A POST of events as text/plain, as a beacon sends it.
    pub async fn post(&self, body: impl ToString) -> Response {
        self.posting(body.to_string()).send().await.unwrap()
    }

    /// Posts events and insists that all are stored.
    pub async fn store(&self, events: &[Value]) {
        let response = self.post(json!({ "events": events })).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{}", response.text().await.unwrap());
    }

    /// How many events it says it has.
    pub async fn count(&self) -> u64 {
        self.json("/api/health").await["eventCount"].as_u64().unwrap()
    }
}

/// An event that happened now.
pub fn event(id: &str, kind: &str) -> Value {
    json!({ "id": id, "type": kind, "timestamp": clock::format_iso(now()), "sessionId": "session", "properties": {} })
}

/// Now, in milliseconds.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

/// The `error` of a refusal, with its status.
pub async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["error"].as_str().unwrap().to_owned())
}

/// The ids of a list of events.
pub fn ids(answer: &Value) -> Vec<&str> {
    answer["events"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap()).collect()
}

/// Packs a text.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
