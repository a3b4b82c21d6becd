//! The pages the collector serves, in `target/www/`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::sh::Cmd;
use crate::stamp::Stamp;
use crate::steps::{Done, Line};
use crate::{package, repo};

/// The folder of the built pages.
pub fn folder() -> PathBuf {
    repo::path("target/www")
}

/// The step that builds them: `www/build.mjs OUT` where the pages need bundling, else they are copied.
pub fn build(line: &Line) -> Result<Done> {
    let (www, script) = (repo::path("www"), repo::path("www/build.mjs"));
    let stamp = Stamp::named("site", &[www.clone(), package::folder()], &[])?;
    if stamp.is_fresh(&[&folder()]) {
        return Ok(Done::Fresh);
    }
    // Built aside and swapped in, like pkg/.
    let staging = repo::path("target/xtask/www");
    repo::remove_dir(&staging)?;
    std::fs::create_dir_all(&staging).context("making target/xtask/www")?;
    if script.exists() {
        Cmd::new("node").arg(&script).arg(&staging).run(line)?;
    } else {
        for source in repo::sources(&www)? {
            repo::copy(&source, &staging.join(source.strip_prefix(&www)?))?;
        }
    }
    repo::remove_dir(&folder())?;
    std::fs::rename(&staging, folder()).context("moving the new pages to target/www/")?;
    stamp.save()?;
    Ok(Done::Ran)
}
