//! Cutting text at single ASCII characters. The patterns of `str` do that too, with searchers for everything that can be
//! looked for: 4 KB of them.

/// Whether `byte` is one of `bytes`.
#[inline(never)]
#[allow(
    clippy::manual_contains,
    reason = "the standard library's search is for long texts: three times the code"
)]
pub fn holds(bytes: &[u8], byte: u8) -> bool {
    bytes.iter().any(|one| *one == byte)
}

/// What stands before the first of `marks`; all of it where there is none.
#[inline(never)]
pub fn before<'a>(text: &'a str, marks: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| holds(marks, byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// What stands after the first `mark`, if there is one.
pub fn after(text: &str, mark: u8) -> Option<&str> {
    text.get(before(text, &[mark]).len() + 1..)
}

/// What stands after the last `mark`; all of it where there is none.
#[inline(never)]
pub fn after_last(text: &str, mark: u8) -> &str {
    let last = text.bytes().rposition(|byte| byte == mark);
    last.and_then(|last| text.get(last + 1..)).unwrap_or(text)
}

/// The scheme of an absolute address, and what stands after its `://`.
#[inline(never)]
pub fn scheme(url: &str) -> Option<(&str, &str)> {
    let scheme = before(url, b":/?#");
    Some((scheme, url.get(scheme.len()..)?.strip_prefix("://")?))
}

/// The parts of `text` between the `mark`s, also empty ones; always one at least.
pub fn parts(text: &str, mark: u8) -> Parts<'_> {
    Parts { rest: Some(text), mark }
}

/// See [`parts`].
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    rest: Option<&'a str>,
    mark: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let part = before(rest, &[self.mark]);
        self.rest = rest.get(part.len() + 1..);
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_as_str_cuts_it() {
        for text in ["", "a", "/", "a/b", "/a//b/", "é/ü", "x?y#z"] {
            assert!(parts(text, b'/').eq(text.split('/')), "{text}");
            assert_eq!(before(text, b"?#"), text.split(['?', '#']).next().unwrap());
            assert_eq!(after(text, b'/'), text.split_once('/').map(|(_, rest)| rest), "{text}");
            assert_eq!(after_last(text, b'/'), text.rsplit('/').next().unwrap());
        }
    }

    #[test]
    fn only_absolute_addresses_have_a_scheme() {
        assert_eq!(scheme("https://a.b/c?d=e://f"), Some(("https", "a.b/c?d=e://f")));
        for other in ["", "/a", "/a?b=c://d", "mailto:x", "https:/x", "https"] {
            assert_eq!(scheme(other), None, "{other}");
        }
    }
}
