//! The embedded files: the script tag's script, the dashboard, the demo site.
//!
//! A release build holds them inside the binary; a debug build reads them from the disk, so that a page can be edited
//! and reloaded.

use std::borrow::Cow;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::app::App;
use crate::fault::Fault;

/// The bundled pages.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/www"]
struct Pages;

/// What the script tag loads.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../pkg"]
#[include = "chatvitals*.js"]
#[include = "chatvitals*.wasm"]
#[include = "chatvitals*.map"]
struct Scripts;

/// The dashboard, and the script files at the root.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dashboard", get(Redirect::permanent("/dashboard/")))
        .route("/dashboard/", get(get_dashboard))
        .route("/dashboard/{*file}", get(get_dashboard))
}

/// Without the demo, the front page is the dashboard.
pub fn front_page() -> Router<App> {
    Router::new().route("/", get(Redirect::temporary("/dashboard/"))).fallback(get_script)
}

/// What the dashboard's pages may load: what this collector serves. It shows what strangers have sent, so nothing of that
/// can become a script. Charts place themselves with inline styles; the metrics may run as WebAssembly.
const DASHBOARD_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'";

async fn get_dashboard(uri: Uri, headers: HeaderMap) -> Response {
    let mut response = match find_page(uri.path()) {
        Some(found) => file(found, &headers),
        None if Pages::get("dashboard/index.html").is_none() => not_built(),
        None => Fault::not_found(format!("there is nothing at {}", uri.path())).into_response(),
    };
    let policy = HeaderValue::from_static(DASHBOARD_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A page of the demo, or one of the script files beside it.
pub async fn get_demo(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    match find_page(&format!("/demo{}", uri.path())) {
        Some(found) if method == Method::GET || method == Method::HEAD => file(found, &headers),
        _ if uri.path() == "/" => not_built(),
        _ => get_script(method, uri, headers).await,
    }
}

async fn get_script(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let message = format!("{method} is not possible at {}", uri.path());
        return Fault::new(StatusCode::METHOD_NOT_ALLOWED, message).into_response();
    }
    let name = uri.path().trim_start_matches('/');
    match Scripts::get(name) {
        Some(found) => {
            let mut response = file((Cow::Borrowed(name), found), &headers);
            // Any site may load the script, also one that isolates itself (COEP) or pins it (SRI).
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            response
                .headers_mut()
                .insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            response
        }
        None if name == "chatvitals.js" => {
            Fault::not_found("the tracker is not part of this build: run `cargo xtask build`").into_response()
        }
        None => Fault::not_found(format!("there is nothing at {}", uri.path())).into_response(),
    }
}

/// The file of an address: itself, the index of its folder, or the page that a route of a single-page part belongs to.
fn find_page(path: &str) -> Option<(Cow<'static, str>, EmbeddedFile)> {
    let name = path.trim_start_matches('/');
    let mut candidates = vec![name.to_owned()];
    if name.ends_with('/') {
        candidates = vec![format!("{name}index.html")];
    } else if !last_segment(name).contains('.') {
        candidates.push(format!("{name}.html"));
        // Routes below a folder are its own affair; the site's root is left out, or nothing would ever be missing.
        let mut folder = name;
        while folder.contains('/') {
            candidates.push(format!("{folder}/index.html"));
            folder = &folder[..folder.rfind('/')?];
        }
    }
    candidates.into_iter().find_map(|name| Some((Cow::Owned(name.clone()), Pages::get(&name)?)))
}

fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn file((name, found): (Cow<'_, str>, EmbeddedFile), headers: &HeaderMap) -> Response {
    let digest: String = found.metadata.sha256_hash()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    // Weak, because compression may change the bytes on the way.
    let tag = format!("W/\"{digest}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mime = mime_guess::from_path(&*name).first_or_octet_stream();
    let content_type = match (mime.type_(), mime.subtype()) {
        (mime_guess::mime::TEXT, _) => format!("{mime}; charset=utf-8"),
        _ => mime.to_string(),
    };
    let cached = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "public, max-age=300".into())];
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    (cached, [(header::CONTENT_TYPE, content_type)], found.data).into_response()
}

fn not_built() -> Response {
    let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ChatVitals</title>\
        <body style=\"font: 1rem/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem\">\
        <h1>The pages are not built yet</h1>\
        <p>The collector runs and takes events, but this binary was built without its pages.</p>\
        <p>Run <code>cargo xtask build</code>, or <code>cargo xtask demo</code> to build and start everything.</p>";
    (StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response()
}
