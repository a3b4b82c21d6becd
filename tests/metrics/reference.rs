//! The definitions of facts/systems.md 2.5 once more, word by word and without any cleverness, over plain JSON.

use std::collections::{BTreeMap, BTreeSet};

use chatvitals::metrics::Window;
use serde_json::{Value, json};

const MONTH: f64 = 31.0 * 86_400_000.0;

/// A session (or a single event that names none) with its events, each once, in order of time.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: Option<String>,
    pub events: Vec<Value>,
    pub start: Option<i64>,
}

/// The events without the copies.
pub fn unique(events: &[Value]) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for event in events {
        let fresh = match event["id"].as_str() {
            Some(id) => seen.insert((event["sessionId"].to_string(), id.to_owned())),
            None => true,
        };
        if fresh {
            kept.push(event.clone());
        }
    }
    kept
}

/// The sessions that started in the window.
pub fn sessions(events: &[Value], window: &Window) -> Vec<Session> {
    let mut all: Vec<Session> = Vec::new();
    for event in unique(events) {
        let id = event["sessionId"].as_str().map(str::to_owned);
        match all.iter_mut().find(|session| id.is_some() && session.id == id) {
            Some(session) => session.events.push(event),
            None => all.push(Session { id, events: vec![event], start: None }),
        }
    }
    for session in &mut all {
        session.events.sort_by_key(|event| ms(event).unwrap_or(i64::MAX));
        session.start = session.events.iter().filter_map(ms).min();
    }
    all.retain(|session| match session.start {
        Some(start) => window.from.is_none_or(|from| start >= from) && window.to.is_none_or(|to| start <= to),
        None => *window == Window::default(),
    });
    all
}

fn ms(event: &Value) -> Option<i64> {
    event["_ms"].as_i64()
}

fn number(event: &Value, name: &str) -> Option<f64> {
    event["properties"][name].as_f64()
}

fn text<'e>(event: &'e Value, name: &str) -> Option<&'e str> {
    event["properties"][name].as_str().filter(|text| !text.is_empty())
}

fn flag(event: &Value, name: &str) -> Option<bool> {
    event["properties"][name].as_bool()
}

fn millis(event: &Value, name: &str) -> Option<f64> {
    number(event, name).filter(|ms| *ms >= 0.0 && *ms <= MONTH)
}

fn weight(event: &Value) -> f64 {
    let kept_always = ["session_started", "session_ended", "error_shown"];
    match event["sampleRate"].as_f64() {
        Some(rate)
            if (1e-6..1.0).contains(&rate) && !kept_always.contains(&kind(event)) && !is_outcome(event) =>
        {
            1.0 / rate
        }
        _ => 1.0,
    }
}

fn kind(event: &Value) -> &str {
    event["type"].as_str().unwrap_or("")
}

fn is_outcome(event: &Value) -> bool {
    let kind = kind(event);
    kind.starts_with("resolution_")
        || kind.starts_with("handoff_")
        || kind == "csat_submitted"
        || kind == "purchase_completed"
}

fn share(part: f64, whole: f64) -> Value {
    if whole == 0.0 { Value::Null } else { json!(part / whole) }
}

