//! `pkg/`, what npm and the script tag get: the tracker joined with the compiled pkg-template.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::manifest::{ELEMENTS, FALLBACK, Manifest, SCRIPT, SHELL, STREAM};
use crate::modules::Module;
use crate::sh::{Cmd, ask};
use crate::stamp::Stamp;
use crate::steps::{Done, Line};
use crate::{declarations, glue, manifest, npm, repo, size, wasm};

/// Syntax that every browser with WebAssembly and the observers we use understands.
const TARGET: &str = "--target=es2020";

/// Says to V8 that everything in a file runs at the start. Then it is compiled while it is downloaded, on another thread,
/// instead of function by function on the page's, a hundred and forty times for the shell.
const COMPILE_AT_ONCE: &str = "//# allFunctionsCalledOnLoad\n";

/// In CommonJS there is no `import.meta.url`. This stands in for it: the file's own address in Node, and in a browser,
/// where a bundler has moved the code anywhere, the page's. (No `require("url")`: bundlers for browsers lack it.)
const CJS_URL: &str = "chatvitalsModuleUrl";
const CJS_URL_IS: &str = r#"var chatvitalsModuleUrl = typeof document === "undefined" ? "file://" + __filename : document.baseURI;
"#;

/// Files of the repository that travel with the package, where they exist.
const PAPERS: [&str; 6] = ["README.md", "CHANGELOG.md", "csp.md", "LICENSE", "LICENSE-MIT", "LICENSE-APACHE"];

/// The JSON Schema of every event, made from the catalogue by `tests/catalogue.rs`.
const SCHEMA: &str = "schemas/product-analytics.schema.json";

/// Complete single files to copy into an application.
const RECIPES: &str = "recipes";

/// What reads `data-sink`, beside the script.
const SCRIPT_SINKS: &str = "chatvitals-sinks";
/// Entries below `sinks/` that are not sinks themselves.
const NO_SINKS: [&str; 2] = ["index", "vendor"];

/// The package's folder.
pub fn folder() -> PathBuf {
    repo::path("pkg")
}

/// The step that builds it.
pub fn build(line: &Line) -> Result<Done> {
    let mut inputs: Vec<_> =
        PAPERS.into_iter().chain(["Cargo.toml", "pkg-template"]).map(repo::path).collect();
    inputs.extend([wasm::glue(), wasm::module(), wasm::snippets()]);
    inputs.extend([wasm::fallback_glue(), wasm::fallback_module()]);
    inputs.extend(Module::all().flat_map(|module| [module.glue(), module.snippets(), module.wasm()]));
    // xtask itself decides how things are bundled.
    let stamp = Stamp::named(
        "package",
        &inputs,
        &[
            include_str!("package.rs"),
            include_str!("manifest.rs"),
            include_str!("declarations.rs"),
            include_str!("glue.rs"),
            include_str!("glue.js"),
        ],
    )?;
    if stamp.is_fresh(&[&folder().join("package.json"), &folder().join(SCRIPT)]) {
        return Ok(Done::Fresh);
    }
    // Built aside and swapped in: what is in pkg/ is always whole, and never holds files of an earlier build.
    let staging = repo::path("target/xtask/pkg");
    repo::remove_dir(&staging)?;
    let manifest = Manifest::read()?;
    glue::write()?;
    script_tag(&staging, line)?;
    modules(&manifest, &staging, line)?;
    common_js(&staging, line)?;
    script_sinks(&manifest, &staging, line)?;
    declarations::write(&staging, line)?;
    repo::copy(&wasm::module(), &staging.join("chatvitals_bg.wasm"))?;
    for extra in [SCHEMA, RECIPES] {
        repo::copy(&repo::path("pkg-template").join(extra), &staging.join(extra))?;
    }
    for module in Module::all() {
        repo::copy(&module.wasm(), &staging.join(module.file()))?;
    }
    for paper in PAPERS.map(repo::path).iter().filter(|paper| paper.exists()) {
        repo::copy(paper, &staging.join(paper.file_name().unwrap_or_default()))?;
    }
    repo::write(&staging.join("package.json"), manifest.published()?)?;
    repo::write(&staging.join("SIZES.md"), size::paper(&staging, line)?)?;
    repo::remove_dir(&folder())?;
    std::fs::rename(&staging, folder()).context("moving the new package to pkg/")?;
    stamp.save()?;
    Ok(Done::Ran)
}

