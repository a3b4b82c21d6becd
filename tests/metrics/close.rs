//! Equality of JSON, where numbers may differ in the last digits: sums of fractions depend on their order.

use serde_json::Value;

/// Panics with the path of the first difference.
pub fn assert_close(actual: &Value, expected: &Value) {
    if let Some(difference) = difference("", actual, expected) {
        panic!("{difference}\nactual   {actual}\nexpected {expected}");
    }
}

fn difference(path: &str, actual: &Value, expected: &Value) -> Option<String> {
    match (actual, expected) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64()?, b.as_f64()?);
            let close = (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
            (!close).then(|| format!("{path}: {a} is not {b}"))
        }
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            names.into_iter().find_map(|name| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => difference(&format!("{path}.{name}"), a, b),
                (found, _) => Some(format!(
                    "{path}.{name}: only {}",
                    if found.is_some() { "actual" } else { "expected" }
                )),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            (0..a.len()).find_map(|index| difference(&format!("{path}[{index}]"), &a[index], &b[index]))
        }
        (a, b) => (a != b).then(|| format!("{path}: {a} is not {b}")),
    }
}
