//! Values that are secrets wherever they stand: e-mail addresses, card numbers, JSON web tokens, bearer tokens, and what
//! follows the name of a secret in a query (`access_token=…`). They are replaced in place; the rest of the text stays.
//!
//! One pass over the bytes, no regular expressions: linear, and small enough to be sent to every visitor. Percent-encoded
//! `@`, `=` and spaces count, because much of what a site calls text is a piece of a URL.

use core::ops::Range;

use crate::text::holds;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[REDACTED]";

/// Names that mark a secret when they contain one of these, in any case.
const SECRET_NAMES: [&[u8]; 7] =
    [b"token", b"apikey", b"secret", b"password", b"authorization", b"credential", b"cookie"];

/// Whether a key names a secret. Separators are passed over: `api_key`, `api-key` and `apiKey` are one.
pub fn is_secret_name(name: &[u8]) -> bool {
    let mut rest = name;
    while let [first, after @ ..] = rest {
        // None begins with another letter.
        if matches!(first | 0x20, b't' | b'a' | b's' | b'p' | b'c') {
            for secret in SECRET_NAMES {
                if begins(rest, secret) {
                    return true;
                }
            }
        }
        rest = after;
    }
    false
}

/// Whether the letters and digits of `text` begin with `word`.
fn begins(text: &[u8], word: &[u8]) -> bool {
    let mut word = word.iter();
    for byte in text {
        match word.as_slice() {
            [] => break,
            [wanted, ..] if byte.eq_ignore_ascii_case(wanted) => _ = word.next(),
            _ if byte.is_ascii_alphanumeric() => return false,
            _ => {}
        }
    }
    word.as_slice().is_empty()
}

/// The text without what is secret in it; `None` when nothing is. `cards`: whether long numbers may be card numbers; in
/// an identifier they are not.
pub fn scrub(text: &str, cards: bool) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    let mut no_jwt_before = 0;
    while let Some(byte) = bytes.get(at) {
        let found = match byte {
            b'@' => email(bytes, copied, at, at + 1),
            b'=' => named(bytes, copied, at, at + 1),
            b'%' => match bytes.get(at + 1..at + 3) {
                Some(b"40") => email(bytes, copied, at, at + 3),
                Some(b"3D" | b"3d") => named(bytes, copied, at, at + 3),
                _ => None,
            },
            b'b' | b'B' => bearer(bytes, at),
            b'e' if at >= no_jwt_before => jwt(bytes, at, &mut no_jwt_before),
            b'2'..=b'6' if cards => card(bytes, at),
            _ => None,
        };
        at = match found {
            Some(secret) => {
                out.push_str(text.get(copied..secret.start).unwrap_or_default());
                out.push_str(REDACTED);
                copied = secret.end;
                secret.end
            }
            None => at + 1,
        };
    }
    (copied > 0).then(|| out + text.get(copied..).unwrap_or_default())
}

/// Whether a byte is a letter, a digit or one of `others`, in which 0x80 stands for all that is beyond ASCII.
fn fits(byte: u8, others: &[u8]) -> bool {
    byte.is_ascii_alphanumeric() || holds(others, byte.min(0x80))
}

/// How far all [`fits`] from `at` on.
#[inline(never)]
fn run(bytes: &[u8], at: usize, others: &[u8]) -> usize {
    bytes.iter().skip(at).position(|byte| !fits(*byte, others)).map_or(bytes.len(), |length| at + length)
}

/// How far all [`fits`] backwards from `at`, not before `floor`; bounded, so that a long text costs no square of itself.
#[inline(never)]
fn run_back(bytes: &[u8], floor: usize, at: usize, others: &[u8]) -> usize {
    let floor = floor.max(at.saturating_sub(128));
    let before = bytes.get(floor..at).unwrap_or_default();
    before.iter().rposition(|byte| !fits(*byte, others)).map_or(floor, |last| floor + last + 1)
}

/// `local@domain.tld`; the `@` stands from `at` to `after`.
fn email(bytes: &[u8], floor: usize, at: usize, after: usize) -> Option<Range<usize>> {
    let from = run_back(bytes, floor, at, b"._%+-'\x80");
    let mut to = run(bytes, after, b".-\x80");
    while to > after && matches!(bytes.get(to - 1), Some(b'.' | b'-')) {
        to -= 1;
    }
    let domain = bytes.get(after..to)?;
    let dot = domain.iter().rposition(|byte| *byte == b'.')?;
    let top = domain.get(dot + 1..)?;
    let is_name = top.len() > 1 && top.first().is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    (from < at && dot > 0 && is_name).then_some(from..to)
}

/// The value behind `access_token=`; the `=` stands from `at` to `after`.
fn named(bytes: &[u8], floor: usize, at: usize, after: usize) -> Option<Range<usize>> {
    let from = run_back(bytes, floor, at, b"_-.");
    if !is_secret_name(bytes.get(from..at)?) {
        return None;
    }
    let mut to = after;
    while let Some(byte) = bytes.get(to).filter(|byte| **byte > b' ' && !holds(b"&#;,\"'<>()", **byte)) {
        // An encoded `=` ends at an encoded `&`.
        if after - at > 1 && *byte == b'%' && bytes.get(to + 1..to + 3) == Some(b"26") {
            break;
        }
        to += 1;
    }
    (to > after).then_some(after..to)
}

