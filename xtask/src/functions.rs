//! Where the bytes of the module go: which room, which file, which function; as twiggy says it, by our own rooms.
//!
//! The module that ships has no names. This one is the same code, taken through the same passes with its names kept.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, NameSectionReader, Parser, Payload, TypeRef};

use crate::steps::{Done, Line};
use crate::{plan, repo, steps, wasm};

/// How many functions are told of by name.
const MOST: usize = 80;

/// Builds the module with names, and prints the tables.
pub fn run() -> Result<()> {
    steps::run_all(plan::reaching(&["functions"])?)?;
    println!("\n{}", repo::read(&tables_file())?);
    Ok(())
}

/// The step that takes the module apart.
pub fn measure(line: &Line) -> Result<Done> {
    let named = wasm::optimise_named(line)?;
    let bytes = std::fs::read(&named).with_context(|| format!("reading {}", repo::shown(&named)))?;
    repo::write(&tables_file(), Parts::of(&bytes)?.tables())?;
    Ok(Done::Ran)
}

/// What a module consists of.
#[derive(Default)]
struct Parts {
    /// Name (demangled, without its hash) and bytes of each function that is not imported.
    functions: Vec<(String, usize)>,
    /// Name and bytes of each section that also ships.
    sections: Vec<(String, usize)>,
}

impl Parts {
    fn of(module: &[u8]) -> Result<Parts> {
        let mut parts = Parts::default();
        let (mut imported, mut names) = (0_u32, HashMap::new());
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section() {
                let bytes = usize::try_from(range.end - range.start)?;
                parts.sections.extend(section_name(id).map(|name| (name.to_owned(), bytes)));
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    parts.functions.push((String::new(), usize::try_from(range.end - range.start)?));
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(subsections) = section.as_known() {
                        names = function_names(subsections)?;
                    }
                }
                _ => {}
            }
        }
        for (index, (name, _)) in (imported..).zip(&mut parts.functions) {
            *name = names.get(&index).map_or_else(|| format!("function {index}"), |name| demangled(name));
        }
        Ok(parts)
    }

    fn tables(&self) -> String {
        let mut out = String::new();
        table(&mut out, "section", sorted(self.sections.iter().cloned()));
        table(&mut out, "room", sorted(self.by(|name| room(name, 1))));
        table(&mut out, "file", sorted(self.by(|name| room(name, 2))));
        let mut functions = sorted(self.functions.iter().cloned());
        functions.truncate(MOST);
        table(&mut out, "function", functions);
        out
    }

    fn by(&self, group: impl Fn(&str) -> String) -> impl Iterator<Item = (String, usize)> {
        let mut groups: HashMap<String, usize> = HashMap::new();
        for (name, bytes) in &self.functions {
            *groups.entry(group(name)).or_default() += bytes;
        }
        groups.into_iter()
    }
}

/// The sections of the standard by their numbers, without the custom ones: those of names do not ship.
fn section_name(id: u8) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "types",
        "imports",
        "functions",
        "tables",
        "memories",
        "globals",
        "exports",
        "start",
        "elements",
        "code",
        "data",
        "data count",
    ];
    NAMES.get(usize::from(id).checked_sub(1)?).copied()
}

fn function_names(subsections: NameSectionReader) -> Result<HashMap<u32, String>> {
    let mut names = HashMap::new();
    for subsection in subsections {
        if let Name::Function(functions) = subsection? {
            for naming in functions {
                let naming = naming?;
                names.insert(naming.index, naming.name.to_owned());
            }
        }
    }
    Ok(names)
}

/// As it reads in the source, without the hashes of crates.
fn demangled(name: &str) -> String {
    let whole = format!("{:#}", rustc_demangle::demangle(name));
    let mut out = String::new();
    for (i, part) in whole.split('[').enumerate() {
        let hash =
            part.find(']').filter(|&end| end > 8 && part[..end].chars().all(|c| c.is_ascii_hexdigit()));
        match hash {
            _ if i == 0 => out += part,
            Some(end) => out += &part[end + 1..],
            None => out.extend(["[", part]),
        }
    }
    out
}

/// The module a function belongs to, down to `depth` levels below the crate: `chat`, `chat::conversation`. Of an `impl` it
/// is where the type lives, of generated drops the drops.
fn room(name: &str, depth: usize) -> String {
    if name.starts_with("core::ptr::drop") {
        return "drops".into();
    }
    let path = name.trim_start_matches(['<', '&', '*', '(', '[']);
    let end = path.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').unwrap_or(path.len());
    let mut modules =
        path[..end].split("::").take_while(|part| part.starts_with(|c: char| c.is_ascii_lowercase()));
    match modules.next() {
        Some("chatvitals") => {
            let modules: Vec<&str> = modules.take(depth).collect();
            modules.join("::")
        }
        Some("str" | "u8" | "char" | "f64" | "mut") | None => "core".into(),
        Some(other) => other.into(),
    }
}

fn sorted(rows: impl Iterator<Item = (String, usize)>) -> Vec<(String, usize)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows
}

fn table(out: &mut String, title: &str, rows: Vec<(String, usize)>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:>7}  {title}", "bytes");
    for (name, bytes) in rows {
        let _ = writeln!(out, "{bytes:>7}  {name}");
    }
    out.push('\n');
}

fn tables_file() -> PathBuf {
    repo::path("target/xtask/functions.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_without_hashes() {
        let name = "_RNvNtCsdTbGTt2ZEeF_10chatvitals4text3cut";
        assert_eq!(demangled(name), "chatvitals::text::cut");
        assert_eq!(demangled("memcpy"), "memcpy");
    }

    #[test]
    fn a_function_belongs_to_the_room_of_its_type() {
        assert_eq!(room("<chatvitals::chat::turn::Turn>::end", 1), "chat");
        assert_eq!(room("<chatvitals::tracker::Tracker>::chat", 2), "tracker");
        assert_eq!(room("chatvitals::json::read::members", 2), "json::read");
        assert_eq!(room("<alloc::vec::Vec<chatvitals::event::Event>>::remove", 2), "alloc");
        assert_eq!(room("core::ptr::drop_in_place::<chatvitals::event::Event>", 2), "drops");
        assert_eq!(room("memcpy", 1), "memcpy");
    }

    #[test]
    fn a_module_is_taken_apart() {
        // (module (func $a::b nop nop)): magic and version, then types, functions, code and names.
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x06\x01\x04\0\x01\x01\x0b\
            \0\x0e\x04name\x01\x07\x01\0\x04a::b";
        let parts = Parts::of(module).unwrap();
        assert_eq!(parts.functions, [("a::b".to_owned(), 4)]);
        let sections: Vec<&str> = parts.sections.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(sections, ["types", "functions", "code"]);
        assert!(parts.tables().contains("      4  a::b\n"), "{}", parts.tables());
    }
}
