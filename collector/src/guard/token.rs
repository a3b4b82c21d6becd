//! Bearer tokens, one for sending and one for reading.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use super::Door;
use crate::fault::Fault;

/// A secret that stays out of logs. Only its digest is kept, which also makes comparing take the same time for every
/// wrong guess.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    fn digest(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return Err("a token must not be empty or contain blanks".into());
        }
        Ok(Self::digest(text))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// The tokens that are asked for; absent: the door is open.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// For sending events.
    pub ingest: Option<Token>,
    /// For reading events and numbers.
    pub read: Option<Token>,
}

impl Tokens {
    /// Lets a request through that carries the door's token: `Authorization: Bearer …`, or `?token=…` where a browser
    /// cannot set headers (beacons, images, event streams).
    pub fn admit(&self, door: Door, headers: &HeaderMap, query: Option<&str>) -> Result<(), Fault> {
        let wanted = match door {
            Door::Ingest => &self.ingest,
            Door::Read => &self.read,
            Door::Open => return Ok(()),
        };
        let Some(wanted) = wanted else { return Ok(()) };
        match given(headers, query) {
            Some(token) if Token::digest(&token) == *wanted => Ok(()),
            Some(_) => Err(refusal(door, "the token given is not the right one")),
            None => Err(refusal(door, "no token was given")),
        }
    }
}

fn given(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, token)) = header.and_then(|value| value.split_once(' '))
        && scheme.eq_ignore_ascii_case("bearer")
    {
        return Some(token.trim().to_owned());
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query?).ok()?;
    pairs.into_iter().find(|(key, _)| key == "token").map(|(_, token)| token)
}

fn refusal(door: Door, what: &str) -> Fault {
    let purpose = if door == Door::Ingest { "sending" } else { "reading" };
    let message = format!("{what}: {purpose} needs `Authorization: Bearer <token>` or `?token=<token>`");
    Fault::new(StatusCode::UNAUTHORIZED, message)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}