/// `Bearer abc…`, of which the word stays.
fn bearer(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    if !bytes.get(at..at + 6)?.eq_ignore_ascii_case(b"bearer") {
        return None;
    }
    let mut from = at + 6;
    while bytes.get(from).is_some_and(|byte| holds(b" +:=\t", *byte)) {
        from += 1;
    }
    while bytes.get(from..from + 3) == Some(b"%20") {
        from += 3;
    }
    if from == at + 6 {
        return None;
    }
    let to = run(bytes, from, b"-._~+/=%");
    (to >= from + 8).then_some(from..to)
}

/// `eyJ….….…`: a JSON object in base64url, and at least one more part.
fn jwt(bytes: &[u8], at: usize, no_jwt_before: &mut usize) -> Option<Range<usize>> {
    if bytes.get(at..at + 3)? != b"eyJ" {
        return None;
    }
    let dot = run(bytes, at, b"-_");
    *no_jwt_before = dot;
    let second = run(bytes, dot + 1, b"-_");
    let is_jwt = bytes.get(dot) == Some(&b'.') && dot >= at + 10 && second >= dot + 9;
    is_jwt.then(|| at..run(bytes, dot, b"-_.="))
}

/// 13 to 19 digits that no letter touches, in groups or not, whose check digit is right (ISO/IEC 7812, Luhn).
fn card(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let touches = |at: Option<usize>, beyond: Option<usize>| {
        let get = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
        // The fraction of a number is no number of its own.
        get(at).is_ascii_alphanumeric() || (get(at) == b'.' && get(beyond).is_ascii_digit())
    };
    if touches(at.checked_sub(1), at.checked_sub(2)) {
        return None;
    }
    let mut digits = [0u8; 19];
    let (mut count, mut here, mut end) = (0, at, None);
    loop {
        match bytes.get(here)? {
            byte @ b'0'..=b'9' => {
                let Some(digit) = digits.get_mut(count) else { break };
                *digit = byte - b'0';
                count += 1;
                here += 1;
            }
            b' ' | b'-' | b'+' => here += 1,
            b'%' if bytes.get(here + 1..here + 3) == Some(b"20") => here += 3,
            _ => break,
        }
        let is_apart = !bytes.get(here - 1).is_some_and(u8::is_ascii_digit);
        if is_apart && !bytes.get(here).is_some_and(u8::is_ascii_digit) {
            break;
        }
        if !is_apart && count >= 13 && !touches(Some(here), Some(here + 1)) && luhn(digits.get(..count)?) {
            end = Some(here);
        }
        if here == bytes.len() {
            break;
        }
    }
    end.map(|end| at..end)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().rev().enumerate().fold(0, |sum, (place, digit)| {
        let digit = u32::from(*digit);
        sum + if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
    });
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(text: &str) -> String {
        scrub(text, true).unwrap_or_else(|| text.into())
    }

    #[test]
    fn secrets_are_replaced_in_place() {
        for (given, left) in [
            ("ada@example.org", "[REDACTED]"),
            ("write to Ada.L+news@mail.example.co.uk, please.", "write to [REDACTED], please."),
            ("jörg@exämple.de!", "[REDACTED]!"),
            ("mailto:a@b.example.", "mailto:[REDACTED]."),
            ("/u/ada%40example.org/x", "/u/[REDACTED]/x"),
            ("4111 1111 1111 1111", "[REDACTED]"),
            ("card 4111-1111-1111-1111 ok", "card [REDACTED] ok"),
            ("/pay/5555555555554444/done", "/pay/[REDACTED]/done"),
            ("amex 3782 822463 10005.", "amex [REDACTED]."),
            ("x=4111%201111%201111%201111&y", "x=[REDACTED]&y"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[REDACTED]"),
            ("/r/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln/x", "/r/[REDACTED]/x"),
            ("Authorization: Bearer abc.DEF-123~x", "Authorization: Bearer [REDACTED]"),
            ("bearer%20abcdefgh12 next", "bearer%20[REDACTED] next"),
            ("/cb?access_token=s3cr3t&x=1", "/cb?access_token=[REDACTED]&x=1"),
            ("next=%2Fcb%3Fapi_key%3Dabc%26x%3D1", "next=%2Fcb%3Fapi_key%3D[REDACTED]%26x%3D1"),
            ("password=hunter2 and a@b.cd", "password=[REDACTED] and [REDACTED]"),
            ("a@b.cd e@f.gh", "[REDACTED] [REDACTED]"),
        ] {
            assert_eq!(scrubbed(given), left, "{given}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for harmless in [
            "",
            "plain words, 3 @ 4, user@localhost, @media, a@b",
            "react@19.3.1",
            "2026-11-20T07:24:33.123Z",
            "1763623473123",
            "4111 1111 1111 1112",
            "0.4111111111111111",
            "n4111111111111111x",
            "b16b00b5-4111-4111-8111-111111111111",
            "the bearer of news",
            "eyJ.x.y",
            "eyJhbGciOiJIUzI1NiJ9",
            "tokens: 12, page=2&sort=price",
            "access_token=",
            "100%",
            "%4",
        ] {
            assert_eq!(scrub(harmless, true), None, "{harmless}");
        }
    }

    #[test]
    fn an_identifier_may_look_like_a_card() {
        assert_eq!(scrub("4111111111111111", false), None);
        assert!(scrub("ada@example.org", false).is_some());
    }

    #[test]
    fn the_effort_grows_with_the_text_and_not_with_its_square() {
        let started = std::time::Instant::now();
        for piece in ["%40", "@a", "eyJ", "4 ", "41111111111111111111", "bearer", "token=", "a.", "é@"] {
            let _ = scrub(&piece.repeat(200_000 / piece.len()), true);
        }
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}