fn percentile(values: &[f64], p: f64) -> Value {
    if values.is_empty() {
        return Value::Null;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let place = p * (sorted.len() - 1) as f64;
    let (lower, upper) = (place as usize, (place as usize + 1).min(sorted.len() - 1));
    let part = place - lower as f64;
    json!(sorted[lower] * (1.0 - part) + sorted[upper] * part)
}

fn mean(values: &[f64]) -> Value {
    share(values.iter().sum(), values.len() as f64)
}

fn spread(values: &[f64]) -> Value {
    json!({
        "count": values.len(), "mean": mean(values), "p50": percentile(values, 0.5), "p75": percentile(values, 0.75),
        "p95": percentile(values, 0.95), "p99": percentile(values, 0.99),
    })
}

impl Session {
    fn is_real(&self) -> bool {
        self.id.is_some()
    }

    fn of<'s>(&'s self, wanted: &'s str) -> impl Iterator<Item = &'s Value> {
        self.events.iter().filter(move |event| kind(event) == wanted)
    }

    fn has(&self, wanted: &str) -> bool {
        self.of(wanted).next().is_some()
    }

    fn told_of_turns(&self, name: &str) -> bool {
        self.of("session_ended").any(|event| number(event, name).is_some_and(|count| count >= 1.0))
    }

    fn engaged(&self) -> bool {
        self.has("user_message_sent") || self.told_of_turns("userTurnCount")
    }

    fn answered(&self) -> bool {
        self.of("assistant_response_completed").any(natural) || self.told_of_turns("assistantTurnCount")
    }

    fn escalated(&self) -> bool {
        self.has("handoff_requested") || self.of("resolution_submitted").any(says_escalated)
    }

    fn resolved(&self) -> bool {
        self.has("resolution_without_escalation")
            || self.of("resolution_submitted").any(|event| !says_escalated(event))
    }

    fn saw_pages(&self) -> bool {
        self.events.iter().any(is_of_a_view)
    }

    /// Anything of a chat.
    fn chatted(&self) -> bool {
        const CHAT: [&str; 8] = [
            "chat_opened",
            "message_impression",
            "user_message_sent",
            "assistant_response_started",
            "assistant_response_first_token",
            "assistant_response_completed",
            "turn_abandoned",
            "csat_submitted",
        ];
        self.events.iter().any(|event| {
            let kind = kind(event);
            CHAT.contains(&kind) || kind.starts_with("handoff_") || kind.starts_with("resolution_")
        }) || self.told_of_turns("userTurnCount")
            || self.told_of_turns("assistantTurnCount")
    }

    fn conversed(&self) -> bool {
        self.is_real() && (self.chatted() || !self.saw_pages())
    }

    fn connection(&self) -> Option<&str> {
        let known = self.events.iter().filter(|event| event["context"]["device"]["connection"].is_string());
        known
            .min_by_key(|event| {
                (ms(event).unwrap_or(i64::MAX), event["context"]["device"]["connection"].as_str())
            })
            .and_then(|event| event["context"]["device"]["connection"].as_str())
    }
}

fn natural(completed: &Value) -> bool {
    text(completed, "finishReason").is_none_or(|reason| reason == "natural")
}

fn says_escalated(resolution: &Value) -> bool {
    flag(resolution, "escalated") == Some(true) || flag(resolution, "resolved") == Some(false)
}

fn is_of_a_view(event: &Value) -> bool {
    ["page_view", "page_leave", "page_engagement", "scroll_depth"].contains(&kind(event))
}

fn count(sessions: &[Session], is: impl Fn(&Session) -> bool) -> u64 {
    sessions.iter().filter(|session| session.is_real() && is(session)).count() as u64
}

pub fn deflection(sessions: &[Session]) -> Value {
    let deflected = count(sessions, |s| s.resolved() && !s.escalated());
    let escalated = count(sessions, Session::escalated);
    let engaged = count(sessions, Session::engaged);
    let contained = count(sessions, |s| s.engaged() && !s.escalated());
    json!({
        "rate": share(deflected as f64, (deflected + escalated) as f64),
        "containmentRate": share(contained as f64, engaged as f64),
        "deflected": deflected, "escalated": escalated, "engaged": engaged, "sessions": count(sessions, |_| true),
    })
}

fn points(rating: &Value) -> Option<f64> {
    let (score, max) = (number(rating, "score")?, number(rating, "maxScore").unwrap_or(5.0));
    (max > 0.0 && max <= 1e6 && score >= 0.0 && score <= max).then(|| score * 5.0 / max)
}

pub fn csat(sessions: &[Session]) -> Value {
    let asked = count(sessions, Session::conversed);
    let mut last = Vec::new();
    for session in sessions.iter().filter(|session| session.conversed()) {
        let rated = session.of("csat_submitted").filter_map(|event| Some((ms(event), points(event)?)));
        if let Some((_, points)) = rated.max_by(|a, b| a.partial_cmp(b).unwrap()) {
            last.push(points);
        }
    }
    let stars = |wanted: f64| last.iter().filter(|points| points.round().max(1.0) == wanted).count();
    let satisfied = last.iter().filter(|points| **points >= 4.0).count();
    json!({
        "average": mean(&last),
        "distribution": [stars(1.0), stars(2.0), stars(3.0), stars(4.0), stars(5.0)],
        "satisfiedShare": share(satisfied as f64, last.len() as f64),
        "responseRate": share(last.len() as f64, asked as f64),
        "rated": last.len(), "sessions": asked,
    })
}

pub fn handle_time(sessions: &[Session]) -> Value {
    let mut channels: BTreeMap<&str, Vec<f64>> =
        BTreeMap::from([("all", vec![]), ("bot", vec![]), ("human", vec![])]);
    for session in sessions.iter().filter(|session| session.conversed()) {
        let told =
            session.of("session_ended").filter_map(|event| Some((ms(event), millis(event, "durationMs")?)));
        let told = told.max_by(|a, b| a.partial_cmp(b).unwrap()).map(|(_, ms)| ms);
        let last = session.events.iter().filter_map(ms).max();
        let seen = session.start.zip(last).map(|(first, last)| (last - first) as f64).filter(|ms| *ms > 0.0);
        let channel = if session.has("handoff_converted") { "human" } else { "bot" };
        if let Some(ms) = told.or(seen) {
            channels.get_mut("all").unwrap().push(ms);
            channels.get_mut(channel).unwrap().push(ms);
        }
    }
    let edges = [0.0, 30e3, 60e3, 120e3, 300e3, 600e3, 1200e3, 1800e3, 3600e3, f64::INFINITY];
    let channel = |name: &str| {
        let times = &channels[name];
        let histogram: Vec<Value> = edges
            .windows(2)
            .map(|bin| {
                let to = if bin[1].is_finite() { json!(bin[1]) } else { Value::Null };
                json!({"from": bin[0], "to": to, "count": times.iter().filter(|ms| **ms >= bin[0] && **ms < bin[1]).count()})
            })
            .collect();
        json!({
            "count": times.len(), "mean": mean(times), "median": percentile(times, 0.5), "p90": percentile(times, 0.9),
            "histogram": histogram,
        })
    };
    json!({"all": channel("all"), "bot": channel("bot"), "human": channel("human")})
}

pub fn agent_assist(sessions: &[Session]) -> Value {
    let answered = count(sessions, Session::answered);
    let assisted = count(sessions, |s| s.answered() && !s.has("handoff_converted"));
    json!({"rate": share(assisted as f64, answered as f64), "assisted": assisted, "answered": answered})
}

fn amount(value: &Value) -> Option<f64> {
    value.as_f64().filter(|amount| *amount >= 0.0 && *amount <= 1e12)
}

fn currency(event: &Value) -> Option<String> {
    let code = text(event, "currency")?.to_uppercase();
    ["EUR", "USD", "JPY"].contains(&code.as_str()).then_some(code)
}

fn purchases(session: &Session) -> impl Iterator<Item = &Value> {
    session
        .of("purchase_completed")
        .filter(|event| amount(&event["properties"]["revenue"]).is_some() && currency(event).is_some())
}

/// For each order id the event that told of it first.
pub fn owners(sessions: &[Session]) -> BTreeMap<String, Value> {
    let mut owners = BTreeMap::new();
    for session in sessions {
        // Of those without a time the ones in a session that has one come first.
        let untimed = if session.start.is_some() { i64::MAX - 1 } else { i64::MAX };
        for event in purchases(session) {
            if let Some(order) = text(event, "orderId") {
                let when = (ms(event).unwrap_or(untimed), currency(event), number(event, "revenue"));
                if owners.get(order).is_none_or(|(known, _)| when < *known) {
                    owners.insert(order.to_owned(), (when, event.clone()));
                }
            }
        }
    }
    owners.into_iter().map(|(order, (_, event))| (order, event)).collect()
}

pub fn gmv(sessions: &[Session], owners: &BTreeMap<String, Value>, with_categories: bool) -> Value {
    let (mut orders, mut buyers) = (Vec::new(), BTreeSet::new());
    for session in sessions {
        for event in purchases(session) {
            if text(event, "orderId").is_none_or(|order| owners[order] == *event) {
                orders.push(event);
                buyers.extend(session.id.clone());
            }
        }
    }
    let mut by_currency = serde_json::Map::new();
    for code in ["EUR", "JPY", "USD"] {
        let own: Vec<&&Value> =
            orders.iter().filter(|event| currency(event).as_deref() == Some(code)).collect();
        if own.is_empty() {
            continue;
        }
        let total: f64 = own.iter().filter_map(|event| number(event, "revenue")).sum();
        let mut revenue = json!({"total": total, "orders": own.len(), "aov": share(total, own.len() as f64)});
        if with_categories {
            let mut categories: BTreeMap<&str, f64> = BTreeMap::new();
            for item in own.iter().filter_map(|event| event["properties"]["items"].as_array()).flatten() {
                let quantity =
                    if item["quantity"].is_number() { amount(&item["quantity"]) } else { Some(1.0) };
                if let (Some(quantity), Some(price)) = (quantity, amount(&item["unitPrice"])) {
                    let category =
                        item["category"].as_str().filter(|name| !name.is_empty()).unwrap_or("other");
                    *categories.entry(category).or_default() += quantity * price;
                }
            }
            let rows: Vec<(&str, f64)> = categories.into_iter().collect();
            revenue["byCategory"] = largest(rows, |total| *total, |total| json!({"total": total}));
        }
        by_currency.insert(code.to_owned(), revenue);
    }
    let all = count(sessions, |_| true);
    json!({
        "byCurrency": by_currency, "conversion": share(buyers.len() as f64, all as f64), "orders": orders.len(),
        "buyers": buyers.len(), "sessions": all,
    })
}

/// Rows of a breakdown, largest first, equal ones by key.
fn largest<T>(mut rows: Vec<(&str, T)>, size: impl Fn(&T) -> f64, show: impl Fn(&T) -> Value) -> Value {
    rows.sort_by(|a, b| size(&b.1).partial_cmp(&size(&a.1)).unwrap().then(a.0.cmp(b.0)));
    rows.iter()
        .map(|(key, row)| {
            let mut row = show(row);
            row["key"] = json!(key);
            row
        })
        .collect()
}

/// What of `events` belongs to each route they name.
fn by_route<'e>(events: &[&'e Value]) -> Vec<(&'e str, Vec<&'e Value>)> {
    let routes: BTreeSet<&str> = events.iter().filter_map(|event| event["path"].as_str()).collect();
    routes
        .into_iter()
        .map(|route| (route, events.iter().copied().filter(|event| event["path"] == *route).collect()))
        .collect()
}

