//! Taking events in: `POST /api/events` and the pixel.

mod batch;
pub mod body;
mod clock_skew;
mod event;
mod pixel;
mod text;

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::clock;
use crate::fault::{Fault, json_response};
use crate::store::{Appended, Batch, Visitor};
use batch::{Parsed, Rejection};
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
    Query(options): Query<Options>,
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
    let (appended, rejected) = keep(&app, parsed, visitor(&app, peer, &headers), received_at, share).await?;
    Ok(answer(appended, rejected))
}

/// Hands the good events to the writer and waits until they are durable.
async fn keep(
    app: &App,
    parsed: Parsed,
    visitor: Option<Visitor>,
    received_at: i64,
    share: Share,
) -> Result<(Appended, Vec<Rejection>), Fault> {
    let Parsed { events, rejected, stats } = parsed;
    if events.is_empty() {
        return Ok((Appended::default(), rejected));
    }
    let appended = app.writer.append(Batch { received_at, visitor, events, stats }, share).await?;
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

fn visitor(app: &App, peer: SocketAddr, headers: &HeaderMap) -> Option<Visitor> {
    app.config.count_visitors.then(|| Visitor {
        address: client_address(app, peer, headers),
        user_agent: headers
            .get(header::USER_AGENT)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .unwrap_or_default(),
    })
}

/// The client's address: the connection's, or behind a proxy that we were told to trust the one the proxy saw, which
/// it appends last.
fn client_address(app: &App, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let values = headers.get_all("x-forwarded-for");
        values.iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let proxied = if app.config.trust_proxy { forwarded() } else { None };
    proxied.unwrap_or_else(|| peer.ip())
}
