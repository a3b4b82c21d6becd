//! One event in the query of an image's address: the last resort of a page that is being left.

use crate::text::before;
use crate::text::holds;

/// Longest address a pixel may have, characters: what old proxies and servers still take.
pub const MAX_URL: usize = 2_000;

/// The pixel's address beside the collector's endpoint: `/api/events` → `/p.gif`.
pub fn endpoint(events_endpoint: &str) -> String {
    let place = before(events_endpoint, b"?#");
    let base = place.strip_suffix('/').unwrap_or(place);
    let mut out: String = match base.strip_suffix("/api/events") {
        Some(root) => root.into(),
        None => base.into(),
    };
    out.push_str("/p.gif");
    out
}

/// The address that carries one event (as JSON); `None` when it would be too long.
pub fn url(pixel_endpoint: &str, event: &str, sent_at: &str) -> Option<String> {
    let mut out = String::from(pixel_endpoint);
    out.push_str("?e=");
    push_encoded(&mut out, event);
    out.push_str("&sentAt=");
    push_encoded(&mut out, sent_at);
    (out.len() < MAX_URL).then_some(out)
}

fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || holds(b"-_.~:,()*!'", byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte] {
                out.push(crate::json::hex(nibble).to_ascii_uppercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pixel_lies_beside_the_endpoint() {
        assert_eq!(endpoint("/api/events"), "/p.gif");
        assert_eq!(endpoint("https://c.example/api/events?x=1"), "https://c.example/p.gif");
        assert_eq!(endpoint("https://c.example/collect/"), "https://c.example/collect/p.gif");
    }

    #[test]
    fn the_address_stays_short() {
        let short = url("/p.gif", r#"{"a":"é"}"#, "1970-01-01T00:00:00.000Z").unwrap();
        assert_eq!(short, "/p.gif?e=%7B%22a%22:%22%C3%A9%22%7D&sentAt=1970-01-01T00:00:00.000Z");
        assert_eq!(url("/p.gif", &"x".repeat(2_000), ""), None);
    }
}