pub fn vitals(sessions: &[Session], whole: bool) -> Value {
    let thresholds = [
        ("LCP", 2500.0, 4000.0),
        ("CLS", 0.1, 0.25),
        ("INP", 200.0, 500.0),
        ("FCP", 1800.0, 3000.0),
        ("TTFB", 800.0, 1800.0),
        ("FID", 100.0, 300.0),
    ];
    let mut last: Vec<&Value> = Vec::new();
    for session in sessions {
        let known = |event: &&Value| {
            thresholds.iter().any(|(name, ..)| text(event, "name") == Some(name))
                && number(event, "value").is_some_and(|value| (0.0..=86_400_000.0).contains(&value))
        };
        let told: Vec<&Value> = session.of("web_vital").filter(known).collect();
        for event in &told {
            let when = |event: &Value| (ms(event), number(event, "value"));
            let replaced = told.iter().any(|other| {
                text(event, "id").is_some()
                    && text(event, "id") == text(other, "id")
                    && when(other) > when(event)
            });
            if !replaced {
                last.push(event);
            }
        }
    }
    let set = |events: &[&Value]| {
        let mut set = serde_json::Map::new();
        for (name, good, fair) in thresholds {
            let values: Vec<f64> = events
                .iter()
                .filter(|event| text(event, "name") == Some(name))
                .filter_map(|event| number(event, "value"))
                .collect();
            let p75 = percentile(&values, 0.75);
            let rating = p75.as_f64().map(|p75| match p75 {
                p75 if p75 <= good => "good",
                p75 if p75 <= fair => "needs-improvement",
                _ => "poor",
            });
            let part = |is: &dyn Fn(f64) -> bool| {
                share(values.iter().filter(|v| is(**v)).count() as f64, values.len() as f64)
            };
            set.insert(
                name.to_owned(),
                json!({
                    "count": values.len(), "p75": p75, "rating": rating, "good": part(&|v| v <= good),
                    "needsImprovement": part(&|v| v > good && v <= fair), "poor": part(&|v| v > fair),
                }),
            );
        }
        Value::Object(set)
    };
    if !whole {
        return set(&last);
    }
    json!({"overall": set(&last), "byRoute": largest(by_route(&last), |events| events.len() as f64, |events| set(events))})
}

