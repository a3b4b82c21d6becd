//! One visit told as the tracker would have told it.

use serde_json::{Map, Value, json};

use super::random::Random;
use crate::clock;

/// A visit being told: each event happens at the present moment of the story.
pub struct Story {
    /// The visit's own randomness.
    pub random: Random,
    /// Now, ms since the epoch.
    pub now: i64,
    /// The events so far.
    pub events: Vec<Value>,
    session: String,
    arrival: Value,
    view: Option<(String, String)>,
    views: u32,
    turn: Option<u32>,
}

impl Story {
    /// A visit of this id that starts at `now`; `arrival` is the context of visits and views.
    pub fn new(session: String, now: i64, arrival: Value, random: Random) -> Self {
        Self { random, now, events: Vec::new(), session, arrival, view: None, views: 0, turn: None }
    }

    /// Lets time pass.
    pub fn wait(&mut self, ms: f64) {
        self.now += ms as i64;
    }

    /// Goes on to another page.
    pub fn show(&mut self, path: &str) {
        self.views += 1;
        self.view = Some((format!("{}-v{}", self.session, self.views), path.to_owned()));
    }

    /// The page's address.
    pub fn path(&self) -> &str {
        self.view.as_ref().map_or("/", |(_, path)| path)
    }

    /// The turn that the next events belong to.
    pub fn turn(&mut self, turn: Option<u32>) {
        self.turn = turn;
    }

    /// Something happens.
    pub fn tell(&mut self, kind: &str, properties: Value) {
        let mut event = Map::new();
        event.insert("id".into(), json!(format!("{}-{}", self.session, self.events.len())));
        event.insert("type".into(), json!(kind));
        event.insert("timestamp".into(), json!(clock::format_iso(self.now)));
        event.insert("sessionId".into(), json!(self.session));
        if let Some((view, path)) = &self.view {
            event.insert("viewId".into(), json!(view));
            event.insert("path".into(), json!(path));
        }
        if let Some(turn) = self.turn {
            event.insert("turnIndex".into(), json!(turn));
            event.insert("responseId".into(), json!(format!("{}-r{turn}", self.session)));
            event.insert("dimensions".into(), json!({ "conversationId": format!("c-{}", self.session) }));
        }
        if let "session_started" | "page_view" = kind {
            event.insert("context".into(), self.arrival.clone());
        }
        event.insert("properties".into(), properties);
        self.events.push(event.into());
    }
}
