//! Custom fields: `s1`… are strings, `n1`… numbers, `b1`… truth values. They come from the page's address, the script's
//! address or the site's options, as in the query of a pixel, and ride on every event of the page.

use crate::json::{self, Object, members};
use crate::policy::url::is_custom_field;

/// More fields than this are left out.
const MAX_FIELDS: usize = 60;
/// A string is cut to this many characters.
const MAX_CHARS: usize = 500;

/// Adds to `fields`, a JSON object, what `source` has: a JSON object of names and texts, of which only custom fields
/// with a fitting value are taken. What both have, `source` decides.
pub fn merge(fields: &str, source: &str) -> String {
    let mut out = Object::new();
    let mut count = 0;
    for (name, value) in members(source).filter(|(name, _)| is_custom_field(name)) {
        if count < MAX_FIELDS && push_typed(&mut out, name, value) {
            count += 1;
        }
    }
    for (name, value) in members(fields) {
        if count < MAX_FIELDS && members(source).all(|(newer, _)| newer != name) {
            out.raw_member(name, value);
            count += 1;
        }
    }
    out.finish()
}

/// Writes a field in its type; `false` when the value is none of that type.
fn push_typed(out: &mut Object, name: &str, value: &str) -> bool {
    let text = json::text(value);
    let plain = text.as_deref().unwrap_or(value);
    match name.as_bytes().first() {
        Some(b's') => out.text(name, cut(plain, MAX_CHARS)),
        Some(b'n') => match json::number(plain) {
            Some(number) if number.is_finite() => out.number(name, number),
            _ => return false,
        },
        _ => match plain {
            "true" | "1" | "" => out.boolean(name, true),
            "false" | "0" => out.boolean(name, false),
            _ => return false,
        },
    }
    true
}

/// The first `most` characters.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut left = most;
    for (at, byte) in text.bytes().enumerate() {
        // The first byte of a character is none of those that go on.
        if byte & 0xc0 != 0x80 {
            if left == 0 {
                return text.get(..at).unwrap_or(text);
            }
            left -= 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_their_type() {
        let query = r#"{"s1":"red","s2":"7","n1":"4.5","n2":"four","b1":"true","b2":"0","b3":"","b4":"x","q":"1","s":"1","n12345":"1"}"#;
        assert_eq!(merge("{}", query), r#"{"s1":"red","s2":"7","n1":4.5,"b1":true,"b2":false,"b3":true}"#);
        assert_eq!(merge("{}", r#"{"s1":5,"n1":-2,"b1":false}"#), r#"{"s1":"5","n1":-2,"b1":false}"#);
    }

    #[test]
    fn the_newer_source_decides_and_the_older_stays() {
        assert_eq!(merge(r#"{"s1":"old","n1":1}"#, r#"{"s1":"new"}"#), r#"{"s1":"new","n1":1}"#);
        assert_eq!(merge(r#"{"s1":"old"}"#, "{}"), r#"{"s1":"old"}"#);
        assert_eq!(merge("{}", "null"), "{}");
    }

    #[test]
    fn fields_are_bounded() {
        let long = String::from(r#"{"s1":""#) + &"é".repeat(2_000) + "\"}";
        assert_eq!(merge("{}", &long).chars().count(), r#"{"s1":""}"#.len() + MAX_CHARS);
        let many: Vec<String> = (0..200).map(|at| format!("\"s{at}\":\"x\"")).collect();
        assert_eq!(members(&merge("{}", &format!("{{{}}}", many.join(",")))).count(), MAX_FIELDS);
    }
}
