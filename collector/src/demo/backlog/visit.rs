//! A visit to the demo's shop: who comes, on which device, what they look at.

use serde_json::{Value, json};

use super::chat;
use super::random::Random;
use super::story::Story;

/// The kites with their prices.
pub const KITES: [(&str, f64); 6] = [
    ("brisk", 34.0),
    ("heron", 52.0),
    ("lantern", 86.0),
    ("moth", 64.0),
    ("rook", 128.0),
    ("whimbrel", 44.0),
];

/// Where one goes from any page, and how often.
const ROUTES: [(f64, &str); 11] = [
    (3.0, "/"),
    (6.0, "/kites/"),
    (3.0, "/kites/brisk/"),
    (2.0, "/kites/heron/"),
    (1.5, "/kites/lantern/"),
    (1.5, "/kites/moth/"),
    (1.0, "/kites/rook/"),
    (2.0, "/kites/whimbrel/"),
    (3.0, "/guide/"),
    (1.0, "/about/"),
    (1.5, "/basket/"),
];

/// The page that is slow: its pictures are large and come late.
const SLOW_ROUTE: &str = "/guide/";

/// What a visit is made on.
#[derive(Clone, Copy)]
struct Device {
    class: &'static str,
    browser: &'static str,
    platform: &'static str,
    connection: &'static str,
    /// How many times slower than a good desktop.
    slowness: f64,
}

const DEVICES: [(f64, Device); 6] = [
    (38.0, device("desktop", "Chrome", "Windows", "4g", 1.0)),
    (10.0, device("desktop", "Firefox", "Linux", "4g", 1.1)),
    (14.0, device("desktop", "Safari", "macOS", "4g", 0.9)),
    (24.0, device("mobile", "Chrome", "Android", "4g", 1.7)),
    (8.0, device("mobile", "Chrome", "Android", "3g", 3.0)),
    (6.0, device("tablet", "Safari", "iPad", "4g", 1.3)),
];

const fn device(
    class: &'static str,
    browser: &'static str,
    platform: &'static str,
    connection: &'static str,
    slowness: f64,
) -> Device {
    Device { class, browser, platform, connection, slowness }
}

/// What brings a visit.
#[derive(Clone, Copy)]
struct Campaign {
    source: &'static str,
    name: &'static str,
    channel: &'static str,
}

const CAMPAIGNS: [(f64, Option<Campaign>); 5] = [
    (55.0, None),
    (16.0, Some(Campaign { source: "newsletter", name: "autumn-winds", channel: "email" })),
    (14.0, Some(Campaign { source: "google", name: "first-kite", channel: "paid_search" })),
    (9.0, Some(Campaign { source: "instagram", name: "beach-days", channel: "paid_social" })),
    (6.0, Some(Campaign { source: "partner", name: "kite-festival", channel: "referral" })),
];

/// The whole visit of this number, which starts at `start`.
pub fn tell(number: u64, start: i64, mut random: Random) -> Story {
    let Device { class, browser, platform, connection, slowness } = *random.pick(&DEVICES);
    let campaign = *random.pick(&CAMPAIGNS);
    let entry = if campaign.is_some() { *random.pick(&ROUTES) } else { "/" };
    let arrival = json!({
        "campaign": campaign.map_or(json!({ "channel": "direct" }), |Campaign { source, name, channel }| {
            json!({ "source": source, "campaign": name, "channel": channel })
        }),
        "device": { "class": class, "browser": browser, "platform": platform, "connection": connection, "language": "en" },
    });
    let mut story = Story::new(format!("demo-{number:05}"), start, arrival, random);
    story.tell("session_started", json!({ "resumed": false, "identityKind": "anonymous" }));
    let chats = story.random.chance(0.38);
    let pages = 1 + story.random.below(if chats { 5 } else { 4 });
    let chat_on = story.random.below(pages);
    let mut turns = (0, 0);
    for page in 0..pages {
        let path = if page == 0 { entry } else { *story.random.pick(&ROUTES) };
        look_at(&mut story, path, slowness, page == 0);
        if chats && page == chat_on {
            turns = chat::tell(&mut story, slowness);
        }
        leave(&mut story);
    }
    let (user, assistant) = turns;
    let lasted = story.now - start;
    story.tell(
        "session_ended",
        json!({ "durationMs": lasted, "userTurnCount": user, "assistantTurnCount": assistant }),
    );
    story
}

