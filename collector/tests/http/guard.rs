//! Who may send and read: origins, tokens, rate; crawlers.

use reqwest::header::{AUTHORIZATION, ORIGIN};
use reqwest::{Method, RequestBuilder, Response};

use crate::support::{Server, event, refusal};

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

async fn preflight(server: &Server, origin: &str, method: &str, path: &str) -> Response {
    let request = server.http.request(Method::OPTIONS, format!("{}{path}", server.url));
    let request = request.header(ORIGIN, origin).header("Access-Control-Request-Method", method);
    request.header("Access-Control-Request-Headers", "authorization,content-type").send().await.unwrap()
}

fn from(origin: &str, request: RequestBuilder) -> RequestBuilder {
    request.header(ORIGIN, origin)
}

#[tokio::test]
async fn any_site_may_send_and_is_named_so_that_beacons_with_credentials_pass() {
    let server = Server::start().await;
    let sent =
        from("https://shop.example", server.posting(event("a", "x").to_string())).send().await.unwrap();
    assert_eq!(sent.status(), 204);
    assert_eq!(header(&sent, "access-control-allow-origin").as_deref(), Some("https://shop.example"));
    assert_eq!(header(&sent, "access-control-allow-credentials").as_deref(), Some("true"));
    let asked = preflight(&server, "https://shop.example", "POST", "/api/events").await;
    assert_eq!(asked.status(), 204);
    assert_eq!(header(&asked, "access-control-allow-headers").as_deref(), Some("authorization,content-type"));
    assert_eq!(header(&asked, "access-control-allow-origin").as_deref(), Some("https://shop.example"));
}

#[tokio::test]
async fn a_refused_batch_can_be_read_by_the_page_that_sent_it() {
    let server = Server::start().await;
    let response = from("https://shop.example", server.posting("not json")).send().await.unwrap();
    assert_eq!(header(&response, "access-control-allow-origin").as_deref(), Some("https://shop.example"));
    assert_eq!(refusal(response).await.0, 400);
}

#[tokio::test]
async fn no_other_site_may_read_unless_it_is_listed() {
    let server = Server::with(&["--cors-read-origin", "https://team.example"]).await;
    let read = |origin: &str| from(origin, server.http.get(format!("{}/api/events", server.url))).send();
    let hostile = read("https://evil.example").await.unwrap();
    assert_eq!(header(&hostile, "access-control-allow-origin"), None);
    let (status, error) = refusal(hostile).await;
    assert_eq!((status, error.contains("--cors-read-origin")), (403, true), "{error}");
    assert_eq!(preflight(&server, "https://evil.example", "GET", "/api/events").await.status(), 403);
    let listed = read("https://team.example").await.unwrap();
    assert_eq!(listed.status(), 200);
    assert_eq!(header(&listed, "access-control-allow-origin").as_deref(), Some("https://team.example"));
    assert_eq!(read(&server.url).await.unwrap().status(), 200, "its own pages");
}

#[tokio::test]
async fn with_a_list_only_its_sites_may_send() {
    let server = Server::with(&["--cors-origin", "https://shop.example,https://blog.example"]).await;
    let send = |origin: &str, id: &str| from(origin, server.posting(event(id, "x").to_string())).send();
    assert_eq!(send("https://blog.example", "a").await.unwrap().status(), 204);
    assert_eq!(refusal(send("https://evil.example", "b").await.unwrap()).await.0, 403);
    assert_eq!(refusal(send("https://shop.example.evil.example", "c").await.unwrap()).await.0, 403);
    assert_eq!(send(&server.url, "d").await.unwrap().status(), 204);
    assert_eq!(server.post(event("e", "x")).await.status(), 204, "a server sends no origin");
    assert_eq!(server.count().await, 3);
}

#[tokio::test]
async fn sending_and_reading_ask_for_a_token_each() {
    let server = Server::with(&["--token-ingest", "send-me", "--token-read", "show-me"]).await;
    let send = |token: &str, id: &str| {
        server.posting(event(id, "x").to_string()).header(AUTHORIZATION, format!("Bearer {token}")).send()
    };
    let read = |token: &str, path: &str| {
        server
            .http
            .get(format!("{}{path}", server.url))
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .send()
    };
    let missing = server.post(event("a", "x")).await;
    assert_eq!(header(&missing, "www-authenticate").as_deref(), Some("Bearer"));
    let (status, error) = refusal(missing).await;
    assert_eq!((status, error.contains("no token was given")), (401, true), "{error}");
    let (status, error) = refusal(send("show-me", "a").await.unwrap()).await;
    assert_eq!((status, error.contains("not the right one")), (401, true), "{error}");
    assert!(!error.contains("send-me"));
    assert_eq!(send("send-me", "a").await.unwrap().status(), 204);
    assert_eq!(server.get("/p.gif?id=b").await.status(), 401);
    assert_eq!(server.get("/p.gif?id=b&token=send-me").await.status(), 200);

    for path in ["/api/events", "/api/summary", "/api/live", "/api/sessions/session", "/metrics"] {
        assert_eq!(server.get(path).await.status(), 401, "{path}");
        assert_eq!(read("send-me", path).await.unwrap().status(), 401, "{path}");
        assert_eq!(read("show-me", path).await.unwrap().status(), 200, "{path}");
        assert_eq!(server.get(&format!("{path}?token=show-me")).await.status(), 200, "{path}");
    }
    assert_eq!(server.get("/api/health").await.status(), 200);
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let server = Server::with(&["--rate-limit", "2", "--trust-proxy"]).await;
    let send = |address: &str, id: &str| {
        server
            .posting(event(id, "x").to_string())
            .header("x-forwarded-for", format!("6.6.6.6, {address}"))
            .send()
    };
    let mut limited = None;
    for n in 0..100 {
        let response = send("192.0.2.1", &n.to_string()).await.unwrap();
        if response.status() == 429 {
            limited = Some(response);
            break;
        }
    }
    let limited = limited.expect("a limit");
    assert_eq!(header(&limited, "retry-after").as_deref(), Some("1"));
    assert_eq!(send("192.0.2.2", "other").await.unwrap().status(), 204);
    assert_eq!(server.get("/api/health").await.status(), 200);
}

#[tokio::test]
async fn crawlers_are_answered_and_forgotten_unless_wanted() {
    let crawl = async |server: &Server| {
        let request = server.posting(event("a", "page_view").to_string());
        request.header("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)").send().await.unwrap().status()
    };
    let server = Server::start().await;
    assert_eq!((crawl(&server).await.as_u16(), server.count().await), (204, 0));
    let keeping = Server::with(&["--keep-bots"]).await;
    assert_eq!((crawl(&keeping).await.as_u16(), keeping.count().await), (204, 1));
}
