//! Turn latency: how long visitors waited for the first token and for the whole response.

use serde::{Deserialize, Serialize};

use super::event::{Event, duration};
use super::facts::SessionFacts;
use super::funnel::is_natural;
use super::groups::{Group, Groups};
use super::percentile::{Distribution, ratio};
use super::series::Tally;
use super::windows::Options;

/// One measured time of a response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Timing {
    what: What,
    ms: f64,
    route: Option<String>,
    pub conversation: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    FirstToken,
    ResponseStart,
    Visible,
    Duration,
    Total,
}

/// The times an event of a response carries.
pub(super) fn timings(event: &Event) -> Vec<Timing> {
    let properties = &event.properties;
    let measured = match event.kind() {
        "assistant_response_first_token" => {
            let start = properties.ttft_source.as_deref() == Some("response.start");
            let first = if start { What::ResponseStart } else { What::FirstToken };
            vec![(first, properties.ttft_ms), (What::Visible, properties.visible_ms)]
        }
        // A response that was stopped or broke off says when, not how long responses take.
        "assistant_response_completed" if is_natural(event) => {
            vec![(What::Duration, properties.duration_ms), (What::Total, properties.total_ms)]
        }
        _ => Vec::new(),
    };
    let timing = |(what, ms)| {
        Some(Timing {
            what,
            ms: duration(ms)?,
            route: event.route().map(str::to_owned),
            conversation: event.conversation().map(str::to_owned),
        })
    };
    measured.into_iter().filter_map(timing).collect()
}

/// Responses of which it is known whether they stalled, estimated where sampling is on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Stalls {
    observed: f64,
    stalled: f64,
}

impl Stalls {
    pub fn add(&mut self, event: &Event) {
        if let Some(count) = event.properties.stall_count.filter(|count| *count >= 0.0) {
            self.observed += event.weight();
            self.stalled += if count > 0.0 { event.weight() } else { 0.0 };
        }
    }

    fn merge(&mut self, other: &Self) {
        self.observed += other.observed;
        self.stalled += other.stalled;
    }
}

/// How long responses took, by conversation, route and connection (the session's). Times outside 0 to 31 days are left
/// out.
///
/// ```
/// use chatvitals::metrics::{Event, Options, compute_turn_latency};
/// // ChatKit's response.start comes before any token: it is never mixed with times to the first token.
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     {"sessionId": "a", "type": "assistant_response_first_token", "properties": {"ttftMs": 400, "ttftSource": "stream"}},
///     {"sessionId": "a", "type": "assistant_response_first_token", "properties": {"ttftMs": 800, "ttftSource": "dom"}},
///     {"sessionId": "b", "type": "assistant_response_first_token", "properties": {"ttftMs": 90, "ttftSource": "response.start"}},
///     {"sessionId": "b", "type": "assistant_response_completed", "properties": {"durationMs": 3000, "stallCount": 1}}
/// ]"#)?;
/// let latency = compute_turn_latency(&events, &Options::default()).total;
/// assert_eq!((latency.overall.ttft_ms.p50, latency.overall.response_start_ms.p50), (Some(600.0), Some(90.0)));
/// assert_eq!((latency.overall.duration_ms.count, latency.stalled_rate), (1, Some(1.0)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TurnLatency {
    /// All responses.
    pub overall: ResponseTimes,
    /// Share of the responses that paused long enough to be felt, of those that were watched.
    pub stalled_rate: Option<f64>,
    /// The conversations with the most times.
    pub by_conversation: Vec<Group<ResponseTimes>>,
    /// The routes with the most times.
    pub by_route: Vec<Group<ResponseTimes>>,
    /// The connections with the most times.
    pub by_connection: Vec<Group<ResponseTimes>>,
}

