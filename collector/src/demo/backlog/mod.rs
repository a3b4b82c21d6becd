//! The demo's backlog: a month of visits that never were, for charts that have something to show (`--seed-demo`).
//!
//! | room | takes → gives |
//! |---|---|
//! | `random` | a seed → the same numbers on every machine |
//! | `visit`, `chat` | a number, a start → a visit |
//! | `story` | what happens → events, as the tracker would have sent them |

mod chat;
mod random;
mod story;
mod visit;

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};

use crate::clock::{self, DAY, HOUR};
use crate::ingest;
use crate::store::{Batch, Store, StoreError, Visitor};
use random::Random;

/// Visits of the backlog.
const VISITS: u64 = 2_400;

/// Days it goes back.
const DAYS: u64 = 30;

/// Whatever it is, it stays: visits are known by their number, and a second seeding must tell the same ones.
const SEED: u64 = 0x6b69_7465;

/// Visits stored in one transaction.
const AT_ONCE: usize = 100;

/// How busy each hour of the day is, UTC.
const RHYTHM: [f64; 24] = [
    1.0, 0.7, 0.5, 0.4, 0.5, 0.8, 1.6, 3.0, 4.4, 5.2, 5.6, 5.8, 6.2, 6.0, 5.6, 5.4, 5.6, 6.2, 7.4, 8.4, 8.0,
    6.2, 4.0, 2.2,
];

/// Fills the store with the backlog as of `now`; does nothing when it is there already. Gives how many events were added.
pub fn seed(store: &dyn Store, now: i64) -> Result<usize, String> {
    let failed = |error: StoreError| format!("the demo's backlog cannot be stored: {error}");
    let (last, _) = visit_events(VISITS - 1, now);
    let last_id = last["events"][0]["sessionId"].as_str().unwrap_or_default();
    if !store.session(last_id, 1).map_err(failed)?.is_empty() {
        return Ok(0);
    }
    let mut visits: Vec<(u64, i64)> = (0..VISITS).map(|number| (number, start_of(number, now))).collect();
    // In the order of time, as they would have come: hashes of visitors are salted day by day. The last number goes last,
    // for its being there means that all of them are.
    visits.sort_by_key(|(number, start)| (*number == VISITS - 1, *start));
    let mut stored = 0;
    for some in visits.chunks(AT_ONCE) {
        let batches: Vec<Batch> =
            some.iter().map(|(number, _)| batch(*number, now)).collect::<Result<_, String>>()?;
        let appended = store.append(&batches).map_err(failed)?;
        stored += appended.iter().map(|one| one.stored).sum::<usize>();
    }
    Ok(stored)
}

/// The visit of this number as a tracker's request, and when it arrives.
pub fn visit_events(number: u64, now: i64) -> (Value, i64) {
    let of_visit = SEED ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d);
    let story = visit::tell(number, start_of(number, now), Random::new(of_visit));
    let until = clock::format_iso(now);
    let happened = |event: &Value| event["timestamp"].as_str().is_some_and(|at| at <= until.as_str());
    let events: Vec<Value> = story.events.into_iter().filter(happened).collect();
    let mut delivery = Random::new(!of_visit);
    let count = events.len() as u64;
    let lost = if delivery.chance(0.02) { 1 + delivery.below(3) } else { 0 };
    let sampled = if delivery.chance(0.1) { delivery.below(4) } else { 0 };
    let stats = json!({
        "id": format!("demo-tracker-{number:05}"), "captured": count + lost + sampled, "sent": count, "lost": lost,
        "retried": u64::from(delivery.chance(0.06)), "dropped": { "sampled": sampled },
    });
    (json!({ "events": events, "stats": stats }), story.now.min(now))
}

/// When the visit starts: more of them by day than by night, fewer at the weekend, slowly growing.
fn start_of(number: u64, now: i64) -> i64 {
    let mut random = Random::new(SEED.rotate_left(17) ^ number);
    // The last of them is over before now.
    let today = now - now.rem_euclid(DAY);
    loop {
        let ago = (DAYS as f64 * random.unit().powf(1.15)) as i64;
        let hours: Vec<(f64, i64)> = (0..).zip(RHYTHM).map(|(hour, weight)| (weight, hour)).collect();
        let hour = *random.pick(&hours);
        let start = today - ago * DAY + hour * HOUR + random.below(HOUR as u64) as i64;
        // 1970-01-01 was a Thursday.
        let weekend = matches!((start.div_euclid(DAY) + 4).rem_euclid(7), 0 | 6);
        if start < now && !(weekend && random.chance(0.35)) {
            return start;
        }
    }
}

/// The visit of this number, read as every request is read.
fn batch(number: u64, now: i64) -> Result<Batch, String> {
    let (body, received_at) = visit_events(number, now);
    let parsed = ingest::parse(body.to_string().as_bytes(), received_at)?;
    // One visitor in four has been here before.
    let person = Random::new(number).below(VISITS * 3 / 4) as u32;
    let visitor =
        Visitor { address: IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + person)), user_agent: "demo".into() };
    Ok(Batch { received_at, visitor: Some(visitor), events: parsed.events, stats: parsed.stats })
}
