//! What a caller says about a signal: a JSON object, read member by member.

use crate::json;

/// The details of a signal. `null` stands for absent, and so does an empty string.
#[derive(Debug, Clone, Copy)]
pub struct Details<'a>(pub &'a str);

impl<'a> Details<'a> {
    /// The JSON text of a member.
    pub fn raw(self, name: &str) -> Option<&'a str> {
        json::members(self.0)
            .find(|(given, _)| *given == name)
            .map(|(_, value)| value)
            .filter(|value| !matches!(*value, "null" | "\"\""))
    }

    /// A string.
    pub fn text(self, name: &str) -> Option<String> {
        self.raw(name).and_then(json::text)
    }

    /// A number; one too large to be finite was not given.
    pub fn number(self, name: &str) -> Option<f64> {
        self.raw(name).and_then(json::number).filter(|number| number.is_finite())
    }

    /// A truth value.
    pub fn boolean(self, name: &str) -> Option<bool> {
        self.raw(name).and_then(json::boolean)
    }
}
