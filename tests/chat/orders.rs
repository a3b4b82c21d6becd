//! Whatever the order of signals: every turn that began ends exactly once, and no time is invented.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Page, Seen};

const SIGNALS: [&str; 24] = [
    "submit",
    "submit",
    "regenerate",
    "responseStarted",
    "responseStarted",
    "firstToken",
    "firstToken",
    "painted",
    "unpainted",
    "chunk",
    "chunk",
    "completed",
    "completed",
    "stop",
    "toolCalled",
    "toolFinished",
    "approvalRequested",
    "error",
    "disconnected",
    "reconnected",
    "threadChanged",
    "trace",
    "action",
    "handoff",
];

/// When the first step happens, ms: late enough for times that go back.
const START: f64 = 20_000.0;

#[derive(Debug, Clone)]
enum Step {
    Signal { signal: &'static str, details: Value },
    Hidden(bool),
    Awake,
    Left,
}

fn details() -> impl Strategy<Value = Value> {
    let id = prop_oneof![Just(Value::Null), Just(json!("a")), Just(json!("b"))];
    let number = prop_oneof![Just(Value::Null), (0..3).prop_map(|n| json!(n))];
    (id.clone(), number, id, any::<bool>(), -50.0..5_000.0f64).prop_map(|(id, stream, other, flag, from)| {
        json!({"responseId": id, "messageId": other, "stream": stream, "willRetry": flag, "toolName": "t",
            "toolCallId": id, "conversationId": other, "errorCode": "E", "shown": flag, "from": from, "count": 2,
            "status": if flag { "requested" } else { "accepted" }, "action": "copy",
            "traceId": "0af7651916cd43dd8448eb211c80319c"})
    })
}

/// A step, and how much later than the one before it happens; clients with queues of their own tell some things late.
fn step() -> impl Strategy<Value = (f64, Step)> {
    let signal = (prop::sample::select(&SIGNALS[..]), details())
        .prop_map(|(signal, details)| Step::Signal { signal, details });
    let step = prop_oneof![
        20 => signal,
        1 => any::<bool>().prop_map(Step::Hidden),
        1 => Just(Step::Awake),
        1 => Just(Step::Left),
    ];
    (prop_oneof![8 => 0.0..500.0f64, 1 => -200.0..0.0f64, 1 => 2_000.0..9_000.0f64], step)
}

/// The turn of one chat, as its events tell.
#[derive(Default)]
struct Told {
    open: Option<u32>,
    started: bool,
    first_token: bool,
}

impl Told {
    fn hear(&mut self, event: &Seen) {
        match event.name {
            "user_message_sent" | "regenerate_requested" => {
                assert_eq!(self.open, None, "{event:?} before the turn ended");
                *self = Told { open: event.turn, ..Told::default() };
                assert!(self.open.is_some());
            }
            "assistant_response_started" => {
                assert!(!self.started || self.open.is_none(), "{event:?}: started twice");
                let first_token = self.open.is_some() && self.first_token;
                *self = Told { open: event.turn, started: true, first_token };
            }
            "assistant_response_first_token" => {
                assert_eq!(self.open, event.turn, "{event:?} outside its turn");
                assert!(!std::mem::replace(&mut self.first_token, true), "{event:?}: first twice");
            }
            "assistant_response_completed" | "turn_abandoned" => {
                assert!(self.open.is_some(), "{event:?} of a turn that did not begin, or a second end");
                assert_eq!(self.open.take(), event.turn);
                if event.name == "turn_abandoned" {
                    let phase = if self.first_token { "streaming" } else { "before_first_token" };
                    assert_eq!(event.properties["phase"], phase);
                }
            }
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn every_turn_ends_once_and_no_time_is_invented(steps in prop::collection::vec(step(), 1..60)) {
        let mut page = Page::default();
        let mut told = Told::default();
        let (mut now, mut latest) = (START, START);
        for (wait, step) in steps.into_iter().chain([(1.0, Step::Left)]) {
            now += wait;
            latest = latest.max(now);
            match step {
                Step::Signal { signal, details } => page.tell_chat("", now, signal, details),
                Step::Hidden(hidden) => page.chats.set_hidden(hidden, now),
                Step::Awake => page.chats.tick(now),
                Step::Left => page.chats.leave(now),
            }
            for event in page.events() {
                told.hear(&event);
                check_times(&event, latest);
            }
        }
        prop_assert_eq!(told.open, None);
    }
}

fn check_times(event: &Seen, latest: f64) {
    for name in [
        "ttftMs",
        "visibleMs",
        "durationMs",
        "totalMs",
        "waitedMs",
        "waitMs",
        "outageMs",
        "longestStallMs",
        "hiddenMs",
    ] {
        if let Some(ms) = event.number(name) {
            assert!((0.0..=latest).contains(&ms), "{name} of {event:?}");
        }
    }
    assert!(event.at <= latest, "{event:?} is in the future");
}
