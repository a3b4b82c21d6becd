//! Instants as the pure rooms see them, and their form on the wire.

/// One instant on both clocks of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Now {
    /// Wall clock, ms since 1970: for timestamps. It can jump.
    pub wall: f64,
    /// Monotonic clock, ms since the page's time origin: for durations. It may stop while the machine sleeps.
    pub mono: f64,
}

impl Now {
    /// The wall-clock time of an instant given on the monotonic clock, as seen from this one.
    pub fn wall_of(self, mono: f64) -> f64 {
        self.wall - (self.mono - mono)
    }
}

/// Appends `2026-11-20T07:24:33.123Z`.
///
/// Days to civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
pub fn push_iso(out: &mut String, wall_ms: f64) {
    let total = wall_ms.clamp(0.0, 253_402_300_799_999.0) as u64;
    let (days, ms_of_day) = (total / 86_400_000, total % 86_400_000);
    let z = days + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    for (value, width, after) in [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (ms_of_day / 3_600_000, 2, ':'),
        (ms_of_day / 60_000 % 60, 2, ':'),
        (ms_of_day / 1_000 % 60, 2, '.'),
        (ms_of_day % 1_000, 3, 'Z'),
    ] {
        let mut unit = 10u64.pow(width - 1);
        while unit > 0 {
            out.push((b'0' + (value / unit % 10) as u8) as char);
            unit /= 10;
        }
        out.push(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(ms: f64) -> String {
        let mut out = String::new();
        push_iso(&mut out, ms);
        out
    }

    #[test]
    fn timestamps_are_iso_8601_in_utc() {
        assert_eq!(iso(0.0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(951_782_400_000.0), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso(1_763_623_473_123.9), "2025-11-20T07:24:33.123Z");
        assert_eq!(iso(1_735_689_599_999.0), "2024-12-31T23:59:59.999Z");
        assert_eq!(iso(-5.0), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn monotonic_instants_translate_to_the_wall_clock() {
        let now = Now { wall: 10_000.0, mono: 500.0 };
        assert_eq!(now.wall_of(400.0), 9_900.0);
    }
}
