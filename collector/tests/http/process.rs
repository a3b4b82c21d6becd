//! The real binary as a process: killed, stopped, starved of files, given a foreign database.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::support::{PATIENCE, event, ids};

/// The real binary.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(db: &Path) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_chatvitals-collector")), db)
    }

    /// The same, but the system lets it open only so many files.
    fn with_open_files(most: u32, db: &Path) -> Self {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -n {most} && exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_chatvitals-collector")]);
        Self::spawn(shell, db)
    }

    /// The same, but no file of it may grow beyond so many bytes: a disk that is full for this process alone.
    fn with_file_size(most: u64, db: &Path) -> Self {
        let mut shell = Command::new("sh");
        // POSIX counts in 512 bytes. The signal is ignored, so that the write itself fails, as on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f {} && exec \"$0\" \"$@\"", most / 512);
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_chatvitals-collector")]);
        Self::spawn(shell, db)
    }

    fn spawn(mut command: Command, db: &Path) -> Self {
        command.args(["--listen", "127.0.0.1:0", "--db"]).arg(db).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url =
            line.trim().strip_prefix("listening on ").expect("the address on the first line").to_owned();
        Self { child, url }
    }

    /// SIGKILL: the process has no say in it.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_under_load_lose_nothing_acknowledged_and_double_nothing() {
    const ROUNDS: usize = 10;
    const SENDERS: usize = 4;
    const ENOUGH: usize = 200;
    let folder = TempDir::new().unwrap();
    let db = folder.path().join("events.db");
    let http = Client::builder().timeout(PATIENCE).build().unwrap();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let mut unanswered = Vec::new();

    for round in 0..ROUNDS {
        let mut process = Process::start(&db);
        let mut senders = JoinSet::new();
        let (enough, mut reached) = tokio::sync::mpsc::unbounded_channel();
        for sender in 0..SENDERS {
            let (http, url) = (http.clone(), format!("{}/api/events", process.url));
            let (acknowledged, enough) = (acknowledged.clone(), enough.clone());
            senders.spawn(async move {
                for n in 0.. {
                    let names: Vec<String> = (0..20).map(|k| format!("{round}-{sender}-{n}-{k}")).collect();
                    let events: Vec<Value> = names.iter().map(|name| event(name, "x")).collect();
                    let body = json!({ "events": events }).to_string();
                    match http.post(&url).header("content-type", "text/plain").body(body.clone()).send().await
                    {
                        Ok(response) => {
                            assert_eq!(response.status(), StatusCode::NO_CONTENT);
                            acknowledged.lock().unwrap().extend(names);
                            // The receiver is gone once the round has seen enough.
                            let _ = enough.send(());
                        }
                        Err(_) => return body,
                    }
                }
                unreachable!("a sender ends when the collector does")
            });
        }
        for _ in 0..ENOUGH / 20 {
            reached.recv().await.unwrap();
        }
        process.kill();
        unanswered.extend(senders.join_all().await);
    }

    let process = Process::start(&db);
    // A tracker sends again what was not answered; some of it had been stored.
    for body in unanswered {
        let retry =
            http.post(format!("{}/api/events", process.url)).header("content-type", "text/plain").body(body);
        assert_eq!(retry.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    }
    let stored = all_ids(&http, &process.url).await;
    let distinct: BTreeSet<String> = stored.iter().cloned().collect();
    assert_eq!(stored.len(), distinct.len(), "every event once");
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() >= ROUNDS * ENOUGH);
    assert_eq!(acknowledged.difference(&distinct).next(), None, "every acknowledged event is there");
    assert_eq!(distinct.len(), acknowledged.len() + ROUNDS * SENDERS * 20, "and what was sent again");
}

