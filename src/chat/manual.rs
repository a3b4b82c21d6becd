//! Events a client reports whole: held against the catalogue, and against the few rules that types cannot say.

use crate::catalogue::{self as c, EventDef};
use crate::json::{self, Object, elements};

use super::Wrong;
use super::conversation::Conversation;
use super::details::Details;
use super::fields::{Fields, check};
use super::room::Shared;

/// The largest revenue that can be true: beyond, cents are no longer exact.
const MOST_REVENUE: f64 = 1e12;
/// Items of an order that are kept.
const MOST_ITEMS: usize = 100;
/// What is kept of an item.
const ITEM: [&str; 5] = ["productId", "name", "quantity", "unitPrice", "category"];
/// The best rating when the caller names none.
const MAX_SCORE: f64 = 5.0;

/// Takes an event of the catalogue.
#[inline(never)]
pub fn take(
    chat: &mut Conversation,
    def: &'static EventDef,
    details: Details,
    at: f64,
    shared: &mut Shared,
) -> Result<(), Wrong> {
    // What these leave out is made up for, or asked for in words of their own.
    let lenient = def.name == c::CSAT_SUBMITTED.name || def.name == c::RESOLUTION_SUBMITTED.name;
    check(def, details, !lenient)?;
    let mut fields = Fields::about(def);
    match def.name {
        "csat_submitted" => rating(&mut fields, details)?,
        "purchase_completed" => purchase(&mut fields, details)?,
        "resolution_submitted" => return resolution(fields, chat, details, at, shared),
        "message_impression" => {
            if !shared.memory.see(&details.text("messageId").unwrap_or_default()) {
                return Ok(());
            }
            let error = details.raw("error");
            if !error.is_empty() {
                chat.error_shown(Details(error), at, shared)?;
            }
        }
        _ => {}
    }
    chat.emit(fields, details, at, shared);
    Ok(())
}

fn rating(fields: &mut Fields, details: Details) -> Result<(), Wrong> {
    let mut max = details.number("maxScore");
    if max.is_nan() {
        max = MAX_SCORE;
        fields.number("maxScore", max);
    }
    if max <= 0.0 {
        return Err(("maxScore", "a number above 0"));
    }
    if !(0.0..=max).contains(&details.number("score")) {
        return Err(("score", "a number from 0 to maxScore (default 5)"));
    }
    Ok(())
}

/// `{resolved?, escalated?}`: what was said counts; otherwise it went to a human when it is not settled, or when one was
/// asked for.
fn resolution(
    mut fields: Fields,
    chat: &mut Conversation,
    details: Details,
    at: f64,
    shared: &mut Shared,
) -> Result<(), Wrong> {
    let unsettled = details.is("resolved", "false");
    if details.has("resolved") && !unsettled && !details.is("resolved", "true") {
        return Err(("resolved", "true or false"));
    }
    let handed_off = shared.memory.is_escalated(chat.memory_key());
    let escalated = json::boolean(details.raw("escalated")).unwrap_or(unsettled || handed_off);
    fields.raw("escalated", if escalated { "true" } else { "false" });
    chat.emit(fields, details, at, shared);
    if !(escalated || handed_off || unsettled) {
        chat.tell(c::RESOLUTION_WITHOUT_ESCALATION, Details::NONE, at, shared);
    }
    Ok(())
}

fn purchase(fields: &mut Fields, details: Details) -> Result<(), Wrong> {
    if !(0.0..=MOST_REVENUE).contains(&details.number("revenue")) {
        return Err(("revenue", "a number, 0 or more"));
    }
    let mut currency = details.text("currency").unwrap_or_default();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(("currency", "an ISO 4217 code such as \"EUR\""));
    }
    currency.make_ascii_uppercase();
    fields.text("currency", &currency);
    let mut items = String::new();
    for item in elements(details.raw("items")).take(MOST_ITEMS) {
        let mut kept = Object::new();
        for (name, value) in json::members(item).filter(|(name, _)| ITEM.contains(name)) {
            kept.raw_member(name, value);
        }
        items.push(if items.is_empty() { '[' } else { ',' });
        items.push_str(&kept.finish());
    }
    if !items.is_empty() {
        items.push(']');
    }
    fields.raw("items", &items);
    Ok(())
}

const POSITIVE: &str = "feedback.positive";
const NEGATIVE: &str = "feedback.negative";
/// What clients call the same thing.
const ACTIONS: [(&str, &str); 11] = [
    ("thumbsup", POSITIVE),
    ("thumbs_up", POSITIVE),
    ("positive", POSITIVE),
    ("like", POSITIVE),
    ("upvote", POSITIVE),
    ("thumbsdown", NEGATIVE),
    ("thumbs_down", NEGATIVE),
    ("negative", NEGATIVE),
    ("dislike", NEGATIVE),
    ("downvote", NEGATIVE),
    ("regenerate", "retry"),
];

/// An action in the words of the catalogue. An unknown one stays as it is, in lower case.
pub fn action(mut given: String) -> String {
    given.make_ascii_lowercase();
    match ACTIONS.iter().find(|(name, _)| *name == given) {
        Some((_, action)) => (*action).into(),
        None => given,
    }
}
