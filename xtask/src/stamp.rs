//! Skipping work whose inputs have not changed.
//!
//! A stamp holds a hash of the inputs' contents, not their times: a fresh checkout or a branch switched there and back
//! changes every time and no content.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::repo;

/// What the last successful run of some work was made from.
pub struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp kept in `file` for work that reads `inputs` (files or folders; absent ones count as absent)
    /// and depends on `settings` (flags, versions).
    pub fn new(file: PathBuf, inputs: &[PathBuf], settings: &[&str]) -> Result<Stamp> {
        let mut hasher = DefaultHasher::new();
        settings.hash(&mut hasher);
        for input in inputs {
            for source in repo::sources(input)? {
                let bytes =
                    std::fs::read(&source).with_context(|| format!("reading {}", repo::shown(&source)))?;
                (repo::shown(&source), bytes).hash(&mut hasher);
            }
        }
        Ok(Stamp { file, hash: format!("{:016x}", hasher.finish()) })
    }

    /// A stamp in the folder of stamps.
    pub fn named(name: &str, inputs: &[PathBuf], settings: &[&str]) -> Result<Stamp> {
        Stamp::new(repo::path("target/xtask/stamps").join(name), inputs, settings)
    }

    /// Whether the work was done for exactly these inputs and what it made is still there.
    pub fn is_fresh(&self, outputs: &[&Path]) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.hash)
            && outputs.iter().all(|output| output.exists())
    }

    /// Remembers that the work is done.
    pub fn save(&self) -> Result<()> {
        repo::write(&self.file, &self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_contents_settings_or_a_lost_output_make_work_due() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let (input, output) = (folder.join("in/a.txt"), folder.join("out.txt"));
        let stamp = |settings| Stamp::new(folder.join("stamp"), &[folder.join("in")], &[settings]).unwrap();
        repo::write(&input, "one").unwrap();
        repo::write(&output, "made").unwrap();

        assert!(!stamp("-Oz").is_fresh(&[&output]), "never done");
        stamp("-Oz").save().unwrap();
        assert!(stamp("-Oz").is_fresh(&[&output]));
        assert!(!stamp("-O3").is_fresh(&[&output]), "other settings");

        repo::write(&input, "two").unwrap();
        assert!(!stamp("-Oz").is_fresh(&[&output]), "other contents");
        repo::write(&input, "one").unwrap();
        std::fs::remove_file(&output).unwrap();
        assert!(!stamp("-Oz").is_fresh(&[&output]), "output lost");
        repo::remove_dir(&folder).unwrap();
    }
}
