//! What of an address may leave: its place, and the parameters that say where a visitor came from.

use super::secrets;
use crate::text::{after, after_last, before, parts, scheme};

/// Query parameters that are kept, besides `utm_*` and the custom fields `s1…`, `n1…`, `b1…`.
const KEPT: [&str; 11] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "gad_source",
    "ref",
];

/// Takes out the fragment, credentials, every query parameter that is not known to be harmless, nor allowed by the site,
/// and secrets anywhere.
pub fn clean(url: &str, allowed: &[String]) -> String {
    let without_fragment = before(url, b"#");
    let place = before(without_fragment, b"?");
    let query = after(without_fragment, b'?').unwrap_or_default();
    let mut out = String::with_capacity(url.len());
    match scheme(place) {
        Some((scheme, rest)) => {
            let authority = before(rest, b"/");
            let start = authority.len() - after_last(authority, b'@').len();
            out.push_str(scheme);
            out.push_str("://");
            out.push_str(rest.get(start..).unwrap_or_default());
        }
        None => out.push_str(place),
    }
    let mut separator = '?';
    for pair in parts(query, b'&') {
        let name = before(pair, b"=");
        if is_kept(name) || allowed.iter().any(|allowed| allowed == name) {
            out.push(separator);
            out.push_str(pair);
            separator = '&';
        }
    }
    secrets::scrub(&out, true).unwrap_or(out)
}

/// Whether a query parameter of this name is kept.
pub fn is_kept(name: &str) -> bool {
    name.starts_with("utm_") || KEPT.contains(&name) || is_custom_field(name)
}

/// Whether this is the name of a custom field: `s`, `n` or `b` and a number.
pub fn is_custom_field(name: &str) -> bool {
    let mut bytes = name.bytes();
    matches!(bytes.next(), Some(b's' | b'n' | b'b'))
        && (2..=4).contains(&name.len())
        && bytes.all(|byte| byte.is_ascii_digit())
}

/// The path of an absolute address.
pub fn path(url: &str) -> &str {
    let place = before(url, b"?#");
    let after_scheme = scheme(place).map_or(place, |(_, rest)| rest);
    match after_scheme.get(before(after_scheme, b"/").len()..) {
        Some(path) if !path.is_empty() => path,
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_harmless_stays() {
        let given = "https://user:pw@shop.example/a/b?email=x%40y.example&utm_source=news&s1=red&n12=4&gclid=G&q=#access_token=1";
        let kept = "https://shop.example/a/b?utm_source=news&s1=red&n12=4&gclid=G";
        for (given, kept) in [
            (given, kept),
            ("https://shop.example/?secret", "https://shop.example/"),
            ("/relative?x=1#y", "/relative"),
            ("mailto:a@b.example?subject=x", "mailto:[REDACTED]"),
            ("/u/a@b.example?utm_content=c%40d.example", "/u/[REDACTED]?utm_content=[REDACTED]"),
            ("", ""),
        ] {
            assert_eq!(clean(given, &[]), kept);
        }
        assert_eq!(clean("/list?page=2&q=x", &["page".into()]), "/list?page=2");
    }

    #[test]
    fn paths_have_no_query() {
        assert_eq!(path("https://shop.example/a/b?c#d"), "/a/b");
        assert_eq!(path("https://shop.example"), "/");
        assert_eq!(path("https://shop.example?x=/y"), "/");
    }
}
