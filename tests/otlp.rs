//! What the OTLP sink sends, read by OpenTelemetry's own types. The bodies are those that tests/e2e/sinks-otlp.test.mjs
//! holds the sink to, to the letter.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value.as_ref()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every member of a body was understood: written out again, nothing of it is missing.
fn assert_nothing_lost<T: serde::Serialize>(body: &str, read: &T) {
    fn missing(given: &serde_json::Value, kept: &serde_json::Value, path: &str, lost: &mut Vec<String>) {
        match given {
            serde_json::Value::Object(members) => {
                for (name, inner) in members {
                    missing(
                        inner,
                        kept.get(name).unwrap_or(&serde_json::Value::Null),
                        &format!("{path}.{name}"),
                        lost,
                    );
                }
            }
            serde_json::Value::Array(elements) => {
                for (index, inner) in elements.iter().enumerate() {
                    missing(
                        inner,
                        kept.get(index).unwrap_or(&serde_json::Value::Null),
                        &format!("{path}[{index}]"),
                        lost,
                    );
                }
            }
            _ if given == kept => {}
            // Enums and whole numbers may be written as texts or as numbers.
            _ if given.to_string().trim_matches('"') == kept.to_string().trim_matches('"') => {}
            // 7.0 is written as 7.
            _ if given.as_f64().is_some() && given.as_f64() == kept.as_f64() => {}
            _ => lost.push(format!("{path}: {given} became {kept}")),
        }
    }
    let mut lost = Vec::new();
    let given = serde_json::from_str(body).unwrap();
    missing(&given, &serde_json::to_value(read).unwrap(), "", &mut lost);
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn log_records_are_opentelemetrys() {
    let body = include_str!("otlp/logs.json");
    let request: ExportLogsServiceRequest = serde_json::from_str(body).unwrap();
    assert_nothing_lost(body, &request);
    let [resource] = &request.resource_logs[..] else { panic!("one resource") };
    let service = value(&resource.resource.as_ref().unwrap().attributes, "service.name");
    assert_eq!(service, Some(&Value::StringValue("shop".into())));
    let records = &resource.scope_logs[0].log_records;
    assert_eq!(records.len(), 19);
    for record in records {
        assert!(record.time_unix_nano > 1_772_359_199_999_999_999, "{}", record.event_name);
        assert!(value(&record.attributes, "session.id").is_some(), "{}", record.event_name);
        assert!(matches!(record.trace_id.len(), 0 | 16) && matches!(record.span_id.len(), 0 | 8));
    }
    let sent = records.iter().find(|record| record.event_name == "user_message_sent").unwrap();
    assert_eq!(hex(&sent.trace_id), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(value(&sent.attributes, "chatvitals.turn_index"), Some(&Value::IntValue(0)));
    assert_eq!(value(&sent.attributes, "gen_ai.conversation.id"), Some(&Value::StringValue("c1".into())));
    assert_eq!(sent.body, Some(AnyValue { value: Some(Value::StringValue("user_message_sent".into())) }));
}

#[test]
fn spans_are_opentelemetrys_and_in_the_servers_trace() {
    let body = include_str!("otlp/traces.json");
    let request: ExportTraceServiceRequest = serde_json::from_str(body).unwrap();
    assert_nothing_lost(body, &request);
    let [turn, tool, failed] = &request.resource_spans[0].scope_spans[0].spans[..] else {
        panic!("three spans")
    };
    assert_eq!(hex(&turn.trace_id), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(hex(&turn.parent_span_id), "b7ad6b7169203331");
    assert_eq!(
        (tool.trace_id.clone(), tool.parent_span_id.clone()),
        (turn.trace_id.clone(), turn.span_id.clone())
    );
    assert_eq!((turn.kind(), tool.kind()), (SpanKind::Client, SpanKind::Internal));
    assert_eq!(turn.end_time_unix_nano - turn.start_time_unix_nano, 2_000_000_000);
    assert_eq!(tool.end_time_unix_nano - tool.start_time_unix_nano, 250_500_000);
    assert_eq!(value(&turn.attributes, "gen_ai.usage.input_tokens"), Some(&Value::IntValue(5)));
    assert_eq!(
        value(&turn.attributes, "gen_ai.response.time_to_first_chunk"),
        Some(&Value::DoubleValue(0.7))
    );
    assert_eq!(turn.events.len(), 3);
    assert_eq!(failed.status.as_ref().map(|status| status.code()), Some(StatusCode::Error));
    assert!(failed.parent_span_id.is_empty());
}
