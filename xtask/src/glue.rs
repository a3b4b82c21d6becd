//! The glue that visitors load, without what wasm-bindgen writes for others, and with functions of our own where its are
//! for more than we need: 0.7 KB less of the shell (brotli; ARCHITECTURE.md, sizes).

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

use crate::names::is_name;
use crate::repo;
use crate::wasm;

/// Where a piece begins and ends, and what takes its place. Beginning and end go with it.
type Cut = (&'static str, &'static str, &'static str);

const CUTS: [Cut; 7] = [
    // Every browser that takes the module has `encodeInto`.
    ("if (!('encodeInto' in cachedTextEncoder)) {\n", "\n}\n", ""),
    // Our functions say where the memory is when they need it.
    ("let cachedDataViewMemory0", "\n}\n", ""),
    ("let cachedFloat64ArrayMemory0", "\n}\n", ""),
    ("let cachedUint8ArrayMemory0", "\n}\n", ""),
    ("function isLikeNone(", "\n}\n", ""),
    // Old Safari's decoder fails after two gigabytes: millions of events.
    ("const MAX_SAFARI_DECODE_BYTES", "\n}\n", ""),
    ("let WASM_VECTOR_LEN", ";\n", ""),
];

/// The functions of our own.
const OURS: &str = include_str!("glue.js");
/// Those of wasm-bindgen that they take the places of.
const THEIRS: [&str; 3] = ["getStringFromWasm0", "passArrayF64ToWasm0", "passStringToWasm0"];
/// What ours call of the module, and where wasm-bindgen, which names it anew each time, does.
const CALLED: [(&str, &str); 3] = [
    ("MEMORY", "new Uint8Array(wasm."),
    ("MALLOC", "passStringToWasm0(options, wasm."),
    ("REALLOC", "passStringToWasm0(options, wasm.MALLOC, wasm."),
];

/// `initSync` is called once, with a compiled module.
const INIT: [Cut; 2] = [
    ("    if (module !== undefined) {\n", "\n    }\n\n", "    ({ module } = module);\n"),
    ("    if (!(module instanceof WebAssembly.Module)) {\n", "\n    }\n", ""),
];

/// Text that goes.
const UNUSED: [&str; 3] = [
    "    wasmInstance = instance;\n",
    "    wasmModule = module;\n",
    "    cachedDataViewMemory0 = null;\n    cachedFloat64ArrayMemory0 = null;\n    cachedUint8ArrayMemory0 = null;\n",
];

/// What nothing may speak of then.
const GONE: [&str; 4] = ["Memory0()", "isLikeNone(", "WASM_VECTOR_LEN", "decodeText("];

/// Makes it anew from what wasm-bindgen wrote.
pub fn write() -> Result<()> {
    repo::write(&wasm::lean_glue(), lean(&repo::read(&wasm::glue())?)?)
}

/// Another version of wasm-bindgen may write something else: then this is an error, and to be looked at.
fn lean(glue: &str) -> Result<String> {
    let mut text = glue.to_string();
    let mut called = HashMap::new();
    for (name, before) in CALLED {
        let before = named(before, &called);
        let given = glue.split_once(&before).and_then(|(_, rest)| rest.split(|c| !is_name(c)).next());
        called.insert(name, given.with_context(|| format!("another glue: no {before:?}"))?);
    }
    for (from, to, by) in CUTS.iter().chain(&INIT) {
        text = cut(&text, from, to, by)?;
    }
    for name in THEIRS {
        text = cut(&text, &format!("function {name}("), "\n}\n", "")?;
    }
    for from in UNUSED {
        text = cut(&text, from, "", "")?;
    }
    let text = in_pairs(&without_rescue(text));
    if let Some(gone) = GONE.iter().find(|gone| text.contains(**gone)) {
        bail!("another glue: it still speaks of {gone}");
    }
    Ok(text + &named(OURS, &called))
}

/// Our text, with what it calls of the module by the names of this build.
fn named(ours: &str, called: &HashMap<&str, &str>) -> String {
    called.iter().fold(ours.to_string(), |text, (name, given)| {
        text.replace(&format!("wasm.{name}"), &format!("wasm.{given}"))
    })
}

fn cut(text: &str, from: &str, to: &str, by: &str) -> Result<String> {
    let missing = || format!("another glue: no {from:?} to {to:?}");
    let (before, rest) = text.split_once(from).with_context(missing)?;
    let (_, after) = rest.split_once(to).with_context(missing)?;
    Ok(format!("{before}{by}{after}"))
}

/// Copying a string into the module cannot fail: what would free those before it is never run.
fn without_rescue(mut text: String) -> String {
    let catch =
        |text: &str| text.match_indices("} catch (e) {\n").map(|(at, _)| at).find(|at| frees(text, *at));
    while let Some(at) = catch(&text) {
        let (before, after) = text.split_at(at);
        let (Some((head, tried)), Some((_, rest))) =
            (before.rsplit_once("try {\n"), after.split_once("throw e;\n"))
        else {
            break;
        };
        let rest = rest.split_once("}\n").map_or(rest, |(_, rest)| rest);
        text = format!("{head}{tried}{rest}");
    }
    text
}

fn frees(text: &str, catch: usize) -> bool {
    text.get(catch..)
        .and_then(|rest| rest.lines().nth(1))
        .is_some_and(|line| line.trim().starts_with("if (ptr"))
}

/// What our functions pass is address and length in one: `...passed` where wasm-bindgen has a variable for each.
fn in_pairs(text: &str) -> String {
    let mut passed: Vec<(String, String)> = Vec::new();
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let statement =
            ["const ", "var "].iter().fold(line.trim(), |rest, word| rest.trim_start_matches(word));
        let variable = |name| statement.strip_prefix(name).and_then(|rest| rest.split_once(" = "));
        if let Some((number, value)) = variable("ptr") {
            // Ours know themselves what no text is, and who gives memory.
            let call =
                value.trim_start_matches("isLikeNone(ret) ? 0 : ").split(", wasm").next().unwrap_or(value);
            passed.insert(0, (format!("ptr{number}, len{number}"), format!("...{call})")));
        } else if statement.contains(".setInt32((arg0 >>> 0) + 4 * 0, ptr1") {
            let call = passed.first().map_or("", |(_, call)| call.trim_start_matches('.'));
            out += &format!("            putPair(arg0, {call});\n");
        } else if variable("len").is_none()
            && !statement.starts_with("let ptr")
            && !statement.contains(".setInt32(")
        {
            out += &passed.iter().fold(line.to_string(), |line, (pair, call)| line.replace(pair, call));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_free_copied_strings_goes_and_other_rescues_stay() {
        let glue = "let ptr0;
try {
    ptr0 = pass(a);
} catch (e) {
    if (ptr0) { wasm.Q(ptr0, 1); }
    throw e;
}
call(ptr0);
try {
    stream();
} catch (e) {
    warn(e);
}
";
        let lean = without_rescue(glue.to_string());
        assert_eq!(
            lean,
            "let ptr0;\n    ptr0 = pass(a);\ncall(ptr0);\ntry {\n    stream();\n} catch (e) {\n    warn(e);\n}\n"
        );
    }

    #[test]
    fn address_and_length_are_passed_in_one() {
        let glue = "    let ptr0, len0;
    ptr0 = passStringToWasm0(name, wasm.R, wasm.S);
    len0 = WASM_VECTOR_LEN;
    wasm.L(this.at, ptr0, len0, 5);
            var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.R, wasm.S);
            var len1 = WASM_VECTOR_LEN;
            getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
            getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
";
        let pairs = "    wasm.L(this.at, ...passStringToWasm0(name), 5);
            putPair(arg0, passStringToWasm0(ret));
";
        assert_eq!(in_pairs(glue), pairs);
    }

    #[test]
    fn a_glue_that_is_not_understood_is_an_error() {
        assert!(lean("const x = 1;").is_err());
    }
}
