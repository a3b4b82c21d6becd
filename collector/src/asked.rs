//! The parameters of a query string; what cannot be read is refused like everything else.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// Takes a query string apart into `T`.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = serde_urlencoded::from_str(query);
        asked.map(Self).map_err(|error| Fault::bad_request(format!("the query cannot be read: {error}")))
    }
}
