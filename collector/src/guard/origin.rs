//! Which sites may send and read (CORS).
//!
//! A beacon always carries credentials, so a site that may send is named in the answer (`*` would not do) and
//! credentials are allowed; the collector sets no cookies, so they carry no power. Reading is stricter: without a
//! list, only the collector's own pages may read.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Door;
use crate::fault::Fault;

/// Seconds a browser may remember a preflight; Chromium takes two hours at most.
const REMEMBER_S: &str = "7200";

/// The allow-lists.
#[derive(Debug, Clone, Default)]
pub struct OriginRules {
    /// Sites that may send; empty: any.
    pub send: Vec<String>,
    /// Sites that may read beside the collector's own pages.
    pub read: Vec<String>,
}

/// What a request's `Origin` is worth.
#[derive(Debug, PartialEq, Eq)]
pub enum Origin {
    /// The request is not from another site's page, or asks for what is open.
    Own,
    /// From another site that may do this.
    Granted(HeaderValue),
    /// From another site that may not.
    Refused(String),
}

impl OriginRules {
    /// Judges the origin of a request that came through `door`.
    pub fn judge(&self, door: Door, headers: &HeaderMap) -> Origin {
        let Some(value) = headers.get(header::ORIGIN) else { return Origin::Own };
        let given = String::from_utf8_lossy(value.as_bytes());
        if door == Door::Open || is_own(&given, headers) {
            return Origin::Own;
        }
        let listed = |list: &[String]| list.iter().any(|one| one.eq_ignore_ascii_case(&given));
        let allowed = match door {
            Door::Ingest => self.send.is_empty() || listed(&self.send),
            Door::Read | Door::Open => listed(&self.read),
        };
        if allowed { Origin::Granted(value.clone()) } else { Origin::Refused(given.into_owned()) }
    }
}

impl Origin {
    /// Lets the page of another site read the answer, also when it is an error.
    pub fn grant(&self, door: Door, headers: &mut HeaderMap) {
        if door != Door::Open {
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
        }
        let Self::Granted(origin) = self else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
        if door == Door::Ingest {
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}

/// What the method will be: a preflight says it in a header.
pub fn method_asked_for(request: &Request) -> Method {
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    match asked.and_then(|value| Method::from_bytes(value.as_bytes()).ok()) {
        Some(method) if request.method() == Method::OPTIONS => method,
        _ => request.method().clone(),
    }
}

/// Whether a browser only asks if it may.
pub fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Yes to a preflight, with whatever headers the site wants to add.
pub fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBER_S));
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}

/// No, and what would have to be set for a yes.
pub fn refusal(door: Door, given: &str) -> Fault {
    let (may_not, flag) = match door {
        Door::Ingest => ("send events to", "--cors-origin"),
        Door::Read | Door::Open => ("read from", "--cors-read-origin"),
    };
    Fault::new(
        StatusCode::FORBIDDEN,
        format!("pages of {given} may not {may_not} this collector; see {flag}"),
    )
}

/// Whether a page of the collector itself asks: its origin is the address the request went to.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    matches!((host, authority), (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority))
}

/// Reads an origin from the settings.
pub fn parse(text: &str) -> Result<String, String> {
    let wanted = || {
        format!("an origin is scheme://host[:port] without a path, such as https://shop.example, got {text}")
    };
    let (scheme, authority) = text.split_once("://").ok_or_else(wanted)?;
    let valid = matches!(scheme, "http" | "https")
        && !authority.is_empty()
        && !authority.contains(['/', '?', '#', '*', ' ']);
    if valid { Ok(text.to_ascii_lowercase()) } else { Err(wanted()) }
}
