//! Times: RFC 3339 text, as `Date.prototype.toISOString` writes it, to milliseconds since 1970 UTC.

/// One hour, ms.
pub const HOUR: i64 = 3_600_000;
/// One day, ms.
pub const DAY: i64 = 24 * HOUR;

/// Reads `2026-11-20T07:24:33.123Z`, also with an offset such as `+05:30`, without seconds, or a date alone
/// (midnight UTC, as in JavaScript). Finer than a millisecond is cut. `None` for anything else.
///
/// ```
/// use chatvitals::metrics::timestamp::parse;
/// assert_eq!(parse("1970-01-02T00:00:00.5Z"), Some(86_400_500));
/// assert_eq!(parse("2026-11-20T07:24:33+01:00"), parse("2026-11-20T06:24:33Z"));
/// assert_eq!(parse("2026-02-29T00:00:00Z"), None);
/// ```
pub fn parse(text: &str) -> Option<i64> {
    let (year, rest) = digits(text.trim(), 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * DAY;
    if rest.is_empty() {
        return Some(midnight);
    }
    let (hour, rest) = digits(rest.strip_prefix(['T', 't', ' '])?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2)?,
        None => (0, rest),
    };
    let (ms, rest) = match rest.strip_prefix('.') {
        Some(rest) => fraction(rest)?,
        None => (0, rest),
    };
    // 60 is a leap second, which Unix time counts as the next minute's first.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(midnight + hour * HOUR + minute * 60_000 + second * 1000 + ms - offset(rest)?)
}

/// The first `count` characters as a number, and what follows them.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let head = text.get(..count)?;
    if !head.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((head.bytes().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')), &text[count..]))
}

/// Decimals of a second, as milliseconds.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let decimals = text[..end].bytes().chain(*b"00").take(3);
    (end > 0).then(|| (decimals.fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')), &text[end..]))
}

/// `Z` or `±HH:MM`, as milliseconds east of UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = digits(text.strip_prefix(['+', '-'])?, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60).then(|| sign * (hours * HOUR + minutes * 60_000))
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar. Years begin in March here, so that a leap day ends its year and
/// the lengths of the months before any month are one formula.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let months_since_march = (month + 9) % 12;
    let days_before_month = (153 * months_since_march + 2) / 5;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719_468 days lie between 0000-03-01 and 1970-01-01.
    365 * year + leap_days + days_before_month + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut expected = days_since_1970(1800, 1, 1);
        for year in 1800..2200 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(days_since_1970(year, month, day), expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        assert_eq!(days_since_1970(1970, 1, 1), 0);
    }

    #[test]
    fn known_times() {
        for (text, ms) in [
            ("2000-03-01T00:00:00Z", 951_868_800_000),
            ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
            ("2026-11-20", 1_795_132_800_000),
            ("1969-12-31T23:59:59.123456Z", -877),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("2026-11-20t07:24z", 1_795_159_440_000),
        ] {
            assert_eq!(parse(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "now",
            "2026",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-11-20T24:00:00Z",
            "2026-11-20T07:24",
            "2026-11-20T07:24:33.Z",
            "2026-11-20T07:24:33+1:00",
            "2026-11-20T07:24:33+01:00Z",
            "２０26-11-20",
            "-026-11-20",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
