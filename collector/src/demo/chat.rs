//! The demo's plain endpoint: one prompt in, one stream of typed JSON frames out.

use std::time::Duration;

use axum::Json;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::script::{self, Step};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    text: String,
}

/// `{messages: [{role, text}]}`, as deep-chat posts it: answers the last one.
pub async fn post_chat(Json(asked): Json<Asked>) -> impl IntoResponse {
    let prompt = asked.messages.last().map_or("", |message| &message.text);
    super::stream_frames(frames(&script::answer(prompt)))
}

fn frames(steps: &[Step]) -> Vec<(Duration, Value)> {
    let run = Uuid::now_v7().simple().to_string();
    let trace =
        json!({"type": "trace", "traceId": run, "spanId": run[16..], "runId": format!("run_{}", &run[20..])});
    let mut frames = vec![(Duration::ZERO, trace)];
    let mut pause = 0;
    let (mut words, mut calls) = (0, 0);
    for step in steps {
        let frame = match step {
            Step::Wait(ms) => {
                pause += ms;
                continue;
            }
            Step::Text(text) => {
                words += 1;
                json!({"type": "text-delta", "delta": text})
            }
            Step::Tool(tool, ms) => {
                calls += 1;
                let id = format!("call_{calls}");
                let start = json!({"type": "tool-call-start", "toolCallId": id, "tool": tool});
                frames.push((Duration::from_millis(pause), start));
                pause = *ms;
                json!({"type": "tool-call-result", "toolCallId": id})
            }
            Step::Products(skus) => json!({"type": "products", "skus": skus}),
            Step::Chips(chips) => json!({"type": "chips", "chips": chips}),
            Step::Handoff(status) => json!({"type": "handoff", "status": status}),
            Step::Rating => json!({"type": "rating"}),
            Step::Failure(code) => {
                let message = "The loft cannot be reached. Please try again.";
                frames.push((
                    Duration::from_millis(pause),
                    json!({"type": "error", "code": code, "message": message}),
                ));
                return frames;
            }
        };
        frames.push((Duration::from_millis(pause), frame));
        pause = 0;
    }
    let usage = json!({"inputTokens": 12, "outputTokens": words});
    frames.push((
        Duration::ZERO,
        json!({"type": "done", "data": {"model": "loft-script-1", "provider": "demo", "usage": usage}}),
    ));
    frames
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(prompt: &str) -> Vec<String> {
        frames(&script::answer(prompt))
            .iter()
            .map(|(_, frame)| frame["type"].as_str().unwrap().into())
            .collect()
    }

    #[test]
    fn a_stream_begins_with_its_trace_and_ends_with_its_usage() {
        let types = types("hello");
        assert_eq!(types.first().map(String::as_str), Some("trace"));
        assert_eq!(types.last().map(String::as_str), Some("done"));
    }

    #[test]
    fn nothing_follows_a_failure() {
        assert_eq!(types("error").last().map(String::as_str), Some("error"));
    }

    #[test]
    fn a_tool_takes_its_time_between_its_two_frames() {
        let frames = frames(&[Step::Wait(5), Step::Tool("t", 70)]);
        assert_eq!((frames[1].0.as_millis(), frames[2].0.as_millis()), (5, 70));
        assert_eq!(frames[1].1["toolCallId"], frames[2].1["toolCallId"]);
    }
}
