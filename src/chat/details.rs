//! What a caller says about a signal: a JSON object, read member by member.

use crate::json;

/// The details of a signal. `null` stands for absent, and so does an empty string.
#[derive(Debug, Clone, Copy)]
pub struct Details<'a>(pub &'a str);

impl<'a> Details<'a> {
    /// No details.
    pub const NONE: Details<'static> = Details("");

    /// The JSON text of a member; empty when it is absent.
    pub fn raw(self, name: &str) -> &'a str {
        for (given, value) in json::members(self.0) {
            if given == name && value != "null" && value != "\"\"" {
                return value;
            }
        }
        ""
    }

    /// Whether there is such a member.
    pub fn has(self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// A string.
    pub fn text(self, name: &str) -> Option<String> {
        json::text(self.raw(name))
    }

    /// A number; `NaN` when it is absent.
    pub fn number(self, name: &str) -> f64 {
        json::number(self.raw(name)).unwrap_or(f64::NAN)
    }

    /// Whether the member is exactly this JSON.
    pub fn is(self, name: &str, json: &str) -> bool {
        self.raw(name) == json
    }
}
