//! What is taken out of an event before it leaves: secrets by the names of their keys and by what they look like, content
//! unless it is let in, and what URLs carry. The last step; nothing is added after it.

use super::dimensions::RESERVED;
use super::secrets::{REDACTED, is_secret_name, scrub};
use super::url;
use crate::catalogue::{EventDef, Field, FieldKind, Presence};
use crate::event::{Body, Event, Kind, View};
use crate::json::{self, elements, members, push_text};
use crate::text::holds;

/// How deep a value may nest; deeper parts are cut off.
const MAX_DEPTH: usize = 32;

/// Redacts an event. Every part is named here, so that a new one does not compile until somebody has decided about it.
///
/// `allow_query`: query parameters that are kept in addresses, besides those known to be harmless.
pub fn redact(event: &mut Event, include_content: bool, allow_query: &[String]) {
    // Ids, times, session and rate are ours, made from nothing a person wrote.
    let Event { id: _, body, at: _, session_id: _, view, context, dimensions, sample_rate: _ } = event;
    // The turn's ids are the chat's own.
    let Body { kind, properties, turn: _ } = body;
    *properties = match kind {
        Kind::Known(def) => known(def, properties, include_content, allow_query),
        Kind::Custom(name) => {
            if let Some(clean) = scrub(name, true) {
                *name = clean;
            }
            custom(properties)
        }
    };
    if let Some(shown) = view
        && let Some(path) = scrub(&shown.path, true)
    {
        // The fields are in the event's context already.
        *view = Some(View { id: shown.id.clone(), path, fields: String::new() }.into());
    }
    *context = custom(context);
    *dimensions = Redactor::over(dimensions, allow_query, |name, _| {
        if RESERVED.contains(&name) { Look::Ours } else { Look::Site }
    });
}

/// How a member is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// It is left out.
    Away,
    /// The tracker found it out by itself.
    Ours,
    /// Ours, a name or an identifier: long numbers in it are no card numbers.
    Name,
    /// Ours, written by somebody for people to read.
    Prose,
    /// Ours, an address.
    Url,
    /// Made by the site: its keys may name secrets, too.
    Site,
}

/// The tracker's own properties: named by the catalogue, so their keys are no secrets (`ttftMs`, `firstTokenMs`).
/// Through `track` a site can send them too, and anything else beside them; that is looked at as the site's.
fn known(def: &EventDef, properties: &str, include_content: bool, allow_query: &[String]) -> String {
    Redactor::over(properties, allow_query, |name, value| match def.field(name) {
        None => Look::Site,
        Some(field) if field.presence == Presence::Content && !include_content => Look::Away,
        Some(field) if is_of(field.kind, value) => look_at(field),
        Some(_) => Look::Site,
    })
}

fn look_at(field: &Field) -> Look {
    match (field.kind, field.presence) {
        (FieldKind::Number | FieldKind::Count | FieldKind::Boolean, _) => Look::Ours,
        (FieldKind::Url, _) => Look::Url,
        (FieldKind::Text, Presence::Content) => Look::Prose,
        (_, Presence::Content) => Look::Site,
        _ if matches!(field.name, "title" | "path") => Look::Prose,
        _ => Look::Name,
    }
}

/// Whether a value has the type the catalogue gives it.
fn is_of(kind: FieldKind, value: &str) -> bool {
    let first = value.as_bytes().first().copied().unwrap_or_default();
    match kind {
        FieldKind::Text | FieldKind::Url => first == b'"',
        FieldKind::Number | FieldKind::Count => first == b'-' || first.is_ascii_digit(),
        FieldKind::Boolean => first == b't' || first == b'f',
        FieldKind::List => first == b'[',
        FieldKind::Object => first == b'{',
    }
}

/// What a site made: any key and any value may be a secret, at any depth.
pub fn custom(object: &str) -> String {
    Redactor::over(object, &[], |_, _| Look::Site)
}

