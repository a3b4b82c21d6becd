//! Short names between a module and its glue. wasm-bindgen names every import and export after its type, with a hash;
//! as one letter each they take 1.3 KB less in the module and 1.0 KB less in the glue (brotli; ARCHITECTURE.md, sizes).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repo;

/// The last pass of wasm-opt over a module: it renames, and prints what it renamed.
pub const SHORTEN: &str = "--minify-imports-and-exports-and-modules";
/// What that pass calls the one module that everything is imported from.
const IMPORTS: &str = "a";

/// Rewrites the glue at `from` for the module that wasm-opt renamed, and writes it to `to`; `said` is what it printed.
pub fn rewrite(from: &Path, to: &Path, said: &str) -> Result<()> {
    let names = Names::read(said)?;
    repo::write(to, names.applied(&repo::read(from)?)?)
}

/// What a module's names became.
struct Names {
    /// Module, name and new name of each import.
    imports: Vec<[String; 3]>,
    /// New names by old.
    exports: HashMap<String, String>,
}

impl Names {
    fn read(said: &str) -> Result<Names> {
        let json =
            said.find("{\n").and_then(|start| said.get(start..)).context("wasm-opt printed no names")?;
        let json = serde_json::Deserializer::from_str(json).into_iter::<Value>().next();
        let json = json.context("wasm-opt printed no names")??;
        let rows = |kind: &str| -> Vec<Vec<String>> {
            let rows =
                json.get(kind).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_array);
            rows.map(|row| row.iter().filter_map(Value::as_str).map(String::from).collect()).collect()
        };
        Ok(Names {
            imports: rows("imports").into_iter().filter_map(|row| row.try_into().ok()).collect(),
            exports: rows("exports")
                .into_iter()
                .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())))
                .collect(),
        })
    }

    /// `glue` with the new names.
    ///
    /// The functions that a module imports are the members of one object per module it names; of the objects of snippets
    /// it imports some functions directly. All become members of one.
    fn applied(&self, glue: &str) -> Result<String> {
        let (head, tail) =
            glue.rsplit_once("    return {\n        __proto__: null,\n").context("another glue")?;
        let (modules, tail) = tail.split_once("    };\n").context("another glue")?;
        let objects: HashMap<&str, &str> =
            modules.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(": ")).collect();
        let (mut inner, mut direct) = (HashMap::new(), String::new());
        for [module, name, new] in &self.imports {
            let object =
                *objects.get(format!("{module:?}").as_str()).context("an import of another module")?;
            if head.contains(&format!("        {name}: ")) {
                inner.insert(name.as_str(), new.as_str());
            } else {
                write!(direct, ", {new:?}: {object}.{name}")?;
            }
        }
        let mut out = self.renamed(head, &inner);
        writeln!(out, "    return {{ {IMPORTS}: {{ __proto__: import0{direct} }} }};")?;
        out += &self.renamed(tail, &inner);
        if let Some(name) = inner.keys().find(|name| name.starts_with("__wb") && out.contains(**name)) {
            bail!("the glue still speaks of {name}");
        }
        Ok(out)
    }

    /// Imports are the keys of an object, exports the members of `wasm`.
    fn renamed(&self, text: &str, imports: &HashMap<&str, &str>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_name) {
            let (before, from) = rest.split_at(start);
            let (name, after) = from.split_at(from.find(|c| !is_name(c)).unwrap_or(from.len()));
            out += before;
            let new = if out.ends_with("wasm.") || out.ends_with("exports.") {
                self.exports.get(name).map(String::as_str)
            } else if out.ends_with("        ") && after.starts_with(": ") {
                imports.get(name).copied()
            } else {
                None
            };
            out += new.unwrap_or(name);
            rest = after;
        }
        out + rest
    }
}

/// Whether names of modules and of JavaScript have such letters.
pub fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = r#"{
 "imports": [
  ["./m.js", "__wbg_log_1", "A"],
  ["./snippets/x.js", "now", "b"]
 ],
 "exports": [["core_at", "c"], ["memory", "d"]]
}"#;
    const GLUE: &str = "class Core { at() { wasm.core_at(this.memory, wasm.memory); } }
function imports() {
    const import0 = {
        __proto__: null,
        __wbg_log_1: function(arg0) {
            log(arg0);
        },
    };
    return {
        __proto__: null,
        \"./m.js\": import0,
        \"./snippets/x.js\": import1,
    };
}
wasm.core_at();
";

    #[test]
    fn the_glue_gives_and_calls_by_the_new_names() {
        let glue = Names::read(SAID).unwrap().applied(GLUE).unwrap();
        assert!(glue.contains("wasm.c(this.memory, wasm.d)"), "{glue}");
        assert!(glue.contains("        A: function(arg0)"), "{glue}");
        assert!(glue.contains("return { a: { __proto__: import0, \"b\": import1.now } };"), "{glue}");
        assert!(glue.ends_with("wasm.c();\n"), "{glue}");
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        assert!(Names::read("nothing").is_err());
        assert!(Names::read(SAID).unwrap().applied("const x = 1;").is_err());
    }
}
