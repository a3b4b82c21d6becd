//! What is taken out of an event before it leaves: secrets by the names of their keys, content unless it is let in,
//! and what URLs carry. The last step; nothing is added after it.

use super::url;
use crate::catalogue::{EventDef, FieldKind, Presence};
use crate::event::{Body, Event, Kind};
use crate::json::{self, Elements, Object, elements, members};

/// What stands in the place of a secret.
pub const REDACTED: &str = "\"[REDACTED]\"";

/// Keys that hold secrets when they contain one of these, in any case.
const SECRET_KEYS: [&str; 7] =
    ["token", "apikey", "secret", "password", "authorization", "credential", "cookie"];

/// How deep a value may nest; deeper parts are cut off.
const MAX_DEPTH: usize = 32;

/// Redacts an event. Every part is named here, so that a new one does not compile until somebody has decided about it.
pub fn redact(event: Event, include_content: bool, allow_query: &[String]) -> Event {
    let Event { id, body, at, session_id, view, context, dimensions, sample_rate } = event;
    let Body { kind, properties, turn } = body;
    let properties = match &kind {
        Kind::Known(def) => known(def, properties, include_content, allow_query),
        Kind::Custom(_) => custom(&properties),
    };
    Event {
        // The turn is ids and numbers.
        body: Body { kind, properties, turn },
        context: custom(&context),
        dimensions: custom(&dimensions),
        // Ours, made from nothing a person wrote; the view's path is cleaned when the view begins.
        id,
        at,
        session_id,
        view,
        sample_rate,
    }
}

/// The tracker's own properties: named by the catalogue, so their keys are no secrets (`ttftMs`, `firstTokenMs`).
fn known(def: &EventDef, properties: String, include_content: bool, allow_query: &[String]) -> String {
    let content = !include_content && def.has_content();
    let urls = def.fields.iter().any(|field| field.kind == FieldKind::Url);
    if !content && !urls {
        return properties;
    }
    let mut out = Object::new();
    for (name, value) in members(&properties) {
        let field = def.field(name);
        if content && field.is_some_and(|field| field.presence == Presence::Content) {
            continue;
        }
        match json::text(value) {
            Some(address) if field.is_some_and(|field| field.kind == FieldKind::Url) => {
                out.text(name, &url::clean(&address, allow_query));
            }
            _ => out.raw_member(name, value),
        }
    }
    out.finish()
}

/// What a site made: any key may hold a secret, at any depth.
pub fn custom(object: &str) -> String {
    if object.len() <= 2 {
        return "{}".into();
    }
    let mut out = String::with_capacity(object.len());
    push_redacted(&mut out, object, 0);
    out
}

fn push_redacted(out: &mut String, value: &str, depth: usize) {
    match value.as_bytes().first() {
        Some(b'{' | b'[') if depth >= MAX_DEPTH => out.push_str("null"),
        Some(b'{') => {
            let mut separator = "{";
            for (name, value) in members(value) {
                out.push_str(separator);
                separator = ",";
                out.push('"');
                out.push_str(name);
                out.push_str("\":");
                if is_secret_key(name) {
                    out.push_str(REDACTED);
                } else {
                    push_redacted(out, value, depth + 1);
                }
            }
            out.push_str(if separator == "{" { "{}" } else { "}" });
        }
        Some(b'[') => push_elements(out, elements(value), depth),
        Some(b'"') => out.push_str(value),
        _ => out.push_str(value),
    }
}

fn push_elements(out: &mut String, all: Elements, depth: usize) {
    out.push('[');
    for (at, element) in all.enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_redacted(out, element, depth + 1);
    }
    out.push(']');
}

/// Whether a key names a secret. Separators are passed over: `api_key`, `api-key` and `apiKey` are one.
fn is_secret_key(escaped: &str) -> bool {
    let unescaped;
    let name = if escaped.contains('\\') {
        let mut quoted = String::from("\"");
        quoted.push_str(escaped);
        quoted.push('"');
        unescaped = json::text(&quoted).unwrap_or_default();
        &unescaped
    } else {
        escaped
    };
    let letters: Vec<u8> = name
        .bytes()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    SECRET_KEYS.iter().any(|secret| letters.windows(secret.len()).any(|window| window == secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{ASSISTANT_RESPONSE_FIRST_TOKEN, OUTBOUND_CLICK, USER_MESSAGE_SENT};

    #[test]
    fn secrets_are_taken_out_at_any_depth_and_in_any_spelling() {
        let given =
            r#"{"a":1,"Api_Key":"k","deep":[{"x":{"sessionTOKEN":{"y":1}}},2],"pass\u0077ord":"p","n":null}"#;
        assert_eq!(
            custom(given),
            r#"{"a":1,"Api_Key":"[REDACTED]","deep":[{"x":{"sessionTOKEN":"[REDACTED]"}},2],"pass\u0077ord":"[REDACTED]","n":null}"#
        );
        assert_eq!(custom("{}"), "{}");
    }

    #[test]
    fn content_stays_out_unless_it_is_let_in() {
        let body = Body::of(USER_MESSAGE_SENT)
            .number("turnIndex", 0.0)
            .number("charCount", 2.0)
            .text("text", "hi")
            .done();
        assert_eq!(
            known(USER_MESSAGE_SENT, body.properties.clone(), false, &[]),
            r#"{"turnIndex":0,"charCount":2}"#
        );
        assert_eq!(known(USER_MESSAGE_SENT, body.properties.clone(), true, &[]), body.properties);
    }

    #[test]
    fn the_trackers_own_names_are_no_secrets() {
        let def = ASSISTANT_RESPONSE_FIRST_TOKEN;
        let body =
            Body::of(def).number("turnIndex", 0.0).number("ttftMs", 12.5).text("ttftSource", "stream").done();
        assert_eq!(known(def, body.properties.clone(), false, &[]), body.properties);
    }

    #[test]
    fn urls_lose_their_query_and_fragment() {
        let body = Body::of(OUTBOUND_CLICK).text("href", "https://a.example/x?q=me&utm_source=y#z").done();
        assert_eq!(
            known(OUTBOUND_CLICK, body.properties, false, &[]),
            r#"{"href":"https://a.example/x?utm_source=y"}"#
        );
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        let object = String::from("{\"a\":") + &deep + "}";
        assert!(custom(&object).len() < 200);
    }
}
