//! What the metrics need to know of one session, gathered event by event.

use serde::{Deserialize, Serialize};

use super::abandonment::Abandoned;
use super::engagement::View;
use super::event::{Event, duration};
use super::funnel::Step;
use super::gmv::Purchase;
use super::keyed::Keyed;
use super::latency::{Stalls, Timing};
use super::tools::{Errors, ToolCall};
use super::transport::Drops;
use super::vitals::Reading;
use super::{csat, latency};

/// One session, as far as any metric looks: every metric of events is the metric of these facts, so a collector that
/// keeps them answers with the very numbers the events give.
///
/// Add each event once, in any order. Size grows with the session's timings, vitals and views, not with its events.
///
/// An event that names no session is a visit of its own without `id`: what it measured counts (a purchase reported by
/// a server, a vital), it is just not counted as a session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionFacts {
    /// The session's id.
    pub id: Option<String>,
    /// The earliest of its events, ms since 1970. The session belongs to the window, hour and day of this moment.
    pub start: Option<i64>,
    /// The latest of its events, ms since 1970.
    pub end: Option<i64>,
    /// How long `session_ended` says it was, ms.
    pub(super) ended: Option<Stamped<f64>>,
    device: Option<Stamped<String>>,
    campaign: Option<Stamped<String>>,
    pub(super) connection: Option<Stamped<String>>,
    /// The furthest step of a chat that was seen; `None` when nobody chatted.
    pub(super) reached: Option<Step>,
    /// The visitor sent a message.
    pub(super) engaged: bool,
    /// The assistant finished a response.
    pub(super) answered: bool,
    pub(super) escalated: bool,
    pub(super) resolved: bool,
    /// A human took over.
    pub(super) handed_off: bool,
    /// The last rating, on five points.
    pub(super) rating: Option<Stamped<f64>>,
    /// By `orderId`.
    pub(super) purchases: Keyed<Purchase>,
    /// By metric id.
    pub(super) vitals: Keyed<Reading>,
    /// By `viewId`.
    pub(super) views: Keyed<View>,
    pub(super) timings: Vec<Timing>,
    pub(super) stalls: Stalls,
    /// Estimated number of messages sent.
    pub(super) sent: f64,
    pub(super) abandoned: Vec<Abandoned>,
    pub(super) tools: Vec<ToolCall>,
    pub(super) errors: Errors,
    pub(super) drops: Drops,
}

/// A value with its time, so that the first or the last one wins in whatever order they arrive.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
pub(super) struct Stamped<T> {
    at: Option<i64>,
    pub value: T,
}

impl<T: PartialOrd> Stamped<T> {
    pub fn new(at: Option<i64>, value: T) -> Self {
        Self { at, value }
    }

    /// The later of the two; of one moment the greater. A time is later than none.
    pub fn keep_last(known: &mut Option<Self>, new: Self) {
        if known.as_ref().is_none_or(|known| new > *known) {
            *known = Some(new);
        }
    }

    /// The earlier of the two; of one moment the smaller. A time is earlier than none.
    pub fn keep_first(known: &mut Option<Self>, new: Self) {
        let order = |stamped: &Self| stamped.at.unwrap_or(i64::MAX);
        if known.as_ref().is_none_or(|known| (order(&new), &new.value) < (order(known), &known.value)) {
            *known = Some(new);
        }
    }
}

impl SessionFacts {
    /// A session nothing is known of yet.
    pub fn new(id: Option<&str>) -> Self {
        Self { id: id.map(str::to_owned), ..Self::default() }
    }

