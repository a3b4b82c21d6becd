//! Errors of the page: each kind once, then counted, and only so many kinds.

use crate::catalogue::JS_ERROR;
use crate::event::Body;
use crate::json::{hex, members};
use crate::policy::sampling::hash;

/// So many kinds of errors are told apart per view.
const MAX_KINDS: usize = 30;

/// The errors of a view so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failures {
    kinds: Vec<Kind>,
}

#[derive(Debug, Clone, PartialEq)]
struct Kind {
    fingerprint: u32,
    failure: String,
    repeats: u32,
}

/// What becomes of an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// It is new, and told at once.
    Tell(Body),
    /// It is like one before, and will be told with the others like it.
    Counted,
    /// There are too many kinds already.
    Dropped,
}

impl Failures {
    /// Takes an error as the browser room describes it, a JSON object: the fields of `js_error`, and whatever else tells
    /// errors apart.
    pub fn add(&mut self, failure: &str) -> Step {
        let fingerprint = fingerprint(failure);
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.fingerprint == fingerprint) {
            kind.repeats += 1;
            return Step::Counted;
        }
        if self.kinds.len() >= MAX_KINDS {
            return Step::Dropped;
        }
        self.kinds.push(Kind { fingerprint, failure: failure.into(), repeats: 0 });
        Step::Tell(body(failure, fingerprint, 1))
    }

    /// The errors that came again since they were last told.
    pub fn repeated(&mut self) -> Vec<Body> {
        let mut bodies = Vec::new();
        for kind in &mut self.kinds {
            if kind.repeats > 0 {
                bodies.push(body(&kind.failure, kind.fingerprint, core::mem::take(&mut kind.repeats)));
            }
        }
        bodies
    }
}

fn body(failure: &str, fingerprint: u32, count: u32) -> Body {
    let mut digits = String::new();
    for at in 0..8 {
        digits.push(hex((fingerprint >> (28 - 4 * at)) as u8));
    }
    Body::of(JS_ERROR).with(failure).text("fingerprint", &digits).number("count", f64::from(count)).done()
}

/// Equal errors have the same place in the code, or, without one, the same words. The message itself has no part in it:
/// it may name a person.
fn fingerprint(failure: &str) -> u32 {
    let parts = members(failure).filter(|(name, _)| *name != "message");
    parts.fold(0x811c_9dc5, |all, (_, value)| hash(all, value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(line: u32, message: &str) -> String {
        format!(
            r#"{{"type":"error:TypeError","source":"https://a/b.js","line":{line},"message":"{message}","shape":0}}"#
        )
    }

    #[test]
    fn an_error_is_told_once_and_counted_after() {
        let mut failures = Failures::default();
        let Step::Tell(first) = failures.add(&failure(1, "x of Ann")) else { panic!("not told") };
        assert!(first.properties.ends_with(r#""count":1}"#), "{}", first.properties);
        assert!(!first.properties.contains("shape"));
        assert_eq!(failures.add(&failure(1, "x of Bob")), Step::Counted);
        assert_eq!(failures.add(&failure(1, "x of Cleo")), Step::Counted);
        assert!(matches!(failures.add(&failure(2, "y")), Step::Tell(_)));
        let repeated = failures.repeated();
        assert_eq!(repeated.len(), 1);
        assert!(repeated[0].properties.ends_with(r#""count":2}"#), "{}", repeated[0].properties);
        assert_eq!(failures.repeated(), []);
    }

    #[test]
    fn kinds_are_bounded() {
        let mut failures = Failures::default();
        for line in 0..1_000 {
            failures.add(&failure(line, ""));
        }
        assert_eq!(failures.add(&failure(5_000, "")), Step::Dropped);
        assert_eq!(failures.add(&failure(3, "")), Step::Counted);
        assert_eq!(failures.kinds.len(), MAX_KINDS);
    }

    #[test]
    fn fingerprints_are_eight_hex_digits_and_differ() {
        assert_ne!(fingerprint(&failure(1, "")), fingerprint(&failure(2, "")));
        let properties = body("{}", 0x00ab_0c01, 1).properties;
        assert_eq!(properties, r#"{"fingerprint":"00ab0c01","count":1}"#);
    }
}
