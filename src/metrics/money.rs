//! What counts as an amount and as a currency. Amounts of different currencies are never added.

/// An amount that can be true: 0 to 10^12 (the largest companies' yearly revenue), which leaves cents exact.
pub fn amount(value: Option<f64>) -> Option<f64> {
    value.filter(|value| (0.0..=1e12).contains(value))
}

/// An ISO 4217 code, upper-cased; `None` when it is not three letters.
pub fn currency(code: Option<&str>) -> Option<String> {
    code.map(str::trim_ascii)
        .filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
}
