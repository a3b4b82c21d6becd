//! The properties of a chat event: what was measured here, and what the caller said, field by field of the catalogue.
//! What the catalogue does not name goes nowhere.

use crate::catalogue::{EventDef, Field, FieldKind, Presence};
use crate::json::{self, Object};

use super::Mistake;
use super::details::Details;

/// How much of a wrong value a mistake repeats, bytes.
const SHOWN: usize = 80;

/// Holds the details against the event they are for: every value of the right type, and with `complete` every field
/// that is always there.
pub fn check(def: &EventDef, call: &str, details: Details, complete: bool) -> Result<(), Mistake> {
    for field in def.fields {
        let given = details.raw(field.name);
        let fine = match given {
            Some(value) => is_of_kind(field.kind, value),
            // The turn is known here.
            None => !complete || field.presence != Presence::Always || field.name == "turnIndex",
        };
        if !fine {
            return Err(mistake(call, field.name, wanted(field), given));
        }
    }
    Ok(())
}

/// The sentence for a mistaken call.
#[inline(never)]
pub fn mistake(call: &str, field: &str, wanted: &str, given: Option<&str>) -> Mistake {
    let given = given.unwrap_or("absent");
    let mut text = String::from("ChatVitals: chat.");
    for part in
        [call, ": \"", field, "\" should be ", wanted, ", but was ", given.get(..SHOWN).unwrap_or(given)]
    {
        text.push_str(part);
    }
    text
}

fn wanted(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Text => "a string",
        FieldKind::Url => "a URL",
        FieldKind::Number => "a finite number",
        FieldKind::Count => "a whole number, 0 or more",
        FieldKind::Boolean => "true or false",
        FieldKind::List => "an array",
        FieldKind::Object => "an object",
    }
}

fn is_of_kind(kind: FieldKind, value: &str) -> bool {
    let first = value.as_bytes().first();
    match kind {
        FieldKind::Text | FieldKind::Url => first == Some(&b'"'),
        FieldKind::Number => json::number(value).is_some_and(f64::is_finite),
        FieldKind::Count => {
            json::number(value).is_some_and(|n| (0.0..1e15).contains(&n) && n as u64 as f64 == n)
        }
        FieldKind::Boolean => json::boolean(value).is_some(),
        FieldKind::List => first == Some(&b'['),
        FieldKind::Object => first == Some(&b'{'),
    }
}

/// Writes the properties of one event. What is set here cannot be said otherwise by the caller.
pub struct Fields {
    def: &'static EventDef,
    json: Object,
    set: u32,
}

impl Fields {
    /// Starts.
    pub fn of(def: &'static EventDef) -> Self {
        debug_assert!(def.fields.len() <= 32, "{} has more fields than bits", def.name);
        Self { def, json: Object::new(), set: 0 }
    }

    /// Whether the event has such a field; from then on it is set, with a value or without.
    fn claim(&mut self, name: &str) -> bool {
        match self.def.fields.iter().position(|field| field.name == name) {
            Some(at) => {
                self.set |= 1 << at;
                true
            }
            None => false,
        }
    }

    /// A number that may not have been observed.
    pub fn number(&mut self, name: &'static str, value: Option<f64>) {
        if let (true, Some(value)) = (self.claim(name), value) {
            self.json.number(name, value);
        }
    }

    /// A duration that may not have been observed, to a tenth of a millisecond: browsers measure no finer.
    pub fn duration(&mut self, name: &'static str, ms: Option<f64>) {
        self.number(name, ms.map(|ms| (ms * 10.0 + 0.5) as i64 as f64 / 10.0));
    }

    /// A string that may not have been observed.
    pub fn text(&mut self, name: &'static str, value: Option<&str>) {
        if let (true, Some(value)) = (self.claim(name), value) {
            self.json.text(name, value);
        }
    }

    /// A truth value.
    pub fn boolean(&mut self, name: &'static str, value: bool) {
        if self.claim(name) {
            self.json.boolean(name, value);
        }
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, name: &'static str, json: &str) {
        if self.claim(name) {
            self.json.raw(name, json);
        }
    }

    /// Every other field the caller gave. Its type was checked.
    pub fn rest(&mut self, details: Details) {
        for (at, field) in self.def.fields.iter().enumerate() {
            if self.set & (1 << at) == 0
                && let Some(value) = details.raw(field.name)
                && is_of_kind(field.kind, value)
            {
                self.json.raw(field.name, value);
            }
        }
    }

    /// The event and its properties.
    pub fn done(self) -> (&'static EventDef, String) {
        (self.def, self.json.finish())
    }
}
