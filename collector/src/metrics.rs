//! `GET /api/metrics/{name}`: how the chat and the pages do, in numbers. `GET /api/metrics/filters`: what can be asked for.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::answers::Metric;
use crate::app::App;
use crate::asked::Asked;
use crate::clock;
use crate::fault::{Fault, json_response};
use crate::question::Question;
use crate::store::StoreError;

/// The routes that give numbers.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/metrics/filters", get(get_filters))
        .route("/api/metrics/{name}", get(get_metric))
}

async fn get_metric(
    State(app): State<App>,
    Path(name): Path<String>,
    Asked(question): Asked<Question>,
) -> Result<Response, Fault> {
    let metric = Metric::named(&name).ok_or_else(|| no_such(&name))?;
    let options = question.options(clock::now_ms())?;
    let report = app.read(move |store| store.metric(metric, &options)).await?;
    Ok(json_response(StatusCode::OK, report))
}

async fn get_filters(State(app): State<App>) -> Result<Response, Fault> {
    let filters = app.read(|store| store.filters()).await?;
    let body = serde_json::to_string(&filters).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(json_response(StatusCode::OK, body))
}

fn no_such(name: &str) -> Fault {
    let names: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).chain(["filters"]).collect();
    Fault::not_found(format!("a metric is one of {}, got {name}", names.join(", ")))
}
