//! The tracker: Rust to WebAssembly and its glue, in `target/wasm/`.

use std::path::PathBuf;

use anyhow::Result;

use crate::repo;
use crate::sh::Cmd;
use crate::stamp::Stamp;
use crate::steps::{Done, Line};
use crate::{npm, tools};

/// What cargo gets beyond the profile `wasm` of Cargo.toml.
///
/// The standard library is compiled with us, for size, and a panic traps at once instead of carrying a message:
/// together a quarter of the module (21 to 30 % measured). Both are nightly features; RUSTC_BOOTSTRAP lets
/// the pinned stable compiler, whose behaviour we tested, have them. Only this build gets them: everything else is plain stable.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort";
const CARGO_FLAGS: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// The best safe passes of those measured (docs: ARCHITECTURE.md, sizes). Never --all-features: Binaryen 132 then writes
/// "compact imports", which no browser reads. The features come from the module itself, so that section goes last.
const WASM_OPT: [&str; 8] = [
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// The glue that wasm-bindgen writes: an ES module, bundled into everything that loads the tracker.
pub fn glue() -> PathBuf {
    repo::path("target/wasm/chatvitals.js")
}

/// The optimised module.
pub fn module() -> PathBuf {
    repo::path("target/wasm/chatvitals_bg.opt.wasm")
}

/// The step that builds both.
pub fn build(line: &Line) -> Result<Done> {
    let inputs = ["src", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"].map(repo::path);
    let (cargo_flags, wasm_opt) = (CARGO_FLAGS.join(" "), WASM_OPT.join(" "));
    let stamp = Stamp::named("wasm", &inputs, &[RUSTFLAGS, &cargo_flags, &wasm_opt])?;
    if stamp.is_fresh(&[&glue(), &module()]) {
        return Ok(Done::Fresh);
    }
    Cmd::new(tools::installed("wasm-pack")?)
        .args(["build", "--target", "web", "--profile", "wasm", "--no-typescript", "--no-pack", "--no-opt"])
        .args(["--out-dir", "target/wasm", "--out-name", "chatvitals", "."])
        .arg("--")
        .args(CARGO_FLAGS)
        .env("PATH", tools::search_path()?)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", RUSTFLAGS)
        // A folder of its own: these flags would otherwise make cargo build the host's crates anew each time.
        .env("CARGO_TARGET_DIR", repo::path("target/wasm-build"))
        .run(line)?;
    Cmd::new(npm::program("wasm-opt"))
        .arg(repo::path("target/wasm/chatvitals_bg.wasm"))
        .arg("-o")
        .arg(module())
        .args(WASM_OPT)
        .run(line)?;
    stamp.save()?;
    Ok(Done::Ran)
}
