//! The measurements of `tests/bench`: what the tracker costs a page, beside its peers.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{package, plan, repo, steps, tools};

/// Builds the package and runs them, their output going straight to the terminal.
pub fn run() -> Result<()> {
    let script = repo::path("tests/bench/run.mjs");
    if !script.exists() {
        println!("The benches live in tests/bench; there is no tests/bench/run.mjs yet.");
        return Ok(());
    }
    steps::run_all(plan::reaching(&["package", "browsers"])?)?;
    let status = Command::new("node")
        .arg(&script)
        .current_dir(repo::root())
        .env("CHATVITALS_PKG", package::folder())
        .env("CHATVITALS_CHROMIUM", tools::CHROMIUM.path()?)
        .status()
        .context("starting `node`")?;
    if !status.success() {
        bail!("the benches failed ({status})");
    }
    Ok(())
}
