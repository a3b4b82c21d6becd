//! Event sets as bad as a collector will see.

use chatvitals::metrics::Window;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const DAY: i64 = 86_400_000;
/// 2026-11-16.
const MONDAY: i64 = 1_794_787_200_000;

/// Events, and the window they are asked about. Each event carries its time once more as `_ms`, for the reference.
#[derive(Debug, Clone)]
pub struct Case {
    pub events: Vec<Value>,
    pub window: Window,
}

pub fn case() -> impl Strategy<Value = Case> {
    let copies = prop::collection::vec(any::<prop::sample::Index>(), 0..12);
    // Days, a day, or three hours: sessions of one hour, and windows that cut through it, have to be met too.
    let scale = select(vec![1, 4, 32]);
    (prop::collection::vec(event(), 0..60), copies, window(), scale).prop_map(
        |(mut events, copies, window, scale)| {
            for (index, event) in events.iter_mut().enumerate() {
                name_and_date(index, scale, event);
            }
            let again: Vec<Value> =
                copies.iter().filter(|_| !events.is_empty()).map(|copy| copy.get(&events).clone()).collect();
            // Only what has an id can be known again.
            events.extend(again.into_iter().filter(|event| event["id"].is_string()));
            let scaled = |end: Option<i64>| end.map(|end| MONDAY + (end - MONDAY) / scale);
            Case { events, window: Window { from: scaled(window.from), to: scaled(window.to) } }
        },
    )
}

fn window() -> impl Strategy<Value = Window> {
    let time = || prop::option::of(MONDAY - DAY..MONDAY + 5 * DAY);
    (time(), time()).prop_map(|(from, to)| match from.zip(to) {
        Some((a, b)) => Window { from: Some(a.min(b)), to: Some(a.max(b)) },
        None => Window { from, to },
    })
}

/// In another order.
pub fn shuffled(events: &[Value], seed: u64) -> Vec<Value> {
    let mut keyed: Vec<(u64, &Value)> = events
        .iter()
        .enumerate()
        .map(|(index, event)| {
            (
                (index as u64 + 1).wrapping_mul(seed | 1).rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                event,
            )
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, event)| event.clone()).collect()
}

/// Its own id (one in eight has none) and a time of its own to the millisecond: an order that does not hang on luck.
fn name_and_date(index: usize, scale: i64, event: &mut Value) {
    if index % 8 != 7 {
        event["id"] = json!(format!("e{index}"));
    }
    if let Some(ms) = event["_ms"].as_i64() {
        let near = (MONDAY..MONDAY + 4 * DAY).contains(&ms);
        let ms = if near { MONDAY + (ms - MONDAY) / scale } else { ms };
        let ms = ms / 1000 * 1000 + index as i64;
        event["_ms"] = json!(ms);
        event["timestamp"] = if index.is_multiple_of(5) { json!(ms) } else { json!(iso(ms)) };
    }
}

fn iso(ms: i64) -> String {
    let mut text = String::new();
    chatvitals::time::push_iso(&mut text, ms as f64);
    text
}

fn event() -> impl Strategy<Value = Value> {
    (
        prop::option::weighted(0.93, select(vec!["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"])),
        body(),
        prop_oneof![
            20 => (0..4 * DAY).prop_map(|after| json!(MONDAY + after)),
            // A clock that is wrong by years, and one that says nothing.
            1 => Just(json!(1_000_000)),
            1 => Just(json!(MONDAY + 400 * DAY)),
            1 => select(vec![json!("yesterday"), json!(null), json!({}), json!("2026-13-40T00:00:00Z")]),
        ],
        0..6usize,
        prop::option::weighted(0.3, prop_oneof![select(vec![json!(0.5), json!(0.1), json!(1)]), hostile()]),
        prop::option::of(select(vec!["c1", "c2", "c3"])),
    )
        .prop_map(|(session, (kind, properties), time, view, rate, conversation)| {
            let mut event = Map::new();
            event.insert("type".into(), json!(kind));
            event.insert("properties".into(), properties);
            match time.as_i64() {
                Some(ms) => event.insert("_ms".into(), json!(ms)),
                None => event.insert("timestamp".into(), time),
            };
            if let Some(session) = session {
                event.insert("sessionId".into(), json!(session));
            }
            if view > 0 {
                // One view has one route, and views are not shared by sessions.
                event.insert("viewId".into(), json!(format!("v{view}-{}", session.unwrap_or("-"))));
                event.insert("path".into(), json!(["/", "/shop", "/help"][view % 3]));
            }
            if let Some(rate) = rate {
                event.insert("sampleRate".into(), rate);
            }
            if let Some(conversation) = conversation {
                event.insert("dimensions".into(), json!({"conversationId": conversation}));
            }
            if view % 2 == 1 {
                event.insert(
                    "context".into(),
                    json!({"device": {"connection": if view == 5 { "3g" } else { "4g" }}}),
                );
            }
            Value::Object(event)
        })
}

