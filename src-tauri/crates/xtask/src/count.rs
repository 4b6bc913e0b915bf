//! What each test runner says of how many passed, failed and were skipped.

use std::ops::AddAssign;

use serde_json::Value;

/// How many tests or checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// They held.
    pub(crate) passed: u64,
    /// They did not.
    pub(crate) failed: u64,
    /// They were not run.
    pub(crate) skipped: u64,
}

impl Count {
    /// One check that held.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    /// One check that did not.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    /// One check that could not be run here.
    pub(crate) const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// How many there are.
    pub(crate) fn all(self) -> u64 {
        self.passed + self.failed + self.skipped
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Adds up the `test result:` lines of `cargo test`.
pub(crate) fn cargo(output: &str) -> Count {
    let mut count = Count::default();
    for line in output.lines().filter_map(|line| line.split_once("test result: ")) {
        let Some((_, numbers)) = line.1.split_once(". ") else { continue };
        for part in numbers.split(';') {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => count.passed += number.parse().unwrap_or(0),
                Some((number, "failed")) => count.failed += number.parse().unwrap_or(0),
                Some((number, "ignored")) => count.skipped += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
    count
}

/// Reads the JSON report of Vitest. A file that could not be run counts as one failed test.
pub(crate) fn vitest(report: &str) -> Option<Count> {
    let report: Value = serde_json::from_str(report).ok()?;
    let number = |name: &str| report.get(name).and_then(Value::as_u64);
    let failed = number("numFailedTests")?;
    Some(Count {
        passed: number("numPassedTests")?,
        failed: if failed == 0 { number("numFailedTestSuites").unwrap_or(0) } else { failed },
        skipped: number("numPendingTests").unwrap_or(0) + number("numTodoTests").unwrap_or(0),
    })
}

/// Reads the JSON report of Playwright. A test that held only when tried again counts as failed.
pub(crate) fn playwright(report: &str) -> Option<Count> {
    let report: Value = serde_json::from_str(report).ok()?;
    let stats = report.get("stats")?;
    let number = |name: &str| stats.get(name).and_then(Value::as_u64);
    let errors = report.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
    let failed = number("unexpected")? + number("flaky").unwrap_or(0);
    Some(Count {
        passed: number("expected")?,
        // An error outside of any test (a file that does not load) is one failure.
        failed: if failed == 0 { u64::try_from(errors).unwrap_or(u64::MAX) } else { failed },
        skipped: number("skipped").unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64, skipped: u64) -> Count {
        Count { passed, failed, skipped }
    }

    #[test]
    fn adds_up_the_results_of_cargo() {
        let output = "\
running 3 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s

     Running tests/it.rs
test b ... FAILED
test result: FAILED. 40 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.31s
";
        assert_eq!(cargo(output), count(42, 2, 1));
        assert_eq!(cargo("error: could not compile `x`"), count(0, 0, 0));
    }

    #[test]
    fn reads_vitest() {
        let report = r#"{"numTotalTests":9,"numPassedTests":6,"numFailedTests":1,"numPendingTests":1,
            "numTodoTests":1,"numFailedTestSuites":2}"#;
        assert_eq!(vitest(report), Some(count(6, 1, 2)));
        let broken = r#"{"numPassedTests":0,"numFailedTests":0,"numFailedTestSuites":1}"#;
        assert_eq!(vitest(broken), Some(count(0, 1, 0)));
        assert_eq!(vitest(""), None);
    }

    #[test]
    fn reads_playwright() {
        let report =
            r#"{"errors":[],"stats":{"expected":12,"skipped":1,"unexpected":2,"flaky":1}}"#;
        assert_eq!(playwright(report), Some(count(12, 3, 1)));
        let broken = r#"{"errors":[{"message":"x"}],"stats":{"expected":0,"skipped":0,"unexpected":0,"flaky":0}}"#;
        assert_eq!(playwright(broken), Some(count(0, 1, 0)));
    }
}