/// The files of the script tag. Each knows the digests of those it loads, so what is loaded last is built first.
fn script_tag(out: &Path, line: &Line) -> Result<()> {
    part("elements", &out.join(ELEMENTS), line)?;
    part("stream", &out.join(STREAM), line)?;
    fallback(out, line)?;
    esbuild()
        .arg(manifest::source("script")?)
        .args(["--bundle", "--minify", "--format=esm", "--legal-comments=none"])
        .arg(glue_alias())
        .args(defines()?)
        .arg(define_digest("FALLBACK", &out.join(FALLBACK))?)
        .arg(define_digest("ELEMENTS", &out.join(ELEMENTS))?)
        .arg(define_digest("STREAM", &out.join(STREAM))?)
        .arg(format!("--outfile={}", out.join(SHELL).display()))
        .run(line)?;
    squeeze(&out.join(SHELL), line)?;
    repo::write(&out.join(SHELL), format!("{COMPILE_AT_ONCE}{}", repo::read(&out.join(SHELL))?))?;
    // A classic script, which knows its own address.
    esbuild()
        .arg(manifest::source("loader")?)
        .args(["--bundle", "--minify", "--format=iife", "--legal-comments=none"])
        .args(defines()?)
        .arg(define_digest("SHELL", &out.join(SHELL))?)
        .arg(define_digest("WASM", &wasm::module())?)
        .arg(format!("--outfile={}", out.join(SCRIPT).display()))
        .run(line)?;
    squeeze(&out.join(SCRIPT), line)
}

/// The core as JavaScript, with its glue: an ES module that is only ever imported by address.
fn fallback(out: &Path, line: &Line) -> Result<()> {
    let standin = repo::path("pkg-template/src/fallback/standin.ts");
    esbuild()
        .arg(repo::path("pkg-template/src/fallback/core.ts"))
        .args(["--bundle", "--minify", "--format=esm", "--legal-comments=none"])
        .arg(format!("--alias:chatvitals-wasm={}", wasm::fallback_glue().display()))
        .arg(format!("--alias:chatvitals-module={}", wasm::fallback_module().display()))
        .arg(format!("--inject:{}", standin.display()))
        .arg("--define:WebAssembly=StandIn")
        .arg(format!("--outfile={}", out.join(FALLBACK).display()))
        .run(line)
}

/// What the script tag's `data-sink` names: the file that reads it, and each sink in a file of its own beside the script.
fn script_sinks(manifest: &Manifest, out: &Path, line: &Line) -> Result<()> {
    let entries = manifest.entries();
    let sinks = entries.iter().filter_map(|entry| entry.strip_prefix("sinks/"));
    let mut files = vec![format!("{}={}", SCRIPT_SINKS, manifest::source("sinks/tag")?.display())];
    for name in sinks.filter(|name| !NO_SINKS.contains(name)) {
        let source = manifest::source(&format!("sinks/{name}"))?;
        files.push(format!("chatvitals-sink-{name}={}", source.display()));
    }
    esbuild()
        .args(files)
        .args(["--bundle", "--minify", "--format=esm", "--legal-comments=none"])
        .args(defines()?)
        .arg(format!("--outdir={}", out.display()))
        .run(line)
}

/// What the script loads when the page needs it: a module, whose `import()` passes on the script's nonce.
fn part(source: &str, out: &Path, line: &Line) -> Result<()> {
    esbuild()
        .arg(manifest::source(source)?)
        .args(["--bundle", "--minify", "--format=esm", "--legal-comments=none"])
        .arg(format!("--outfile={}", out.display()))
        .run(line)?;
    squeeze(out, line)
}

/// Makes a bundle that visitors load smaller still: terser finds 5 % (brotli) that esbuild leaves, in what it has minified.
fn squeeze(file: &Path, line: &Line) -> Result<()> {
    Cmd::new(npm::program("terser"))
        .arg(file)
        .args([
            "--module",
            "--compress",
            "passes=3,ecma=2020,unsafe_arrows,hoist_funs",
            "--mangle",
            "--output",
        ])
        .arg(file)
        .run(line)
}

