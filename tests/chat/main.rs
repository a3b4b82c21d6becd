//! The turn machine as a client meets it: signals in, events out.

mod orders;
mod reports;
mod turns;

use chatvitals::catalogue::{FieldKind, Presence};
use chatvitals::chat::{Chats, Happened};
use chatvitals::event::Kind;
use serde_json::Value;

/// The chats of a page, told by hand.
#[derive(Default)]
struct Page {
    chats: Chats,
}

impl Page {
    /// Tells the page's only chat; mistakes fail the test.
    fn tell(&mut self, at: f64, signal: &str, details: Value) {
        self.tell_chat("c", at, signal, details);
    }

    fn tell_chat(&mut self, chat: &str, at: f64, signal: &str, details: Value) {
        let result = self.chats.signal(chat, signal, &details.to_string(), at);
        assert_eq!(result, Ok(()), "{signal} {details}");
    }

    /// The sentence for a mistaken call, which must change nothing.
    fn mistake(&mut self, signal: &str, details: Value) -> String {
        let before = self.chats.shared.out.len();
        let mistake = self.chats.signal("c", signal, &details.to_string(), 0.0).unwrap_err();
        assert_eq!(self.chats.shared.out.len(), before, "{mistake}");
        mistake
    }

    /// What happened since the last call.
    fn events(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.chats.shared.out).iter().map(Seen::of).collect()
    }

    /// The names of what happened since the last call.
    fn names(&mut self) -> Vec<&'static str> {
        self.events().iter().map(|event| event.name).collect()
    }
}

/// An event, easy to compare, and held against the catalogue.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    name: &'static str,
    at: f64,
    properties: Value,
    turn: Option<u32>,
    trace: Option<String>,
    response: Option<String>,
    conversation: Option<String>,
}

impl Seen {
    fn of(happened: &Happened) -> Self {
        let Happened { body, at } = happened;
        let Kind::Known(def) = body.kind else { panic!("{body:?} is not in the catalogue") };
        let properties: Value = serde_json::from_str(&body.properties).unwrap();
        let object = properties.as_object().unwrap();
        for (name, value) in object {
            let field = def.field(name).unwrap_or_else(|| panic!("{}.{name}", def.name));
            let fits = match field.kind {
                FieldKind::Text | FieldKind::Url => value.is_string(),
                FieldKind::Number => value.is_number(),
                FieldKind::Count => value.is_u64(),
                FieldKind::Boolean => value.is_boolean(),
                FieldKind::List => value.is_array(),
                FieldKind::Object => value.is_object(),
            };
            assert!(fits, "{}.{name} is {value}", def.name);
        }
        for field in def.fields.iter().filter(|field| field.presence == Presence::Always) {
            assert!(object.contains_key(field.name), "{} lacks {}: {properties}", def.name, field.name);
        }
        Self {
            name: def.name,
            at: *at,
            properties,
            turn: body.turn.index,
            trace: body.turn.trace.as_ref().map(|trace| trace.trace_id.clone()),
            response: body.turn.response_id.clone(),
            conversation: body.turn.conversation_id.clone(),
        }
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.properties.get(name).and_then(Value::as_f64)
    }
}
