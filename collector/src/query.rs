//! `GET /api/events` and `GET /api/sessions/{id}`: events as they were stored.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::asked::Asked;
use crate::clock;
use crate::fault::{Fault, json_response};
use crate::store::{Cursor, EventFilter, StoredEvent};
use crate::window;

const DEFAULT_LIMIT: usize = 100;
const MOST: usize = 10_000;

/// The routes that give events back.
pub fn routes() -> Router<App> {
    Router::new().route("/api/events", get(get_events)).route("/api/sessions/{id}", get(get_session))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(flatten)]
    when: window::Wanted,
    #[serde(rename = "type")]
    kind: Option<String>,
    session: Option<String>,
    path: Option<String>,
    before: Option<String>,
    limit: Option<String>,
}

impl Wanted {
    fn filter(self, now: i64) -> Result<EventFilter, Fault> {
        Ok(EventFilter {
            window: self.when.window(now)?,
            kind: self.kind,
            session: self.session,
            path: self.path,
            before: self.before.map(|text| read_cursor(&text)).transpose()?,
            limit: limit(self.limit)?,
        })
    }
}

async fn get_events(State(app): State<App>, Asked(wanted): Asked<Wanted>) -> Result<Response, Fault> {
    let filter = wanted.filter(clock::now_ms())?;
    let page = app.read(move |store| store.events(&filter)).await?;
    let mut body = String::from("{");
    push_events(&mut body, &page.events);
    body.push_str(&format!(",\"count\":{}", page.events.len()));
    if let Some(Cursor { at, seq }) = page.next {
        body.push_str(&format!(",\"next\":\"{at}-{seq}\""));
    }
    body.push('}');
    Ok(json_response(StatusCode::OK, body))
}

async fn get_session(State(app): State<App>, Path(session): Path<String>) -> Result<Response, Fault> {
    let wanted = session.clone();
    let events = app.read(move |store| store.session(&wanted, MOST)).await?;
    if events.is_empty() {
        return Err(Fault::not_found(format!("no event of session {session} is stored")));
    }
    let mut body = format!("{{\"sessionId\":{},", json!(session));
    push_events(&mut body, &events);
    body.push('}');
    Ok(json_response(StatusCode::OK, body))
}

/// Events are stored as JSON, so an answer is their texts joined.
fn push_events(body: &mut String, events: &[StoredEvent]) {
    body.push_str("\"events\":[");
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        body.push_str(&event.body);
    }
    body.push(']');
}

fn limit(text: Option<String>) -> Result<usize, Fault> {
    let Some(text) = text else { return Ok(DEFAULT_LIMIT) };
    match text.parse() {
        Ok(limit @ 1..=MOST) => Ok(limit),
        _ => Err(Fault::bad_request(format!("`limit` must be a whole number from 1 to {MOST}, got {text}"))),
    }
}

fn read_cursor(text: &str) -> Result<Cursor, Fault> {
    let parts = text.split_once('-').and_then(|(at, seq)| Some((at.parse().ok()?, seq.parse().ok()?)));
    let (at, seq) = parts.ok_or_else(|| {
        Fault::bad_request(format!("`before` must be the `next` of an earlier page, got {text}"))
    })?;
    Ok(Cursor { at, seq })
}