/// Writes an object without what may not leave.
struct Redactor<'a> {
    out: String,
    allow_query: &'a [String],
}

impl Redactor<'_> {
    fn over(object: &str, allow_query: &[String], look: impl Fn(&str, &str) -> Look) -> String {
        let mut redactor = Redactor { out: String::with_capacity(object.len()), allow_query };
        redactor.push_members(object, 0, &look);
        redactor.out
    }

    fn push_members(&mut self, object: &str, depth: usize, look: &dyn Fn(&str, &str) -> Look) {
        self.out.push('{');
        let start = self.out.len();
        for (name, value) in members(object) {
            let look = look(name, value);
            if look == Look::Away {
                continue;
            }
            if self.out.len() > start {
                self.out.push(',');
            }
            let is_secret = look == Look::Site && is_secret_key(name);
            self.push_string(name, if look == Look::Site { look } else { Look::Ours });
            self.out.push(':');
            if is_secret {
                push_text(&mut self.out, REDACTED);
            } else {
                self.push_value(value, depth + 1, look);
            }
        }
        self.out.push('}');
    }

    fn push_value(&mut self, value: &str, depth: usize, look: Look) {
        match value.as_bytes().first() {
            Some(b'{' | b'[') if depth > MAX_DEPTH => self.out.push_str("null"),
            Some(b'{') => self.push_members(value, depth, &|_, _| look),
            Some(b'[') => {
                self.out.push('[');
                for (at, element) in elements(value).enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    self.push_value(element, depth + 1, look);
                }
                self.out.push(']');
            }
            Some(b'"') => self.push_string(value.get(1..value.len() - 1).unwrap_or_default(), look),
            // A card number is one without quotes, too.
            Some(b'2'..=b'6') if look == Look::Site && scrub(value, true).is_some() => {
                push_text(&mut self.out, REDACTED);
            }
            _ => self.out.push_str(value),
        }
    }

    /// Appends a JSON string, given as it stands between its quotes.
    fn push_string(&mut self, escaped: &str, look: Look) {
        // `\nada@example.org` has no n in its address.
        let is_plain = look == Look::Ours || !holds(escaped.as_bytes(), b'\\');
        let read;
        let text = if is_plain {
            escaped
        } else {
            read = unescaped(escaped);
            &read
        };
        let clean = if look == Look::Ours {
            None
        } else if look == Look::Url || (look == Look::Name && text.starts_with("http")) {
            // What the catalogue calls an object may hold addresses, too.
            Some(url::clean(text, self.allow_query))
        } else {
            scrub(text, look != Look::Name)
        };
        match clean {
            None if is_plain => {
                self.out.push('"');
                self.out.push_str(escaped);
                self.out.push('"');
            }
            clean => push_text(&mut self.out, clean.as_deref().unwrap_or(text)),
        }
    }
}

fn unescaped(escaped: &str) -> String {
    let mut quoted = String::from("\"");
    quoted.push_str(escaped);
    quoted.push('"');
    json::text(&quoted).unwrap_or_default()
}

