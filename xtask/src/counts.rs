//! How many tests passed, read from what test runners print.

use std::fmt;
use std::ops::AddAssign;

/// Tests that passed and that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Counts {
    /// Sums the `test result:` lines of `cargo test` and of wasm-bindgen's test runner.
    pub fn of_cargo(output: &str) -> Counts {
        let mut counts = Counts::default();
        for line in output.lines().filter(|line| line.starts_with("test result:")) {
            counts.passed += number_before(line, " passed");
            counts.failed += number_before(line, " failed");
        }
        counts
    }

    /// Reads the summary of `node --test`: `# pass 3` (TAP) or `ℹ pass 3` (spec). A cancelled test did not pass.
    pub fn of_node(output: &str) -> Counts {
        let mut counts = Counts::default();
        for line in output.lines() {
            let Some(summary) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else {
                continue;
            };
            match summary.split_once(' ').map(|(word, number)| (word, number.trim().parse())) {
                Some(("pass", Ok(number))) => counts.passed = number,
                Some(("fail" | "cancelled", Ok(number))) => counts.failed += number,
                _ => {}
            }
        }
        counts
    }

    /// Makes the counts agree with how the runner ended: a runner that failed without a failed test (it did not
    /// compile, it crashed) and one that succeeded without a single test are one failure.
    pub fn given_success(mut self, success: bool) -> Counts {
        if self.failed == 0 && (!success || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

fn number_before(line: &str, unit: &str) -> usize {
    let before = line.split_once(unit).map_or("", |(before, _)| before);
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARGO: &str = "\
running 2 tests
test queue::oldest_out ... ok
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test says test result: 99 passed ... ok
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn cargo_results_are_summed() {
        assert_eq!(Counts::of_cargo(CARGO), Counts { passed: 15, failed: 2 });
        assert_eq!(Counts::of_cargo("error[E0425]: cannot find"), Counts::default());
    }

    #[test]
    fn node_summaries_are_read_in_both_forms() {
        let spec = "✔ visits a page\nℹ tests 9\nℹ pass 5\nℹ fail 2\nℹ cancelled 1\nℹ skipped 1\n";
        assert_eq!(Counts::of_node(spec), Counts { passed: 5, failed: 3 });
        let tap = "ok 1 - a\n# tests 2\n# pass 2\n# fail 0\n# cancelled 0\n";
        assert_eq!(Counts::of_node(tap), Counts { passed: 2, failed: 0 });
    }

    #[test]
    fn a_runner_that_did_not_test_is_a_failure() {
        let good = Counts { passed: 3, failed: 0 };
        assert_eq!(good.given_success(true), good);
        assert_eq!(good.given_success(false), Counts { passed: 3, failed: 1 });
        assert_eq!(Counts::default().given_success(true), Counts { passed: 0, failed: 1 });
        let bad = Counts { passed: 3, failed: 2 };
        assert_eq!(bad.given_success(false), bad);
    }

    #[test]
    fn the_last_line_is_plain() {
        assert_eq!(Counts { passed: 41, failed: 0 }.to_string(), "41 passed, 0 failed");
    }
}
