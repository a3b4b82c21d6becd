//! Appending JSON to a string. No `core::fmt`: its machinery would cost every visitor 10 KB (toolchain facts, 5).

/// An object under construction: `{"a":1,"b":"x"}`, one member at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    json: String,
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self { json: String::from("{") }
    }

    /// Goes on with an object that has members already, but no end.
    pub fn continued(json: String) -> Self {
        Self { json }
    }

    /// Whether no member was added yet.
    pub fn is_empty(&self) -> bool {
        self.json.len() == 1
    }

    /// Adds a member whose value is a string.
    pub fn text(&mut self, name: &str, value: &str) {
        self.key(name);
        push_text(&mut self.json, value);
    }

    /// Adds a member whose value is a number; one that is not finite is left out, because it was not observed.
    pub fn number(&mut self, name: &str, value: f64) {
        if value.is_finite() {
            self.key(name);
            push_number(&mut self.json, value);
        }
    }

    /// Adds a member whose value is a truth value.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.key(name);
        self.json.push_str(if value { "true" } else { "false" });
    }

    /// Adds a member whose value is JSON already.
    pub fn raw(&mut self, name: &str, json: &str) {
        self.key(name);
        self.json.push_str(json);
    }

    /// Adds a member whose name and value are JSON already, the name without its quotes.
    pub fn raw_member(&mut self, escaped_name: &str, json: &str) {
        self.comma();
        self.json.push('"');
        self.json.push_str(escaped_name);
        self.json.push_str("\":");
        self.json.push_str(json);
    }

    /// The finished text.
    pub fn finish(mut self) -> String {
        self.json.push('}');
        self.json
    }

    fn key(&mut self, name: &str) {
        self.comma();
        push_text(&mut self.json, name);
        self.json.push(':');
    }

    fn comma(&mut self) {
        if !self.is_empty() {
            self.json.push(',');
        }
    }
}

/// Appends `value` as a JSON string with its quotes.
pub fn push_text(out: &mut String, value: &str) {
    out.push('"');
    let bytes = value.as_bytes();
    let (mut clean, mut next) = (0, 0);
    // Escapes are rare: what lies between them is copied at once.
    while let Some(byte) = bytes.get(next).copied() {
        let at = next;
        next += 1;
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(value.get(clean..at).unwrap_or_default());
        clean = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            _ => {
                out.push_str("\\u00");
                out.push(hex(byte >> 4));
                out.push(hex(byte));
            }
        }
    }
    out.push_str(value.get(clean..).unwrap_or_default());
    out.push('"');
}

/// Appends a number, rounded to six decimals; numbers from 10¹⁵ on lose their fraction, `NaN` and infinities are `null`.
///
/// Six decimals keep a layout shift score and a tenth of a microsecond, and need no float formatter.
pub fn push_number(out: &mut String, value: f64) {
    if !value.is_finite() || value.abs() >= 1e19 {
        out.push_str("null");
        return;
    }
    let size = value.abs();
    let (whole, fraction) = if size < 1e9 {
        let millionths = (size * 1e6 + 0.5) as u64;
        (millionths / 1_000_000, millionths % 1_000_000)
    } else {
        ((size + 0.5) as u64, 0)
    };
    if value < 0.0 && (whole, fraction) != (0, 0) {
        out.push('-');
    }
    push_unsigned(out, whole);
    if fraction > 0 {
        out.push('.');
        let mut rest = fraction;
        let mut unit = 100_000;
        while rest > 0 {
            out.push(digit(rest / unit));
            rest %= unit;
            unit /= 10;
        }
    }
}

/// A whole number in decimal.
pub fn decimal(value: usize) -> String {
    let mut out = String::new();
    push_unsigned(&mut out, value as u64);
    out
}

/// Appends a whole number in decimal.
pub fn push_unsigned(out: &mut String, value: u64) {
    if value >= 10 {
        push_unsigned(out, value / 10);
    }
    out.push(digit(value % 10));
}

fn digit(value: u64) -> char {
    (b'0' + (value % 10) as u8) as char
}

pub(crate) fn hex(nibble: u8) -> char {
    let nibble = nibble & 15;
    (if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }) as char
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> String {
        let mut out = String::new();
        push_number(&mut out, value);
        out
    }

    #[test]
    fn numbers_read_back_as_what_they_were_to_six_decimals() {
        for value in [0.0, 1.0, -1.0, 0.1, 123.456, 0.000001, 999_999_999.999_999, 1e12, 1_763_623_473_123.0]
        {
            let back: f64 = number(value).parse().unwrap();
            assert!((back - value).abs() <= 5e-7, "{value} became {back}");
        }
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(-0.0000001), "0");
        assert_eq!(number(2.50), "2.5");
        assert_eq!(number(f64::NAN), "null");
        assert_eq!(number(f64::INFINITY), "null");
        assert_eq!(number(1e300), "null");
    }

    #[test]
    fn strings_are_escaped_as_json_wants_them() {
        let hostile = "a\"b\\c\nd\te\r\u{1}\u{1f} é 😀 </script>";
        let mut out = String::new();
        push_text(&mut out, hostile);
        let back: String = serde_json::from_str(&out).unwrap();
        assert_eq!(back, hostile);
    }

    #[test]
    fn objects_keep_their_members_in_order() {
        let mut object = Object::new();
        object.text("a", "x");
        object.number("n", 1.5);
        object.number("absent", f64::NAN);
        object.boolean("b", true);
        object.raw("o", "{}");
        assert_eq!(object.finish(), r#"{"a":"x","n":1.5,"b":true,"o":{}}"#);
        assert_eq!(Object::new().finish(), "{}");
    }
}
