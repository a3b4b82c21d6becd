//! Walking JSON text without building a tree. Text that is not JSON ends the walk early and harms nothing.

use crate::text::holds;

/// The members of a JSON object, in order: name (still escaped, without quotes) and the value's text.
#[derive(Debug, Clone)]
pub struct Members<'a>(Elements<'a>);

/// The elements of a JSON array, in order, as text.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    json: &'a str,
    at: usize,
}

/// Walks the members of the object in `json`; anything else has none.
pub fn members(json: &str) -> Members<'_> {
    Members(inside(json, b'{'))
}

/// Walks the elements of the array in `json`; anything else has none.
pub fn elements(json: &str) -> Elements<'_> {
    inside(json, b'[')
}

fn inside(json: &str, open: u8) -> Elements<'_> {
    let start = skip_space(json.as_bytes(), 0);
    let at = if json.as_bytes().get(start) == Some(&open) { start + 1 } else { json.len() };
    Elements { json, at }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.json.as_bytes();
        let mut at = skip_space(bytes, self.at);
        if bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
        let end = skip_value(bytes, at)?;
        self.at = end;
        self.json.get(at..end)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.0.next()?;
        let bytes = self.0.json.as_bytes();
        let colon = skip_space(bytes, self.0.at);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        self.0.at = colon + 1;
        let value = self.0.next()?;
        Some((name.strip_prefix('"')?.strip_suffix('"')?, value))
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| holds(b" \n\r\t", *byte)) {
        at += 1;
    }
    at
}

/// The index just after the string that opens at `at`.
pub(crate) fn skip_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    at += 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The index just after the value that starts at `at`. Counts brackets instead of recursing: depth costs nothing.
pub(crate) fn skip_value(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0usize;
    loop {
        match bytes.get(at) {
            Some(b'"') => at = skip_string(bytes, at)?,
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
                continue;
            }
            Some(b'}' | b']') if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            Some(b',' | b':' | b' ' | b'\n' | b'\r' | b'\t') if depth > 0 => {
                at += 1;
                continue;
            }
            _ => {
                let from = at;
                while matches!(bytes.get(at), Some(byte) if !holds(b",:]}[{\" \n\r\t", *byte)) {
                    at += 1;
                }
                if at == from {
                    return None;
                }
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The string a JSON string stands for; `None` for anything else.
pub fn text(json: &str) -> Option<String> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    let bytes = inner.as_bytes();
    let mut out = String::with_capacity(inner.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte != b'\\' {
            continue;
        }
        out.push_str(inner.get(copied..at - 1)?);
        let mut escaped = bytes.get(at).copied()?;
        at += 1;
        copied = at;
        match escaped {
            b'n' => escaped = b'\n',
            b't' => escaped = b'\t',
            b'r' => escaped = b'\r',
            b'b' => escaped = 8,
            b'f' => escaped = 12,
            b'u' => {
                out.push(escaped_char(bytes, &mut at)?);
                copied = at;
                continue;
            }
            // It stands for itself, however many bytes it has.
            _ => {
                copied -= 1;
                continue;
            }
        }
        out.push(char::from(escaped));
    }
    out.push_str(inner.get(copied..)?);
    Some(out)
}

/// What stands after `\u`, from `at` on, which is then the index after it.
fn escaped_char(bytes: &[u8], at: &mut usize) -> Option<char> {
    let mut code = hex4(bytes, *at)?;
    *at += 4;
    if (0xd800..0xdc00).contains(&code)
        && bytes.get(*at..*at + 2) == Some(b"\\u")
        && let Some(second) = hex4(bytes, *at + 2)
        && (0xdc00..0xe000).contains(&second)
    {
        *at += 6;
        code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
    }
    // A lone surrogate is legal in JSON and not in UTF-8.
    Some(char::from_u32(code).unwrap_or('\u{fffd}'))
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let mut code = 0;
    for byte in bytes.get(at..at + 4)? {
        code = code * 16 + char::from(*byte).to_digit(16)?;
    }
    Some(code)
}

/// The truth value a JSON text stands for.
pub fn boolean(json: &str) -> Option<bool> {
    match json {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The number a JSON text stands for, exact for up to 15 significant digits.
///
/// `str::parse::<f64>` would cost every visitor 14 KB; dividing a whole number below 2⁵³ by a power of ten below 10²³
/// is correctly rounded (Clinger 1990, the fast path).
pub fn number(json: &str) -> Option<f64> {
    let (negative, mut rest) = match json.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if !rest.first()?.is_ascii_digit() {
        return None;
    }
    let mut mantissa = 0.0f64;
    let mut scale = 0i32;
    let mut after_point = false;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        match byte {
            b'0'..=b'9' => {
                if mantissa < 9e15 {
                    mantissa = mantissa * 10.0 + f64::from(byte - b'0');
                    scale -= i32::from(after_point);
                } else {
                    scale += i32::from(!after_point);
                }
            }
            b'.' if !after_point => after_point = true,
            b'e' | b'E' => {
                scale += exponent(rest)?;
                break;
            }
            _ => return None,
        }
    }
    let mut value = mantissa;
    let mut power = 1.0f64;
    for _ in 0..scale.unsigned_abs().min(400) {
        power *= 10.0;
    }
    value = if scale < 0 { value / power } else { value * power };
    Some(if negative { -value } else { value })
}

fn exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    let mut value = 0i32;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = (value * 10 + i32::from(byte - b'0')).min(1_000);
    }
    (!digits.is_empty()).then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order_with_their_text_untouched() {
        let json = r#" { "a" : 1.50 , "b\"c":{"x":[1,{"y":"}"}]}, "d":"q\\\"" , "e":null } "#;
        let all: Vec<_> = members(json).collect();
        assert_eq!(
            all,
            [("a", "1.50"), ("b\\\"c", r#"{"x":[1,{"y":"}"}]}"#), ("d", r#""q\\\"""#), ("e", "null")]
        );
        assert_eq!(members("{}").count(), 0);
        assert_eq!(members("[1]").count(), 0);
    }

    #[test]
    fn elements_come_in_order() {
        assert_eq!(elements(r#"[1, "a,b", [2,3], {}]"#).collect::<Vec<_>>(), ["1", "\"a,b\"", "[2,3]", "{}"]);
        assert_eq!(elements("[]").count(), 0);
    }

    #[test]
    fn broken_text_ends_the_walk() {
        for broken in
            ["", "{", "{\"a", "{\"a\":", "{\"a\":}", "{a:1}", "[", "nonsense", "{\"a\":[1,2}", "\"\\"]
        {
            assert!(members(broken).count() <= 1, "{broken}");
            let _ = elements(broken).count();
        }
    }

    #[test]
    fn strings_read_back_as_they_were_written() {
        for value in ["", "plain", "a\"b\\c\n", "é😀", "\u{1}"] {
            assert_eq!(text(&serde_json::to_string(value).unwrap()).as_deref(), Some(value));
        }
        assert_eq!(text(r#""\ud83d\ude00 \u00e9 \/""#).as_deref(), Some("😀 é /"));
        assert_eq!(text(r#""\ud83d""#).as_deref(), Some("\u{fffd}"));
        assert_eq!(text("1"), None);
    }

    #[test]
    fn numbers_read_exactly() {
        for value in [0.0, 1.0, -1.0, 0.1, 0.5, 0.25, 123.456, 1e-7, 4.56e20, 60_000.0, 1_763_623_473_123.5] {
            assert_eq!(number(&serde_json::to_string(&value).unwrap()), Some(value));
        }
        for wrong in ["", "-", "x", "1x", "\"1\"", "true", "1e", "1.2.3"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
