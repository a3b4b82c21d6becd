//! What a request is told when it cannot be answered: a status and `{"error": "…"}`.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::store::StoreError;

/// A refusal: its status, what was wrong, and when to try again.
#[derive(Debug)]
pub struct Fault {
    status: StatusCode,
    message: String,
    retry_after_s: Option<u32>,
}

impl Fault {
    /// A refusal the client should not repeat.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after_s: None }
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
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            message: message.into(),
            retry_after_s: Some(retry_after_s),
        }
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
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A JSON answer that no cache keeps.
pub fn json_response(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
        .into_response()
}
