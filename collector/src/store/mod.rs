//! Where events are kept: the [`Store`] trait, and SQLite as the embedded default.

pub mod sqlite;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use chatvitals::metrics::{self, Options, Segment};
use serde::{Deserialize, Serialize};

use crate::answers::{Listed, Metric};
use crate::window::Window;

/// One event, checked and ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Unique id, made by the client when the event happened; a repeated id is stored once.
    pub id: String,
    /// The event's `type`: a name of the catalogue, or the site's own.
    pub kind: String,
    /// When it happened, in milliseconds since the epoch, by the server's clock.
    pub at: i64,
    /// The session it belongs to.
    pub session_id: Option<String>,
    /// The page view it belongs to.
    pub view_id: Option<String>,
    /// The route of that page view.
    pub path: Option<String>,
    /// The whole event as JSON on one line, with every field the client sent.
    pub body: String,
}

/// Who sent a request. Never stored: the store keeps only a hash with a salt that lives for one day.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The client's address.
    pub address: IpAddr,
    /// The client's `User-Agent`, possibly empty.
    pub user_agent: String,
}

/// A tracker's account of its own deliveries, cumulative since that tracker started.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TrackerStats {
    /// The tracker instance.
    pub id: String,
    /// Events that happened.
    #[serde(default)]
    pub captured: u32,
    /// Events that were handed over for good.
    #[serde(default)]
    pub sent: u32,
    /// Events given up.
    #[serde(default)]
    pub lost: u32,
    /// Deliveries tried again.
    #[serde(default)]
    pub retried: u32,
    /// Events dropped on purpose, by reason.
    #[serde(default)]
    pub dropped: BTreeMap<String, u32>,
}

/// The good events of one request.
#[derive(Debug, Default)]
pub struct Batch {
    /// When the request arrived, in milliseconds since the epoch.
    pub received_at: i64,
    /// Who sent it, when visitors are counted.
    pub visitor: Option<Visitor>,
    /// Its events.
    pub events: Vec<Event>,
    /// The tracker's account, when it came along.
    pub stats: Option<TrackerStats>,
}

/// What became of one batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Appended {
    /// Events stored now.
    pub stored: usize,
    /// Events that were stored before.
    pub duplicates: usize,
}

/// An event as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Position in the order of arrival; grows by commits, never reused.
    pub seq: i64,
    /// When it happened, in milliseconds since the epoch.
    pub at: i64,
    /// The event as JSON on one line.
    pub body: String,
}

/// Where a page of events ended: the next one starts behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Time of the last event given.
    pub at: i64,
    /// Position of the last event given.
    pub seq: i64,
}

/// Which events to give; absent means any.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Events of this time.
    pub window: Window,
    /// Events of this type.
    pub kind: Option<String>,
    /// Events of this session.
    pub session: Option<String>,
    /// Events of this route.
    pub path: Option<String>,
    /// Events older than the last page.
    pub before: Option<Cursor>,
    /// How many at most.
    pub limit: usize,
}

/// One page of events.
#[derive(Debug, Default)]
pub struct Page {
    /// The events.
    pub events: Vec<StoredEvent>,
    /// Where the next page starts, when there is one.
    pub next: Option<Cursor>,
}

/// Which sessions to list.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// Those that started in this time.
    pub window: metrics::Window,
    /// Of these visitors.
    pub segment: Segment,
    /// Only those with a chat.
    pub with_chat: bool,
    /// Those behind the last page.
    pub before: Option<SessionCursor>,
    /// How many at most.
    pub limit: usize,
}

/// Where a page of sessions ended: the next one starts behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCursor {
    /// When the last session given started.
    pub start: i64,
    /// Its id.
    pub session: String,
}

/// One page of sessions, newest first.
#[derive(Debug, Default)]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<Listed>,
    /// Where the next page starts, when there is one.
    pub next: Option<SessionCursor>,
}

/// What sessions can be told apart by, each most frequent first.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filters {
    /// Routes seen.
    pub routes: Vec<String>,
    /// Classes of devices.
    pub devices: Vec<String>,
    /// Campaigns.
    pub campaigns: Vec<String>,
}

