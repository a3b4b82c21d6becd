//! Engagement: what visits to pages amount to.

use serde::{Deserialize, Serialize};

use super::event::{Event, duration};
use super::facts::{SessionFacts, Stamped};
use super::groups::{Group, Groups};
use super::percentile::{Distribution, ratio};
use super::series::Tally;
use super::windows::Options;

/// A visit of at least this much engaged time, ms, is no bounce. GA4's definition of an engaged session:
/// <https://support.google.com/analytics/answer/12195621>.
const ENGAGED_MS: f64 = 10_000.0;

/// One view of a page, as `page_view`, `page_leave`, `page_engagement` and `scroll_depth` tell of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct View {
    path: Option<Stamped<String>>,
    /// How many views it stands for; 0 while its `page_view` was not seen.
    weight: f64,
    engaged: Option<f64>,
    scroll: Option<f64>,
}

impl View {
    pub fn add(&mut self, event: &Event) {
        let properties = &event.properties;
        if let Some(path) = event.route() {
            Stamped::keep_first(&mut self.path, Stamped::new(event.timestamp, path.to_owned()));
        }
        if event.kind() == "page_view" {
            self.weight = self.weight.max(event.weight());
        }
        // Totals of the view so far, and told more than once: the largest is the last.
        self.engaged = max(self.engaged, duration(properties.engaged_ms));
        let percent = |value: Option<f64>| value.filter(|value| (0.0..=100.0).contains(value));
        self.scroll =
            max(self.scroll, max(percent(properties.max_scroll_percent), percent(properties.percent)));
    }

    pub fn path(&self) -> Option<&str> {
        self.path.as_ref().map(|first| first.value.as_str())
    }
}

fn max(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    [a, b].into_iter().flatten().max_by(f64::total_cmp)
}

/// What visits amount to. A *visit* is a session that saw a page. It is a *bounce* when it saw one page only, for less
/// than 10 s of engagement, and neither sent a message nor came to an outcome (rating, resolution, handoff, purchase).
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_engagement};
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "viewId": "1", "type": "page_view", "path": "/"},
///     {"sessionId": "a", "viewId": "1", "type": "page_leave", "path": "/", "properties": {"engagedMs": 4000, "maxScrollPercent": 30}},
///     {"sessionId": "a", "viewId": "2", "type": "page_view", "path": "/shop"},
///     {"sessionId": "b", "viewId": "3", "type": "page_view", "path": "/"}
/// ]"#)?;
/// let engagement = compute_engagement(&events, &Options::default()).total;
/// assert_eq!((engagement.visits, engagement.page_views), (2, 3.0));
/// assert_eq!((engagement.bounce_rate, engagement.engaged_ms.p50), (Some(0.5), Some(4000.0)));
/// assert_eq!((engagement.by_route[0].key.as_str(), engagement.by_route[0].value.page_views), ("/", 2.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Engagement {
    /// Sessions that saw a page.
    pub visits: u64,
    /// Pages seen; an estimate where sampling is on.
    pub page_views: f64,
    /// `pageViews / visits`.
    pub views_per_visit: Option<f64>,
    /// Share of the visits that bounced.
    pub bounce_rate: Option<f64>,
    /// Engaged time of a visit, ms: of those that told any.
    pub engaged_ms: Distribution,
    /// The deepest point of a view, % of the page's height.
    pub scroll_percent: Distribution,
    /// The routes seen most.
    pub by_route: Vec<Group<RouteEngagement>>,
}

/// What visits of one route amount to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteEngagement {
    /// How often it was seen; an estimate where sampling is on.
    pub page_views: f64,
    /// Engaged time of a view, ms.
    pub engaged_ms: Distribution,
    /// The deepest point of a view, % of the page's height.
    pub scroll_percent: Distribution,
}

/// A trend's point of [`Engagement`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EngagementPoint {
    /// Sessions that saw a page.
    pub visits: u64,
    /// Pages seen.
    pub page_views: f64,
    /// `pageViews / visits`.
    pub views_per_visit: Option<f64>,
    /// Share of the visits that bounced.
    pub bounce_rate: Option<f64>,
    /// Engaged time of a visit, ms.
    pub engaged_ms: Distribution,
}

/// [`Engagement`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EngagementTally {
    visits: u64,
    bounces: u64,
    engaged: Vec<f64>,
    all: Views,
    by_route: Groups<Views>,
}

/// What some views amount to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Views {
    count: f64,
    engaged: Vec<f64>,
    scroll: Vec<f64>,
}

impl Tally for EngagementTally {
    type Result = Engagement;
    type Point = EngagementPoint;

    fn add(&mut self, session: &SessionFacts) {
        for view in session.views.values() {
            self.all.push(view);
            if let Some(path) = view.path() {
                self.by_route.at(path).push(view);
            }
        }
        if session.is_session() && !session.views.is_empty() {
            let times: Vec<f64> = session.views.values().filter_map(|view| view.engaged).collect();
            let engaged: f64 = times.iter().sum();
            self.visits += 1;
            self.engaged.extend((!times.is_empty()).then_some(engaged));
            let bounced = session.views.len() == 1
                && engaged < ENGAGED_MS
                && !session.engaged
                && !session.has_outcome();
            self.bounces += u64::from(bounced);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.merge_for_point(other);
        self.by_route.merge(&other.by_route, Views::merge);
    }

    fn merge_for_point(&mut self, other: &Self) {
        self.visits += other.visits;
        self.bounces += other.bounces;
        self.engaged.extend(&other.engaged);
        self.all.merge(&other.all);
    }

    fn result(&self, options: &Options) -> Engagement {
        let EngagementPoint { visits, page_views, views_per_visit, bounce_rate, engaged_ms } = self.point();
        Engagement {
            visits,
            page_views,
            views_per_visit,
            bounce_rate,
            engaged_ms,
            scroll_percent: Distribution::of(&self.all.scroll),
            by_route: self.by_route.largest(options.limit, |views| views.count, Views::summed),
        }
    }

    fn point(&self) -> EngagementPoint {
        EngagementPoint {
            visits: self.visits,
            page_views: self.all.count,
            views_per_visit: ratio(self.all.count, self.visits as f64),
            bounce_rate: ratio(self.bounces as f64, self.visits as f64),
            engaged_ms: Distribution::of(&self.engaged),
        }
    }
}

impl Views {
    fn push(&mut self, view: &View) {
        self.count += view.weight;
        self.engaged.extend(view.engaged);
        self.scroll.extend(view.scroll);
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.engaged.extend(&other.engaged);
        self.scroll.extend(&other.scroll);
    }

    fn summed(&self) -> RouteEngagement {
        RouteEngagement {
            page_views: self.count,
            engaged_ms: Distribution::of(&self.engaged),
            scroll_percent: Distribution::of(&self.scroll),
        }
    }
}
