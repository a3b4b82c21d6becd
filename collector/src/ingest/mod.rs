//! Taking events in: `POST /api/events` and the pixel.

mod batch;
pub mod body;
mod clock_skew;
mod event;
mod pixel;
mod text;

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::asked::Asked;
use crate::client;
use crate::clock;
use crate::fault::{Fault, json_response};
use crate::store::{Appended, Batch};
pub use batch::{Parsed, Rejection, parse};
use body::Share;

/// The routes that take events.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/events", post(post_events))
        .route("/p.gif", get(pixel::get_pixel))
        .route("/anosys.gif", get(pixel::get_pixel))
}

#[derive(Deserialize)]
struct Options {
    /// `gzip`, said here because a `Content-Encoding` header would cost the browser a preflight.
    encoding: Option<String>,
}

async fn post_events(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Asked(options): Asked<Options>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    check_content_type(&headers)?;
    let packed = is_gzip(&headers, options.encoding.as_deref())?;
    let (mut bytes, mut share) = body::read(body, &app.room).await?;
    if packed {
        bytes = body::inflate(&bytes, &app.room, &mut share)?;
    }
    let received_at = clock::now_ms();
    let parsed = batch::parse(&bytes, received_at).map_err(Fault::bad_request)?;
    drop(bytes);
    let (appended, rejected) = keep(&app, parsed, received_at, share, peer, &headers).await?;
    Ok(answer(appended, rejected))
}

/// Hands the good events to the writer and waits until they are durable. A crawler is answered like everybody, so that
/// it does not try again, but not stored.
async fn keep(
    app: &App,
    parsed: Parsed,
    received_at: i64,
    share: Share,
    peer: SocketAddr,
    headers: &HeaderMap,
) -> Result<(Appended, Vec<Rejection>), Fault> {
    let Parsed { events, rejected, stats } = parsed;
    app.telemetry.rejected.fetch_add(rejected.len() as u64, Ordering::Relaxed);
    if events.is_empty() {
        return Ok((Appended::default(), rejected));
    }
    if !app.config.keep_bots && client::is_bot(headers) {
        app.telemetry.bots.fetch_add(1, Ordering::Relaxed);
        return Ok((Appended { stored: events.len(), duplicates: 0 }, rejected));
    }
    let visitor = client::visitor(&app.config, peer, headers);
    let appended = app.writer.append(Batch { received_at, visitor, events, stats }, share).await?;
    app.telemetry.stored.fetch_add(appended.stored as u64, Ordering::Relaxed);
    app.telemetry.duplicates.fetch_add(appended.duplicates as u64, Ordering::Relaxed);
    Ok((appended, rejected))
}

/// 204 when all is well: Chromium gives a tracker its keepalive budget back at once only for an empty answer.
fn answer(appended: Appended, rejected: Vec<Rejection>) -> Response {
    if rejected.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    let Appended { stored, duplicates } = appended;
    if stored + duplicates == 0 {
        let error = format!("no event could be read: {}", rejected[0].reason);
        return json_response(
            StatusCode::BAD_REQUEST,
            json!({ "error": error, "rejected": rejected }).to_string(),
        );
    }
    let body = json!({ "accepted": stored, "duplicates": duplicates, "rejected": rejected });
    json_response(StatusCode::OK, body.to_string())
}

/// JSON comes as itself or as text/plain, which no browser preflights; a beacon of a bare string has no type at all.
fn check_content_type(headers: &HeaderMap) -> Result<(), Fault> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let given = String::from_utf8_lossy(value.as_bytes());
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "text/plain" | "" => Ok(()),
        _ => Err(Fault::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the body must be application/json or text/plain, got {essence}"),
        )),
    }
}

fn is_gzip(headers: &HeaderMap, option: Option<&str>) -> Result<bool, Fault> {
    let header = headers.get(header::CONTENT_ENCODING).map(|value| String::from_utf8_lossy(value.as_bytes()));
    // Both may name it: they describe the same, single layer.
    for name in [header.as_deref(), option].into_iter().flatten() {
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" => return Ok(true),
            "identity" | "" => {}
            other => {
                let message = format!("the body's encoding must be gzip or none, got {other}");
                return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
            }
        }
    }
    Ok(false)
}
