//! `GET /api/live`: every stored event, as it is stored, as server-sent events.
//!
//! The writer announces only a position; each listener reads the events up to it from the store. A slow listener then
//! costs no memory and misses nothing, and a listener that comes back with `Last-Event-ID` is no special case.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::watch;

use crate::app::App;
use crate::asked::Asked;
use crate::fault::Fault;
use crate::store::StoredEvent;

/// Events read at once for one listener.
const CHUNK: usize = 200;

/// Streams open at the same time. Each takes a connection and its share of the readers.
const MOST: i64 = 256;

/// How often a silent stream shows that it is alive; proxies cut off what stays silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The live route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/live", get(get_live))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    last_event_id: Option<String>,
}

async fn get_live(
    State(app): State<App>,
    Asked(wanted): Asked<Wanted>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Fault> {
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last_seen = header.or(wanted.last_event_id.as_deref()).map(read_id).transpose()?;
    let listener = Listener::new(app, last_seen)?;
    let chunks = stream::unfold(listener, |mut listener| async move {
        let events = listener.next().await?;
        Some((events, listener))
    });
    let messages = chunks.flat_map(|events| stream::iter(events.into_iter().map(|event| Ok(message(event)))));
    Ok(Sse::new(messages).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn message(event: StoredEvent) -> Event {
    Event::default().event("event").id(event.seq.to_string()).data(event.body)
}

fn read_id(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| {
        Fault::bad_request(format!("`Last-Event-ID` must be the id of an event of this stream, got {text}"))
    })
}

/// One open stream.
struct Listener {
    app: App,
    last_seq: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    seen: i64,
}

impl Listener {
    /// Listens from `last_seen` on, or from now on.
    fn new(app: App, last_seen: Option<i64>) -> Result<Self, Fault> {
        let last_seq = app.writer.last_seq();
        let last = *last_seq.borrow();
        // An id from beyond the end is of another database; waiting for its number would be waiting in vain.
        let seen = last_seen.map_or(last, |seen| seen.min(last));
        if app.telemetry.listeners.fetch_add(1, Ordering::Relaxed) >= MOST {
            app.telemetry.listeners.fetch_sub(1, Ordering::Relaxed);
            return Err(Fault::busy(format!("{MOST} live streams are open, and that is the most"), 30));
        }
        Ok(Self { last_seq, stopping: app.stopping.clone(), seen, app })
    }

    /// The next events, as soon as there are some; `None` ends the stream.
    async fn next(&mut self) -> Option<Vec<StoredEvent>> {
        let seen = self.seen;
        let last = tokio::select! {
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            last = self.last_seq.wait_for(|last| *last > seen) => *last.ok()?,
        };
        let events = self.app.read(move |store| store.after(seen, CHUNK)).await.ok()?;
        // None up to the announced one: retention was faster.
        self.seen = events.last().map_or(last, |event| event.seq);
        Some(events)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.app.telemetry.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}