fn look_at(story: &mut Story, path: &str, slowness: f64, is_load: bool) {
    story.show(path);
    let url = format!("https://lull-and-gust.example{path}");
    let navigation = if is_load { "navigate" } else { "spa" };
    story.tell(
        "page_view",
        json!({ "url": url, "path": path, "title": "Lull & Gust", "navigationType": navigation }),
    );
    let slow = slowness * if path == SLOW_ROUTE { 2.6 } else { 1.0 };
    let vital = |story: &mut Story, name: &str, value: f64, rating: [f64; 2]| {
        let rating = match value {
            value if value <= rating[0] => "good",
            value if value <= rating[1] => "needs-improvement",
            _ => "poor",
        };
        let id = format!("{name}-{}-{}", story.events.len(), story.now);
        story.tell(
            "web_vital",
            json!({ "name": name, "value": value, "delta": value, "rating": rating, "id": id, "navigationType": navigation }),
        );
    };
    let ttfb = story.random.duration(180.0 * slowness, 0.5);
    vital(story, "TTFB", ttfb, [800.0, 1800.0]);
    let fcp = ttfb + story.random.duration(500.0 * slow, 0.4);
    story.wait(fcp);
    vital(story, "FCP", fcp, [1800.0, 3000.0]);
    let lcp = fcp + story.random.duration(500.0 * slow, 0.6);
    vital(story, "LCP", lcp, [2500.0, 4000.0]);
    if story.random.chance(0.03) {
        let kind = *story.random.pick(&[(3.0, "error"), (2.0, "unhandledrejection"), (1.0, "resource")]);
        story.tell(
            "js_error",
            json!({ "type": kind, "source": "/assets/site.js", "line": 12, "fingerprint": kind, "count": 1 }),
        );
    }
    let read = story.random.duration(9_000.0, 0.9);
    story.wait(read);
    if story.random.chance(0.5) {
        story.tell("click", json!({ "selector": "main a.card", "tag": "a" }));
        let inp = story.random.duration(90.0 * slow, 0.7);
        vital(story, "INP", inp, [200.0, 500.0]);
    }
    let cls =
        (story.random.duration(if path == SLOW_ROUTE { 0.14 } else { 0.03 }, 0.8) * 1000.0).round() / 1000.0;
    vital(story, "CLS", cls, [0.1, 0.25]);
    for depth in [25, 50, 75, 100] {
        if story.random.chance(0.7 - f64::from(depth) / 250.0) {
            story.tell("scroll_depth", json!({ "percent": depth, "px": depth * 24 }));
        }
    }
    if path == "/kites/" && story.random.chance(0.02) {
        story.tell("rage_click", json!({ "selector": "select#sort", "count": 4 }));
    }
}

fn leave(story: &mut Story) {
    let engaged = story.random.duration(11_000.0, 1.0).min(600_000.0);
    let visible = (engaged * story.random.between(1.0, 2.5)).min(900_000.0);
    let deepest = story.random.between(20.0, 100.0).round();
    story.wait(visible);
    story.tell(
        "page_leave",
        json!({ "engagedMs": engaged, "visibleMs": visible.round(), "maxScrollPercent": deepest, "maxScrollPx": deepest * 24.0 }),
    );
}

/// What a visitor bought, in their currency.
pub fn purchase(story: &mut Story, order: &str) -> Value {
    let currency = *story.random.pick(&[(6.0, "EUR"), (2.0, "USD"), (1.0, "GBP")]);
    let count = 1 + story.random.below(3);
    let mut revenue = 4.9;
    let mut items = Vec::new();
    for _ in 0..count {
        let (name, price) = KITES[story.random.below(KITES.len() as u64) as usize];
        let category = if price > 60.0 { "stunt" } else { "single-line" };
        revenue += price;
        items.push(json!({ "sku": name, "category": category, "quantity": 1, "unitPrice": price }));
    }
    json!({ "orderId": order, "revenue": (revenue * 100.0).round() / 100.0, "currency": currency, "items": items })
}
