//! The properties of a chat event: what was measured here, and what the caller said, field by field of the catalogue.
//! What the catalogue does not name goes nowhere.

use crate::catalogue::{EventDef, FieldKind, Presence};
use crate::json::{self, Object};

use super::Wrong;
use super::details::Details;

/// Holds the details against the event they are for: every value of the right type, and with `complete` every field
/// that is always there.
pub fn check(def: &EventDef, details: Details, complete: bool) -> Result<(), Wrong> {
    for field in def.fields {
        let given = details.raw(field.name);
        let fine = if given.is_empty() {
            // The turn is known here.
            !complete || field.presence != Presence::Always || field.name == "turnIndex"
        } else {
            is_of_kind(field.kind, given)
        };
        if !fine {
            return Err((field.name, WANTED[field.kind as usize]));
        }
    }
    Ok(())
}

/// What each kind of field wants, in the order of [`FieldKind`].
const WANTED: [&str; 7] = [
    "a string",
    "a URL",
    "a finite number",
    "a whole number, 0 or more",
    "true or false",
    "an array",
    "an object",
];

#[inline(never)]
fn is_of_kind(kind: FieldKind, value: &str) -> bool {
    let number = json::number(value).unwrap_or(f64::NAN);
    let first = match kind {
        FieldKind::Number => return number.is_finite(),
        FieldKind::Count => return number < 1e15 && number as u64 as f64 == number,
        FieldKind::Boolean => return json::boolean(value).is_some(),
        FieldKind::Text | FieldKind::Url => b'"',
        FieldKind::List => b'[',
        FieldKind::Object => b'{',
    };
    value.as_bytes().first() == Some(&first)
}

/// Writes the properties of one event. What is set here cannot be said otherwise by the caller, and what the event does
/// not have is left out.
pub struct Fields {
    def: &'static EventDef,
    json: Object,
    set: u32,
    /// Whether the caller may say which message, response and turn it is about.
    pub is_about: bool,
}

impl Fields {
    /// Starts.
    #[inline(never)]
    pub fn of(def: &'static EventDef) -> Self {
        debug_assert!(def.fields.len() <= 32, "{} has more fields than bits", def.name);
        Self { def, json: Object::new(), set: 0, is_about: false }
    }

    /// Starts an event about a message, of this turn or an earlier one.
    pub fn about(def: &'static EventDef) -> Self {
        Self { is_about: true, ..Self::of(def) }
    }

    /// A value that is JSON already; an empty one was not observed.
    #[inline(never)]
    pub fn raw(&mut self, name: &str, json: &str) {
        if let Some(at) = self.def.fields.iter().position(|field| field.name == name) {
            self.set |= 1 << at;
            if !json.is_empty() {
                self.json.raw_member(name, json);
            }
        }
    }

    /// A duration or a count, to a tenth: browsers measure no finer than a tenth of a millisecond.
    #[inline(never)]
    pub fn number(&mut self, name: &str, value: f64) {
        let mut json = String::new();
        if value.is_finite() {
            json::push_number(&mut json, (value * 10.0 + 0.5) as i64 as f64 / 10.0);
        }
        self.raw(name, &json);
    }

    /// A string; an empty one was not observed.
    #[inline(never)]
    pub fn text(&mut self, name: &str, value: &str) {
        let mut json = String::new();
        if !value.is_empty() {
            json::push_text(&mut json, value);
        }
        self.raw(name, &json);
    }

    /// Every other field the caller gave, when it is of the right type.
    pub fn rest(&mut self, details: Details) {
        for (at, field) in self.def.fields.iter().enumerate() {
            let value = details.raw(field.name);
            if self.set & (1 << at) == 0 && is_of_kind(field.kind, value) {
                self.json.raw_member(field.name, value);
            }
        }
    }

    /// The event and its properties.
    pub fn done(self) -> (&'static EventDef, String) {
        (self.def, self.json.finish())
    }
}
