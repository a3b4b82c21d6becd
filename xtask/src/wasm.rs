//! The tracker: Rust to WebAssembly and its glue, in `target/wasm/`; and the same Rust as JavaScript, for pages that
//! refuse WebAssembly, in `target/wasm-fallback/`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::repo;
use crate::sh::Cmd;
use crate::stamp::Stamp;
use crate::steps::{Done, Line};
use crate::{names, npm, tools};

/// What cargo gets beyond the profile `wasm` of Cargo.toml.
///
/// The standard library is compiled with us, for size, and a panic traps at once instead of carrying a message:
/// together a quarter of the module (21 to 30 % measured). Both are nightly features; RUSTC_BOOTSTRAP lets
/// the pinned stable compiler, whose behaviour we tested, have them. Only this build gets them: everything else is plain stable.
///
/// LLVM's loop strength reduction keeps a variable per address of a loop where one index would do: 0.35 KB.
///
/// The stack is 256 KB instead of 1 MB (properties 40 deep, chats, routes and a shutdown used 4.3 KB of it): what lies behind
/// it has addresses that are a byte shorter, 0.15 KB.
///
/// rustc inlines by itself only what it calls small where it optimises for speed; of functions that are smaller still the call
/// is longer than the body: 0.45 KB.
pub const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Cllvm-args=-disable-lsr \
    -Zinline-mir=yes -Zinline-mir-threshold=20 -Zinline-mir-hint-threshold=30 -Clink-arg=-zstack-size=262144";
