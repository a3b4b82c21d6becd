//! From events to sessions: each event once, under its session.

use std::collections::{BTreeMap, HashSet};

use super::event::Event;
use super::facts::SessionFacts;

/// The facts of every session among the events. An id that comes twice in a session is one event, the earliest of the
/// copies. Each event without a session is facts of its own (see [`SessionFacts`]).
///
/// ```
/// use chatvitals::metrics::{Event, sessions};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"id": "2", "sessionId": "a", "timestamp": "2026-11-20T07:00:05Z"},
///     {"id": "1", "sessionId": "a", "timestamp": "2026-11-20T07:00:00Z"},
///     {"id": "1", "sessionId": "a", "timestamp": "2026-11-20T07:00:00Z"}
/// ]"#)?;
/// let facts = sessions(&events);
/// assert_eq!(facts.len(), 1);
/// assert_eq!(facts[0].end.zip(facts[0].start).map(|(end, start)| end - start), Some(5_000));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn sessions(events: &[Event]) -> Vec<SessionFacts> {
    let mut groups: BTreeMap<Option<&str>, Vec<&Event>> = BTreeMap::new();
    for event in events {
        groups.entry(event.session_id.as_deref()).or_default().push(event);
    }
    let mut sessions = Vec::with_capacity(groups.len());
    for (id, events) in groups {
        let events = each_once(events);
        match id {
            Some(_) => sessions.push(gather(id, events)),
            None => sessions.extend(events.into_iter().map(|event| gather(None, [event]))),
        }
    }
    sessions
}

fn gather<'e>(id: Option<&str>, events: impl IntoIterator<Item = &'e Event>) -> SessionFacts {
    let mut facts = SessionFacts::new(id);
    for event in events {
        facts.add(event);
    }
    facts
}

/// In order of time, without the copies.
fn each_once(mut events: Vec<&Event>) -> Vec<&Event> {
    events.sort_by_key(|event| (event.timestamp.unwrap_or(i64::MAX), &event.id));
    let mut seen = HashSet::new();
    events.retain(|event| event.id.as_deref().is_none_or(|id| seen.insert(id)));
    events
}
