//! What a request has to pass before it reaches its room: its origin, its sender's rate, its token.

mod origin;
mod rate;
mod token;

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::client;
use crate::fault::Fault;
use origin::Origin;

pub use origin::{OriginRules, parse as parse_origin};
pub use rate::RateLimit;
pub use token::{Token, Tokens};

/// What a request is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// It brings events.
    Ingest,
    /// It wants to see events or numbers.
    Read,
    /// Pages, scripts and health: open to everybody.
    Open,
}

impl Door {
    /// The door that an address belongs to. What is under `/api/` and not named here is guarded like data.
    pub fn of(method: &Method, path: &str) -> Self {
        match path {
            "/api/events" if method == Method::POST => Self::Ingest,
            "/p.gif" | "/anosys.gif" => Self::Ingest,
            "/api/health" => Self::Open,
            "/metrics" => Self::Read,
            _ if path.starts_with("/api/") => Self::Read,
            _ => Self::Open,
        }
    }

    /// Its name in the collector's own metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Read => "read",
            Self::Open => "open",
        }
    }
}

/// The guard itself. A refusal is answered through the same cross-origin rules, or a page could not read its reason.
pub async fn guard(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let door = Door::of(&origin::method_asked_for(&request), request.uri().path());
    let origin = app.origins.judge(door, request.headers());
    let mut response = match &origin {
        Origin::Refused(given) => origin::refusal(door, given).into_response(),
        Origin::Granted(_) if origin::is_preflight(&request) => origin::preflight(request.headers()),
        _ => match admit(&app, door, peer, &request) {
            Ok(()) => next.run(request).await,
            Err(fault) => fault.into_response(),
        },
    };
    origin.grant(door, response.headers_mut());
    app.telemetry.answered(door, response.status());
    response
}

fn admit(app: &App, door: Door, peer: SocketAddr, request: &Request) -> Result<(), Fault> {
    if door == Door::Open {
        return Ok(());
    }
    app.rate.admit(client::address(&app.config, peer, request.headers()))?;
    app.tokens.admit(door, request.headers(), request.uri().query())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_posting_and_pixels_bring_events() {
        assert_eq!(Door::of(&Method::POST, "/api/events"), Door::Ingest);
        assert_eq!(Door::of(&Method::GET, "/api/events"), Door::Read);
        assert_eq!(Door::of(&Method::GET, "/p.gif"), Door::Ingest);
    }

    #[test]
    fn an_address_nobody_thought_of_is_guarded_like_data() {
        assert_eq!(Door::of(&Method::GET, "/api/metrics/csat"), Door::Read);
        assert_eq!(Door::of(&Method::GET, "/api/health"), Door::Open);
        assert_eq!(Door::of(&Method::GET, "/dashboard/"), Door::Open);
    }
}
