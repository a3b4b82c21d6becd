//! What a page leaves in storage for the next one: a batch that is ready to be sent, with its own account.
//!
//! One line each: until when somebody is at work on it (wall clock, ms), the endpoint, the account, then the events.
//! JSON has no line breaks here: `JSON.stringify` and the writer escape them.

use crate::json::{number, push_number};
use crate::queue::Encoded;
use crate::text::parts;

/// A batch in storage.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel<'a> {
    /// Until then, wall clock ms, it belongs to the page that wrote or claimed it; 0 when that page is gone.
    pub lease: f64,
    /// Where it is to be sent.
    pub endpoint: &'a str,
    /// The account of the page that captured the events, as if they had arrived.
    pub stats: &'a str,
    /// The events.
    pub events: Vec<Encoded>,
}

impl<'a> Parcel<'a> {
    /// As it is stored.
    pub fn encode(&self) -> String {
        let mut out = String::new();
        push_number(&mut out, self.lease);
        for line in
            [self.endpoint, self.stats].into_iter().chain(self.events.iter().map(|event| &*event.json))
        {
            out.push('\n');
            out.push_str(line);
        }
        out
    }

    /// Reads it back; `None` for anything that is not one.
    pub fn decode(stored: &'a str) -> Option<Self> {
        let mut lines = parts(stored, b'\n');
        let lease = number(lines.next()?)?;
        let (endpoint, stats) = (lines.next()?, lines.next()?);
        let is_object = |line: &&str| line.starts_with('{') && line.ends_with('}');
        let mut events = Vec::new();
        for line in lines {
            if is_object(&line) {
                events.push(Encoded { json: line.into() });
            }
        }
        (is_object(&stats) && !events.is_empty()).then_some(Self { lease, endpoint, stats, events })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_survives_the_round_trip_and_anything_else_is_refused() {
        let events = vec![Encoded { json: r#"{"a":"b\nc"}"#.into() }, Encoded { json: "{}".into() }];
        let parcel =
            Parcel { lease: 1_763_623_473_123.0, endpoint: "/api/events", stats: "{\"id\":1}", events };
        assert_eq!(Parcel::decode(&parcel.encode()), Some(parcel));
        for wrong in
            ["", "x", "1", "1\n/e", "1\n/e\n{}", "1\n/e\nnot\n{}", "1\n/e\n{}\nnot", "{}\n{}\n{}\n{}"]
        {
            assert_eq!(Parcel::decode(wrong), None, "{wrong}");
        }
    }
}
