//! The server's trace of a turn, as W3C Trace Context writes ids: lower-case hex, not all zero.

use crate::event::Trace;

use super::Wrong;
use super::details::Details;

/// Longest run id that is kept, bytes.
const RUN_ID_BYTES: usize = 128;

/// Reads `{traceId, spanId?, runId?}`.
///
/// # Errors
/// An id that is not one.
pub fn read(details: Details) -> Result<Trace, Wrong> {
    let trace_id = details.text("traceId").filter(|id| is_id(id, 32));
    let span_id = details.text("spanId").filter(|id| is_id(id, 16));
    if span_id.is_none() && details.has("spanId") {
        return Err(("spanId", "16 lower-case hex digits"));
    }
    Ok(Trace {
        trace_id: trace_id.ok_or(("traceId", "32 lower-case hex digits"))?,
        span_id,
        run_id: details.text("runId").filter(|id| id.len() <= RUN_ID_BYTES),
    })
}

fn is_id(id: &str, digits: usize) -> bool {
    id.len() == digits
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && id.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_hex_and_not_all_zero() {
        let ok = r#"{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","runId":"r"}"#;
        assert_eq!(read(Details(ok)).unwrap().run_id.as_deref(), Some("r"));
        for wrong in [
            r#"{}"#,
            r#"{"traceId":"0AF7651916CD43DD8448EB211C80319C"}"#,
            r#"{"traceId":"00000000000000000000000000000000"}"#,
            r#"{"traceId":"0af7651916cd43dd8448eb211c80319"}"#,
            r#"{"traceId":7}"#,
            r#"{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"x"}"#,
        ] {
            assert!(read(Details(wrong)).is_err(), "{wrong}");
        }
    }
}
