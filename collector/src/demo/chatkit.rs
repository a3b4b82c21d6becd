//! The demo's ChatKit server: the protocol of chatkit-python, as far as the page uses it. Threads are not kept.

use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::script::{self, Step};

#[derive(Deserialize)]
pub struct Request {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    params: Value,
}

/// One address for everything: `{type, params}`. What makes the assistant speak streams, the rest is answered at once.
pub async fn post_chatkit(Json(Request { kind, params }): Json<Request>) -> Response {
    let prompt = match kind.as_str() {
        "threads.create" | "threads.add_user_message" => {
            params["input"]["content"][0]["text"].as_str().unwrap_or_default()
        }
        "threads.retry_after_item" => "a light breeze",
        "threads.custom_action" => match params["action"]["type"].as_str() {
            Some("kite.order") => "order",
            _ => "hello",
        },
        "threads.get_by_id" => {
            return Json(json!({"id": params["thread_id"], "items": {"data": []}})).into_response();
        }
        _ => return Json(json!({})).into_response(),
    };
    let mut events = Vec::new();
    if kind == "threads.create" {
        let thread = json!({"id": format!("thr_{}", id()), "status": {"type": "active"}});
        events.push((Duration::ZERO, json!({"type": "thread.created", "thread": thread})));
    }
    events.extend(answer(&script::answer(prompt)));
    super::stream_frames(events).into_response()
}

fn id() -> String {
    Uuid::now_v7().simple().to_string()[20..].into()
}

fn answer(steps: &[Step]) -> Vec<(Duration, Value)> {
    let message = format!("msg_{}", id());
    let mut out = Vec::new();
    let mut text = String::new();
    let mut pause = Duration::ZERO;
    for step in steps {
        let event = match step {
            Step::Wait(ms) => {
                pause += Duration::from_millis(*ms);
                continue;
            }
            Step::Text(delta) => {
                if text.is_empty() {
                    let item = json!({"id": message, "type": "assistant_message", "content": []});
                    out.push((
                        std::mem::take(&mut pause),
                        json!({"type": "thread.item.added", "item": item}),
                    ));
                }
                text.push_str(delta);
                let update = json!({"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": delta});
                json!({"type": "thread.item.updated", "item_id": message, "update": update})
            }
            Step::Tool(name, ms) => {
                let id = format!("wf_{}", id());
                let task = |status: &str| json!({"type": "custom", "title": name.replace('_', " "), "status_indicator": status});
                let workflow = |status: &str| json!({"id": id, "type": "workflow", "workflow": {"type": "custom", "tasks": [task(status)]}});
                out.push((
                    std::mem::take(&mut pause),
                    json!({"type": "thread.item.added", "item": workflow("loading")}),
                ));
                pause = Duration::from_millis(*ms);
                json!({"type": "thread.item.done", "item": workflow("complete")})
            }
            Step::Products(skus) => {
                let cards: Vec<_> = skus.iter().map(|sku| card(sku)).collect();
                let widget = json!({"type": "ListView", "children": cards});
                json!({"type": "thread.item.done", "item": {"id": format!("wig_{}", id()), "type": "widget", "widget": widget}})
            }
            Step::Handoff(status) => {
                json!({"type": "progress_update", "text": format!("A person from the loft: {status}")})
            }
            Step::Failure(code) => json!({"type": "error", "code": code, "allow_retry": true}),
            Step::Chips(_) | Step::Rating => continue,
        };
        out.push((std::mem::take(&mut pause), event));
    }
    if !text.is_empty() && !steps.iter().any(|step| matches!(step, Step::Failure(_))) {
        let content = json!([{"type": "output_text", "text": text.trim_end(), "annotations": []}]);
        let item = json!({"id": message, "type": "assistant_message", "content": content});
        out.push((Duration::ZERO, json!({"type": "thread.item.done", "item": item})));
    }
    out
}

fn card(sku: &str) -> Value {
    let name = sku[..1].to_uppercase() + &sku[1..];
    let action = json!({"type": "kite.order", "payload": {"sku": sku}});
    json!({"type": "Card", "children": [
        {"type": "Row", "children": [
            {"type": "Image", "src": format!("/art/{sku}.svg"), "alt": ""},
            {"type": "Title", "value": name},
        ]},
        {"type": "Button", "label": format!("Order {name}"), "onClickAction": action},
    ]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_added_updated_and_done() {
        let kinds: Vec<_> = answer(&[Step::Text("a ".into()), Step::Text("b".into())])
            .into_iter()
            .map(|(_, event)| event["type"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            kinds,
            ["thread.item.added", "thread.item.updated", "thread.item.updated", "thread.item.done"]
        );
    }

    #[test]
    fn a_failed_message_is_never_done() {
        let events = answer(&script::answer("error"));
        assert_eq!(events.last().map(|(_, event)| event["type"].clone()), Some(json!("error")));
    }
}