pub const CARGO_FLAGS: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// The best safe passes of those measured (docs: ARCHITECTURE.md, sizes). Never --all-features: Binaryen 132 then writes
/// "compact imports", which no browser reads. The features come from the module itself, so that section goes last.
pub const WASM_OPT: [&str; 11] = [
    // Nothing lies below address 1024: the stack ends there, long after it has run into its data.
    "--low-memory-unused",
    // What is computed twice the same way costs brotli less than a variable that keeps it; and the one pass that
    // rearranges variables with regard to control flow costs it more than it saves.
    "--skip-pass=local-cse",
    "--skip-pass=simplify-locals",
    // What only one function calls stays a function, unless it is small: 0.15 KB, and a browser compiles at a start only what is
    // called then, not what was inlined beside it.
    "--one-caller-inline-max-function-size=300",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// wasm2js knows one table only: no references to JavaScript's objects in a table of their own.
const FALLBACK_RUSTFLAGS: &str = " -Ctarget-feature=-reference-types,-multivalue";

/// Down to what wasm2js takes: what the module uses beyond the first WebAssembly, and the passes that take it out.
const LOWER: [&str; 11] = [
    "--mvp-features",
    "--enable-mutable-globals",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--llvm-memory-copy-fill-lowering",
    "-Oz",
    "--strip-debug",
];
/// `--emscripten` makes it one function of its imports.
const TO_JS: [&str; 4] = ["-Oz", "--emscripten", "--mvp-features", "--enable-mutable-globals"];

/// The glue that wasm-bindgen writes, with short names: an ES module.
pub fn glue() -> PathBuf {
    repo::path("target/wasm/chatvitals.short.js")
}

/// The same without what nobody needs here (`glue.rs`), bundled into everything that loads the tracker.
pub fn lean_glue() -> PathBuf {
    repo::path("target/wasm/chatvitals.lean.js")
}

/// The JavaScript files of `src/` that the glue imports.
pub fn snippets() -> PathBuf {
    repo::path("target/wasm/snippets")
}

/// The optimised module.
pub fn module() -> PathBuf {
    repo::path("target/wasm/chatvitals_bg.opt.wasm")
}

/// The glue of the fallback: another one, since objects are kept another way.
pub fn fallback_glue() -> PathBuf {
    repo::path("target/wasm-fallback/chatvitals.js")
}

/// The fallback's module as JavaScript: an ES module whose default export is a function of the imports.
pub fn fallback_module() -> PathBuf {
    repo::path("target/wasm-fallback/module.js")
}

/// The step that builds the module and its glue.
pub fn build(line: &Line) -> Result<Done> {
    let stamp = Stamp::named(
        "wasm",
        &inputs(),
        &[RUSTFLAGS, &CARGO_FLAGS.join(" "), &WASM_OPT.join(" "), include_str!("names.rs")],
    )?;
    if stamp.is_fresh(&[&glue(), &module()]) {
        return Ok(Done::Fresh);
    }
    pack("wasm", "chatvitals", &[], RUSTFLAGS, line)?;
    let (packed, glue_of_packed) = ("target/wasm/chatvitals_bg.wasm", "target/wasm/chatvitals.js");
    let passes = WASM_OPT.into_iter().chain([names::SHORTEN]);
    let said = binaryen("wasm-opt", &repo::path(packed), &module(), passes, line)?;
    names::rewrite(&repo::path(glue_of_packed), &glue(), &said)?;
    stamp.save()?;
    Ok(Done::Ran)
}

/// The same code with the names of its functions, for who asks where the bytes are.
pub fn optimise_named(line: &Line) -> Result<PathBuf> {
    let named = repo::path("target/wasm/named.wasm");
    let passes = WASM_OPT.map(|pass| if pass == "--strip-debug" { "--debuginfo" } else { pass });
    binaryen("wasm-opt", &repo::path("target/wasm/chatvitals_bg.wasm"), &named, passes, line)?;
    Ok(named)
}

/// The step that builds the same as JavaScript.
pub fn build_fallback(line: &Line) -> Result<Done> {
    let settings = [FALLBACK_RUSTFLAGS, &LOWER.join(" "), &TO_JS.join(" ")];
    let stamp = Stamp::named("wasm-fallback", &inputs(), &settings)?;
    if stamp.is_fresh(&[&fallback_glue(), &fallback_module()]) {
        return Ok(Done::Fresh);
    }
    pack("wasm-fallback", "chatvitals", &[], &format!("{RUSTFLAGS}{FALLBACK_RUSTFLAGS}"), line)?;
    let folder = repo::path("target/wasm-fallback");
    let (packed, lowered) = (folder.join("chatvitals_bg.wasm"), folder.join("lowered.wasm"));
    binaryen("wasm-opt", &packed, &lowered, LOWER, line)?;
    binaryen("wasm2js", &lowered, &fallback_module(), TO_JS, line)?;
    let module = repo::read(&fallback_module())?;
    repo::write(&fallback_module(), module + "\nexport default instantiate;\n")?;
    stamp.save()?;
    Ok(Done::Ran)
}

/// What a module is made of.
pub fn inputs() -> [PathBuf; 6] {
    ["src", "heap", "module", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"].map(repo::path)
}

/// cargo and wasm-bindgen for the crate `module`, into `target/FOLDER`, with the files named NAME.
pub fn pack(folder: &str, name: &str, cargo_args: &[&str], rustflags: &str, line: &Line) -> Result<()> {
    Cmd::new(tools::installed("wasm-pack")?)
        .args(["build", "--target", "web", "--profile", "wasm", "--no-typescript", "--no-pack", "--no-opt"])
        .args(["--out-dir", &format!("../target/{folder}"), "--out-name", name, "module"])
        .arg("--")
        .args(cargo_args)
        .args(CARGO_FLAGS)
        .env("PATH", tools::search_path()?)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", rustflags)
        // A folder of its own: these flags would otherwise make cargo build the host's crates anew each time.
        .env("CARGO_TARGET_DIR", repo::path("target/wasm-build"))
        .run(line)
}

/// A program of Binaryen; the answer is what it printed.
fn binaryen(
    program: &str,
    from: &Path,
    to: &Path,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    line: &Line,
) -> Result<String> {
    let output = Cmd::new(npm::program(program)).arg(from).arg("-o").arg(to).args(args).output(line)?;
    ensure!(output.status.success(), "{program} failed ({})", output.status);
    Ok(output.text)
}
