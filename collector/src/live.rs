//! `GET /api/live`: every stored event, as it is stored, as server-sent events.
//!
//! The writer announces only a position; each listener reads the events up to it from the store. A slow listener then
//! costs no memory and misses nothing, and a listener that comes back with `Last-Event-ID` is no special case.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::watch;

use crate::app::App;
use crate::fault::Fault;
use crate::store::StoredEvent;

/// Events read at once for one listener.
const CHUNK: usize = 200;

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
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Fault> {
    let last_seq = app.writer.last_seq();
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = match header.or(wanted.last_event_id.as_deref()) {
        Some(text) => text.parse().map_err(|_| {
            Fault::bad_request(format!(
                "`Last-Event-ID` must be the id of an event of this stream, got {text}"
            ))
        })?,
        None => *last_seq.borrow(),
    };
    let listener = Listener { last_seq, stopping: app.stopping.clone(), seen, app };
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

struct Listener {
    app: App,
    last_seq: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    seen: i64,
}

impl Listener {
    /// The next events, as soon as there are some; `None` ends the stream.
    async fn next(&mut self) -> Option<Vec<StoredEvent>> {
        let seen = self.seen;
        tokio::select! {
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            stored = self.last_seq.wait_for(|last| *last > seen) => { stored.ok()?; }
        }
        let events = self.app.read(move |store| store.after(seen, CHUNK)).await.ok()?;
        // Events that retention has deleted leave a gap; there is nothing more to come up to here.
        self.seen = events.last().map_or(*self.last_seq.borrow(), |last| last.seq);
        Some(events)
    }
}
