//! The demo site at `/` and the scripted assistant its chats talk to, served only with `--demo`.
//!
//! | room | takes → gives |
//! |---|---|
//! | `script` | a prompt → what the assistant does, step by step, with its pauses |
//! | `chat` | steps → the frames of a plain streaming endpoint |
//! | `backlog` | a seed → a month of visits that never were |
//! | `chatkit` | requests of ChatKit → steps → the events of its protocol |

pub mod backlog;
mod chat;
mod chatkit;
mod script;

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::response::sse::{Event, Sse};
use axum::routing::post;
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::Value;

use crate::app::App;
use crate::site;

/// The routes of the demo: its pages, and its assistant.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/demo/chat", post(chat::post_chat))
        .route("/demo/chatkit", post(chatkit::post_chatkit))
        .fallback(site::get_demo)
}

/// Sends each frame after its pause.
fn stream_frames(
    frames: Vec<(Duration, Value)>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + Send + 'static> {
    Sse::new(stream::iter(frames).then(|(pause, frame)| async move {
        tokio::time::sleep(pause).await;
        Ok(Event::default().data(frame.to_string()))
    }))
}
