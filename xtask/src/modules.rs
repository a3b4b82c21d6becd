//! WebAssembly modules of single npm entries: the same crate as the tracker, with a feature of its own, so that nobody
//! downloads what they do not import.

use std::path::PathBuf;

use anyhow::Result;

use crate::sh::Cmd;
use crate::stamp::Stamp;
use crate::steps::{Done, Line};
use crate::wasm::{self, CARGO_FLAGS, RUSTFLAGS, WASM_OPT};
use crate::{npm, repo};

/// The entries that have a module, and the feature that makes it.
const MODULES: [Module; 2] =
    [Module { entry: "vitals", feature: "vitals-api" }, Module { entry: "metrics", feature: "metrics-api" }];

/// The module of an npm entry.
#[derive(Clone, Copy)]
pub struct Module {
    entry: &'static str,
    feature: &'static str,
}

impl Module {
    /// All there are.
    pub fn all() -> impl Iterator<Item = Module> {
        MODULES.into_iter()
    }

    /// What TypeScript imports its glue by.
    pub fn specifier(self) -> String {
        format!("chatvitals-{}-wasm", self.entry)
    }

    /// Its name in the package.
    pub fn file(self) -> String {
        format!("chatvitals_{}_bg.wasm", self.entry)
    }

    /// The glue that wasm-bindgen writes.
    pub fn glue(self) -> PathBuf {
        self.folder().join(format!("chatvitals_{}.js", self.entry))
    }

    /// The JavaScript that the glue imports.
    pub fn snippets(self) -> PathBuf {
        self.folder().join("snippets")
    }

    /// The optimised module.
    pub fn wasm(self) -> PathBuf {
        self.folder().join("module.opt.wasm")
    }

    fn folder(self) -> PathBuf {
        repo::path("target").join(format!("wasm-{}", self.entry))
    }

    fn build(self, line: &Line) -> Result<()> {
        let (folder, name) = (format!("wasm-{}", self.entry), format!("chatvitals_{}", self.entry));
        let feature = ["--no-default-features", "--features", self.feature];
        wasm::pack(&folder, &name, &feature, RUSTFLAGS, line)?;
        Cmd::new(npm::program("wasm-opt"))
            .arg(self.folder().join(self.file()))
            .arg("-o")
            .arg(self.wasm())
            .args(WASM_OPT)
            .run(line)
    }
}

/// The step that builds them.
pub fn build(line: &Line) -> Result<Done> {
    let (cargo_flags, wasm_opt) = (CARGO_FLAGS.join(" "), WASM_OPT.join(" "));
    let settings = [RUSTFLAGS, &cargo_flags, &wasm_opt, include_str!("modules.rs")];
    let stamp = Stamp::named("modules", &wasm::inputs(), &settings)?;
    let outputs: Vec<_> = Module::all().flat_map(|module| [module.glue(), module.wasm()]).collect();
    if stamp.is_fresh(&outputs.iter().map(PathBuf::as_path).collect::<Vec<_>>()) {
        return Ok(Done::Fresh);
    }
    for module in Module::all() {
        module.build(line)?;
    }
    stamp.save()?;
    Ok(Done::Ran)
}
