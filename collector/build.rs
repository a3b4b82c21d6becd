//! Prepares the folders that `src/site.rs` embeds, so that a fresh clone compiles before `cargo xtask build` has filled them.

use std::fs;
use std::path::Path;

fn main() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // Cargo reruns a script whose watched path is missing on every single build; an empty folder keeps builds quiet.
    for folder in ["target/www", "pkg"] {
        let folder = repository.join(folder);
        if let Err(error) = fs::create_dir_all(&folder) {
            println!("cargo::warning=cannot create {}: {error}", folder.display());
        }
        println!("cargo::rerun-if-changed={}", folder.display());
    }
}
