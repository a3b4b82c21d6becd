//! The pixel, in both of its forms.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{Server, event, ids, refusal};

#[tokio::test]
async fn a_pixel_is_a_gif_of_43_bytes_that_no_cache_keeps() {
    let server = Server::start().await;
    for path in ["/p.gif?type=page_view", "/anosys.gif?cvs198=https://shop.example/a"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "image/gif");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let image = response.bytes().await.unwrap();
        assert_eq!((image.len(), &image[..6]), (43, b"GIF89a".as_slice()));
    }
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn fields_of_the_query_become_an_event() {
    let server = Server::start().await;
    let query = "id=p1&type=signup&sessionId=s&viewId=v&path=/join&url=https://shop.example/join?secret=1%23top\
                 &title=Join%20us&s1=red&n1=2.5&b1=true";
    assert_eq!(server.get(&format!("/p.gif?{query}")).await.status(), 200);
    let stored = server.json("/api/sessions/s").await;
    let stored = &stored["events"][0];
    assert_eq!(
        (&stored["id"], &stored["type"], &stored["path"]),
        (&json!("p1"), &json!("signup"), &json!("/join"))
    );
    assert_eq!(stored["context"], json!({ "s1": "red", "n1": 2.5, "b1": true }));
    assert_eq!(stored["properties"], json!({ "url": "https://shop.example/join", "title": "Join us" }));
}

#[tokio::test]
async fn a_whole_event_in_the_query_is_stored_as_it_is_and_once() {
    let server = Server::start().await;
    let sent = event("whole", "page_leave");
    for _ in 0..2 {
        let request = server.http.get(format!("{}/p.gif", server.url)).query(&[("e", sent.to_string())]);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    assert_eq!(server.post(&sent).await.status(), 204);
    let stored = server.json("/api/events").await;
    assert_eq!((ids(&stored), &stored["events"][0]), (vec!["whole"], &sent));
}

#[tokio::test]
async fn what_could_not_be_stored_is_no_image_so_that_the_page_notices() {
    let server = Server::start().await;
    let (status, error) = refusal(server.get("/p.gif?e=%7Bbroken").await).await;
    assert_eq!((status, error.contains("`e` is not JSON")), (400, true), "{error}");
    let (status, error) = refusal(server.get("/p.gif?timestamp=soon").await).await;
    assert_eq!((status, error.contains("got \"soon\"")), (400, true), "{error}");
    assert_eq!(server.count().await, 0);
}
