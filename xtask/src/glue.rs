//! The glue that visitors load, without what wasm-bindgen writes for others: 0.4 KB less of the shell (brotli).

use anyhow::{Context, Result};

use crate::repo;
use crate::wasm;

/// Where a piece begins and ends, and what takes its place. Beginning and end go with it.
type Cut = (&'static str, &'static str, &'static str);

const CUTS: [Cut; 3] = [
    // Every browser that takes the module has `encodeInto`, and the module its `realloc`.
    ("    if (realloc === undefined) {\n", "\n    }\n", ""),
    ("if (!('encodeInto' in cachedTextEncoder)) {\n", "\n}\n", ""),
    // Old Safari's decoder fails after two gigabytes: millions of events.
    ("const MAX_SAFARI_DECODE_BYTES", "\n    return ", "function decodeText(bytes) {\n    return "),
];

/// `initSync` is called once, with a compiled module.
const INIT: [Cut; 2] = [
    ("    if (module !== undefined) {\n", "\n    }\n\n", "    ({ module } = module);\n"),
    ("    if (!(module instanceof WebAssembly.Module)) {\n", "\n    }\n", ""),
];

/// Text that goes, and what takes its place.
const CHANGES: [(&str, &str); 4] = [
    ("    wasmInstance = instance;\n", ""),
    ("    wasmModule = module;\n", ""),
    (
        "    cachedDataViewMemory0 = null;\n    cachedFloat64ArrayMemory0 = null;\n    cachedUint8ArrayMemory0 = null;\n",
        "",
    ),
    // Memory that grew is another buffer.
    (
        "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || \
         (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== ",
        "(cachedDataViewMemory0?.buffer !== ",
    ),
];

/// Makes it anew from what wasm-bindgen wrote.
pub fn write() -> Result<()> {
    repo::write(&wasm::lean_glue(), lean(&repo::read(&wasm::glue())?)?)
}

/// Another version of wasm-bindgen may write something else: then this is an error, and to be looked at.
fn lean(glue: &str) -> Result<String> {
    let mut text = glue.to_string();
    for (from, to, by) in CUTS.iter().chain(&INIT) {
        text = cut(&text, from, to, by)?;
    }
    for (from, by) in CHANGES {
        let (before, after) = text.split_once(from).with_context(|| format!("another glue: no {from:?}"))?;
        text = format!("{before}{by}{after}");
    }
    Ok(without_rescue(text))
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
    fn a_glue_that_is_not_understood_is_an_error() {
        assert!(lean("const x = 1;").is_err());
    }
}