    /// Takes in one event of the session.
    pub fn add(&mut self, event: &Event) {
        let at = event.timestamp;
        self.reach(at);
        let context = &event.context;
        for (known, new) in [
            (&mut self.device, &context.device.class),
            (&mut self.campaign, &context.campaign.name),
            (&mut self.connection, &context.device.connection),
        ] {
            if let Some(value) = new {
                Stamped::keep_first(known, Stamped::new(at, value.clone()));
            }
        }
        let step = Step::shown_by(event);
        self.reached = self.reached.max(step);
        self.engaged |= event.kind() == "user_message_sent";
        self.answered |= step == Some(Step::Completed);

        self.errors.add(event);
        let properties = &event.properties;
        match event.kind() {
            "session_ended" => {
                // Never sampled away, so it knows of turns whose own events were.
                self.engaged |= properties.user_turn_count >= Some(1.0);
                if let Some(ms) = duration(properties.duration_ms) {
                    Stamped::keep_last(&mut self.ended, Stamped::new(at, ms));
                }
            }
            "page_view" | "page_leave" | "page_engagement" | "scroll_depth" => {
                self.views.slot(event.view_id.as_deref()).add(event);
            }
            "web_vital" => {
                if let Some(reading) = Reading::of(event) {
                    self.vitals.put(properties.id.as_deref(), reading, Reading::is_later);
                }
            }
            "user_message_sent" => self.sent += event.weight(),
            "turn_abandoned" => self.abandoned.push(Abandoned::of(event)),
            "assistant_response_first_token" | "assistant_response_completed" => {
                self.timings.extend(latency::timings(event));
                self.stalls.add(event);
            }
            "tool_executed" => self.tools.extend(ToolCall::of(event)),
            "transport_disconnected" => self.drops.add(event),
            "handoff_requested" => self.escalated = true,
            "handoff_converted" => self.handed_off = true,
            "resolution_submitted" => {
                // The two spellings of one answer: `escalated: true` and `resolved: false`.
                let escalated = properties.escalated == Some(true) || properties.resolved == Some(false);
                self.escalated |= escalated;
                self.resolved |= !escalated;
            }
            "resolution_without_escalation" => self.resolved = true,
            "csat_submitted" => {
                if let Some(points) = csat::five_points(properties.score, properties.max_score) {
                    Stamped::keep_last(&mut self.rating, Stamped::new(at, points));
                }
            }
            "purchase_completed" => {
                if let Some(purchase) = Purchase::of(event) {
                    self.purchases.put(properties.order_id.as_deref(), purchase, PartialOrd::lt);
                }
            }
            _ => {}
        }
    }

    /// Takes in that something happened at this time, and no more.
    pub fn reach(&mut self, at: Option<i64>) {
        self.start = [self.start, at].into_iter().flatten().min();
        self.end = [self.end, at].into_iter().flatten().max();
    }

    /// Whether it counts as a session: an event without one does not.
    pub fn is_session(&self) -> bool {
        self.id.is_some()
    }

    /// Whether a chat took place, or can have: a visit that saw pages and no chat is nobody's conversation.
    pub fn is_conversation(&self) -> bool {
        self.is_session() && (self.reached.is_some() || self.views.is_empty())
    }

    /// Whether it came to a rating, a resolution, a handoff or a purchase.
    pub(super) fn has_outcome(&self) -> bool {
        self.rating.is_some()
            || self.resolved
            || self.escalated
            || self.handed_off
            || !self.purchases.is_empty()
    }

    /// The device's class.
    pub fn device(&self) -> Option<&String> {
        self.device.as_ref().map(|first| &first.value)
    }

    /// The campaign that brought the visit.
    pub fn campaign(&self) -> Option<&String> {
        self.campaign.as_ref().map(|first| &first.value)
    }

    /// Whether the route was seen.
    pub fn saw(&self, route: &str) -> bool {
        self.views.values().any(|view| view.path() == Some(route))
    }

    /// The routes that were seen, each as often as there were views of it.
    pub fn routes(&self) -> impl Iterator<Item = &str> {
        self.views.values().filter_map(View::path)
    }

    /// The strongest outcome it came to: `purchase`, `handoff`, `resolution` or `csat`.
    pub fn outcome(&self) -> Option<&'static str> {
        let outcomes = [
            (!self.purchases.is_empty(), "purchase"),
            (self.escalated || self.handed_off, "handoff"),
            (self.resolved, "resolution"),
            (self.rating.is_some(), "csat"),
        ];
        outcomes.into_iter().find(|(reached, _)| *reached).map(|(_, name)| name)
    }

    /// Whether the visitor used the chat.
    pub fn chatted(&self) -> bool {
        self.reached.is_some()
    }

    /// How many things are remembered one by one: what makes facts large.
    pub fn weight(&self) -> usize {
        self.views.len()
            + self.vitals.len()
            + self.purchases.len()
            + self.timings.len()
            + self.abandoned.len()
            + self.tools.len()
            + self.errors.len()
    }

    /// Forgets which conversation each timing belongs to. A store that keeps facts folded for all time has no use for
    /// a breakdown that grows with every conversation.
    pub fn forget_conversations(&mut self) {
        for timing in &mut self.timings {
            timing.conversation = None;
        }
    }
}
