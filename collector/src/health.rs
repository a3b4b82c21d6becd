//! `GET /api/health`: is it up, how much does it hold.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use crate::app::App;
use crate::fault::json_response;

/// The health route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/health", get(health))
}

async fn health(State(app): State<App>) -> Response {
    let (status, word) = match app.writer.is_alive() {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "cannot store"),
    };
    let body =
        json!({ "status": word, "eventCount": app.store().count(), "version": env!("CARGO_PKG_VERSION") });
    json_response(status, body.to_string())
}
