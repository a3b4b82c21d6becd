//! Reading a request's body within bounds: so many bytes each, so many for all requests together, so long and no longer.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fault::Fault;

/// Longest body, before and after inflating: 1 MiB.
pub const BODY_BYTES: usize = 1 << 20;

/// Bytes of all bodies being read or waiting for the disk. What comes above is sent away with 503 instead of growing
/// the process.
const HELD_BYTES: usize = 32 << 20;

/// How long a client may take to send its body.
const PATIENCE: Duration = Duration::from_secs(20);

/// The room there is for bodies. Clones share it.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

impl Room {
    /// All of it, free.
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(HELD_BYTES)))
    }

    /// Takes `bytes` of it, until the share is dropped.
    pub fn take(&self, bytes: usize) -> Result<Share, Fault> {
        self.0
            .clone()
            .try_acquire_many_owned(bytes as u32)
            .map(Share)
            .map_err(|_| Fault::busy("the collector has more events waiting than it can hold", 1))
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        HELD_BYTES - self.0.available_permits()
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new()
    }
}

/// A part of the [`Room`], given back when dropped.
#[derive(Debug)]
pub struct Share(OwnedSemaphorePermit);

/// Reads a body of at most [`BODY_BYTES`], taking room for it as it arrives.
pub async fn read(body: Body, room: &Room) -> Result<(Vec<u8>, Share), Fault> {
    tokio::time::timeout(PATIENCE, collect(body, room)).await.unwrap_or_else(|_| {
        Err(Fault::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("the body did not arrive within {} s", PATIENCE.as_secs()),
        ))
    })
}

async fn collect(mut body: Body, room: &Room) -> Result<(Vec<u8>, Share), Fault> {
    let mut share = room.take(0)?;
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Fault::bad_request(format!("the body broke off: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > BODY_BYTES {
            return Err(Fault::too_large(BODY_BYTES));
        }
        share.0.merge(room.take(data.len())?.0);
        bytes.extend_from_slice(&data);
    }
    Ok((bytes, share))
}

/// Inflates gzip to at most [`BODY_BYTES`], however small it was packed.
pub fn inflate(packed: &[u8], room: &Room, share: &mut Share) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed)
        .take(BODY_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::bad_request(format!("the body is not valid gzip: {error}")))?;
    if bytes.len() > BODY_BYTES {
        return Err(Fault::too_large(BODY_BYTES));
    }
    share.0.merge(room.take(bytes.len().saturating_sub(packed.len()))?.0);
    Ok(bytes)
}
