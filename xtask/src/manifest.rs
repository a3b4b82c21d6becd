//! The npm package's manifest: which entries there are, and what is published of it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::repo;

/// The file of the script tag, which is bundled its own way.
pub const SCRIPT: &str = "chatvitals.js";
/// The file of the core as JavaScript, which is bundled yet another way.
pub const FALLBACK: &str = "chatvitals.fallback.js";
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
        Ok(Manifest { keys: serde_json::from_str(text).context("reading pkg-template/package.json")? })
    }

    /// The npm entries by the names of their files (`index`, `react`): every `./NAME.js` that `exports` promises.
    pub fn entries(&self) -> Vec<String> {
        let mut entries = Vec::new();
        if let Some(exports) = self.keys.get("exports") {
            collect_entries(exports, &mut entries);
        }
        entries
    }

    /// The manifest as npm gets it: what Cargo.toml says is filled in, what only we need is left out.
    pub fn published(&self) -> Result<String> {
        self.with_cargo(&cargo_package()?)
    }

    fn with_cargo(&self, cargo: &toml::Table) -> Result<String> {
        let text = |key: &str| fact(cargo, key);
        let mut keys = self.keys.clone();
        keys.retain(|key, _| !PRIVATE_KEYS.contains(&key.as_str()));
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

fn collect_entries(value: &Value, entries: &mut Vec<String>) {
    match value {
        Value::Object(conditions) => conditions.values().for_each(|value| collect_entries(value, entries)),
        Value::String(file) if !file.ends_with(SCRIPT) && !file.ends_with(FALLBACK) => {
            let entry = file.strip_prefix("./").and_then(|file| file.strip_suffix(".js"));
            if let Some(entry) = entry.map(String::from).filter(|entry| !entries.contains(entry)) {
                entries.push(entry);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"{
      "name": "chatvitals", "version": "0.0.0", "private": true,
      "exports": {
        ".": {"import": {"types": "./index.d.ts", "default": "./index.js"}, "require": "./index.cjs"},
        "./react": {"default": "./react.js", "node": "./react.js"},
        "./chatvitals.js": "./chatvitals.js",
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
        assert_eq!(published["exports"]["."]["require"], "./index.cjs");
        assert!(published.get("private").is_none() && published.get("devDependencies").is_none());
    }

    #[test]
    fn a_fact_that_cargo_lacks_is_named() {
        let error = Manifest::parse(TEMPLATE).unwrap().with_cargo(&toml::Table::new()).unwrap_err();
        assert!(error.to_string().contains("version"), "{error}");
    }
}
