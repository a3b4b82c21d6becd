//! The collector's binary.

use std::path::PathBuf;

use anyhow::Result;

use crate::repo;
use crate::sh::Cmd;
use crate::steps::{Done, Line};

/// The binary of a debug build, which demo and tests use: it shares its dependencies with the native tests,
/// and an unoptimised collector is quick enough for one machine.
pub fn binary() -> Result<PathBuf> {
    Ok(repo::cargo_target()?.join("debug/chatvitals-collector"))
}

/// The binary that answers SQL from a collector's database, for tests that count by themselves.
pub fn sql() -> Result<PathBuf> {
    Ok(repo::cargo_target()?.join("debug/examples/sql"))
}

/// The step that builds both for demo and tests; cargo knows whether there is anything to do.
pub fn build(line: &Line) -> Result<Done> {
    cargo_build().args(["--bins", "--example", "sql"]).run(line)?;
    Ok(Done::Ran)
}

/// The step that builds it to be run for real.
pub fn build_release(line: &Line) -> Result<Done> {
    cargo_build().arg("--release").run(line)?;
    Ok(Done::Ran)
}

fn cargo_build() -> Cmd {
    Cmd::new("cargo").args(["build", "-p", "chatvitals-collector"])
}
