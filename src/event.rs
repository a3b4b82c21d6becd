//! The envelope: what every event carries besides its own properties.

use std::rc::Rc;

use crate::catalogue::EventDef;
use crate::json::{Object, members};

/// What happened, before anybody decided whether it may leave: a type and its properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Which event.
    pub kind: Kind,
    /// Its properties as a JSON object.
    pub properties: String,
    /// The chat turn it belongs to.
    pub turn: Box<Turn>,
}

/// The type of an event: one of the catalogue's, or the site's own.
#[derive(Debug, Clone)]
pub enum Kind {
    /// In the catalogue.
    Known(&'static EventDef),
    /// A name the site chose; its properties are the site's too.
    Custom(String),
}

impl Kind {
    /// The name on the wire.
    pub fn name(&self) -> &str {
        match self {
            Kind::Known(def) => def.name,
            Kind::Custom(name) => name,
        }
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// Builds the properties of a catalogue event.
#[derive(Debug)]
pub struct Properties {
    def: &'static EventDef,
    json: Object,
}

impl Body {
    /// Starts an event of the catalogue.
    pub fn of(def: &'static EventDef) -> Properties {
        Properties { def, json: Object::new() }
    }

    /// An event of the site's own, with a JSON object of properties.
    pub fn custom(name: String, properties: String) -> Self {
        Self { kind: Kind::Custom(name), properties, turn: Box::default() }
    }
}

impl Properties {
    /// Sets a string; an empty one was not observed.
    pub fn text(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.check(name);
        if !value.is_empty() {
            self.json.text(name, value);
        }
        self
    }

    /// Sets a string that may not have been observed.
    pub fn maybe_text(&mut self, name: &'static str, value: Option<&str>) -> &mut Self {
        self.text(name, value.unwrap_or_default())
    }

    /// Sets a number; one that is not finite was not observed.
    pub fn number(&mut self, name: &'static str, value: f64) -> &mut Self {
        self.check(name);
        self.json.number(name, value);
        self
    }

    /// Sets a number that may not have been observed.
    pub fn maybe_number(&mut self, name: &'static str, value: Option<f64>) -> &mut Self {
        self.number(name, value.unwrap_or(f64::NAN))
    }

    /// Sets a duration, rounded to a tenth of a millisecond: browsers measure no finer.
    pub fn duration(&mut self, name: &'static str, ms: f64) -> &mut Self {
        self.number(name, (ms * 10.0 + 0.5) as i64 as f64 / 10.0)
    }

    /// Sets a truth value.
    pub fn boolean(&mut self, name: &'static str, value: bool) -> &mut Self {
        self.check(name);
        self.json.boolean(name, value);
        self
    }

    /// Sets what a JSON object has under names of the catalogue; the rest of it is left out.
    pub fn with(&mut self, object: &str) -> &mut Self {
        for (name, value) in members(object) {
            if self.def.field(name).is_some() {
                self.json.raw_member(name, value);
            }
        }
        self
    }

    /// Sets a value that is JSON already.
    pub fn raw(&mut self, name: &'static str, json: &str) -> &mut Self {
        self.check(name);
        self.json.raw(name, json);
        self
    }

    /// The finished event.
    pub fn done(&mut self) -> Body {
        Body {
            kind: Kind::Known(self.def),
            properties: core::mem::take(&mut self.json).finish(),
            turn: Box::default(),
        }
    }

    /// Nothing is collected that the catalogue does not name; the tests of every room run with this.
    fn check(&self, name: &str) {
        debug_assert!(self.def.field(name).is_some(), "{} has no field {name}", self.def.name);
    }
}

/// The server's trace of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// 32 lower-case hex digits.
    pub trace_id: String,
    /// 16 lower-case hex digits.
    pub span_id: Option<String>,
    /// The server's name for the run.
    pub run_id: Option<String>,
}

/// The turn of a chat an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turn {
    /// From 0, per conversation.
    pub index: Option<u32>,
    /// The message it is about.
    pub message_id: Option<String>,
    /// The response it is about.
    pub response_id: Option<String>,
    /// The conversation.
    pub conversation_id: Option<String>,
    /// The server's trace.
    pub trace: Option<Rc<Trace>>,
}

/// An event on its way through the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// UUIDv7, made when it happened.
    pub id: String,
    /// Its type and properties.
    pub body: Body,
    /// When it happened, wall clock ms.
    pub at: f64,
    /// The visit.
    pub session_id: Rc<str>,
    /// The page view it happened in.
    pub view: Option<Rc<View>>,
    /// JSON object: what the site said once, and campaign and device where they belong.
    pub context: String,
    /// JSON object: what the site says per event.
    pub dimensions: String,
    /// The share of such events that is kept, when it is not all.
    pub sample_rate: Option<f64>,
}

/// A page view as the events within it name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// UUIDv7.
    pub id: String,
    /// The route, cleaned.
    pub path: String,
    /// The custom fields of the page at this address, a JSON object.
    pub fields: String,
}
