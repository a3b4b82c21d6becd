//! Steps, one numbered line each: `[3/9] building the tracker (wasm) … 6.1 s`.

use std::cell::Cell;
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::counts::Counts;
use crate::repo;

/// How many of the last lines a failed step shows; the whole log stays on disk.
const SHOWN_LINES: usize = 200;
/// How wide a live line may get before it would wrap.
const LINE_WIDTH: usize = 100;
/// How often a line says that it is still alive: in a terminal, and in a log.
const LIVE_BEAT: Duration = Duration::from_secs(1);
const LOG_BEAT: Duration = Duration::from_secs(30);

/// One piece of work that other work can need.
pub struct Step {
    /// What it is called in `needs` and on the command line.
    pub name: &'static str,
    /// What its line says.
    pub label: &'static str,
    /// The steps that must have succeeded before, by name.
    pub needs: &'static [&'static str],
    /// Whether it is a check of the suite, which can be asked for by name and is counted.
    pub is_check: bool,
    /// The work.
    pub work: fn(&Line) -> Result<Done>,
}

/// How a step ended well.
pub enum Done {
    /// There was nothing to do.
    Fresh,
    /// It did its work.
    Ran,
    /// It ran tests, some of which may have failed.
    Tests(Counts),
}

/// The line of the running step.
pub struct Line {
    prefix: String,
    log: PathBuf,
    started: Instant,
    live: bool,
    beats: Cell<u64>,
}

impl Line {
    fn begin(step: &Step, number: usize, total: usize) -> Result<Line> {
        let log = repo::path("target/xtask/log").join(step.name).with_extension("log");
        repo::write(&log, "")?;
        let line = Line {
            prefix: format!("[{number}/{total}] {} …", step.label),
            log,
            started: Instant::now(),
            live: std::io::stdout().is_terminal(),
            beats: Cell::new(0),
        };
        line.put(&line.prefix);
        Ok(line)
    }

    /// Where the output of the step's programs goes.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Shows that the step is still at work, and on what.
    pub fn tick(&self) {
        let beat = if self.live { LIVE_BEAT } else { LOG_BEAT };
        let beats = self.started.elapsed().as_secs() / beat.as_secs();
        if beats == self.beats.replace(beats) {
            return;
        }
        if self.live {
            let text = format!("{} {}  {}", self.prefix, seconds(self.started), last_line(&self.log));
            self.put(&text.chars().take(LINE_WIDTH).collect::<String>());
        } else {
            self.put(&format!(" {} …", seconds(self.started)));
        }
    }

    fn end(&self, result: &str) {
        let prefix = if self.live { self.prefix.as_str() } else { "" };
        self.put(&format!("{prefix} {result}\n"));
    }

    /// Writes to the line: in a terminal in place of what stood there, else after it.
    fn put(&self, text: &str) {
        let clear = if self.live { "\r\x1b[K" } else { "" };
        print!("{clear}{text}");
        // A closed terminal is no reason to stop the work.
        let _ = std::io::stdout().flush();
    }
}

/// Runs steps in order and stops at the first that fails.
pub fn run_all(steps: Vec<&Step>) -> Result<()> {
    let total = steps.len();
    for (index, step) in steps.into_iter().enumerate() {
        if let Verdict::Failed(_) = run_one(step, index + 1, total)? {
            bail!("{} failed", step.label);
        }
    }
    Ok(())
}

/// Runs steps in order, leaves out what needs a failed one, and counts: tests where a step counts its own,
/// else a check as one. A failed preparation counts as one failure, since the suite is not well without it.
pub fn run_counted(steps: Vec<&Step>) -> Result<Counts> {
    let total = steps.len();
    let mut counts = Counts::default();
    let mut failed: Vec<&Step> = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        if let Some(missing) = failed.iter().find(|other| step.needs.contains(&other.name)) {
            println!("[{}/{total}] {} … not run, since {} failed", index + 1, step.label, missing.label);
            counts.failed += usize::from(step.is_check);
            failed.push(step);
            continue;
        }
        match run_one(step, index + 1, total)? {
            Verdict::Passed(Some(own)) => counts += own,
            Verdict::Passed(None) => counts.passed += usize::from(step.is_check),
            Verdict::Failed(own) => {
                counts += own.unwrap_or(Counts { passed: 0, failed: 1 });
                failed.push(step);
            }
        }
    }
    if !failed.is_empty() {
        let names: Vec<_> = failed.iter().map(|step| step.name).collect();
        println!("\nFailed: {}", names.join(", "));
    }
    Ok(counts)
}

/// How a step ended, with the tests it counted itself.
enum Verdict {
    Passed(Option<Counts>),
    Failed(Option<Counts>),
}

fn run_one(step: &Step, number: usize, total: usize) -> Result<Verdict> {
    let line = Line::begin(step, number, total)?;
    let result = (step.work)(&line);
    let took = seconds(line.started);
    match result {
        Ok(Done::Fresh) => line.end("up to date"),
        Ok(Done::Ran) => line.end(&took),
        Ok(Done::Tests(counts)) if counts.failed == 0 => {
            line.end(&format!("{counts}, {took}"));
            return Ok(Verdict::Passed(Some(counts)));
        }
        Ok(Done::Tests(counts)) => {
            line.end(&format!("FAILED: {counts}, {took}"));
            show_log(&line.log)?;
            return Ok(Verdict::Failed(Some(counts)));
        }
        Err(error) => {
            line.end(&format!("FAILED after {took}"));
            show_log(&line.log)?;
            println!("{error:#}\n");
            return Ok(Verdict::Failed(None));
        }
    }
    Ok(Verdict::Passed(None))
}

fn show_log(log: &Path) -> Result<()> {
    let text = repo::read(log)?;
    let lines: Vec<_> = text.lines().filter(|line| !says_passed(line)).collect();
    let left_out = lines.len().saturating_sub(SHOWN_LINES);
    if left_out > 0 {
        println!("    … {left_out} more lines are in {}", repo::shown(log));
    }
    for line in &lines[left_out..] {
        println!("    {line}");
    }
    Ok(())
}

/// Whether a line of a test runner (cargo's, node's) only says that one test passed.
fn says_passed(line: &str) -> bool {
    (line.starts_with("test ") && line.ends_with(" ... ok")) || line.trim_start().starts_with('✔')
}

/// The last line of a growing log that says something.
fn last_line(log: &Path) -> String {
    let tail = || -> std::io::Result<String> {
        let mut file = std::fs::File::open(log)?;
        let end = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(end.saturating_sub(1024)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = tail().unwrap_or_default();
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_string()
}

fn seconds(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}
