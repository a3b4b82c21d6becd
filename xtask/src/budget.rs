//! The one budget file: how many bytes each download may have.

use std::ops::Add;

use anyhow::{Context, Result, bail};

use crate::repo;

/// Where the budgets are kept.
pub const FILE: &str = "xtask/budgets.toml";

/// Bytes of one download, as it is and as servers compress it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bytes {
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

impl Add for Bytes {
    type Output = Bytes;

    fn add(self, other: Bytes) -> Bytes {
        Bytes { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

/// The budgets by the name of the download.
pub struct Budgets(toml::Table);

impl Budgets {
    /// Reads the file.
    pub fn read() -> Result<Budgets> {
        Ok(Budgets(repo::read(&repo::path(FILE))?.parse().with_context(|| format!("reading {FILE}"))?))
    }

    /// The limits of one download; a form (raw, gzip, brotli) that is not named is not limited.
    pub fn of(&self, name: &str) -> Result<Limits> {
        let table = self.0.get(name).and_then(toml::Value::as_table);
        let table = table.with_context(|| format!("{FILE} has no budget for `{name}`"))?;
        let mut limits = Limits::default();
        for (key, value) in table {
            let slot = match key.as_str() {
                "raw" => &mut limits.raw,
                "gzip" => &mut limits.gzip,
                "brotli" => &mut limits.brotli,
                _ => bail!("{FILE}: [{name}] takes raw, gzip and brotli, and has `{key}`"),
            };
            let bytes = value.as_integer().and_then(|bytes| u64::try_from(bytes).ok());
            *slot = Some(bytes.with_context(|| {
                format!("{FILE}: {key} of [{name}] wants a number of bytes, and is {value:?}")
            })?);
        }
        if limits == Limits::default() {
            bail!("{FILE}: [{name}] limits nothing");
        }
        Ok(limits)
    }

    /// Everything that has a budget.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The most bytes a download may have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    pub raw: Option<u64>,
    pub gzip: Option<u64>,
    pub brotli: Option<u64>,
}

impl Limits {
    /// What is too large, one sentence each: file, budget and actual size.
    pub fn broken_by(&self, name: &str, actual: Bytes) -> Vec<String> {
        let pairs = [
            ("raw", self.raw, actual.raw),
            ("gzip", self.gzip, actual.gzip),
            ("brotli", self.brotli, actual.brotli),
        ];
        let broken = pairs.into_iter().filter_map(|(form, limit, actual)| {
            let limit = limit.filter(|limit| actual > *limit)?;
            let over = actual - limit;
            Some(format!("{name} ({form}) is {actual} bytes, {over} over its budget of {limit} in {FILE}"))
        });
        broken.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budgets(text: &str) -> Budgets {
        Budgets(text.parse().unwrap())
    }

    #[test]
    fn a_budget_is_exact_to_the_byte() {
        let limits = budgets("['a.js']\nraw = 100\nbrotli = 40").of("a.js").unwrap();
        let actual = Bytes { raw: 100, gzip: 9999, brotli: 40 };
        assert!(limits.broken_by("a.js", actual).is_empty());
        let broken = limits.broken_by("a.js", Bytes { brotli: 41, ..actual });
        assert_eq!(broken, ["a.js (brotli) is 41 bytes, 1 over its budget of 40 in xtask/budgets.toml"]);
    }

    #[test]
    fn a_budget_that_says_nothing_is_an_error() {
        let message = |text: &str| budgets(text).of("a.js").unwrap_err().to_string();
        assert!(message("").contains("no budget for `a.js`"));
        assert!(message("['a.js']").contains("limits nothing"));
        assert!(message("['a.js']\nzip = 1").contains("`zip`"));
        assert!(message("['a.js']\nraw = -1").contains("-1"));
    }
}
