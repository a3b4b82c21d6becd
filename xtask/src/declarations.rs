//! The package's types, for `import` and for `require`: in a package of modules, a `.d.ts` describes a module.

use std::path::Path;

use anyhow::Result;

use crate::sh::Cmd;
use crate::steps::Line;
use crate::{npm, repo};

/// Writes the declarations of `pkg-template/src` to the package's folder.
pub fn write(out: &Path, line: &Line) -> Result<()> {
    let sources = repo::path("pkg-template/src");
    Cmd::new(npm::program("tsc"))
        .args(["-p", "pkg-template", "--noEmit", "false", "--declaration", "--emitDeclarationOnly"])
        .arg("--rootDir")
        .arg(&sources)
        .arg("--outDir")
        .arg(out)
        .run(line)?;
    // What describes the glue that the build puts into the entries: TypeScript reads it and does not publish it.
    let described: Vec<_> = repo::list(&sources)?.iter().filter_map(|path| declared(path)).collect();
    for file in repo::sources(out)? {
        let Some(stem) = file.to_str().and_then(|name| name.strip_suffix(".d.ts")) else { continue };
        let depth = file.strip_prefix(out)?.components().count() - 1;
        let text = with_references(&repo::read(&file)?, &described, depth);
        repo::write(&file, &text)?;
        repo::write(Path::new(&format!("{stem}.d.cts")), relative_imports_to_cjs(&text))?;
    }
    for module in described {
        let file = format!("{module}.d.ts");
        repo::copy(&sources.join(&file), &out.join(&file))?;
    }
    Ok(())
}

/// The module that a hand-written declaration file is named after.
fn declared(path: &Path) -> Option<String> {
    path.file_name()?.to_str()?.strip_suffix(".d.ts").map(String::from)
}

/// Tells a declaration that imports a described module, `depth` folders down, where that is described.
fn with_references(text: &str, described: &[String], depth: usize) -> String {
    let imported = described.iter().filter(|module| text.contains(&format!("\"{module}\"")));
    let up = "../".repeat(depth);
    let references = imported.map(|module| format!("/// <reference path=\"./{up}{module}.d.ts\" />\n"));
    references.collect::<String>() + text
}

/// Points the relative imports of a declaration file at the `.cjs` twins.
fn relative_imports_to_cjs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(['\'', '"']) {
        let quote = piece.chars().last().unwrap_or(' ');
        match piece.strip_suffix(quote).and_then(|body| body.strip_suffix(".js")) {
            Some(stem) if stem.starts_with("./") || stem.starts_with("../") => {
                out.push_str(stem);
                out.push_str(".cjs");
                out.push(quote);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_for_require_import_their_twins() {
        let module = "import type { A } from './a.js';\nexport * from \"../b/c.js\";\nimport 'react';\ntype S = 'x.js';\n";
        let twin = "import type { A } from './a.cjs';\nexport * from \"../b/c.cjs\";\nimport 'react';\ntype S = 'x.js';\n";
        assert_eq!(relative_imports_to_cjs(module), twin);
    }

    #[test]
    fn a_declaration_refers_to_what_describes_its_imports() {
        let described = ["chatvitals-wasm".to_string()];
        let text = "import type { Door } from \"chatvitals-wasm\";\n";
        let referring = |way| format!("/// <reference path=\"./{way}chatvitals-wasm.d.ts\" />\n{text}");
        assert_eq!(with_references(text, &described, 0), referring(""));
        assert_eq!(with_references(text, &described, 1), referring("../"));
        assert_eq!(with_references("export {};\n", &described, 0), "export {};\n");
    }
}
