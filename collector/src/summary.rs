//! `GET /api/summary`: what the live dashboard shows.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use chatvitals::metrics::Segment;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::asked::Asked;
use crate::clock;
use crate::fault::{Fault, json_response};
use crate::store::{StoreError, Summary};
use crate::window::Wanted;

/// The summary route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/summary", get(get_summary))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    range: Option<&'a str>,
    now: String,
    #[serde(flatten)]
    summary: Summary,
}

#[derive(Deserialize)]
struct Question {
    #[serde(flatten)]
    when: Wanted,
    route: Option<String>,
    device: Option<String>,
    campaign: Option<String>,
}

async fn get_summary(State(app): State<App>, Asked(question): Asked<Question>) -> Result<Response, Fault> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let segment = Segment {
        route: given(question.route),
        device: given(question.device),
        campaign: given(question.campaign),
    };
    let wanted = question.when.or_range("24h");
    let now = clock::now_ms();
    let window = wanted.window(now)?;
    let summary = app.read(move |store| store.summary(window, &segment, now)).await?;
    let answer = Answer { range: wanted.range(), now: clock::format_iso(now), summary };
    let body = serde_json::to_string(&answer).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(json_response(StatusCode::OK, body))
}