pub fn latency(sessions: &[Session], whole: bool) -> Value {
    // What was measured, ms, conversation, route, connection.
    let mut rows: Vec<(&str, f64, [Option<&str>; 3])> = Vec::new();
    let (mut watched, mut stalled) = (0.0, 0.0);
    for session in sessions {
        for event in &session.events {
            let groups = [
                event["dimensions"]["conversationId"].as_str(),
                event["path"].as_str(),
                session.connection(),
            ];
            let mut row = |what, name| rows.extend(millis(event, name).map(|ms| (what, ms, groups)));
            if kind(event) == "assistant_response_first_token" {
                let start = text(event, "ttftSource") == Some("response.start");
                row(if start { "responseStartMs" } else { "ttftMs" }, "ttftMs");
                row("visibleMs", "visibleMs");
            }
            if kind(event) == "assistant_response_completed" {
                if natural(event) {
                    row("durationMs", "durationMs");
                    row("totalMs", "totalMs");
                }
                if let Some(count) = number(event, "stallCount").filter(|count| *count >= 0.0) {
                    watched += weight(event);
                    stalled += if count > 0.0 { weight(event) } else { 0.0 };
                }
            }
        }
    }
    let times = |is: &dyn Fn(&[Option<&str>; 3]) -> bool| {
        let mut times = serde_json::Map::new();
        for what in ["ttftMs", "responseStartMs", "visibleMs", "durationMs", "totalMs"] {
            let values: Vec<f64> =
                rows.iter().filter(|row| row.0 == what && is(&row.2)).map(|row| row.1).collect();
            times.insert(what.to_owned(), spread(&values));
        }
        Value::Object(times)
    };
    let mut answer = json!({"overall": times(&|_| true), "stalledRate": share(stalled, watched)});
    if whole {
        for (index, name) in ["byConversation", "byRoute", "byConnection"].into_iter().enumerate() {
            let keys: BTreeSet<&str> = rows.iter().filter_map(|row| row.2[index]).collect();
            let sized = keys
                .into_iter()
                .map(|key| (key, rows.iter().filter(|row| row.2[index] == Some(key)).count()));
            let mut sized: Vec<(&str, usize)> = sized.collect();
            sized.sort_by_key(|(key, size)| (usize::MAX - size, *key));
            let groups = sized.into_iter().map(|(key, _)| {
                let mut group = times(&|groups| groups[index] == Some(key));
                group["key"] = json!(key);
                group
            });
            answer[name] = groups.collect();
        }
    }
    answer
}

