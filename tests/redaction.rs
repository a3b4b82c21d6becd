//! No planted secret gets through, at any depth, in a hundred thousand objects; and nothing else is touched.

use std::collections::BTreeSet;

use chatvitals::catalogue;
use chatvitals::event::{Body, Event, Kind};
use chatvitals::id::Random;
use chatvitals::policy::redaction::redact;
use serde_json::{Map, Value, json};

const OBJECTS: usize = 100_000;

/// Makes objects, and remembers what it hid in them.
struct Generator {
    random: Random,
    planted: Vec<String>,
    kept: BTreeSet<String>,
    next: u64,
}

impl Generator {
    fn below(&mut self, bound: usize) -> usize {
        (self.random.next_u64() % bound as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// A word that occurs nowhere else, and is no secret.
    fn word(&mut self) -> String {
        self.next += 1;
        let word = format!("w{:x}é", self.next);
        self.kept.insert(word.clone());
        word
    }

    /// Letters and digits that occur nowhere else.
    fn unique(&mut self) -> String {
        format!("Q{:016x}z", self.random.next_u64())
    }

    fn card(&mut self) -> String {
        let length = 13 + self.below(7);
        let mut digits: Vec<u32> = (0..length).map(|_| self.below(10) as u32).collect();
        digits[0] = 2 + self.below(5) as u32;
        let sum: u32 = digits[..length - 1].iter().rev().enumerate().fold(0, |sum, (place, digit)| {
            sum + if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit }
        });
        digits[length - 1] = (10 - sum % 10) % 10;
        let plain: String = digits.iter().map(u32::to_string).collect();
        match self.below(3) {
            0 => plain,
            kind => {
                let groups: Vec<&str> =
                    (0..length).step_by(4).map(|at| &plain[at..length.min(at + 4)]).collect();
                groups.join(if kind == 1 { " " } else { "-" })
            }
        }
    }

    /// A text, and what of it must not be seen again.
    fn secret(&mut self) -> (String, String) {
        let unique = self.unique();
        match self.below(7) {
            0 => {
                let mail = format!("{unique}@mail{}.example.org", self.below(9));
                (mail.clone(), mail)
            }
            1 => (format!("{unique}%40example.org"), unique),
            2 => {
                let card = self.card();
                (card.clone(), card)
            }
            3 => {
                let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJ{unique}.{unique}");
                (token, unique)
            }
            4 => (format!("{} {unique}", self.pick(&["Bearer", "bearer", "BEARER"])), unique),
            5 => (
                format!(
                    "https://a.example/cb?x=1&{}={unique}&y=2",
                    self.pick(&["access_token", "api_key", "clientSecret"])
                ),
                unique,
            ),
            _ => (format!("/x/{unique}@example.org/y"), unique),
        }
    }

    fn text(&mut self) -> String {
        if self.below(4) > 0 {
            return self.word();
        }
        let (text, secret) = self.secret();
        self.planted.push(secret);
        match self.below(4) {
            0 => text,
            1 => format!("{} {text}", self.word()),
            2 => format!("\"{}\"\n\t{text}, {}", self.word(), self.word()),
            _ => format!("😀 {text} \\ {}", self.word()),
        }
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth > 6 { 4 } else { 6 }) {
            0 => Value::Bool(self.below(2) == 0),
            1 => json!(self.below(1_000_000)),
            2 | 3 => Value::String(self.text()),
            4 => (0..self.below(4)).map(|_| self.value(depth + 1)).collect(),
            _ => Value::Object(self.object(depth + 1)),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        for _ in 0..self.below(5) {
            if self.below(5) == 0 {
                let name = self.pick(&[
                    "token",
                    "accessToken",
                    "API_KEY",
                    "x-api-key",
                    "apiKey",
                    "clientSecret",
                    "PassWord",
                    "authorization",
                    "aws_credentials",
                    "Cookie",
                    "session cookie",
                ]);
                let hidden = self.unique();
                self.planted.push(hidden.clone());
                let value = match self.below(3) {
                    0 => Value::String(hidden),
                    1 => json!({ "deep": [hidden] }),
                    _ => json!([1, hidden]),
                };
                object.insert(format!("{name}{}", self.below(100)), value);
            } else {
                let name = self.word();
                let value = self.value(depth);
                object.insert(name, value);
            }
        }
        object
    }
}

fn event(kind: Kind, properties: String, context: String, dimensions: String) -> Event {
    Event {
        id: "id".into(),
        body: Body { kind, properties, turn: Box::default() },
        at: 0.0,
        session_id: "s".into(),
        view: None,
        context,
        dimensions,
        sample_rate: None,
    }
}

#[test]
fn no_planted_secret_gets_through_and_nothing_else_is_touched() {
    let mut made =
        Generator { random: Random::new(0x5eed), planted: Vec::new(), kept: BTreeSet::new(), next: 0 };
    let mut planted = 0;
    for number in 0..OBJECTS {
        made.planted.clear();
        made.kept.clear();
        let object = Value::Object(made.object(0)).to_string();
        let empty = || String::from("{}");
        // A secret's keys and looks count wherever a site can put an object.
        let known = Kind::Known(catalogue::CSAT_SUBMITTED);
        let custom = Kind::Custom("own".into());
        let mut event = match number % 4 {
            0 => event(custom, object.clone(), empty(), empty()),
            1 => event(custom, empty(), object.clone(), empty()),
            2 => event(custom, empty(), empty(), object.clone()),
            _ => event(known, object.clone(), empty(), empty()),
        };
        redact(&mut event, number % 8 < 4, &[]);
        let Event { body, context, dimensions, .. } = event;
        let all = [&body.properties, &context, &dimensions];
        for part in all {
            let read = serde_json::from_str::<Value>(part);
            assert!(read.is_ok_and(|read| read.is_object()), "no JSON any more: {part}\nfrom {object}");
        }
        let all = all.map(String::as_str).concat();
        for secret in &made.planted {
            assert!(!all.contains(secret.as_str()), "{secret} got through: {all}\nfrom {object}");
        }
        // Everything that was not hidden under a secret's name is still there.
        for word in made.kept.iter().filter(|word| object.contains(word.as_str())) {
            assert!(all.contains(word.as_str()), "{word} is gone: {all}\nfrom {object}");
        }
        planted += made.planted.len();
    }
    assert!(planted > OBJECTS / 2, "{planted} secrets are too few to prove anything");
}

/// Every event of the catalogue with every field set, none of them content.
#[test]
fn none_of_the_trackers_own_fields_is_touched() {
    use chatvitals::catalogue::{FieldKind, Presence};
    for def in catalogue::all() {
        let mut object = Map::new();
        for field in def.fields.iter().filter(|field| field.presence != Presence::Content) {
            object.insert(
                field.name.into(),
                match field.kind {
                    FieldKind::Text => json!("0193a0f0-4111-7111-8111-111111111111"),
                    FieldKind::Url => json!("https://shop.example/kites/4?utm_source=news"),
                    FieldKind::Number => json!(1234.5),
                    FieldKind::Count => json!(4_111_111_111_111_111_u64),
                    FieldKind::Boolean => json!(true),
                    FieldKind::List => json!([{ "productId": "4111111111111111", "tokenCount": 3 }]),
                    FieldKind::Object => json!({ "inputTokens": 12, "cookiePhase": 3.5, "target": "a>b" }),
                },
            );
        }
        let given = Value::Object(object);
        let mut event = event(Kind::Known(def), given.to_string(), "{}".into(), "{}".into());
        redact(&mut event, false, &[]);
        let kept: Value = serde_json::from_str(&event.body.properties).unwrap();
        assert_eq!(kept, given, "{}", def.name);
    }
}
