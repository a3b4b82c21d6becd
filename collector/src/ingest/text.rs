//! Small things done to JSON text without building a tree of it.

use std::borrow::Cow;

/// The same valid JSON on one line, so that it can be stored and streamed as a line; `None` when it nests deeper than
/// `depth`. Text that is on one line already is passed through.
pub fn one_line(json: &str, depth: usize) -> Option<Cow<'_, str>> {
    let mut scan = Scan::default();
    let mut breaks = false;
    for byte in json.bytes() {
        scan.step(byte);
        breaks |= matches!(byte, b'\n' | b'\r');
        if scan.depth > depth {
            return None;
        }
    }
    if !breaks {
        return Some(Cow::Borrowed(json));
    }
    let mut scan = Scan::default();
    let mut line = String::with_capacity(json.len());
    for character in json.chars() {
        let in_string = scan.in_string;
        // Only the first byte matters: syntax is ASCII, and bytes of longer characters never equal it.
        scan.step(if character.is_ascii() { character as u8 } else { b'x' });
        if in_string || !character.is_ascii_whitespace() {
            line.push(character);
        }
    }
    Some(Cow::Owned(line))
}

/// The beginning of a text, for messages.
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Where in a JSON text we are.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    fn step(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_goes_and_strings_stay() {
        let pretty = "{\n  \"a b\": \"x \\\" \\n { é\",\r\n\t\"c\": [1,  2]\n}";
        assert_eq!(one_line(pretty, 8).as_deref(), Some(r#"{"a b":"x \" \n { é","c":[1,2]}"#));
    }

    #[test]
    fn depth_is_counted_outside_strings_only() {
        assert!(one_line(r#"{"a":"[[[[[["}"#, 1).is_some());
        assert!(one_line(r#"{"a":[[]]}"#, 2).is_none());
    }
}
