//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the repository.
pub fn root() -> &'static Path {
    // Compiled in: cargo builds xtask anew when the repository moves.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A path inside the repository.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// The folder cargo builds into; not always `target/`, since `CARGO_TARGET_DIR` can move it.
pub fn cargo_target() -> Result<PathBuf> {
    let xtask = std::env::current_exe().context("finding the folder cargo builds into")?;
    let target = xtask.parent().and_then(Path::parent);
    Ok(target.context("xtask runs outside of cargo's target folder")?.to_path_buf())
}

/// Reads a text file; the error names it.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", shown(path)))
}

/// Writes a file and the folders above it; the error names it.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, contents)
    };
    write().with_context(|| format!("writing {}", shown(path)))
}

/// Removes a folder with all it holds, if it is there.
pub fn remove_dir(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", shown(path)))
        }
        _ => Ok(()),
    }
}

/// Copies a file, or a folder with all it holds.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        let bytes = std::fs::read(from).with_context(|| format!("reading {}", shown(from)))?;
        return write(to, bytes);
    }
    for child in list(from)? {
        copy(&child, &to.join(child.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// What a folder holds, in a stable order.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("listing {}", shown(folder)))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Every file below a folder (or the file itself) that a person wrote: no dot files, nothing installed or built.
pub fn sources(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    if path.is_dir() {
        for child in list(path)? {
            let name = child.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.starts_with('.') && name != "node_modules" && name != "target" {
                found.extend(sources(&child)?);
            }
        }
    }
    Ok(found)
}

/// A path as a person in the repository would write it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
