//! Every metric equals a slow, obvious reference, on event sets with duplicates, gaps, several currencies, clock skew and
//! hostile values; and equals itself, whichever way the events come to it.

#![cfg(not(target_arch = "wasm32"))]

mod close;
mod generate;
mod golden;
mod reference;
mod types;

use chatvitals::metrics::{
    AbandonmentTally, AgentAssistTally, CsatTally, DeflectionTally, EngagementTally, Event, Events,
    FunnelTally, GmvTally, HandleTimeTally, Interval, LatencyTally, Options, Series, SessionFacts,
    SummaryCounts, Tally, VitalsTally, Window, compute, compute_from_events, is_outcome_event, sessions,
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use close::assert_close;
use generate::{Case, case};

fn read(events: &[Value]) -> Vec<Event> {
    let Events(events) =
        serde_json::from_value(Value::from(events.to_vec())).expect("tolerant of every value");
    events
}

fn options(case: &Case) -> Options {
    Options { group_by_category: true, interval: Some(Interval::Day), ..Options::within(case.window) }
}

/// The metric, and every point of its trend, against a reference of the same sessions.
fn check<T: Tally>(case: &Case, reference: impl Fn(&[reference::Session], bool) -> Value)
where
    T::Result: Serialize,
    T::Point: Serialize,
{
    let options = options(case);
    let report = compute_from_events::<T>(&read(&case.events), &options);
    let chosen = reference::sessions(&case.events, &case.window);
    assert_close(&json(&report.total), &reference(&chosen, true));
    let mut counted = 0;
    for point in &report.trend {
        let step: Vec<_> = chosen
            .iter()
            .filter(|session| session.start.is_some_and(|ms| Interval::Day.start(ms) == point.start))
            .cloned()
            .collect();
        counted += step.len();
        assert_close(&json(&point.value), &reference(&step, false));
    }
    assert_eq!(
        counted,
        chosen.iter().filter(|session| session.start.is_some()).count(),
        "a session is in no step"
    );
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("plain data")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn deflection(case in case()) {
        check::<DeflectionTally>(&case, |sessions, _| reference::deflection(sessions));
    }

    #[test]
    fn csat(case in case()) {
        check::<CsatTally>(&case, |sessions, _| reference::csat(sessions));
    }

    #[test]
    fn handle_time(case in case()) {
        check::<HandleTimeTally>(&case, |sessions, _| reference::handle_time(sessions));
    }

    #[test]
    fn agent_assist(case in case()) {
        check::<AgentAssistTally>(&case, |sessions, _| reference::agent_assist(sessions));
    }

    #[test]
    fn gmv(case in case()) {
        // An order told of on two days is the first day's, so the owner is found among all.
        let owners = reference::owners(&reference::sessions(&case.events, &case.window));
        check::<GmvTally>(&case, |sessions, whole| reference::gmv(sessions, &owners, whole));
    }

    #[test]
    fn vitals(case in case()) {
        check::<VitalsTally>(&case, reference::vitals);
    }

    #[test]
    fn turn_latency(case in case()) {
        check::<LatencyTally>(&case, reference::latency);
    }

    #[test]
    fn funnel(case in case()) {
        check::<FunnelTally>(&case, |sessions, _| reference::funnel(sessions));
    }

    #[test]
    fn abandonment(case in case()) {
        check::<AbandonmentTally>(&case, |sessions, _| reference::abandonment(sessions));
    }

    #[test]
    fn engagement(case in case()) {
        check::<EngagementTally>(&case, reference::engagement);
    }

    #[test]
    fn summary(case in case()) {
        let mut counts = SummaryCounts::default();
        for event in &case.events {
            counts.observe(event["type"].as_str().unwrap_or_default(), &event["properties"].to_string());
        }
        assert_close(&json(&counts.summary()), &reference::summary(&case.events));
    }

    /// The collector's ways: facts kept and read back, one event at a time in order of arrival, series by the hour merged
    /// from parts, windows answered from whole hours and the facts of the hours they cut.
    #[test]
    fn every_way_to_an_answer_gives_the_same_one(case in case(), seed in any::<u64>()) {
        each_way::<DeflectionTally>(&case, seed);
        each_way::<CsatTally>(&case, seed);
        each_way::<HandleTimeTally>(&case, seed);
        each_way::<AgentAssistTally>(&case, seed);
        each_way::<GmvTally>(&case, seed);
        each_way::<VitalsTally>(&case, seed);
        each_way::<LatencyTally>(&case, seed);
        each_way::<FunnelTally>(&case, seed);
        each_way::<AbandonmentTally>(&case, seed);
        each_way::<EngagementTally>(&case, seed);
    }
}

fn each_way<T: Tally>(case: &Case, seed: u64)
where
    T::Result: Serialize,
    T::Point: Serialize,
{
    let options = options(case);
    let events = read(&case.events);
    let facts = sessions(&events);
    let direct = json(&compute::<T>(&facts, &options));

    let shuffled = generate::shuffled(&case.events, seed);
    assert_close(&json(&compute_from_events::<T>(&read(&shuffled), &options)), &direct);

    let stored = serde_json::to_string(&facts).expect("plain data");
    let back: Vec<SessionFacts> = serde_json::from_str(&stored).expect("what was written");
    // Close, not equal: serde_json reads a float to within a unit in its last place.
    assert_close(&json(&compute::<T>(&back, &options)), &direct);

    let arrived = one_by_one(&read(&reference::unique(&shuffled)));
    assert_close(&json(&compute::<T>(&arrived, &options)), &direct);

    let (cut, mut edges) = (options.window.cut_hours(), Series::<T>::default());
    let mut parts = [Series::<T>::default(), Series::default(), Series::default()];
    for (index, session) in facts.iter().enumerate() {
        parts[index % 3].add(session);
        let hour = session.start.map(|start| Interval::Hour.start(start));
        if options.window.contains(session.start) && hour.is_some_and(|hour| cut.contains(&hour)) {
            edges.add(session);
        }
    }
    let [mut whole, second, third] = parts;
    whole.merge(&second);
    whole.merge(&third);
    assert_close(&json(&whole.report_within(&edges, &options)), &direct);
}

/// Facts gathered as a collector does: each stored event is added to its session's facts when it arrives.
fn one_by_one(events: &[Event]) -> Vec<SessionFacts> {
    let mut facts: Vec<SessionFacts> = Vec::new();
    for event in events {
        let id = event.session_id.as_deref();
        let known = facts.iter().position(|session| id.is_some() && session.id.as_deref() == id);
        let index = known.unwrap_or_else(|| {
            facts.push(SessionFacts::new(id));
            facts.len() - 1
        });
        facts[index].add(event);
    }
    facts
}

#[test]
fn no_events_give_no_numbers() {
    let none = json(&chatvitals::metrics::compute_deflection_rate(&[], &Options::default()));
    assert_eq!(
        none,
        json!({
            "rate": null, "containmentRate": null, "deflected": 0, "escalated": 0, "engaged": 0, "sessions": 0,
            "window": {"from": null, "to": null}, "interval": "day", "trend": []
        })
    );
}

#[test]
fn an_hour_that_changed_is_replaced_and_the_others_stay() {
    let hour = 3_600_000;
    let session = |id: &str, at: i64, kind: &str| {
        let mut facts = SessionFacts::new(Some(id));
        facts.add(&Event { kind: Some(kind.into()), timestamp: Some(at), ..Event::default() });
        facts
    };
    let mut series = Series::<DeflectionTally>::default();
    series.add(&session("a", 5, "user_message_sent"));
    series.add(&session("b", hour + 5, "user_message_sent"));
    series.replace(
        hour + 7,
        [&session("b", hour + 5, "handoff_requested"), &session("c", hour + 6, "chat_opened")],
    );
    let total = series.report(&Options::default()).total;
    assert_eq!((total.sessions, total.engaged, total.escalated), (3, 1, 1));
}

#[test]
fn a_segment_is_a_device_a_campaign_and_a_route() {
    let events = read(&[
        json!({"sessionId": "a", "viewId": "1", "type": "page_view", "timestamp": 1, "path": "/shop",
               "context": {"device": {"class": "mobile"}, "campaign": {"campaign": "spring"}}}),
        json!({"sessionId": "b", "viewId": "2", "type": "page_view", "timestamp": 2, "path": "/shop",
               "context": {"device": {"class": "desktop"}}}),
        json!({"sessionId": "c", "viewId": "3", "type": "page_view", "timestamp": 3, "path": "/",
               "context": {"device": {"class": "mobile"}}}),
    ]);
    let visits = |device: Option<&str>, campaign: Option<&str>, route: Option<&str>| {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let mut options = Options::default();
        (options.segment.device, options.segment.campaign, options.segment.route) =
            (own(device), own(campaign), own(route));
        chatvitals::metrics::compute_engagement(&events, &options).total.visits
    };
    assert_eq!(visits(None, None, None), 3);
    assert_eq!(visits(Some("mobile"), None, None), 2);
    assert_eq!(visits(Some("mobile"), None, Some("/shop")), 1);
    assert_eq!(visits(None, Some("spring"), None), 1);
    assert_eq!(visits(Some("tablet"), None, None), 0);
}

#[test]
fn a_trend_has_every_step_of_its_window_and_no_more_than_a_chart_can_show() {
    let steps = |from: i64, to: i64| {
        let window = Window { from: Some(from), to: Some(to) };
        chatvitals::metrics::compute_funnel(&[], &Options::within(window)).trend.len()
    };
    let day = 86_400_000;
    assert_eq!(steps(0, day - 1), 24);
    assert_eq!(steps(0, 30 * day), 31);
    assert_eq!(steps(i64::MIN, i64::MAX), 0);
}

#[test]
fn outcomes_are_those_of_the_catalogue() {
    for def in chatvitals::catalogue::all() {
        assert_eq!(is_outcome_event(def.name), def.outcome, "{}", def.name);
    }
}