/// What happened in a window of time: the numbers of the live dashboard.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Distinct visitors, by a hash that changes every day.
    pub visitors: i64,
    /// Distinct sessions.
    pub sessions: i64,
    /// Page views.
    pub views: i64,
    /// Sessions with an event in the last five minutes.
    pub active_now: i64,
    /// Events of each of the last minutes of the window, at most 60, oldest first.
    pub events_per_minute: Vec<MinuteCount>,
    /// The most viewed routes.
    pub top_pages: Vec<PageCount>,
    /// Events by type, most frequent first.
    pub by_type: Vec<TypeCount>,
    /// Mean engaged time of a page view in milliseconds; absent without a closed view.
    pub avg_engaged_ms: Option<f64>,
    /// Mean of how far a page view was scrolled, in percent; absent without a closed view.
    pub avg_scroll_percent: Option<f64>,
    /// What the trackers say of their own deliveries.
    pub delivery: Delivery,
}

/// Events in one minute.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct MinuteCount {
    /// The minute's start, ISO 8601.
    pub minute: String,
    /// Events in it.
    pub count: i64,
}

/// Views of one route.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PageCount {
    /// The route.
    pub path: String,
    /// Its page views.
    pub views: i64,
    /// Distinct visitors of it.
    pub visitors: i64,
}

/// Events of one type.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct TypeCount {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many.
    pub count: i64,
}

/// The sum of the trackers' own accounts, latest of each instance.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Tracker instances heard of.
    pub trackers: i64,
    /// Events that happened in them.
    pub captured: i64,
    /// Events handed over.
    pub sent: i64,
    /// Events given up.
    pub lost: i64,
    /// Deliveries tried again.
    pub retried: i64,
    /// Events dropped on purpose, by reason.
    pub dropped: BTreeMap<String, i64>,
}

/// Why the store could not do what it was asked. Nothing of the call has happened then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// There is no room left.
    Full,
    /// Somebody else holds the database.
    Busy,
    /// Anything else.
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => formatter.write_str("there is no room left"),
            Self::Busy => formatter.write_str("somebody else holds the database"),
            Self::Failed(reason) => formatter.write_str(reason),
        }
    }
}

/// A place for events. Calls block; the server makes them from threads that may.
pub trait Store: Send + Sync + 'static {
    /// Stores `batches` in one transaction; they are durable when this returns, one answer for each.
    fn append(&self, batches: &[Batch]) -> Result<Vec<Appended>, StoreError>;

    /// Deletes events that happened before `before`, `limit` at most, and accounts of trackers unheard of since; gives
    /// how many events are gone.
    fn prune(&self, before: i64, limit: usize) -> Result<usize, StoreError>;

    /// The events of `filter`, newest first.
    fn events(&self, filter: &EventFilter) -> Result<Page, StoreError>;

    /// The events stored after position `seq`, in the order they were stored, `limit` at most.
    fn after(&self, seq: i64, limit: usize) -> Result<Vec<StoredEvent>, StoreError>;

    /// The events of one session, ascending by time and then id, `limit` at most.
    fn session(&self, session: &str, limit: usize) -> Result<Vec<StoredEvent>, StoreError>;

    /// The sessions of `filter`, newest first.
    fn sessions(&self, filter: &SessionFilter) -> Result<SessionPage, StoreError>;

    /// The report of a metric, as JSON.
    fn metric(&self, metric: Metric, options: &Options) -> Result<String, StoreError>;

    /// What sessions can be told apart by.
    fn filters(&self) -> Result<Filters, StoreError>;

    /// The numbers of a window, as of `now`, of the sessions in the segment.
    fn summary(&self, window: Window, segment: &Segment, now: i64) -> Result<Summary, StoreError>;

    /// Makes the first answers as fast as the later ones.
    fn warm_up(&self) -> Result<(), StoreError>;

    /// How many events are stored.
    fn count(&self) -> i64;

    /// How much room they take, in bytes.
    fn bytes(&self) -> u64;

    /// Position of the event stored last; 0 when there is none.
    fn last_seq(&self) -> i64;

    /// Called once after the last append: leaves everything tidy for the next start.
    fn close(&self);
}
