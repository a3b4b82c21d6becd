//! The checks of the suite. Each answers for one kind of promise; `cargo xtask test NAME` runs one alone.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::counts::Counts;
use crate::sh::{Cmd, Output};
use crate::steps::{self, Done, Line};
use crate::{collector, npm, package, plan, repo, site, size as sizes, tools};

/// How long one file of tests may take before node ends it, on a machine that is busy.
const FILE_TIMEOUT_MS: &str = "900000";

/// Runs the whole suite, or the named checks, and ends with the one line that counts.
pub fn run(names: &[String]) -> Result<ExitCode> {
    let all: Vec<_> = plan::checks().collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(&name.as_str())) {
        bail!("no check is called `{unknown}`; there are {}", all.join(", "));
    }
    let goals = if names.is_empty() { all } else { names.iter().map(String::as_str).collect() };
    let counts = steps::run_counted(plan::reaching(&goals)?)?;
    println!("{counts}");
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// rustfmt agrees with every file.
pub fn fmt(line: &Line) -> Result<Done> {
    passes(Cmd::new("cargo").args(["fmt", "--all", "--check", "--", "--color=never"]), line)
}

/// clippy has nothing to say, on the host.
pub fn clippy(line: &Line) -> Result<Done> {
    let clippy = Cmd::new("cargo").args(["clippy", "--workspace", "--all-targets"]);
    passes(clippy.args(["--", "-D", "warnings"]), line)
}

/// clippy has nothing to say about what only the browser gets.
pub fn clippy_wasm(line: &Line) -> Result<Done> {
    let mut clippy =
        Cmd::new("cargo").args(["clippy", "-p", "chatvitals", "--target", tools::WASM_TARGET, "--lib"]);
    if has_browser_tests()? {
        clippy = clippy.args(["--test", "browser*"]);
    }
    passes(clippy.args(["--", "-D", "warnings"]), line)
}

/// The documentation builds, and its links lead somewhere.
pub fn docs(line: &Line) -> Result<Done> {
    let doc = Cmd::new("cargo").args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    passes(doc.env("RUSTDOCFLAGS", "-D warnings"), line)
}

/// `cargo test` on the host: every rule that needs no browser, and the collector.
pub fn native(line: &Line) -> Result<Done> {
    let Output { status, text } =
        Cmd::new("cargo").args(["test", "--workspace", "--no-fail-fast"]).output(line)?;
    Ok(Done::Tests(Counts::of_cargo(&text).given_success(status.success())))
}

/// The TypeScript half of the package has no type errors.
pub fn types(line: &Line) -> Result<Done> {
    passes(Cmd::new(npm::program("tsc")).args(["-p", "pkg-template", "--noEmit"]), line)
}

/// The dashboard has no type errors against the package it is built from, and its own tests pass.
pub fn pages(line: &Line) -> Result<Done> {
    let www = repo::path("www");
    Cmd::new("npm").args(["run", "--silent", "check"]).dir(&www).run(line)?;
    let Output { status, text } = Cmd::new("npm").args(["run", "--silent", "test"]).dir(&www).output(line)?;
    Ok(Done::Tests(Counts::of_node(&text).given_success(status.success())))
}

/// Everything a visitor downloads is within its budget.
pub fn size(line: &Line) -> Result<Done> {
    sizes::check(line)?;
    Ok(Done::Ran)
}

/// wasm-bindgen tests: the tracker's own Rust, compiled to wasm, in headless Chromium.
pub fn browser(line: &Line) -> Result<Done> {
    if !has_browser_tests()? {
        return Ok(Done::Tests(Counts::default()));
    }
    let test = Cmd::new("node").arg(repo::path("tests/one-at-a-time.mjs")).args([
        "cargo",
        "test",
        "-p",
        "chatvitals",
        "--target",
        tools::WASM_TARGET,
        "--no-fail-fast",
    ]);
    let output = test
        .args(["--test", "browser*"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::installed("wasm-bindgen-test-runner")?)
        .env("CHROMEDRIVER", tools::CHROMEDRIVER.path()?)
        .output(line)?;
    Ok(Done::Tests(Counts::of_cargo(&output.text).given_success(output.status.success())))
}

/// A browser, the built package and the collector's binary together, as a visitor and an operator meet them.
pub fn e2e(line: &Line) -> Result<Done> {
    node_tests("tests/e2e", line)
}

/// The package from its tarball, in fresh applications of every kind.
pub fn packaging(line: &Line) -> Result<Done> {
    node_tests("tests/packaging", line)
}

/// Runs a folder's `*.test.mjs`, one after another.
fn node_tests(folder: &str, line: &Line) -> Result<Done> {
    let tests: Vec<_> = repo::sources(&repo::path(folder))?
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    if tests.is_empty() {
        return Ok(Done::Tests(Counts::default()));
    }
    let node =
        Cmd::new("node").args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout"]);
    let output = node
        .arg(FILE_TIMEOUT_MS)
        .args(tests)
        .env("CHATVITALS_COLLECTOR", collector::binary()?)
        .env("CHATVITALS_SQL", collector::sql()?)
        .env("CHATVITALS_PKG", package::folder())
        .env("CHATVITALS_WWW", site::folder())
        .env("CHATVITALS_CHROMIUM", tools::CHROMIUM.path()?)
        .env("CHATVITALS_FIREFOX", tools::FIREFOX.path()?)
        .env("CHATVITALS_GECKODRIVER", tools::installed("geckodriver")?)
        .output(line)?;
    Ok(Done::Tests(Counts::of_node(&output.text).given_success(output.status.success())))
}

fn passes(check: Cmd, line: &Line) -> Result<Done> {
    check.run(line)?;
    Ok(Done::Ran)
}

/// Whether `tests/browser*.rs` exist; cargo calls a pattern that matches nothing an error.
fn has_browser_tests() -> Result<bool> {
    let tests: PathBuf = repo::path("tests");
    if !tests.exists() {
        return Ok(false);
    }
    let is_browser_test = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("browser") && name.ends_with(".rs")
    };
    Ok(repo::list(&tests)?.iter().any(is_browser_test))
}
