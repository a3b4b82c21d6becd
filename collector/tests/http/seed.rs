//! `--seed-demo`: every chart has something to show, and seeding again adds nothing.

use serde_json::Value;

use crate::support::Server;

#[tokio::test]
async fn a_seeded_store_has_something_for_every_chart_and_is_seeded_once() {
    let server = Server::with(&["--seed-demo"]).await;
    let events = server.count().await;
    assert!(events > 30_000, "{events}");
    let server = server.restarted(&["--seed-demo"]).await;
    assert_eq!(server.count().await, events);

    let metric = async |name: &str| server.json(&format!("/api/metrics/{name}?range=30d")).await;
    for (name, pointers) in [
        ("deflection", &["/rate", "/containmentRate"][..]),
        ("csat", &["/average", "/distribution/0", "/distribution/4"]),
        ("handle-time", &["/bot/median", "/human/median"]),
        ("agent-assist", &["/rate"]),
        ("gmv", &["/byCurrency/EUR/total", "/byCurrency/USD/total", "/byCurrency/GBP/total", "/conversion"]),
        (
            "vitals",
            &[
                "/overall/LCP/p75",
                "/overall/INP/p75",
                "/overall/CLS/p75",
                "/overall/LCP/poor",
                "/byRoute/5/LCP/p75",
            ],
        ),
        (
            "latency",
            &[
                "/overall/ttftMs/p95",
                "/stalledRate",
                "/byRoute/3/ttftMs/p50",
                "/byConnection/1/ttftMs/p50",
                "/byConversation/0/key",
            ],
        ),
        ("funnel", &["/steps/0/sessions", "/steps/4/sessions"]),
        ("abandonment", &["/rate", "/neverAsked", "/beforeFirstToken"]),
        ("engagement", &["/bounceRate", "/byRoute/5/pageViews"]),
        ("tools", &["/tools/3/calls", "/tools/1/p95Ms", "/errors/2/count"]),
        ("transport", &["/uptime", "/drops"]),
    ] {
        let report = metric(name).await;
        for pointer in pointers {
            let value = report.pointer(pointer).unwrap_or(&Value::Null);
            let is_there = value.is_string() || value.as_f64().is_some_and(|number| number > 0.0);
            assert!(is_there, "{name}{pointer}: {value}");
        }
        assert!(report["trend"].as_array().unwrap().len() >= 30, "{name}");
    }
    let filters = server.json("/api/metrics/filters").await;
    let count = |name: &str| filters[name].as_array().unwrap().len();
    assert!(count("routes") > 8 && count("devices") == 3 && count("campaigns") == 4, "{filters}");
    let summary = server.json("/api/summary?range=30d").await;
    assert!(
        summary["delivery"]["lost"].as_i64().unwrap() > 0 && summary["visitors"].as_i64().unwrap() > 1000
    );
    let chats = server.json("/api/sessions?range=30d&chat=1&limit=5").await;
    assert_eq!(chats["sessions"].as_array().unwrap().len(), 5);

    let vitals = metric("vitals").await;
    let p75 = |route: &str| {
        let rows = vitals["byRoute"].as_array().unwrap();
        rows.iter().find(|row| row["key"] == route).unwrap()["LCP"]["p75"].as_f64().unwrap()
    };
    assert!(p75("/guide/") > 1.5 * p75("/kites/"), "one route is slower");
}
