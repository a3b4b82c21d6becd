//! Pages, health and the collector's own metrics.

use reqwest::redirect::Policy;

use crate::support::{Server, event};

#[tokio::test]
async fn health_says_how_much_it_holds() {
    let server = Server::start().await;
    server.store(&[event("a", "x")]).await;
    let health = server.json("/api/health").await;
    assert_eq!((health["status"].as_str(), health["eventCount"].as_u64()), (Some("ok"), Some(1)));
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn the_front_page_leads_to_the_dashboard() {
    let server = Server::start().await;
    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    for path in ["/", "/dashboard"] {
        let response = http.get(format!("{}{path}", server.url)).send().await.unwrap();
        assert!(response.status().is_redirection());
        assert_eq!(response.headers()["location"], "/dashboard/");
    }
}

/// Whether the pages are built is the build's affair: both answers are promises.
#[tokio::test]
async fn the_dashboard_is_served_or_says_how_to_build_it() {
    let server = Server::with(&["--demo"]).await;
    for path in ["/dashboard/", "/"] {
        let response = server.get(path).await;
        let status = response.status();
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        let cached = response.headers().get("etag").cloned();
        let page = response.text().await.unwrap();
        match cached {
            None => assert!(status == 503 && page.contains("cargo xtask build"), "{page}"),
            Some(tag) => {
                let again = server.http.get(format!("{}{path}", server.url)).header("if-none-match", tag);
                assert_eq!((status.as_u16(), again.send().await.unwrap().status().as_u16()), (200, 304));
            }
        }
    }
}

#[tokio::test]
async fn the_dashboard_runs_no_script_but_its_own() {
    let server = Server::start().await;
    for path in ["/dashboard/", "/dashboard/main.js", "/dashboard/nothing.here"] {
        let response = server.get(path).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        let scripts = policy.split("; ").find(|rule| rule.starts_with("script-src")).unwrap();
        assert_eq!(scripts, "script-src 'self' 'wasm-unsafe-eval'", "{path}");
        assert!(policy.starts_with("default-src 'none'; "), "{path}");
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_embedded_files() {
    let server = Server::with(&["--demo"]).await;
    for path in [
        "/..%2f..%2fCargo.toml",
        "/dashboard/..%2f..%2f..%2fCargo.toml",
        "/chatvitals/../../Cargo.toml",
        "/index.d.ts",
    ] {
        let response = server.get(path).await;
        assert!([404, 503].contains(&response.status().as_u16()), "{path} {}", response.status());
    }
}

#[tokio::test]
async fn metrics_tell_what_became_of_requests_and_events() {
    let server = Server::start().await;
    server.store(&[event("a", "x"), event("a", "x"), event("b", "x")]).await;
    server.post("not json").await;
    let page = server.get("/metrics").await.text().await.unwrap();
    for line in [
        "chatvitals_events_total{outcome=\"stored\"} 2",
        "chatvitals_events_total{outcome=\"duplicate\"} 1",
        "chatvitals_requests_total{door=\"ingest\",status=\"204\"} 1",
        "chatvitals_requests_total{door=\"ingest\",status=\"400\"} 1",
        "chatvitals_commit_seconds_count 1",
        "chatvitals_events_in_store 2",
    ] {
        assert!(page.lines().any(|one| one == line), "{line} is missing in\n{page}");
    }
}
