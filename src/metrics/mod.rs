//! Events to numbers: pure functions that answer `None`, never NaN, where there is nothing to divide by.
//!
//! The walk: [`Event`]s → [`sessions()`] (each event once, under its session) → [`SessionFacts`] → a [`Tally`] for each
//! hour ([`Series`]) → a [`Report`] of the window and its trend. Every function below takes that walk, and a collector
//! can join it at any step: it keeps facts by session and series by hour, and answers with the same numbers.
//!
//! What all metrics agree on:
//! - An event counts once, whatever number of times it was delivered (by its id, within its session).
//! - A session belongs to the window, hour and day in which it started, with all its events. Days are UTC days.
//! - Where sampling is on, **counts of events** (turns, page views, stalls) are estimates: an event that was kept at
//!   rate `r` counts `1 / r`. **Sessions and outcomes** are never sampled away and count as they are. **Percentiles and
//!   means** are those of the values that were kept: sampling by hash leaves them where they are.
//! - Values that cannot be true (negative times, a score above its maximum, an infinite revenue) are left out.

#[cfg(all(target_arch = "wasm32", feature = "metrics-api"))]
pub mod js;
pub mod outcome;
pub mod percentile;
pub mod timestamp;

mod abandonment;
mod agent_assist;
mod csat;
mod deflection;
mod engagement;
mod event;
mod facts;
mod funnel;
mod gmv;
mod groups;
mod handle_time;
mod keyed;
mod latency;
mod lenient;
mod money;
mod series;
mod sessions;
mod summary;
mod tools;
mod transport;
mod vitals;
mod windows;

pub use abandonment::{Abandonment, AbandonmentTally};
pub use agent_assist::{AgentAssist, AgentAssistTally};
pub use csat::{Csat, CsatTally};
pub use deflection::{Deflection, DeflectionTally};
pub use engagement::{Engagement, EngagementPoint, EngagementTally, RouteEngagement};
pub use event::{Campaign, Context, Device, Dimensions, Event, Events, Item, Properties};
pub use facts::SessionFacts;
pub use funnel::{Funnel, FunnelStep, FunnelTally, Step};
pub use gmv::{CategoryTotal, Gmv, GmvTally, Revenue};
pub use groups::Group;
pub use handle_time::{Bin, ChannelTime, HandleTime, HandleTimeTally};
pub use latency::{LatencyPoint, LatencyTally, ResponseTimes, TurnLatency};
pub use outcome::{is_outcome_event, outcome_kind};
pub use percentile::Distribution;
pub use series::{Point, Report, ReportOf, Series, Steps, Tally, compute};
pub use sessions::sessions;
pub use summary::{Summary, SummaryCounts};
pub use tools::{ErrorCount, Tool, Tools, ToolsPoint, ToolsTally};
pub use transport::{Transport, TransportTally};
pub use vitals::{VitalSet, VitalStats, Vitals, VitalsTally};
pub use windows::{Interval, Options, Query, QueryError, Range, Segment, Window};

/// The metric `T` of the events.
pub fn compute_from_events<T: Tally>(events: &[Event], options: &Options) -> ReportOf<T> {
    compute::<T>(&sessions(events), options)
}

/// A function of events for each metric, under the names of `chatvitals/metrics`.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $tally:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(events: &[Event], options: &Options) -> ReportOf<$tally> {
            compute_from_events::<$tally>(events, options)
        }
    )*};
}

functions! {
    /// How many conversations were kept from a human: [`Deflection`].
    compute_deflection_rate DeflectionTally;
    /// What visitors think of their conversation: [`Csat`].
    compute_csat CsatTally;
    /// How long conversations took: [`HandleTime`].
    compute_average_handle_time HandleTimeTally;
    /// How many answered conversations needed no human: [`AgentAssist`].
    compute_agent_assist_rate AgentAssistTally;
    /// What was bought: [`Gmv`].
    compute_gmv GmvTally;
    /// How fast and how stable pages were: [`Vitals`].
    compute_vitals VitalsTally;
    /// How long visitors waited for responses: [`TurnLatency`].
    compute_turn_latency LatencyTally;
    /// How far chats got: [`Funnel`].
    compute_funnel FunnelTally;
    /// Where visitors gave up: [`Abandonment`].
    compute_abandonment AbandonmentTally;
    /// What visits to pages amount to: [`Engagement`].
    compute_engagement EngagementTally;
}