pub fn funnel(sessions: &[Session]) -> Value {
    let resolved = |s: &Session| s.resolved() && !s.escalated();
    let completed = |s: &Session| s.answered() || resolved(s);
    let first_token = |s: &Session| s.has("assistant_response_first_token") || completed(s);
    let sent = |s: &Session| {
        let shows = ["assistant_response_started", "assistant_response_completed", "turn_abandoned"];
        s.engaged() || shows.iter().any(|kind| s.has(kind)) || first_token(s)
    };
    let counts = [
        ("opened", count(sessions, |s| s.chatted() || sent(s))),
        ("sent", count(sessions, sent)),
        ("first_token", count(sessions, first_token)),
        ("completed", count(sessions, completed)),
        ("resolved", count(sessions, resolved)),
    ];
    let steps: Vec<Value> = (0..5)
        .map(|index| {
            let (step, sessions) = counts[index];
            let previous = counts[if index == 0 { 0 } else { index - 1 }].1;
            json!({
                "step": step, "sessions": sessions, "fromStart": share(sessions as f64, counts[0].1 as f64),
                "fromPrevious": share(sessions as f64, previous as f64),
            })
        })
        .collect();
    json!({"steps": steps})
}

pub fn abandonment(sessions: &[Session]) -> Value {
    let (mut turns, mut abandoned, mut before, mut streaming, mut waited) = (0.0, 0.0, 0.0, 0.0, Vec::new());
    for session in sessions {
        let sent: f64 = session.of("user_message_sent").map(weight).sum();
        let gone: f64 = session.of("turn_abandoned").map(weight).sum();
        turns += f64::max(sent, gone);
        abandoned += gone;
        for event in session.of("turn_abandoned") {
            before += if text(event, "phase") == Some("before_first_token") { weight(event) } else { 0.0 };
            streaming += if text(event, "phase") == Some("streaming") { weight(event) } else { 0.0 };
            waited.extend(millis(event, "waitedMs"));
        }
    }
    let opened = count(sessions, Session::chatted);
    let asked = |s: &Session| {
        s.engaged()
            || s.answered()
            || [
                "assistant_response_started",
                "assistant_response_first_token",
                "assistant_response_completed",
                "turn_abandoned",
            ]
            .iter()
            .any(|kind| s.has(kind))
    };
    let never = count(sessions, |s| s.chatted() && !asked(s));
    json!({
        "rate": share(abandoned, turns), "turns": turns, "abandoned": abandoned, "beforeFirstToken": before,
        "streaming": streaming, "waitedMs": spread(&waited), "opened": opened, "neverAsked": never,
        "neverAskedRate": share(never as f64, opened as f64),
    })
}

