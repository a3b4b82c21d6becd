//! The programs a build or a test needs beyond rustup and Node: where they are, how they get there, and what to tell
//! a person when they cannot be installed from here.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::unistd::Uid;

use crate::repo;
use crate::sh::{Cmd, ask};
use crate::steps::{Done, Line};

/// The target of the tracker.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const WASM_PACK: &str = "0.15.1";
const GECKODRIVER: &str = "0.37.1";
/// The oldest Node whose test runner takes `--test-concurrency` and `--test-timeout`.
const NODE: (u32, u32) = (20, 11);

/// The parts of the Rust toolchain beyond the compiler, as files of the toolchain's own folder, and what adds them.
/// rustup reads rust-toolchain.toml and may have installed all of this already; with RUSTUP_AUTO_INSTALL=0 it has not.
const RUST_PARTS: [(&str, [&str; 3]); 4] = [
    ("lib/rustlib/wasm32-unknown-unknown/lib", ["target", "add", WASM_TARGET]),
    ("lib/rustlib/src/rust/library/Cargo.toml", ["component", "add", "rust-src"]),
    ("bin/rustfmt", ["component", "add", "rustfmt"]),
    ("bin/cargo-clippy", ["component", "add", "clippy"]),
];

/// A browser or driver, which Debian packages: its package, the names its program goes by, and the variable that
/// points at another one.
pub struct Browser {
    package: &'static str,
    programs: &'static [&'static str],
    variable: &'static str,
}

pub const CHROMIUM: Browser = Browser {
    package: "chromium",
    programs: &["chromium", "chromium-browser", "google-chrome"],
    variable: "CHATVITALS_CHROMIUM",
};
pub const CHROMEDRIVER: Browser =
    Browser { package: "chromium-driver", programs: &["chromedriver"], variable: "CHROMEDRIVER" };
pub const FIREFOX: Browser =
    Browser { package: "firefox-esr", programs: &["firefox-esr", "firefox"], variable: "CHATVITALS_FIREFOX" };

/// The step that completes the Rust toolchain.
pub fn rust_parts(line: &Line) -> Result<Done> {
    let toolchain = PathBuf::from(ask("rustc", &["--print", "sysroot"])?);
    let missing: Vec<_> = RUST_PARTS.iter().filter(|(file, _)| !toolchain.join(file).exists()).collect();
    for (file, add) in &missing {
        let by_hand = format!("rustup {}", add.join(" "));
        let installed = Cmd::new("rustup").args(add).run(line);
        installed.with_context(|| format!("the Rust toolchain lacks {file}; `{by_hand}` adds it"))?;
    }
    Ok(done(missing.is_empty()))
}

/// The step that installs wasm-pack and the wasm-bindgen of Cargo.lock. (With any other version wasm-pack would
/// fetch its own.)
pub fn wasm_tools(line: &Line) -> Result<Done> {
    // wasm-bindgen-cli's own lock names a crate version that the registry no longer offers: no --locked.
    let installed = [
        cargo_install(line, "wasm-pack", WASM_PACK, true)?,
        cargo_install(line, "wasm-bindgen-cli", &wasm_bindgen_version()?, false)?,
    ];
    Ok(done(!installed.contains(&true)))
}

/// The step that installs the driver of Firefox, which Debian does not package.
pub fn geckodriver(line: &Line) -> Result<Done> {
    Ok(done(!cargo_install(line, "geckodriver", GECKODRIVER, true)?))
}

/// The step that installs the browsers.
pub fn browsers(line: &Line) -> Result<Done> {
    let missing: Vec<_> =
        [CHROMIUM, CHROMEDRIVER, FIREFOX].into_iter().filter(|it| it.path().is_err()).collect();
    if missing.is_empty() {
        return Ok(Done::Fresh);
    }
    let packages: Vec<_> = missing.iter().map(|browser| browser.package).collect();
    let packages = packages.join(" ");
    if which("apt-get").is_none() {
        bail!("missing: {packages} (as Debian names them); install them, then run this again");
    }
    let by_hand = format!("apt-get install {packages}");
    if !Uid::effective().is_root() {
        bail!("missing: {packages}; `sudo {by_hand}` installs them");
    }
    let apt = |args: &str| {
        let apt = Cmd::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
        apt.args(args.split(' ')).run(line).with_context(|| format!("`{by_hand}` would install {packages}"))
    };
    apt("update")?;
    apt(&format!("install -y --no-install-recommends {packages}"))?;
    Ok(Done::Ran)
}

