//! Which events tell how a conversation or a visit ended.

/// The outcome an event tells of: `csat`, `resolution`, `handoff` or `purchase`; `None` for every other event.
///
/// ```
/// use chatvitals::metrics::outcome_kind;
/// assert_eq!(outcome_kind("handoff_converted"), Some("handoff"));
/// assert_eq!(outcome_kind("page_view"), None);
/// ```
pub fn outcome_kind(event_type: &str) -> Option<&'static str> {
    match event_type {
        "csat_submitted" => Some("csat"),
        "resolution_submitted" | "resolution_without_escalation" => Some("resolution"),
        "handoff_requested" | "handoff_converted" | "handoff_completed" => Some("handoff"),
        "purchase_completed" => Some("purchase"),
        _ => None,
    }
}

/// Whether an event of that type is an outcome.
pub fn is_outcome_event(event_type: &str) -> bool {
    outcome_kind(event_type).is_some()
}
