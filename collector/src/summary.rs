//! `GET /api/summary`: what the live dashboard shows.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock::{self, DAY, HOUR, MINUTE};
use crate::fault::{Fault, json_response};
use crate::store::{StoreError, Summary};

const RANGES: [(&str, i64); 5] =
    [("5m", 5 * MINUTE), ("1h", HOUR), ("24h", DAY), ("7d", 7 * DAY), ("30d", 30 * DAY)];

/// The summary route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/summary", get(get_summary))
}

#[derive(Deserialize)]
struct Wanted {
    range: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    range: &'a str,
    now: String,
    #[serde(flatten)]
    summary: Summary,
}

async fn get_summary(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let range = wanted.range.unwrap_or_else(|| "24h".into());
    let length = length_of(&range)?;
    let now = clock::now_ms();
    let summary = app.read(move |store| store.summary(now - length, now)).await?;
    let answer = Answer { range: &range, now: clock::format_iso(now), summary };
    let body = serde_json::to_string(&answer).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(json_response(StatusCode::OK, body))
}

fn length_of(range: &str) -> Result<i64, Fault> {
    RANGES.iter().find(|(name, _)| *name == range).map(|(_, length)| *length).ok_or_else(|| {
        let names = RANGES.map(|(name, _)| name).join(", ");
        Fault::bad_request(format!("`range` must be one of {names}, got {range}"))
    })
}
