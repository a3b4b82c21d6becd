//! Everything the answers need to know of one session.

use std::collections::BTreeMap;

use chatvitals::metrics::{Event, SessionFacts};
use serde::{Deserialize, Serialize};

use super::slice::{Happening, Slice, step_of};

/// Things that one session's facts remember one by one (views, timings, vitals, …). A session beyond it, which no person
/// makes, is counted on in the summary and no longer in the metrics.
const MOST_FACTS: usize = 5000;

/// Stretches one session is counted in: a week without sleep.
const MOST_STEPS: usize = 7 * 24 * 12;

/// What is known of one session: the metrics' facts, and what it did in each stretch of five minutes.
///
/// An event without a session is a visit of its own, as in [`SessionFacts`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// What the metrics know.
    pub facts: SessionFacts,
    /// What it did, by the start of the stretch.
    pub steps: BTreeMap<i64, Slice>,
    /// The first route seen, and when.
    entry: Option<(i64, String)>,
}

/// One line of the list of sessions.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// The session.
    pub session_id: String,
    /// Its first event, ms since the epoch.
    pub start: i64,
    /// Its last event, ms since the epoch.
    pub end: i64,
    /// Its events.
    pub events: u32,
    /// Its page views.
    pub views: u32,
    /// Messages the visitor sent.
    pub turns: u32,
    /// The first route seen.
    pub entry_path: Option<String>,
    /// The device's class.
    pub device: Option<String>,
    /// What it came to: `purchase`, `handoff`, `resolution` or `csat`.
    pub outcome: Option<&'static str>,
}

impl Visit {
    /// A session nothing is known of yet; `None` for an event without one.
    pub fn new(session: Option<&str>) -> Self {
        Self { facts: SessionFacts::new(session), ..Self::default() }
    }

    /// Takes in a stored event, once each, in any order. `event` is what the metrics read in it.
    pub fn add(&mut self, event: &Event, at: i64, visitor: Option<i64>) {
        let path = event.path.as_deref();
        let step = step_of(at);
        if self.steps.len() < MOST_STEPS || self.steps.contains_key(&step) {
            let happening =
                Happening { at, kind: event.kind(), path, visitor, properties: &event.properties };
            self.steps.entry(step).or_default().add(&happening);
        }
        if event.kind() == "page_view"
            && let Some(path) = path
            && self.entry.as_ref().is_none_or(|(first, entry)| (at, path) < (*first, entry.as_str()))
        {
            self.entry = Some((at, path.to_owned()));
        }
        if self.facts.weight() < MOST_FACTS {
            self.facts.add(event);
        } else {
            self.facts.reach(Some(at));
        }
    }

    /// Its first moment, ms since the epoch.
    pub fn start(&self) -> i64 {
        self.facts.start.unwrap_or(0)
    }

    /// Its last moment, ms since the epoch.
    pub fn end(&self) -> i64 {
        self.facts.end.unwrap_or(0)
    }

    /// The routes it saw, each once, its device and its campaign.
    pub fn names(&self) -> [Vec<&str>; 3] {
        let mut routes: Vec<&str> = self.facts.routes().collect();
        routes.sort_unstable();
        routes.dedup();
        let facts = &self.facts;
        [
            routes,
            facts.device().into_iter().map(String::as_str).collect(),
            facts.campaign().into_iter().map(String::as_str).collect(),
        ]
    }

    /// As a line of the list of sessions; `None` for an event without a session.
    pub fn listed(&self) -> Option<Listed> {
        let count = |kind: &str| self.steps.values().map(|slice| slice.count(kind)).sum();
        Some(Listed {
            session_id: self.facts.id.clone()?,
            start: self.start(),
            end: self.end(),
            events: self.steps.values().map(Slice::events).sum(),
            views: count("page_view"),
            turns: count("user_message_sent"),
            entry_path: self.entry.as_ref().map(|(_, path)| path.clone()),
            device: self.facts.device().cloned(),
            outcome: self.facts.outcome(),
        })
    }
}
