//! The npm packages of the folders that have any.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::repo;
use crate::sh::Cmd;
use crate::stamp::Stamp;
use crate::steps::{Done, Line};
use crate::tools;

/// Every folder that may have a package.json.
const FOLDERS: [&str; 3] = ["pkg-template", "www", "tests"];
/// The bundlers and frameworks the package is tried in: large, and needed for that only.
const PACKAGING: &str = "tests/packaging";
/// The packages of others that the benches measure: likewise.
const BENCH: &str = "tests/bench";

/// The step that installs exactly what the lock files say.
pub fn install(line: &Line) -> Result<Done> {
    tools::check_node()?;
    let mut done = Done::Fresh;
    for folder in FOLDERS.map(repo::path) {
        if folder.join("package.json").exists() && install_folder(&folder, &["ci"], line)? {
            done = Done::Ran;
        }
    }
    Ok(done)
}

/// The step that installs what the packaging tests need beyond that.
pub fn install_packaging(line: &Line) -> Result<Done> {
    tools::check_node()?;
    // Not `npm ci`: it refuses the whole lock file when a registry lacks one optional binary for another platform.
    let ran = install_folder(&repo::path(PACKAGING), &["install", "--no-save"], line)?;
    Ok(if ran { Done::Ran } else { Done::Fresh })
}

/// The step that installs the packages ChatVitals is measured beside.
pub fn install_bench(line: &Line) -> Result<Done> {
    tools::check_node()?;
    let ran = install_folder(&repo::path(BENCH), &["ci", "--ignore-scripts"], line)?;
    Ok(if ran { Done::Ran } else { Done::Fresh })
}

/// Installs one folder's packages unless its lock file is what they were installed from.
fn install_folder(folder: &Path, how: &[&str], line: &Line) -> Result<bool> {
    let lock = folder.join("package-lock.json");
    if !lock.exists() {
        bail!(
            "{0} has a package.json and no package-lock.json; `npm install` in {0} writes it",
            repo::shown(folder)
        );
    }
    // Kept inside node_modules: whoever removes or replaces the packages removes the stamp with them.
    let stamp = Stamp::new(folder.join("node_modules/.chatvitals-stamp"), &[lock], &[])?;
    if stamp.is_fresh(&[]) {
        return Ok(false);
    }
    Cmd::new("npm").args(how).args(["--no-audit", "--no-fund"]).dir(folder).run(line)?;
    stamp.save()?;
    Ok(true)
}

/// A program that a package of pkg-template brings.
pub fn program(name: &str) -> PathBuf {
    repo::path("pkg-template/node_modules/.bin").join(name)
}
