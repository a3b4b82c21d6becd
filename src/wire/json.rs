//! The JSON of the built-in collector: `{events, sentAt, sdk, stats}` (ARCHITECTURE.md, "The wire").

use crate::event::{Event, Turn};
use crate::json::{Object, push_text, push_unsigned};
use crate::queue::Encoded;
use crate::time::push_iso;

/// What a batch body costs besides its events, UTF-8 bytes, at the most.
pub const OVERHEAD: usize = 600;

/// What an event has besides properties, context and dimensions, UTF-8 bytes, as a rule.
const ROOM: usize = 300;

/// One event as JSON.
pub fn event(event: &Event) -> String {
    let Event { id, body, context, dimensions, .. } = event;
    let room = ROOM + body.properties.len() + context.len() + dimensions.len();
    let mut out = String::with_capacity(room);
    // Nothing to escape in ids and times of ours: they are written as they are.
    out.push_str("{\"id\":\"");
    out.push_str(id);
    out.push_str("\",\"type\":");
    push_text(&mut out, body.kind.name());
    out.push_str(",\"timestamp\":\"");
    push_iso(&mut out, event.at);
    out.push('"');
    let mut out = Object::continued(out);
    out.text("sessionId", &event.session_id);
    if let Some(view) = &event.view {
        out.text("viewId", &view.id);
        out.text("path", &view.path);
    }
    turn(&mut out, &body.turn);
    if let Some(rate) = event.sample_rate {
        out.number("sampleRate", rate);
    }
    out.raw("properties", &body.properties);
    for (name, object) in [("context", context), ("dimensions", dimensions)] {
        if object.len() > 2 {
            out.raw(name, object);
        }
    }
    out.finish()
}

fn turn(out: &mut Object, turn: &Turn) {
    if let Some(index) = turn.index {
        let mut number = String::new();
        push_unsigned(&mut number, u64::from(index));
        out.raw("turnIndex", &number);
    }
    let trace = turn.trace.as_deref();
    for (name, value) in [
        ("messageId", turn.message_id.as_deref()),
        ("responseId", turn.response_id.as_deref()),
        ("traceId", trace.map(|trace| trace.trace_id.as_str())),
        ("spanId", trace.and_then(|trace| trace.span_id.as_deref())),
        ("runId", trace.and_then(|trace| trace.run_id.as_deref())),
    ] {
        if let Some(value) = value {
            out.text(name, value);
        }
    }
}

/// A whole body. `stats` is a JSON object; `sent_at` is the wall clock, ms.
pub fn batch(events: &[Encoded], sent_at: f64, stats: &str) -> String {
    let mut out =
        String::with_capacity(events.iter().map(|event| event.json.len() + 1).sum::<usize>() + OVERHEAD);
    out.push_str("{\"events\":[");
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&event.json);
    }
    out.push_str("],\"sentAt\":\"");
    push_iso(&mut out, sent_at);
    out.push_str(concat!(
        "\",\"sdk\":{\"name\":\"chatvitals\",\"version\":\"",
        env!("CARGO_PKG_VERSION"),
        "\"},\"stats\":"
    ));
    out.push_str(stats);
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::SESSION_IDLE;
    use crate::event::{Body, Trace, View};
    use std::rc::Rc;

    fn sample() -> Event {
        Event {
            id: "i".into(),
            body: Body::of(SESSION_IDLE).done(),
            at: 0.0,
            session_id: "s".into(),
            view: None,
            context: "{}".into(),
            dimensions: "{}".into(),
            sample_rate: None,
        }
    }

    #[test]
    fn an_event_has_the_envelope_of_the_contract() {
        assert_eq!(
            event(&sample()),
            r#"{"id":"i","type":"session_idle","timestamp":"1970-01-01T00:00:00.000Z","sessionId":"s","properties":{}}"#
        );
        let trace = Trace { trace_id: "t".into(), span_id: None, run_id: Some("r".into()) };
        let turn = Turn {
            index: Some(2),
            response_id: Some("x".into()),
            trace: Some(trace.into()),
            ..Turn::default()
        };
        let full = Event {
            view: Some(Rc::new(View { id: "v".into(), path: "/p".into(), fields: String::new() })),
            body: Body { turn: turn.into(), ..sample().body },
            context: r#"{"a":1}"#.into(),
            dimensions: r#"{"b":2}"#.into(),
            sample_rate: Some(0.1),
            ..sample()
        };
        let parsed: serde_json::Value = serde_json::from_str(&event(&full)).unwrap();
        assert_eq!(
            parsed,
            serde_json::json!({"id":"i","type":"session_idle","timestamp":"1970-01-01T00:00:00.000Z","sessionId":"s",
                "viewId":"v","path":"/p","turnIndex":2,"responseId":"x","traceId":"t","runId":"r","sampleRate":0.1,
                "properties":{},"context":{"a":1},"dimensions":{"b":2}})
        );
    }

    #[test]
    fn a_batch_is_one_json_object() {
        let encoded = Encoded { json: event(&sample()).into() };
        let body = batch(&[encoded.clone(), encoded], 1_000.0, "{\"captured\":2}");
        let parsed: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(parsed["events"].as_array().unwrap().len(), 2);
        assert_eq!(parsed["sentAt"], "1970-01-01T00:00:01.000Z");
        assert_eq!(parsed["sdk"]["name"], "chatvitals");
        assert_eq!(parsed["stats"]["captured"], 2);
    }
}
