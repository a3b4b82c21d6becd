//! `GET /api/sessions`: the visits of a time, newest first.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use crate::answers::Listed;
use crate::app::App;
use crate::asked::Asked;
use crate::clock;
use crate::fault::{Fault, json_response};
use crate::question::Question;
use crate::store::{SessionCursor, SessionFilter, StoreError};

const DEFAULT_LIMIT: usize = 50;
const MOST: usize = 1000;

/// The route of the list.
pub fn routes() -> Router<App> {
    Router::new().route("/api/sessions", get(get_sessions))
}

#[derive(Serialize)]
struct Answer {
    sessions: Vec<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

async fn get_sessions(
    State(app): State<App>,
    Asked(mut question): Asked<Question>,
) -> Result<Response, Fault> {
    let filter = SessionFilter {
        window: question.window(clock::now_ms())?,
        segment: question.segment(),
        with_chat: question.one_of("chat", &[("1", true), ("0", false)])?.unwrap_or(false),
        before: question.take("before").map(|text| read_cursor(&text)).transpose()?,
        limit: question.limit(MOST)?.unwrap_or(DEFAULT_LIMIT),
    };
    question.finish()?;
    let page = app.read(move |store| store.sessions(&filter)).await?;
    let next = page.next.map(|SessionCursor { start, session }| format!("{start}-{session}"));
    let answer = Answer { sessions: page.sessions, next };
    let body = serde_json::to_string(&answer).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(json_response(StatusCode::OK, body))
}

fn read_cursor(text: &str) -> Result<SessionCursor, Fault> {
    let parts = text.split_once('-').and_then(|(start, session)| Some((start.parse().ok()?, session)));
    let (start, session) = parts.ok_or_else(|| {
        Fault::bad_request(format!("`before` must be the `next` of an earlier page, got {text}"))
    })?;
    Ok(SessionCursor { start, session: session.to_owned() })
}
