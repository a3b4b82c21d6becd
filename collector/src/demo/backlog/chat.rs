//! The chat of a visit: turns with their waits, tools and mishaps, and how it ended.

use serde_json::json;

use super::story::Story;
use super::visit;

/// The assistant's tools: name, median ms, share of failures.
const TOOLS: [(f64, (&str, f64, f64)); 4] = [
    (5.0, ("search_kites", 240.0, 0.02)),
    (3.0, ("wind_forecast", 900.0, 0.17)),
    (2.0, ("check_stock", 120.0, 0.01)),
    (1.0, ("order_status", 480.0, 0.05)),
];

/// Tells a whole chat; gives how often the visitor and the assistant spoke.
pub fn tell(story: &mut Story, slowness: f64) -> (u32, u32) {
    story.tell("chat_opened", json!({}));
    let typing = story.random.duration(6_000.0, 0.5);
    story.wait(typing);
    if story.random.chance(0.14) {
        story.tell("chat_closed", json!({}));
        return (0, 0);
    }
    let turns = 1 + story.random.below(5) as u32;
    let (mut asked, mut answered) = (0, 0);
    for turn in 0..turns {
        story.turn(Some(turn));
        asked += 1;
        if !take_turn(story, turn, slowness) {
            break;
        }
        answered += 1;
        let reading = story.random.duration(12_000.0, 0.6);
        story.wait(reading);
    }
    story.turn(None);
    end(story, answered);
    (asked, answered)
}

/// One question and its answer; `false` when the visitor gave up.
fn take_turn(story: &mut Story, turn: u32, slowness: f64) -> bool {
    let sent = story.now;
    let length = 12 + story.random.below(120);
    story.tell("user_message_sent", json!({ "turnIndex": turn, "charCount": length, "attachmentCount": 0 }));
    story.wait(60.0);
    story.tell("assistant_response_started", json!({ "turnIndex": turn }));
    if story.random.chance(0.4) {
        use_tool(story, turn);
    }
    // The assistant is slower where the guide is read: its pages are long.
    let reading = if story.path() == "/guide/" { 1.8 } else { 1.0 };
    let first = story.random.duration(620.0 * reading * slowness.sqrt(), 0.55);
    if first > 2_500.0 && story.random.chance(0.35) {
        story.wait(first * 0.8);
        let waited = story.now - sent;
        story.tell(
            "turn_abandoned",
            json!({ "turnIndex": turn, "phase": "before_first_token", "waitedMs": waited }),
        );
        return false;
    }
    story.wait(first);
    let ttft = story.now - sent;
    story.tell(
        "assistant_response_first_token",
        json!({ "turnIndex": turn, "ttftMs": ttft, "ttftSource": "stream", "visibleMs": ttft + 24 }),
    );
    if story.random.chance(0.5) {
        let id = story.random.below(u64::MAX / 2);
        story.tell("trace_linked", json!({ "traceId": format!("{id:032x}"), "spanId": format!("{:016x}", id >> 1), "propagated": true }));
    }
    finish(story, turn, sent)
}

fn use_tool(story: &mut Story, turn: u32) {
    let (name, median, failing) = *story.random.pick(&TOOLS);
    let took = story.random.duration(median, 0.6);
    story.wait(took);
    let failed = story.random.chance(failing);
    let mut call = json!({ "toolName": name, "toolCallId": format!("call-{turn}"), "durationMs": took, "success": !failed });
    if failed {
        call["errorCode"] = json!(if took > median { "timeout" } else { "upstream_unavailable" });
    }
    story.tell("tool_executed", call);
}

/// The stream after its first token; `false` when it did not come to its end.
fn finish(story: &mut Story, turn: u32, sent: i64) -> bool {
    let started = story.now;
    let stalls = u32::from(story.random.chance(0.09)) + u32::from(story.random.chance(0.02));
    let longest = if stalls > 0 { story.random.between(2_000.0, 7_000.0).round() } else { 0.0 };
    let streaming = story.random.duration(2_600.0, 0.5);
    let dropped = story.random.chance(0.025);
    if dropped {
        story.tell("transport_disconnected", json!({ "willRetry": true }));
        let outage = story.random.duration(900.0, 0.7);
        story.wait(outage);
        story.tell("transport_reconnected", json!({ "outageMs": outage }));
    }
    story.wait(streaming + longest);
    let reason = *story.random.pick(&[(94.0, "natural"), (3.5, "stopped"), (2.5, "errored")]);
    if stalls > 0 {
        story.tell(
            "response_stalled",
            json!({ "turnIndex": turn, "stallCount": stalls, "longestStallMs": longest }),
        );
    }
    let (duration, total) = (story.now - started, story.now - sent);
    let mut completed = json!({
        "turnIndex": turn, "durationMs": duration, "totalMs": total, "finishReason": reason,
        "chunkCount": 20 + duration / 60, "stallCount": stalls, "longestStallMs": longest, "model": "kite-1",
    });
    if reason == "errored" {
        completed["errorCode"] = json!("model_overloaded");
    }
    story.tell("assistant_response_completed", completed);
    match reason {
        "stopped" => story.tell("stream_stopped", json!({ "turnIndex": turn })),
        "errored" => {
            story.tell("error_shown", json!({ "errorCode": "model_overloaded", "severity": "error" }))
        }
        _ if story.random.chance(0.12) => {
            let action =
                *story.random.pick(&[(4.0, "copy"), (3.0, "feedback.positive"), (1.0, "feedback.negative")]);
            story.tell("message_action", json!({ "action": action }));
        }
        _ => {}
    }
    reason != "errored" || story.random.chance(0.5)
}

/// How the conversation came out.
fn end(story: &mut Story, answered: u32) {
    let happy = answered > 0 && story.random.chance(0.78);
    let escalated = !happy && story.random.chance(0.6);
    if escalated {
        story.tell("handoff_requested", json!({ "reason": "asked_for_human" }));
        let wait = story.random.duration(45_000.0, 0.6);
        story.wait(wait);
        if story.random.chance(0.8) {
            story.tell("handoff_converted", json!({ "waitMs": wait }));
            let talk = story.random.duration(240_000.0, 0.5);
            story.wait(talk);
            story.tell("handoff_completed", json!({ "durationMs": talk }));
        }
    }
    if story.random.chance(0.55) {
        story.tell("resolution_submitted", json!({ "escalated": escalated }));
        if !escalated && happy {
            story.tell("resolution_without_escalation", json!({}));
        }
    }
    if story.random.chance(0.34) {
        let scores: &[(f64, u32)] = match happy {
            true => &[(1.0, 3), (5.0, 4), (7.0, 5)],
            false => &[(4.0, 1), (3.0, 2), (2.0, 3), (1.0, 4)],
        };
        let score = *story.random.pick(scores);
        story.tell("csat_submitted", json!({ "score": score, "maxScore": 5 }));
    }
    if happy && story.random.chance(0.16) {
        let order = format!("order-{}", story.events[0]["sessionId"].as_str().unwrap_or_default());
        let bought = visit::purchase(story, &order);
        story.tell("purchase_completed", bought);
    }
    story.tell("chat_closed", json!({}));
}
