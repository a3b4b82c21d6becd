//! Whatever text there is: writing it gives JSON that reads back as it was, and walking it never panics.
#![no_main]

use chatvitals::json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut written = String::new();
    json::push_text(&mut written, text);
    assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(text));
    assert_eq!(json::text(&written).as_deref(), Some(text));

    let _ = json::members(text).count();
    let _ = json::elements(text).count();
    if let (Some(ours), Ok(theirs)) = (json::number(text), serde_json::from_str::<f64>(text)) {
        let scale = theirs.abs().max(f64::MIN_POSITIVE);
        assert!(!ours.is_finite() || ((ours - theirs) / scale).abs() < 1e-9, "{text}: {ours} is not {theirs}");
    }
});
