//! The npm package's manifest: which entries there are, and what is published of it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::repo;

/// The file of the script tag, which is bundled its own way: the loader.
pub const SCRIPT: &str = "chatvitals.js";
/// What it loads at once: the rest of the shell.
pub const SHELL: &str = "chatvitals.shell.js";
/// The file of the core as JavaScript, which is bundled yet another way.
pub const FALLBACK: &str = "chatvitals.fallback.js";
/// What that script loads when the page has a chat element.
pub const ELEMENTS: &str = "chatvitals.elements.js";
/// What it loads when the site names streams to observe.
pub const STREAM: &str = "chatvitals.stream.js";
/// What only the repository needs.
const PRIVATE_KEYS: [&str; 3] = ["private", "devDependencies", "scripts"];

/// `pkg-template/package.json`.
pub struct Manifest {
    keys: Map<String, Value>,
}

impl Manifest {
    /// Reads it from the repository.
    pub fn read() -> Result<Manifest> {
        Manifest::parse(&repo::read(&repo::path("pkg-template/package.json"))?)
    }

    fn parse(text: &str) -> Result<Manifest> {
        let keys: Map<String, Value> =
            serde_json::from_str(text).context("reading pkg-template/package.json")?;
        let exports = keys.get("exports").and_then(Value::as_object).into_iter().flatten();
        for (entry, promised) in exports {
            if !promised.is_string() {
                bail!(
                    "`{entry}` in the exports of pkg-template/package.json wants a file, such as \"./react.js\"; the build writes its conditions"
                );
            }
        }
        Ok(Manifest { keys })
    }

    /// The npm entries by the names of their files (`index`, `react`): every `./NAME.js` that `exports` promises.
    pub fn entries(&self) -> Vec<String> {
        let exports = self.keys.get("exports").and_then(Value::as_object).into_iter().flatten();
        exports.filter_map(|(_, promised)| module_stem(promised)).collect()
    }

    /// The manifest as npm gets it: what Cargo.toml says is filled in, what only we need is left out.
    pub fn published(&self) -> Result<String> {
        self.with_cargo(&cargo_package()?)
    }

    fn with_cargo(&self, cargo: &toml::Table) -> Result<String> {
        let text = |key: &str| fact(cargo, key);
        let mut keys = self.keys.clone();
        keys.retain(|key, _| !PRIVATE_KEYS.contains(&key.as_str()));
        if let Some(exports) = keys.get_mut("exports").and_then(Value::as_object_mut) {
            for promised in exports.values_mut() {
                if let Some(stem) = module_stem(promised) {
                    *promised = conditions(&stem);
                }
            }
        }
        keys.insert("version".into(), json!(text("version")?));
        keys.insert("license".into(), json!(format!("({})", text("license")?)));
        keys.insert(
            "repository".into(),
            json!({"type": "git", "url": format!("git+{}.git", text("repository")?)}),
        );
        keys.insert("homepage".into(), json!(text("homepage")?));
        Ok(serde_json::to_string_pretty(&keys)? + "\n")
    }
}

/// The version of everything here.
pub fn version() -> Result<String> {
    fact(&cargo_package()?, "version").map(String::from)
}

fn cargo_package() -> Result<toml::Table> {
    let cargo: toml::Table = repo::read(&repo::path("Cargo.toml"))?.parse().context("reading Cargo.toml")?;
    let shared = cargo.get("workspace").and_then(|workspace| workspace.get("package")?.as_table());
    shared.cloned().context("Cargo.toml has no [workspace.package]")
}

fn fact<'a>(cargo: &'a toml::Table, key: &str) -> Result<&'a str> {
    let value = cargo.get(key).and_then(toml::Value::as_str);
    value.with_context(|| format!("[workspace.package] of Cargo.toml has no {key}"))
}

/// The TypeScript an entry is built from.
pub fn source(entry: &str) -> Result<PathBuf> {
    let candidates = [
        format!("{entry}.ts"),
        format!("{entry}.tsx"),
        format!("{entry}/index.ts"),
        format!("{entry}/index.tsx"),
    ];
    let mut paths = candidates.iter().map(|name| repo::path("pkg-template/src").join(name));
    match paths.find(|path| path.exists()) {
        Some(path) => Ok(path),
        None => {
            bail!("the package promises `{entry}`, and pkg-template/src has no {}", candidates.join(", "))
        }
    }
}

/// `react` for `./react.js`; nothing for what is no module of ours to import.
fn module_stem(promised: &Value) -> Option<String> {
    let file = promised.as_str()?.strip_prefix("./")?;
    if [SCRIPT, SHELL, FALLBACK].contains(&file) || file.contains('*') {
        return None;
    }
    file.strip_suffix(".js").map(String::from)
}

/// What `exports` says of one module. Bundlers take the ES module for `require` too (`module`): it alone knows where the
/// WebAssembly lies, and there is only one of it then.
fn conditions(stem: &str) -> Value {
    json!({
        "module": format!("./{stem}.js"),
        "import": {"types": format!("./{stem}.d.ts"), "default": format!("./{stem}.js")},
        "require": {"types": format!("./{stem}.d.cts"), "default": format!("./{stem}.cjs")},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"{
      "name": "chatvitals", "version": "0.0.0", "private": true,
      "exports": {
        ".": "./index.js",
        "./react": "./react.js",
        "./chatvitals.js": "./chatvitals.js",
        "./recipes/*": "./recipes/*",
        "./package.json": "./package.json"
      },
      "devDependencies": {"esbuild": "1.0.0"}
    }"#;

    #[test]
    fn every_promised_module_is_an_entry() {
        assert_eq!(Manifest::parse(TEMPLATE).unwrap().entries(), ["index", "react"]);
    }

    #[test]
    fn the_published_manifest_has_cargos_facts_and_nothing_private() {
        let cargo = "version = '1.2.3'\nlicense = 'MIT OR Apache-2.0'\nrepository = 'https://git.example/x'\nhomepage = 'https://x.example'";
        let published = Manifest::parse(TEMPLATE).unwrap().with_cargo(&cargo.parse().unwrap()).unwrap();
        let published: Value = serde_json::from_str(&published).unwrap();
        assert_eq!(published["version"], "1.2.3");
        assert_eq!(published["license"], "(MIT OR Apache-2.0)");
        assert_eq!(published["repository"]["url"], "git+https://git.example/x.git");
        assert_eq!(published["exports"]["."]["require"]["default"], "./index.cjs");
        assert_eq!(published["exports"]["./react"]["import"]["types"], "./react.d.ts");
        assert_eq!(published["exports"]["./chatvitals.js"], "./chatvitals.js");
        assert!(published.get("private").is_none() && published.get("devDependencies").is_none());
    }

    #[test]
    fn a_fact_that_cargo_lacks_is_named() {
        let error = Manifest::parse(TEMPLATE).unwrap().with_cargo(&toml::Table::new()).unwrap_err();
        assert!(error.to_string().contains("version"), "{error}");
    }
}
