//! What a request is told when it cannot be answered: a status and `{"error": "…"}`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::store::StoreError;

/// A refusal: its status, what was wrong, and when to try again.
#[derive(Debug)]
pub struct Fault {
    status: StatusCode,
    message: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Fault {
    /// A refusal the client should not repeat.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), header: None }
    }

    /// 400: the request cannot be read; `message` says what was wanted and what was given.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 404: there is nothing under this address.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 413: the body is longer than `limit` bytes. The tracker answers by halving its batch.
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body must not exceed {limit} bytes; send smaller batches"),
        )
    }

    /// 503: nothing is wrong with the request, it came at a bad moment.
    pub fn busy(message: impl Into<String>, retry_after_s: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message).with_header(header::RETRY_AFTER, retry_after_s)
    }

    /// 429: this client asks too often.
    pub fn too_many(retry_after_s: u32) -> Self {
        let message = format!("too many requests from this address; come back in {retry_after_s} s");
        Self::new(StatusCode::TOO_MANY_REQUESTS, message).with_header(header::RETRY_AFTER, retry_after_s)
    }

    /// The same refusal with a header that tells a program what to do.
    pub fn with_header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.header = Some((name, value.into()));
        self
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => {
                Self::busy("the collector's disk is full; nothing of this request was stored", 60)
            }
            StoreError::Busy => {
                Self::busy("the collector's database is busy; nothing of this request was stored", 2)
            }
            StoreError::Failed(reason) => {
                eprintln!("storage failed: {reason}");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "the collector's storage failed; its log says why",
                )
            }
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = json_response(self.status, json!({ "error": self.message }).to_string());
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// A JSON answer that no cache keeps.
pub fn json_response(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
        .into_response()
}
