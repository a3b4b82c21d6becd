//! The measurements: `tests/bench`, what the tracker costs a page beside its peers, and the collector's own.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{package, plan, repo, steps, tools};

/// Where the figures of one whole run are kept.
const BENCHMARKS: &str = "BENCHMARKS.md";
/// What stands between these two lines of it comes from the run; the rest is written by hand.
const BEGIN: &str = "<!-- figures: cargo xtask bench -->";
const END: &str = "<!-- /figures -->";

/// Builds the package and the collector and measures both; the progress goes straight to the terminal.
pub fn run(options: &[String]) -> Result<()> {
    steps::run_all(plan::reaching(&["package", "collector-release", "browsers", "npm", "npm-bench"])?)?;
    let collector = repo::cargo_target()?.join("release/chatvitals-collector");
    let mut peers = Command::new("node");
    peers
        .arg(repo::path("tests/bench/run.mjs"))
        .args(options)
        .env("CHATVITALS_PKG", package::folder())
        .env("CHATVITALS_COLLECTOR", &collector)
        .env("CHATVITALS_CHROMIUM", tools::CHROMIUM.path()?);
    if !finish(peers)?.success() {
        bail!("the comparison with the peers failed");
    }
    if options.iter().any(|option| option.starts_with("--only") || option == "--quick") {
        println!("{BENCHMARKS} keeps what whole runs measured; this one is in target/bench");
        return Ok(());
    }
    let table = repo::read(&repo::path("target/bench/table.md"))?;
    put(&format!("{}\n\n{}", table.trim_end(), of_collector(&collector)?))
}

/// The collector's own bench, as Markdown.
fn of_collector(binary: &Path) -> Result<String> {
    let mut bench = Command::new("node");
    bench.arg(repo::path("collector/benches/collector.mjs")).arg("--collector").arg(binary);
    let output = bench.current_dir(repo::root()).stderr(std::process::Stdio::inherit()).output();
    let output = output.context("starting `node`")?;
    if !output.status.success() {
        bail!("the collector's bench failed ({})", output.status);
    }
    let figures: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("reading what the collector's bench printed")?;
    Ok(format!("## The collector\n\n```json\n{figures:#}\n```"))
}

fn finish(mut command: Command) -> Result<std::process::ExitStatus> {
    command.current_dir(repo::root()).status().context("starting `node`")
}

/// Puts the figures into the file, between the two lines that mark their place.
fn put(figures: &str) -> Result<()> {
    let path = repo::path(BENCHMARKS);
    let text = repo::read(&path)?;
    repo::write(
        &path,
        replaced(&text, figures)
            .with_context(|| format!("{BENCHMARKS} wants a line `{BEGIN}` and one `{END}`"))?,
    )
}

fn replaced(text: &str, figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{figures}\n\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_take_the_place_of_older_ones_and_what_a_person_wrote_stays() {
        let text = format!("# Benchmarks\n{BEGIN}\nold\n{END}\n## Where it is behind\n");
        let new = replaced(&text, "new").unwrap();
        assert_eq!(new, format!("# Benchmarks\n{BEGIN}\n\nnew\n\n{END}\n## Where it is behind\n"));
        assert_eq!(replaced(&new, "new").unwrap(), new);
        assert_eq!(replaced("no marks", "new"), None);
    }
}
