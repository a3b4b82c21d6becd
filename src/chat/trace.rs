//! The server's trace of a turn, as W3C Trace Context writes ids: lower-case hex, not all zero.

use crate::event::Trace;

use super::Mistake;
use super::details::Details;
use super::fields::mistake;

/// Longest run id that is kept, bytes.
const RUN_ID_BYTES: usize = 128;

/// Reads `{traceId, spanId?, runId?}`.
///
/// # Errors
/// An id that is not one.
pub fn read(call: &str, details: Details) -> Result<Trace, Mistake> {
    let id = |name: &str, digits: usize, wanted: &str| match details.raw(name) {
        None => Ok(None),
        given => match details.text(name).filter(|id| is_id(id, digits)) {
            None => Err(mistake(call, name, wanted, given)),
            id => Ok(id),
        },
    };
    const TRACE: &str = "32 lower-case hex digits";
    Ok(Trace {
        trace_id: id("traceId", 32, TRACE)?.ok_or_else(|| mistake(call, "traceId", TRACE, None))?,
        span_id: id("spanId", 16, "16 lower-case hex digits")?,
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
        assert_eq!(read("trace", Details(ok)).unwrap().run_id.as_deref(), Some("r"));
        for wrong in [
            r#"{}"#,
            r#"{"traceId":"0AF7651916CD43DD8448EB211C80319C"}"#,
            r#"{"traceId":"00000000000000000000000000000000"}"#,
            r#"{"traceId":"0af7651916cd43dd8448eb211c80319"}"#,
            r#"{"traceId":7}"#,
            r#"{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"x"}"#,
        ] {
            assert!(read("trace", Details(wrong)).is_err(), "{wrong}");
        }
    }
}