async fn all_ids(http: &Client, url: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = String::new();
    loop {
        let request = http.get(format!("{url}/api/events?limit=5000{before}"));
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        found.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return found,
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_polite_stop_ends_with_success_and_leaves_no_log_behind() {
    let folder = TempDir::new().unwrap();
    let db = folder.path().join("events.db");
    let mut process = Process::start(&db);
    let http = Client::new();
    let post = http.post(format!("{}/api/events", process.url)).body(event("a", "x").to_string());
    assert_eq!(post.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let pid = process.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(process.child.wait().unwrap().success());
    let log = folder.path().join("events.db-wal");
    assert_eq!(std::fs::metadata(log).map_or(0, |log| log.len()), 0);
    let count: i64 = rusqlite::Connection::open(db)
        .unwrap()
        .query_row("SELECT count(*) FROM events", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_database_of_a_newer_collector_is_not_touched() {
    let folder = TempDir::new().unwrap();
    let db = folder.path().join("events.db");
    rusqlite::Connection::open(&db).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_chatvitals-collector"))
        .args(["--listen", "127.0.0.1:0", "--db"])
        .arg(&db)
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && message.contains("newer collector (schema 999"), "{message}");
}

#[cfg(unix)]
#[tokio::test]
async fn more_connections_than_the_system_allows_are_survived() {
    let folder = TempDir::new().unwrap();
    let process = Process::with_open_files(128, &folder.path().join("events.db"));
    let mut stalled = Vec::new();
    for _ in 0..100 {
        let mut connection = TcpStream::connect(process.url.trim_start_matches("http://")).await.unwrap();
        connection.write_all(b"POST /api/events HTTP/1.1\r\n").await.unwrap();
        stalled.push(connection);
    }
    let http = Client::builder().timeout(PATIENCE).build().unwrap();
    let post = http.post(format!("{}/api/events", process.url)).body(event("a", "x").to_string());
    assert_eq!(post.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(all_ids(&http, &process.url).await, ["a"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_is_full_refuses_and_loses_nothing_acknowledged() {
    let folder = TempDir::new().unwrap();
    let db = folder.path().join("events.db");
    let http = Client::builder().timeout(PATIENCE).build().unwrap();
    let post = |url: &str, id: String| {
        let mut event = event(&id, "x");
        event["properties"] = json!({ "text": "x".repeat(50_000) });
        http.post(format!("{url}/api/events")).body(event.to_string()).send()
    };
    let mut process = Process::with_file_size(1 << 20, &db);
    let mut stored = 0;
    let refused = loop {
        let response = post(&process.url, stored.to_string()).await.unwrap();
        match response.status() {
            StatusCode::NO_CONTENT => stored += 1,
            _ => break response,
        }
        assert!(stored < 200, "the limit holds");
    };
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &"60".parse().unwrap()));
    let health = http.get(format!("{}/api/health", process.url)).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(all_ids(&http, &process.url).await.len(), stored);
    process.kill();
    let process = Process::start(&db);
    assert_eq!(all_ids(&http, &process.url).await.len(), stored);
    assert_eq!(post(&process.url, "with room again".into()).await.unwrap().status(), StatusCode::NO_CONTENT);
    let visits = http.get(format!("{}/api/sessions", process.url)).send().await.unwrap();
    let visits: Value = visits.json().await.unwrap();
    assert_eq!(visits["sessions"][0]["events"], stored + 1, "what is counted is what is stored");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_slow_connections_keep_nobody_out() {
    // Fewer where the system allows no more files; the tests beside this one need some, too.
    let allowed = rlimit::increase_nofile_limit(30_000).unwrap();
    let most = (allowed / 3).min(10_000) as usize;
    let folder = TempDir::new().unwrap();
    let process = Process::start(&folder.path().join("events.db"));
    let address = process.url.trim_start_matches("http://").to_owned();
    let http = Client::builder().timeout(PATIENCE).build().unwrap();
    let mut slow = Vec::with_capacity(most);
    for n in 0..most {
        let mut connection = TcpStream::connect(&address).await.unwrap();
        // Half of them never end their head, the others never send their body.
        let start: &[u8] = match n % 2 {
            0 => b"POST /api/events HTTP/1.1\r\nHost: x\r\n",
            _ => b"POST /api/events HTTP/1.1\r\nContent-Length: 100\r\nHost: x\r\n\r\n{",
        };
        connection.write_all(start).await.unwrap();
        slow.push(connection);
    }
    let post = http.post(format!("{}/api/events", process.url)).body(event("a", "x").to_string());
    assert_eq!(post.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let health = http.get(format!("{}/api/health", process.url)).send().await.unwrap();
    assert_eq!(health.json::<Value>().await.unwrap()["eventCount"], 1);
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let megabytes = peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024;
    assert!(megabytes < 400, "{megabytes} MB for {most} connections");
}