/// The npm entries: ES modules that share what they have in common.
fn modules(manifest: &Manifest, out: &Path, line: &Line) -> Result<()> {
    let sources =
        manifest.entries().iter().map(|entry| manifest::source(entry)).collect::<Result<Vec<_>>>()?;
    esbuild()
        .args(sources)
        // Everything installed stays an import: React, recharts and the chat frameworks are the application's own.
        .args(["--bundle", "--splitting", "--format=esm", "--packages=external", "--jsx=automatic"])
        // Widgets bring their styles along, as text.
        .arg("--loader:.css=text")
        .arg(glue_alias())
        .args(defines()?)
        .args(
            Module::all().map(|module| format!("--alias:{}={}", module.specifier(), module.glue().display())),
        )
        .arg("--chunk-names=chunk-[hash]")
        .arg(format!("--outdir={}", out.display()))
        .run(line)
}

/// The same modules once more for `require`, file by file, so that they share what the ES modules share.
fn common_js(out: &Path, line: &Line) -> Result<()> {
    let modules: Vec<_> = files(out, ".js")?
        .into_iter()
        .filter(|name| ![SCRIPT, SHELL, FALLBACK, ELEMENTS, STREAM].contains(&name.as_str()))
        .collect();
    let aside = repo::path("target/xtask/cjs");
    repo::remove_dir(&aside)?;
    esbuild()
        .args(modules.iter().map(|name| out.join(name)))
        .args(["--format=cjs", "--platform=node"])
        .arg(format!("--outbase={}", out.display()))
        .arg(format!("--define:import.meta.url={CJS_URL}"))
        .arg(format!("--outdir={}", aside.display()))
        .run(line)?;
    for name in &modules {
        let text = repo::read(&aside.join(name))?;
        let address = if text.contains(CJS_URL) { CJS_URL_IS } else { "" };
        let twin = format!("{address}{}", to_cjs_specifiers(&text, &modules));
        repo::write(&out.join(name).with_extension("cjs"), twin)?;
    }
    Ok(())
}

/// What the sources leave to the build.
fn defines() -> Result<[String; 1]> {
    Ok([format!("--define:CHATVITALS_VERSION={:?}", manifest::version()?)])
}

/// Tells the sources a file's digest, as `integrity` takes it.
fn define_digest(name: &str, file: &Path) -> Result<String> {
    const SHA: &str = "crypto.createHash('sha256').update(fs.readFileSync(process.argv[1])).digest('base64')";
    let digest = ask("node", &["-p", SHA, &file.to_string_lossy()])?;
    Ok(format!("--define:CHATVITALS_{name}_DIGEST=\"sha256-{digest}\""))
}

fn esbuild() -> Cmd {
    // wasm-bindgen names a snippet's module once per import of it.
    Cmd::new(npm::program("esbuild")).args([
        "--log-level=warning",
        "--log-override:duplicate-object-key=silent",
        TARGET,
    ])
}

/// What `import … from 'chatvitals-wasm'` means: the glue of this build.
fn glue_alias() -> String {
    format!("--alias:chatvitals-wasm={}", wasm::lean_glue().display())
}

/// The files below a folder with this ending, by their paths from there.
fn files(folder: &Path, ending: &str) -> Result<Vec<String>> {
    let paths = repo::sources(folder)?;
    let names = paths.iter().filter_map(|path| path.strip_prefix(folder).ok()?.to_str().map(String::from));
    Ok(names.filter(|name| name.ends_with(ending)).collect())
}

/// Points references among `modules` at their CommonJS twins.
fn to_cjs_specifiers(text: &str, modules: &[String]) -> String {
    modules.iter().fold(text.to_string(), |text, name| {
        let file = name.rsplit('/').next().unwrap_or(name);
        let stem = file.trim_end_matches(".js");
        ["./", "../"].iter().fold(text, |text, way| {
            text.replace(&format!("\"{way}{stem}.js\""), &format!("\"{way}{stem}.cjs\""))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_references_to_our_own_modules_change() {
        let text = r#"require("../chunk-A.js"); import("./index.js"); fetch("./other.js")"#;
        let modules = ["chunk-A.js".to_string(), "sinks/index.js".to_string()];
        let twin = r#"require("../chunk-A.cjs"); import("./index.cjs"); fetch("./other.js")"#;
        assert_eq!(to_cjs_specifiers(text, &modules), twin);
    }
}
