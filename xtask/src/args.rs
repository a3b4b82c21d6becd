//! The command line: what a person can ask for.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// What `cargo xtask` and `cargo xtask help` print.
pub const HELP: &str = "\
The chores of ChatVitals. Each command first installs and builds what it is missing.

Usage: cargo xtask <command>

  demo [--port N] [--db PATH]   start the collector with the demo shop and the dashboard (Ctrl-C stops it);
       [--seed-demo]            with a month of invented visits, so that every chart has something to show
  build                         the npm package (pkg/), the sites (target/www/) and the collector, for release
  test [NAME...]                the whole suite, or only the named checks:
                                fmt clippy clippy-wasm docs native types pages size browser e2e packaging
  size                          bytes of everything a visitor downloads, checked against xtask/budgets.toml
  size --functions              where those of the tracker's module go: by section, room, file and function
  bench [--only A,B] [--rounds N] [--quick] [--skip-delivery]
                                what ChatVitals costs a page, measured beside its peers in one run (half an hour
                                with --rounds 3); writes BENCHMARKS.md (not with --only or --quick) and target/bench

Tools that cargo has to build go to $CHATVITALS_TOOLS (default: ~/.cache/chatvitals/tools).
";

/// Where the demo listens when nobody says otherwise: the collector's own default.
const DEMO_PORT: u16 = 3003;

/// One request of a person.
#[derive(Debug, PartialEq)]
pub enum Command {
    Help,
    Demo(Demo),
    Build,
    Test(Vec<String>),
    Size,
    /// `size --functions`.
    Functions,
    /// With what its script takes; that knows its options.
    Bench(Vec<String>),
}

/// How the demo should be started.
#[derive(Debug, PartialEq)]
pub struct Demo {
    pub port: u16,
    /// Where the events are kept; `None`: in `target/demo.db`.
    pub db: Option<PathBuf>,
    /// Whether it begins with a month of invented visits.
    pub seeded: bool,
}

/// Reads the arguments after `cargo xtask`.
pub fn parse(args: impl Iterator<Item = String>) -> Result<Command> {
    let mut args = args.peekable();
    let Some(name) = args.next() else { return Ok(Command::Help) };
    if args.peek().is_some_and(|arg| is_help(arg)) {
        return Ok(Command::Help);
    }
    let command = match name.as_str() {
        "demo" => return demo(args).map(Command::Demo),
        "test" => return Ok(Command::Test(args.collect())),
        "bench" => return Ok(Command::Bench(args.collect())),
        "build" => Command::Build,
        "size" if args.next_if_eq("--functions").is_some() => Command::Functions,
        "size" => Command::Size,
        "help" => Command::Help,
        other if is_help(other) => Command::Help,
        other => bail!("no command `{other}`; try demo, build, test, size or bench (`cargo xtask help`)"),
    };
    match args.next() {
        Some(extra) => bail!("`{name}` takes no arguments, was given `{extra}`"),
        None => Ok(command),
    }
}

fn is_help(arg: &str) -> bool {
    arg == "--help" || arg == "-h"
}

fn demo(mut args: impl Iterator<Item = String>) -> Result<Demo> {
    let mut demo = Demo { port: DEMO_PORT, db: None, seeded: false };
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("`{arg}` wants a value after it"));
        match arg.as_str() {
            "--port" => {
                let text = value()?;
                demo.port = text
                    .parse()
                    .ok()
                    .with_context(|| format!("--port wants 0 to 65535, was given `{text}`"))?;
            }
            "--db" => demo.db = Some(PathBuf::from(value()?)),
            "--seed-demo" => demo.seeded = true,
            _ => bail!("`demo` knows --port, --db and --seed-demo, was given `{arg}`"),
        }
    }
    Ok(demo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(String::from))
    }

    #[test]
    fn the_demo_takes_a_port_and_a_database() {
        let demo = parse_line("demo --port 9000 --db /tmp/a.db").unwrap();
        assert_eq!(demo, Command::Demo(Demo { port: 9000, db: Some("/tmp/a.db".into()), seeded: false }));
        let seeded = Demo { port: DEMO_PORT, db: None, seeded: true };
        assert_eq!(parse_line("demo --seed-demo").unwrap(), Command::Demo(seeded));
        assert_eq!(
            parse_line("demo").unwrap(),
            Command::Demo(Demo { port: DEMO_PORT, db: None, seeded: false })
        );
    }

    #[test]
    fn a_wrong_argument_is_named() {
        let message = |line| parse_line(line).unwrap_err().to_string();
        assert!(message("demo --port many").contains("`many`"));
        assert!(message("demo --port").contains("--port"));
        assert!(message("build fast").contains("`fast`"));
        assert!(message("paint").contains("`paint`"));
    }

    #[test]
    fn size_may_look_into_the_module() {
        assert_eq!(parse_line("size").unwrap(), Command::Size);
        assert_eq!(parse_line("size --functions").unwrap(), Command::Functions);
        assert!(parse_line("size --rooms").is_err());
    }

    #[test]
    fn help_is_the_default() {
        for line in ["", "help", "--help", "test --help"] {
            assert_eq!(parse_line(line).unwrap(), Command::Help);
        }
    }

    #[test]
    fn test_takes_names() {
        assert_eq!(parse_line("test fmt e2e").unwrap(), Command::Test(vec!["fmt".into(), "e2e".into()]));
    }
}
