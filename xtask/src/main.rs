//! Every chore of the repository: `cargo xtask demo | build | test | size | bench`.
//!
//! A command names the steps it wants; [`plan`] knows what those need, [`steps`] runs them one line each.

mod args;
mod bench;
mod budget;
mod checks;
mod collector;
mod counts;
mod declarations;
mod demo;
mod functions;
mod glue;
mod manifest;
mod modules;
mod names;
mod npm;
mod package;
mod plan;
mod repo;
mod sh;
mod site;
mod size;
mod stamp;
mod steps;
mod tools;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;
use args::Command;

fn main() -> ExitCode {
    let outcome = args::parse(std::env::args().skip(1)).and_then(run);
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    sh::stop_children_on_ctrl_c()?;
    match command {
        Command::Help => print!("{}", args::HELP),
        Command::Demo(options) => demo::run(&options)?,
        Command::Build => steps::run_all(plan::reaching(&["package", "collector-release"])?)?,
        Command::Size => size::run()?,
        Command::Functions => functions::run()?,
        Command::Bench(options) => bench::run(&options)?,
        Command::Test(names) => return checks::run(&names),
    }
    Ok(ExitCode::SUCCESS)
}