impl Browser {
    /// Where the program is.
    pub fn path(&self) -> Result<PathBuf> {
        if let Some(path) = std::env::var_os(self.variable) {
            return Ok(PathBuf::from(path));
        }
        let found = self.programs.iter().find_map(|program| which(program));
        found.with_context(|| {
            format!(
                "no {}; `apt-get install {}` installs it, ${} points at one",
                self.programs[0], self.package, self.variable
            )
        })
    }
}

/// Complains about a Node that is missing or too old.
pub fn check_node() -> Result<()> {
    let wanted = format!("Node.js {}.{} or later with npm is wanted", NODE.0, NODE.1);
    let version = ask("node", &["--version"]).with_context(|| format!("{wanted}, and there is none"))?;
    ask("npm", &["--version"]).with_context(|| format!("{wanted}, and there is no npm"))?;
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < NODE {
        bail!("{wanted}, and this is {version}");
    }
    Ok(())
}

/// The path of a program that cargo installed for us.
pub fn installed(program: &str) -> Result<PathBuf> {
    Ok(folder()?.join("bin").join(program))
}

/// The PATH with our tools first, for programs that look for each other there.
pub fn search_path() -> Result<std::ffi::OsString> {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder()?.join("bin")).chain(std::env::split_paths(&inherited));
    std::env::join_paths(folders).context("the PATH cannot be extended")
}

/// The version of wasm-bindgen the tracker is locked to; glue and module must come from the same one.
pub fn wasm_bindgen_version() -> Result<String> {
    let lock: toml::Table = repo::read(&repo::path("Cargo.lock"))?.parse().context("reading Cargo.lock")?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let mut versions = packages
        .filter(|package| package.get("name").and_then(toml::Value::as_str) == Some("wasm-bindgen"))
        .filter_map(|package| package.get("version")?.as_str());
    Ok(versions.next().context("Cargo.lock has no wasm-bindgen")?.to_string())
}

/// Installs a crate's programs in exactly this version, unless they are there. Answers whether it had to.
fn cargo_install(line: &Line, name: &str, version: &str, locked: bool) -> Result<bool> {
    let folder = folder()?;
    // cargo's own list of what it installed there.
    let list = std::fs::read_to_string(folder.join(".crates.toml")).unwrap_or_default();
    if list.contains(&format!("\"{name} {version} (")) {
        return Ok(false);
    }
    let mut args = vec!["install", name, "--version", version, "--debug"];
    args.extend(locked.then_some("--locked"));
    let by_hand = format!("cargo {} --root {}", args.join(" "), folder.display());
    // Unoptimised and without debug info these build in a quarter of the time, and they run for seconds only.
    let install = Cmd::new("cargo").args(args).arg("--root").arg(&folder).env("CARGO_PROFILE_DEV_DEBUG", "0");
    install.run(line).with_context(|| format!("{name} {version} is missing; `{by_hand}` installs it"))?;
    Ok(true)
}

/// The folder of the tools that cargo installs.
fn folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("CHATVITALS_TOOLS") {
        return std::path::absolute(folder).context("$CHATVITALS_TOOLS is empty");
    }
    let home = std::env::home_dir().context("no home folder; $CHATVITALS_TOOLS can say where tools go")?;
    Ok(home.join(".cache/chatvitals/tools"))
}

/// Finds a program on the PATH.
fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path: &PathBuf| Path::is_file(path))
}

fn done(fresh: bool) -> Done {
    if fresh { Done::Fresh } else { Done::Ran }
}