/// One view: the events that name it, or an event that names none.
fn views(session: &Session) -> Vec<Vec<&Value>> {
    let mut views: Vec<Vec<&Value>> = Vec::new();
    for event in session.events.iter().filter(|event| is_of_a_view(event)) {
        match views
            .iter_mut()
            .find(|view| event["viewId"].is_string() && view[0]["viewId"] == event["viewId"])
        {
            Some(view) => view.push(event),
            None => views.push(vec![event]),
        }
    }
    views
}

fn largest_of(view: &[&Value], value: impl Fn(&Value) -> Option<f64>) -> Option<f64> {
    view.iter()
        .filter_map(|event| value(event))
        .fold(None, |most: Option<f64>, value| Some(most.map_or(value, |most| most.max(value))))
}

fn engaged_ms(view: &[&Value]) -> Option<f64> {
    largest_of(view, |event| millis(event, "engagedMs"))
}

fn scroll_percent(view: &[&Value]) -> Option<f64> {
    let percent = |value: Option<f64>| value.filter(|value| *value >= 0.0 && *value <= 100.0);
    let by = |name: &'static str| largest_of(view, move |event| percent(number(event, name)));
    [by("maxScrollPercent"), by("percent")].into_iter().flatten().reduce(f64::max)
}

fn times_seen(view: &[&Value]) -> f64 {
    largest_of(view, |event| (kind(event) == "page_view").then(|| weight(event))).unwrap_or(0.0)
}