fn is_secret_key(escaped: &str) -> bool {
    if holds(escaped.as_bytes(), b'\\') {
        return is_secret_name(unescaped(escaped).as_bytes());
    }
    is_secret_name(escaped.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{
        ASSISTANT_RESPONSE_FIRST_TOKEN, CSAT_SUBMITTED, OUTBOUND_CLICK, PAGE_VIEW, PURCHASE_COMPLETED,
        TOOL_EXECUTED, USER_MESSAGE_SENT, WEB_VITAL,
    };

    #[test]
    fn secrets_are_taken_out_at_any_depth_and_in_any_spelling() {
        let given =
            r#"{"a":1,"Api_Key":"k","deep":[{"x":{"sessionTOKEN":{"y":1}}},2],"pass\u0077ord":"p","n":null}"#;
        assert_eq!(
            custom(given),
            r#"{"a":1,"Api_Key":"[REDACTED]","deep":[{"x":{"sessionTOKEN":"[REDACTED]"}},2],"password":"[REDACTED]","n":null}"#
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
            known(USER_MESSAGE_SENT, &body.properties, false, &[]),
            r#"{"turnIndex":0,"charCount":2}"#
        );
        assert_eq!(known(USER_MESSAGE_SENT, &body.properties, true, &[]), body.properties);
    }

    #[test]
    fn the_trackers_own_names_are_no_secrets() {
        let def = ASSISTANT_RESPONSE_FIRST_TOKEN;
        let body =
            Body::of(def).number("turnIndex", 0.0).number("ttftMs", 12.5).text("ttftSource", "stream").done();
        assert_eq!(known(def, &body.properties, false, &[]), body.properties);
    }

    #[test]
    fn urls_lose_their_query_and_fragment() {
        let body = Body::of(OUTBOUND_CLICK).text("href", "https://a.example/x?q=me&utm_source=y#z").done();
        assert_eq!(
            known(OUTBOUND_CLICK, &body.properties, false, &[]),
            r#"{"href":"https://a.example/x?utm_source=y"}"#
        );
    }

    #[test]
    fn secrets_are_known_by_their_looks_too() {
        assert_eq!(
            custom(
                r#"{"note":"line\nada@example.org","card":4111111111111111,"b@c.de":[true,"x"],"ratio":4.111111111111111}"#
            ),
            r#"{"note":"line\n[REDACTED]","card":"[REDACTED]","[REDACTED]":[true,"x"],"ratio":4.111111111111111}"#
        );
    }

    #[test]
    fn content_that_is_let_in_is_redacted_all_the_same() {
        let body = Body::of(TOOL_EXECUTED)
            .text("toolName", "crm")
            .boolean("success", true)
            .raw("input", r#"{"apiKey":"k","who":"ada@example.org"}"#)
            .done();
        assert_eq!(
            known(TOOL_EXECUTED, &body.properties, true, &[]),
            r#"{"toolName":"crm","success":true,"input":{"apiKey":"[REDACTED]","who":"[REDACTED]"}}"#
        );
        assert_eq!(
            known(TOOL_EXECUTED, &body.properties, false, &[]),
            r#"{"toolName":"crm","success":true}"#
        );
    }

    #[test]
    fn what_a_site_adds_to_an_event_of_the_catalogue_is_looked_at_as_its_own() {
        let sent = r#"{"score":5,"comment":"I am ada@example.org","apiToken":"k","maxScore":"mail ada@example.org","agent":"x"}"#;
        assert_eq!(
            known(CSAT_SUBMITTED, sent, false, &[]),
            r#"{"score":5,"apiToken":"[REDACTED]","maxScore":"mail [REDACTED]","agent":"x"}"#
        );
    }

    #[test]
    fn identifiers_survive_what_prose_does_not() {
        let sent = r#"{"orderId":"4111111111111111","revenue":5,"currency":"EUR","items":[{"productId":"4111111111111111"}]}"#;
        assert_eq!(known(PURCHASE_COMPLETED, sent, false, &[]), sent);
        let view =
            r#"{"url":"/p?q=1","path":"/p","title":"Order of ada@example.org","navigationType":"push"}"#;
        assert_eq!(
            known(PAGE_VIEW, view, false, &[]),
            r#"{"url":"/p","path":"/p","title":"Order of [REDACTED]","navigationType":"push"}"#
        );
        let vital = r#"{"name":"LCP","attribution":{"url":"https://a.example/i.png?sig=1","element":"img"}}"#;
        assert_eq!(
            known(WEB_VITAL, vital, false, &[]),
            r#"{"name":"LCP","attribution":{"url":"https://a.example/i.png","element":"img"}}"#
        );
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        let object = String::from("{\"a\":") + &deep + "}";
        assert!(custom(&object).len() < 200);
    }
}