/// How the times of some responses are spread.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseTimes {
    /// From the submit to the first token (`ttftSource` stream, dom or api), ms.
    pub ttft_ms: Distribution,
    /// From the submit to the start of the response, where only that was seen (`ttftSource` response.start), ms.
    pub response_start_ms: Distribution,
    /// From the submit to the first token painted, ms.
    pub visible_ms: Distribution,
    /// From the start of the response to its natural end, ms.
    pub duration_ms: Distribution,
    /// From the submit to that end, ms.
    pub total_ms: Distribution,
}

/// [`TurnLatency`] in the making.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LatencyTally {
    overall: Times,
    stalls: Stalls,
    by_conversation: Groups<Times>,
    by_route: Groups<Times>,
    by_connection: Groups<Times>,
}

/// A trend's point of [`TurnLatency`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LatencyPoint {
    /// All responses.
    pub overall: ResponseTimes,
    /// Share of the responses that stalled.
    pub stalled_rate: Option<f64>,
}

/// Times by what was measured, ms.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Times {
    first_token: Vec<f64>,
    response_start: Vec<f64>,
    visible: Vec<f64>,
    duration: Vec<f64>,
    total: Vec<f64>,
}

impl Tally for LatencyTally {
    type Result = TurnLatency;
    type Point = LatencyPoint;

    fn add(&mut self, session: &SessionFacts) {
        self.stalls.merge(&session.stalls);
        for timing in &session.timings {
            self.overall.push(timing);
            let connection = session.connection.as_ref().map(|first| &first.value);
            for (groups, key) in [
                (&mut self.by_conversation, timing.conversation.as_ref()),
                (&mut self.by_route, timing.route.as_ref()),
                (&mut self.by_connection, connection),
            ] {
                if let Some(key) = key {
                    groups.at(key).push(timing);
                }
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.merge_for_point(other);
        self.by_conversation.merge(&other.by_conversation, Times::merge);
        self.by_route.merge(&other.by_route, Times::merge);
        self.by_connection.merge(&other.by_connection, Times::merge);
    }

    fn merge_for_point(&mut self, other: &Self) {
        self.overall.merge(&other.overall);
        self.stalls.merge(&other.stalls);
    }

    fn result(&self, options: &Options) -> TurnLatency {
        let list = |groups: &Groups<Times>| groups.largest(options.limit, Times::count, Times::spread);
        let LatencyPoint { overall, stalled_rate } = self.point();
        TurnLatency {
            overall,
            stalled_rate,
            by_conversation: list(&self.by_conversation),
            by_route: list(&self.by_route),
            by_connection: list(&self.by_connection),
        }
    }

    fn point(&self) -> LatencyPoint {
        LatencyPoint {
            overall: self.overall.spread(),
            stalled_rate: ratio(self.stalls.stalled, self.stalls.observed),
        }
    }
}

impl Times {
    fn of(&mut self, what: What) -> &mut Vec<f64> {
        match what {
            What::FirstToken => &mut self.first_token,
            What::ResponseStart => &mut self.response_start,
            What::Visible => &mut self.visible,
            What::Duration => &mut self.duration,
            What::Total => &mut self.total,
        }
    }

    fn push(&mut self, timing: &Timing) {
        self.of(timing.what).push(timing.ms);
    }

    fn merge(&mut self, other: &Self) {
        self.first_token.extend(&other.first_token);
        self.response_start.extend(&other.response_start);
        self.visible.extend(&other.visible);
        self.duration.extend(&other.duration);
        self.total.extend(&other.total);
    }

    fn count(&self) -> f64 {
        let lists = [&self.first_token, &self.response_start, &self.visible, &self.duration, &self.total];
        lists.into_iter().map(Vec::len).sum::<usize>() as f64
    }

    fn spread(&self) -> ResponseTimes {
        ResponseTimes {
            ttft_ms: Distribution::of(&self.first_token),
            response_start_ms: Distribution::of(&self.response_start),
            visible_ms: Distribution::of(&self.visible),
            duration_ms: Distribution::of(&self.duration),
            total_ms: Distribution::of(&self.total),
        }
    }
}