pub fn engagement(sessions: &[Session], whole: bool) -> Value {
    let all: Vec<Vec<&Value>> = sessions.iter().flat_map(views).collect();
    let page_views: f64 = all.iter().map(|view| times_seen(view)).sum();
    let visits = count(sessions, Session::saw_pages);
    let engaged = |session: &Session| -> Vec<f64> {
        views(session).iter().filter_map(|view| engaged_ms(view)).collect()
    };
    let bounces = count(sessions, |s| {
        let outcome = s.resolved()
            || s.escalated()
            || s.has("handoff_converted")
            || s.of("csat_submitted").any(|event| points(event).is_some())
            || purchases(s).next().is_some();
        views(s).len() == 1 && engaged(s).iter().sum::<f64>() < 10_000.0 && !s.engaged() && !outcome
    });
    let of_visits: Vec<f64> = sessions
        .iter()
        .filter(|session| session.is_real())
        .map(engaged)
        .filter(|times| !times.is_empty())
        .map(|times| times.iter().sum())
        .collect();
    let mut answer = json!({
        "visits": visits, "pageViews": page_views, "viewsPerVisit": share(page_views, visits as f64),
        "bounceRate": share(bounces as f64, visits as f64), "engagedMs": spread(&of_visits),
    });
    if whole {
        let scroll: Vec<f64> = all.iter().filter_map(|view| scroll_percent(view)).collect();
        answer["scrollPercent"] = spread(&scroll);
        let mut routes: BTreeMap<&str, Vec<&Vec<&Value>>> = BTreeMap::new();
        for view in &all {
            if let Some(path) = view.iter().find_map(|event| event["path"].as_str()) {
                routes.entry(path).or_default().push(view);
            }
        }
        let seen = |views: &Vec<&Vec<&Value>>| views.iter().map(|view| times_seen(view)).sum::<f64>();
        answer["byRoute"] = largest(routes.into_iter().collect(), seen, |views| {
            let times: Vec<f64> = views.iter().filter_map(|view| engaged_ms(view)).collect();
            let scroll: Vec<f64> = views.iter().filter_map(|view| scroll_percent(view)).collect();
            json!({"pageViews": seen(views), "engagedMs": spread(&times), "scrollPercent": spread(&scroll)})
        });
    }
    answer
}

pub fn summary(events: &[Value]) -> Value {
    let all = |wanted: &str| events.iter().filter(|event| kind(event) == wanted).collect::<Vec<_>>();
    let rate = |part: usize, whole: usize| share(part as f64, whole as f64);
    let approvals = all("tool_approval_resolved");
    let ratings: Vec<f64> = all("csat_submitted").into_iter().filter_map(points).collect();
    let (mut orders, mut known, mut revenue) = (0, BTreeSet::new(), BTreeMap::<String, Vec<f64>>::new());
    for event in all("purchase_completed") {
        if let (Some(amount), Some(code)) = (amount(&event["properties"]["revenue"]), currency(event))
            && text(event, "orderId").is_none_or(|order| known.insert(order))
        {
            orders += 1;
            revenue.entry(code).or_default().push(amount);
        }
    }
    let total: BTreeMap<_, f64> =
        revenue.iter().map(|(code, amounts)| (code, amounts.iter().sum())).collect();
    let average: BTreeMap<_, Value> = revenue.iter().map(|(code, amounts)| (code, mean(amounts))).collect();
    json!({
        "messageImpressions": all("message_impression").len(),
        "suggestionChipClickThroughRate": rate(all("suggestion_chip_clicked").len(), all("message_impression").len()),
        "toolApprovalRate": rate(approvals.iter().filter(|event| flag(event, "approved") == Some(true)).count(), approvals.len()),
        "handoffConversionRate": rate(all("handoff_converted").len(), all("handoff_requested").len()),
        "averageCsatScore": mean(&ratings),
        "resolutionWithoutEscalationRate": rate(all("resolution_without_escalation").len(), all("resolution_submitted").len()),
        "purchaseCount": orders, "grossMerchandiseValue": total, "averageOrderValue": average,
    })
}
