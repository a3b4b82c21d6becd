//! Events a client reports whole: held against the catalogue, and against the few rules that types cannot say.

use crate::catalogue::{self as c, EventDef};
use crate::json::{self, Object, elements};

use super::Mistake;
use super::conversation::{Conversation, Shared};
use super::details::Details;
use super::fields::{Fields, check, mistake};

/// The largest revenue that can be true: beyond, cents are no longer exact.
const MOST_REVENUE: f64 = 1e12;
/// Items of an order that are kept.
const MOST_ITEMS: usize = 100;
/// What is kept of an item.
const ITEM: [&str; 5] = ["productId", "name", "quantity", "unitPrice", "category"];
/// The best rating when the caller names none.
const MAX_SCORE: f64 = 5.0;

/// Takes an event of the catalogue.
pub fn take(
    chat: &mut Conversation,
    def: &'static EventDef,
    details: Details,
    at: f64,
    shared: &mut Shared,
) -> Result<(), Mistake> {
    let call = def.name;
    let mut fields = Fields::of(def);
    let special = [c::CSAT_SUBMITTED, c::RESOLUTION_SUBMITTED, c::PURCHASE_COMPLETED];
    check(def, call, details, !special.iter().any(|special| special.name == call))?;
    match call {
        "csat_submitted" => {
            let max = details.number("maxScore").unwrap_or(MAX_SCORE);
            if max <= 0.0 {
                return Err(mistake(call, "maxScore", "a number above 0", details.raw("maxScore")));
            }
            match details.number("score") {
                Some(score) if (0.0..=max).contains(&score) => {}
                _ => return Err(mistake(call, "score", "a number from 0 to maxScore", details.raw("score"))),
            }
            fields.number("maxScore", Some(max));
        }
        "resolution_submitted" => return resolution(chat, details, at, shared),
        "purchase_completed" => {
            purchase(&mut fields, details)?;
        }
        "message_impression" => {
            if !shared.memory.see(&details.text("messageId").unwrap_or_default()) {
                return Ok(());
            }
            if let Some(error) = details.raw("error") {
                chat.error_shown(call, Details(error), at, shared)?;
            }
        }
        _ => {}
    }
    chat.emit(fields, details, at, shared);
    Ok(())
}

/// `{resolved?, escalated?}`: what was said counts; otherwise it went to a human when it is not settled, or when one was
/// asked for.
fn resolution(
    chat: &mut Conversation,
    details: Details,
    at: f64,
    shared: &mut Shared,
) -> Result<(), Mistake> {
    let resolved = details.boolean("resolved");
    if resolved.is_none()
        && let Some(given) = details.raw("resolved")
    {
        return Err(mistake("markResolved", "resolved", "true or false", Some(given)));
    }
    let handed_off = shared.memory.is_escalated(chat.memory_key());
    let escalated = details.boolean("escalated").unwrap_or(resolved == Some(false) || handed_off);
    let mut fields = Fields::of(c::RESOLUTION_SUBMITTED);
    fields.boolean("escalated", escalated);
    chat.emit(fields, details, at, shared);
    if !escalated && !handed_off && resolved != Some(false) {
        chat.emit(Fields::of(c::RESOLUTION_WITHOUT_ESCALATION), Details(""), at, shared);
    }
    Ok(())
}

fn purchase(fields: &mut Fields, details: Details) -> Result<(), Mistake> {
    const CALL: &str = "trackPurchase";
    if details.raw("orderId").is_none() {
        return Err(mistake(CALL, "orderId", "a string", None));
    }
    match details.number("revenue") {
        Some(revenue) if (0.0..=MOST_REVENUE).contains(&revenue) => {}
        _ => return Err(mistake(CALL, "revenue", "a number, 0 or more", details.raw("revenue"))),
    }
    match details.text("currency") {
        Some(code) if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            fields.text("currency", Some(&code.to_ascii_uppercase()));
        }
        _ => {
            let wanted = "an ISO 4217 code such as \"EUR\"";
            return Err(mistake(CALL, "currency", wanted, details.raw("currency")));
        }
    }
    if let Some(given) = details.raw("items") {
        let mut items = String::from("[");
        for item in elements(given).take(MOST_ITEMS) {
            let mut kept = Object::new();
            for (name, value) in json::members(item).filter(|(name, _)| ITEM.contains(name)) {
                kept.raw_member(name, value);
            }
            if items.len() > 1 {
                items.push(',');
            }
            items.push_str(&kept.finish());
        }
        items.push(']');
        fields.raw("items", &items);
    }
    Ok(())
}

const POSITIVE: &str = "feedback.positive";
const NEGATIVE: &str = "feedback.negative";
/// What clients call the same thing.
const ACTIONS: [(&str, &str); 9] = [
    ("thumbsup", POSITIVE),
    ("positive", POSITIVE),
    ("like", POSITIVE),
    ("upvote", POSITIVE),
    ("thumbsdown", NEGATIVE),
    ("negative", NEGATIVE),
    ("dislike", NEGATIVE),
    ("downvote", NEGATIVE),
    ("regenerate", "retry"),
];

/// An action in the words of the catalogue. An unknown one stays as it is, in lower case.
pub fn action(given: &str) -> String {
    let lower = given.to_ascii_lowercase();
    let letters: String = lower.chars().filter(|c| c.is_ascii_alphabetic()).collect();
    match ACTIONS.iter().find(|(name, _)| *name == letters) {
        Some((_, action)) => (*action).into(),
        None => lower,
    }
}
