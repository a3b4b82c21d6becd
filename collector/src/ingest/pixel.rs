//! The pixel: one event in the query of an image, for pages without JavaScript and for a tracker's last resort.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::{answer, batch, keep};
use crate::app::App;
use crate::asked::Asked;
use crate::clock;
use crate::fault::Fault;

/// A transparent GIF of one pixel, 43 bytes.
const GIF: &[u8; 43] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// Stores the event and answers with the image; what could not be stored answers with an error instead, which the page
/// notices through the image's `error` event.
pub async fn get_pixel(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Asked(query): Asked<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let body = read_query(query, referer).map_err(Fault::bad_request)?;
    let share = app.room.take(body.len())?;
    let received_at = clock::now_ms();
    let parsed = batch::parse(body.as_bytes(), received_at).map_err(Fault::bad_request)?;
    let (appended, rejected) = keep(&app, parsed, received_at, share, peer, &headers).await?;
    if !rejected.is_empty() {
        return Ok(answer(appended, rejected));
    }
    let kept_fresh = [
        (header::CONTENT_TYPE, "image/gif"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    Ok((StatusCode::OK, kept_fresh, GIF.as_slice()).into_response())
}

/// The body that the same event would have had in a POST.
fn read_query(query: Vec<(String, String)>, referer: Option<&str>) -> Result<String, String> {
    let of = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let event = match of("e") {
        Some(whole) => {
            RawValue::from_string(whole.to_owned()).map_err(|error| format!("`e` is not JSON: {error}"))?
        }
        None => to_raw_value(&read_fields(&query, referer)).map_err(|error| error.to_string())?,
    };
    let body = Body { events: [&event], sent_at: of("sentAt").map(number_or_text) };
    serde_json::to_string(&body).map_err(|error| error.to_string())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    events: [&'a RawValue; 1],
    sent_at: Option<Value>,
}

/// Sorts the query's fields into the envelope, the context (`s1`, `n1`, `b1`…) and the properties (everything else).
fn read_fields(query: &[(String, String)], referer: Option<&str>) -> Value {
    let mut event = Map::new();
    let mut properties = Map::new();
    let mut context = Map::new();
    for (key, value) in query {
        let text = || Value::from(value.as_str());
        match key.as_str() {
            "id" | "type" | "sessionId" | "viewId" | "path" => drop(event.insert(key.clone(), text())),
            "timestamp" => drop(event.insert(key.clone(), number_or_text(value))),
            // Anosys keeps the page's address in this column.
            "url" | "cvs198" => drop(properties.insert("url".into(), without_query(value).into())),
            "referrer" => drop(properties.insert(key.clone(), without_query(value).into())),
            // These are about the request, not about the event.
            "sentAt" | "token" => {}
            _ => match custom_field(key, value) {
                Some((name, value)) => drop(context.insert(name, value)),
                None => drop(properties.insert(key.clone(), text())),
            },
        }
    }
    event.entry("type").or_insert_with(|| "page_view".into());
    if let Some(referer) = referer {
        properties.entry("url").or_insert_with(|| without_query(referer).into());
    }
    if let Some(path) = properties.get("url").and_then(Value::as_str).and_then(path_of) {
        event.entry("path").or_insert_with(|| path.into());
    }
    event.insert("properties".into(), properties.into());
    event.insert("context".into(), context.into());
    event.into()
}

/// `s1`, `n2`, `b3`, or their Anosys columns `cvs1`, `cvn2`, `cvb3`: a typed field under its short name. A value that
/// is no number or boolean stays out of such a field.
fn custom_field(key: &str, value: &str) -> Option<(String, Value)> {
    let name = key.strip_prefix("cv").unwrap_or(key);
    let kind = name.chars().next()?;
    let number = &name[kind.len_utf8()..];
    if number.is_empty() || number.len() > 3 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = match kind {
        's' => value.into(),
        'n' => value.parse::<f64>().ok().filter(|number| number.is_finite())?.into(),
        'b' => match value {
            "true" | "1" => true.into(),
            "false" | "0" => false.into(),
            _ => return None,
        },
        _ => return None,
    };
    Some((name.to_owned(), value))
}

fn number_or_text(value: &str) -> Value {
    value.parse::<i64>().map_or_else(|_| value.into(), Value::from)
}

/// An address without query and fragment: no tracker has cleaned it, and both may hold what nobody meant to share.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    Some(rest.find('/').map_or("/", |start| &rest[start..]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(query: &[(&str, &str)], referer: Option<&str>) -> Value {
        let query: Vec<_> = query.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        read_fields(&query, referer)
    }

    #[test]
    fn custom_fields_are_typed_by_either_name() {
        let event =
            fields(&[("s1", "red"), ("cvs2", "blue"), ("n1", "2.5"), ("cvb1", "true"), ("n2", "many")], None);
        assert_eq!(event["context"], json!({ "s1": "red", "s2": "blue", "n1": 2.5, "b1": true }));
        assert_eq!(event["properties"], json!({ "n2": "many" }));
    }

    #[test]
    fn a_bare_pixel_is_a_view_of_the_page_that_holds_it() {
        let event = fields(&[], Some("https://shop.example/a/b?token=1#x"));
        assert_eq!(event["type"], "page_view");
        assert_eq!(event["path"], "/a/b");
        assert_eq!(event["properties"]["url"], "https://shop.example/a/b");
    }

    #[test]
    fn the_anosys_column_for_the_page_is_its_url() {
        let event = fields(&[("cvs198", "https://shop.example?q=1")], None);
        assert_eq!(
            (&event["path"], &event["properties"]["url"]),
            (&json!("/"), &json!("https://shop.example"))
        );
    }
}