/// A type of event with properties, some of which are missing or hostile.
fn body() -> impl Strategy<Value = (&'static str, Value)> {
    let score = || {
        properties(vec![
            ("score", number(0, 11)),
            ("maxScore", select(vec![json!(5), json!(10), json!(1)]).boxed()),
        ])
    };
    let purchase = || {
        let item = properties(vec![
            ("category", select(vec![json!("kites"), json!("lines")]).boxed()),
            ("quantity", number(1, 4)),
            ("unitPrice", number(1, 90)),
        ]);
        let items = prop::collection::vec(prop_oneof![9 => item, 1 => hostile()], 0..3).prop_map(Value::from);
        properties(vec![
            ("orderId", select(vec![json!("o1"), json!("o2"), json!("o3"), json!("o4")]).boxed()),
            ("revenue", (0..50_000i64).prop_map(|cents| json!(cents as f64 / 100.0)).boxed()),
            (
                "currency",
                select(vec![json!("EUR"), json!("eur"), json!("USD"), json!("JPY"), json!("EURO")]).boxed(),
            ),
            ("items", items.boxed()),
        ])
    };
    let turn = |kind: &'static str, fields: Vec<(&'static str, BoxedStrategy<Value>)>| {
        (Just(kind), properties(fields))
    };
    let reasons = vec![json!("natural"), json!("natural"), json!("stopped"), json!("errored")];
    let view = vec![("engagedMs", number(0, 30_000)), ("maxScrollPercent", number(0, 130))];
    prop_oneof![
        1 => turn("session_started", vec![]),
        1 => turn("session_ended", vec![("durationMs", number(0, 4_000_000)), ("userTurnCount", number(0, 2)), ("assistantTurnCount", number(0, 2))]),
        1 => turn("chat_opened", vec![]),
        1 => turn("message_impression", vec![]),
        1 => turn("suggestion_chip_clicked", vec![]),
        1 => turn("tool_approval_resolved", vec![("approved", any::<bool>().prop_map(Value::from).boxed())]),
        2 => turn("user_message_sent", vec![]),
        1 => turn("assistant_response_started", vec![]),
        2 => turn("assistant_response_first_token", vec![
            ("ttftMs", number(0, 9000)),
            ("ttftSource", select(vec![json!("stream"), json!("dom"), json!("response.start")]).boxed()),
            ("visibleMs", number(0, 9000)),
        ]),
        2 => turn("assistant_response_completed", vec![
            ("finishReason", select(reasons).boxed()),
            ("durationMs", number(0, 90_000)),
            ("totalMs", number(0, 90_000)),
            ("stallCount", number(0, 3)),
        ]),
        2 => turn("turn_abandoned", vec![
            ("phase", select(vec![json!("before_first_token"), json!("streaming")]).boxed()),
            ("waitedMs", number(0, 60_000)),
        ]),
        1 => turn("handoff_requested", vec![]),
        1 => turn("handoff_converted", vec![]),
        2 => turn("resolution_submitted", vec![
            ("escalated", any::<bool>().prop_map(Value::from).boxed()),
            ("resolved", any::<bool>().prop_map(Value::from).boxed()),
        ]),
        1 => turn("resolution_without_escalation", vec![]),
        2 => (Just("csat_submitted"), score()),
        3 => (Just("purchase_completed"), purchase()),
        2 => turn("page_view", vec![]),
        2 => turn("page_leave", view.clone()),
        1 => turn("page_engagement", view),
        1 => turn("scroll_depth", vec![("percent", select(vec![json!(25), json!(100)]).boxed())]),
        4 => turn("web_vital", vec![
            ("name", select(vec![json!("LCP"), json!("CLS"), json!("INP"), json!("TTFB"), json!("XYZ")]).boxed()),
            ("value", prop_oneof![number(0, 6000), (0..100i64).prop_map(|v| json!(v as f64 / 100.0))].boxed()),
            ("id", (0..6i64).prop_map(|id| json!(format!("m{id}"))).boxed()),
        ]),
        1 => turn("custom_thing", vec![("score", number(0, 5)), ("revenue", number(0, 5))]),
    ]
}

fn number(from: i64, to: i64) -> BoxedStrategy<Value> {
    (from..to).prop_map(|number| json!(number)).boxed()
}

fn hostile() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(-1),
        json!(-0.5),
        json!(1e300),
        json!(1e-300),
        json!(u64::MAX),
        json!("7"),
        json!(""),
        json!("<b>"),
        json!(true),
        json!([]),
        json!([1, {"score": 3}]),
        json!({}),
        json!({"a": {"b": []}}),
    ])
}

/// An object of these fields: mostly there, sometimes missing, sometimes hostile; rarely no object at all.
fn properties(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, good)| {
            prop_oneof![16 => good.prop_map(Some), 1 => Just(None), 1 => hostile().prop_map(Some)]
                .prop_map(move |value| (name, value))
        })
        .collect();
    let object = fields.prop_map(|fields| {
        let known = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(known.collect())
    });
    prop_oneof![30 => object, 1 => hostile()].boxed()
}
