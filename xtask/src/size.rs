//! Bytes of everything a visitor downloads.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::budget::{self, Budgets, Bytes};
use crate::manifest::{ELEMENTS, FALLBACK, Manifest, SCRIPT, SHELL, STREAM};
use crate::modules::Module;
use crate::sh::Cmd;
use crate::steps::Line;
use crate::{npm, package, plan, repo, steps};

/// The names the budget file uses beyond those of the npm entries.
const MODULE: &str = "chatvitals_bg.wasm";
const SCRIPT_TAG: &str = "script-tag";

/// Measures, checks and prints; the table is printed even when a budget is broken.
pub fn run() -> Result<()> {
    let _ = std::fs::remove_file(table_file());
    let result = steps::run_all(plan::reaching(&["size"])?);
    if let Ok(table) = std::fs::read_to_string(table_file()) {
        println!("\n{table}");
    }
    result
}

/// Measures the built package and holds it against the budgets.
pub fn check(line: &Line) -> Result<()> {
    let rows = measure(&package::folder(), line)?;
    repo::write(&table_file(), table(&rows))?;
    let budgets = Budgets::read()?;
    let mut broken = Vec::new();
    for (name, bytes) in &rows {
        match budgets.of(name) {
            Ok(limits) => broken.extend(limits.broken_by(name, *bytes)),
            Err(error) => broken.push(error.to_string()),
        }
    }
    for name in budgets.names().filter(|name| rows.iter().all(|(row, _)| row != name)) {
        broken.push(format!("{} has a budget for `{name}`, which is not built", budget::FILE));
    }
    if !broken.is_empty() {
        bail!("{}", broken.join("\n"));
    }
    Ok(())
}

/// What the package says of itself: the same table, for people.
pub fn paper(folder: &Path, line: &Line) -> Result<String> {
    let mut text = String::from(
        "# Sizes\n\nBytes of what a visitor downloads: the files of the script tag, and what importing each entry adds to an\n\
         application (minified, with all it imports from here; the module is a download of its own). `script-tag` is what every\n\
         page with the script tag loads: loader, shell and module. The rest is loaded only by pages that need it.\n\n\
         | | raw | gzip -9 | brotli 11 |\n|---|---:|---:|---:|\n",
    );
    for (name, Bytes { raw, gzip, brotli }) in measure(folder, line)? {
        let _ = writeln!(text, "| {name} | {raw} | {gzip} | {brotli} |");
    }
    Ok(text)
}

/// Every download by its name: what the script tag loads, and what importing each npm entry adds to an application.
fn measure(folder: &Path, line: &Line) -> Result<Vec<(String, Bytes)>> {
    let mut rows = Vec::new();
    let mut whole = Bytes::default();
    for name in [MODULE, SCRIPT, SHELL] {
        let bytes = bytes_of(&folder.join(name))?;
        whole = whole + bytes;
        rows.push((name.into(), bytes));
    }
    rows.push((SCRIPT_TAG.into(), whole));
    for name in [FALLBACK, ELEMENTS, STREAM] {
        rows.push((name.into(), bytes_of(&folder.join(name))?));
    }
    for module in Module::all() {
        rows.push((module.file(), bytes_of(&folder.join(module.file()))?));
    }
    // As an application's bundler would take it: alone, with all it imports from us, minified.
    let (entries, out) = (Manifest::read()?.entries(), repo::path("target/xtask/size"));
    Cmd::new(npm::program("esbuild"))
        .args(entries.iter().map(|entry| folder.join(entry).with_extension("js")))
        .args(["--bundle", "--minify", "--format=esm", "--packages=external", "--log-level=error"])
        .arg(format!("--outdir={}", out.display()))
        .run(line)?;
    for entry in entries {
        let file = out.join(&entry).with_extension("js");
        rows.push((entry, bytes_of(&file)?));
    }
    Ok(rows)
}

fn bytes_of(file: &Path) -> Result<Bytes> {
    let raw = std::fs::read(file).with_context(|| format!("reading {}", repo::shown(file)))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&raw)?;
    // The encoder's defaults are quality 11 and the widest window: what servers use for files they compress ahead.
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut raw.as_slice(), &mut brotli, &BrotliEncoderParams::default())?;
    let length = |bytes: &[u8]| bytes.len() as u64;
    Ok(Bytes { raw: length(&raw), gzip: length(&gzip.finish()?), brotli: length(&brotli) })
}

fn table(rows: &[(String, Bytes)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$} {:>9} {:>9} {:>9}\n", "bytes", "raw", "gzip -9", "brotli 11");
    for (name, Bytes { raw, gzip, brotli }) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:width$} {raw:>9} {gzip:>9} {brotli:>9}");
    }
    text
}

fn table_file() -> PathBuf {
    repo::path("target/xtask/size.txt")
}
