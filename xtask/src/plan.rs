//! Every step there is, in the order they run, and what each needs.

use anyhow::{Result, bail};

use crate::steps::Step;
use crate::{checks, collector, functions, modules, npm, package, site, tools, wasm};

const STEPS: &[Step] = &[
    Step {
        name: "rust",
        label: "Rust for wasm32, rustfmt, clippy",
        needs: &[],
        is_check: false,
        work: tools::rust_parts,
    },
    Step { name: "fmt", label: "formatting", needs: &["rust"], is_check: true, work: checks::fmt },
    Step {
        name: "wasm-tools",
        label: "wasm-pack and wasm-bindgen",
        needs: &["rust"],
        is_check: false,
        work: tools::wasm_tools,
    },
    Step { name: "npm", label: "npm packages", needs: &[], is_check: false, work: npm::install },
    Step {
        name: "wasm",
        label: "building the tracker (wasm)",
        needs: &["rust", "wasm-tools", "npm"],
        is_check: false,
        work: wasm::build,
    },
    Step {
        name: "functions",
        label: "taking the module apart",
        needs: &["wasm"],
        is_check: false,
        work: functions::measure,
    },
    Step {
        name: "wasm-fallback",
        label: "building the tracker as JavaScript",
        needs: &["rust", "wasm-tools", "npm"],
        is_check: false,
        work: wasm::build_fallback,
    },
    Step {
        name: "modules",
        label: "building the modules of single npm entries (wasm)",
        needs: &["rust", "wasm-tools", "npm"],
        is_check: false,
        work: modules::build,
    },
    Step {
        name: "package",
        label: "building the npm package and the script tag's file",
        needs: &["wasm", "wasm-fallback", "modules", "npm"],
        is_check: false,
        work: package::build,
    },
    Step {
        name: "site",
        label: "building the demo shop and the dashboard",
        needs: &["package", "npm"],
        is_check: false,
        work: site::build,
    },
    Step {
        name: "clippy",
        label: "clippy on the host",
        needs: &["rust"],
        is_check: true,
        work: checks::clippy,
    },
    Step {
        name: "clippy-wasm",
        label: "clippy on wasm32",
        needs: &["rust"],
        is_check: true,
        work: checks::clippy_wasm,
    },
    Step { name: "docs", label: "Rust documentation", needs: &["rust"], is_check: true, work: checks::docs },
    Step { name: "native", label: "native tests", needs: &["rust"], is_check: true, work: checks::native },
    Step { name: "types", label: "TypeScript types", needs: &["npm"], is_check: true, work: checks::types },
    Step {
        name: "pages",
        label: "types and unit tests of the dashboard",
        needs: &["package", "npm"],
        is_check: true,
        work: checks::pages,
    },
    Step { name: "size", label: "size budgets", needs: &["package"], is_check: true, work: checks::size },
    Step {
        name: "collector",
        label: "building the collector",
        needs: &["package", "site"],
        is_check: false,
        work: collector::build,
    },
    Step {
        name: "collector-release",
        label: "building the collector (release)",
        needs: &["package", "site"],
        is_check: false,
        work: collector::build_release,
    },
    Step { name: "browsers", label: "the browsers", needs: &[], is_check: false, work: tools::browsers },
    Step {
        name: "geckodriver",
        label: "geckodriver",
        needs: &["rust"],
        is_check: false,
        work: tools::geckodriver,
    },
    Step {
        name: "browser",
        label: "tests of the tracker's Rust in Chromium",
        needs: &["rust", "wasm-tools", "browsers"],
        is_check: true,
        work: checks::browser,
    },
    Step {
        name: "e2e",
        label: "end-to-end tests in real browsers",
        needs: &["collector", "browsers", "geckodriver", "npm"],
        is_check: true,
        work: checks::e2e,
    },
    Step {
        name: "npm-bench",
        label: "the packages to measure beside",
        needs: &[],
        is_check: false,
        work: npm::install_bench,
    },
    Step {
        name: "npm-packaging",
        label: "bundlers and frameworks",
        needs: &[],
        is_check: false,
        work: npm::install_packaging,
    },
    Step {
        name: "packaging",
        label: "the npm package in fresh applications",
        needs: &["collector", "browsers", "npm", "npm-packaging"],
        is_check: true,
        work: checks::packaging,
    },
];

/// The named steps and everything they need, in the order they run.
pub fn reaching(goals: &[&str]) -> Result<Vec<&'static Step>> {
    for goal in goals {
        if !STEPS.iter().any(|step| step.name == *goal) {
            bail!("no step is called `{goal}`");
        }
    }
    // Needs come before what needs them, so one walk from the end finds them all.
    let mut wanted: Vec<&str> = goals.to_vec();
    let mut steps = Vec::new();
    for step in STEPS.iter().rev() {
        if wanted.contains(&step.name) {
            wanted.extend(step.needs);
            steps.push(step);
        }
    }
    steps.reverse();
    Ok(steps)
}

/// The names of the checks that make up the suite.
pub fn checks() -> impl Iterator<Item = &'static str> {
    STEPS.iter().filter(|step| step.is_check).map(|step| step.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_is_a_step_that_comes_before() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(
                    STEPS[..index].iter().any(|earlier| earlier.name == *need),
                    "{} needs {need}",
                    step.name
                );
            }
        }
    }

    #[test]
    fn a_goal_brings_what_it_needs_and_nothing_else() {
        let names =
            |goals: &[&str]| reaching(goals).unwrap().iter().map(|step| step.name).collect::<Vec<_>>();
        assert_eq!(names(&["fmt"]), ["rust", "fmt"]);
        assert_eq!(
            names(&["package"]),
            ["rust", "wasm-tools", "npm", "wasm", "wasm-fallback", "modules", "package"]
        );
        assert!(!names(&["collector"]).contains(&"browsers"));
    }

    #[test]
    fn an_unknown_goal_is_an_error() {
        assert!(reaching(&["paint"]).is_err_and(|error| error.to_string().contains("`paint`")));
    }
}
