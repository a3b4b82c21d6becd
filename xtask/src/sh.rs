//! Running other programs: output to a log, a time limit, and nothing left behind.
//!
//! Every child leads its own process group, so that a time limit or a Ctrl-C ends what it started too
//! (a test runner's browsers, a build's compilers).

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::steps::Line;

/// How long any single program may take unless it is given another limit.
const LIMIT: Duration = Duration::from_secs(45 * 60);
/// How long a program that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// How often a running child is looked at.
const POLL: Duration = Duration::from_millis(20);
/// What a shell answers for a program ended by Ctrl-C.
const EXIT_INTERRUPTED: i32 = 130;

/// The group that runs now; there is never more than one.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Ends the running child's group when a person or the system asks xtask to stop.
pub fn stop_children_on_ctrl_c() -> Result<()> {
    let stop = || {
        INTERRUPTED.store(true, Ordering::SeqCst);
        let Some(group) = running() else { std::process::exit(EXIT_INTERRUPTED) };
        // Whoever waits for the child notices that it ended, tidies up and ends xtask.
        let _ = killpg(group, Signal::SIGTERM);
        std::thread::sleep(GRACE);
        let _ = killpg(group, Signal::SIGKILL);
    };
    ctrlc::set_handler(stop).context("listening for Ctrl-C")
}

/// Whether Ctrl-C (or a SIGTERM) arrived.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A program to run, and how.
pub struct Cmd {
    command: Command,
    limit: Duration,
}

/// What a program that ran to its end said.
pub struct Output {
    pub status: ExitStatus,
    /// Standard output and error, as they came.
    pub text: String,
}

impl Cmd {
    /// A program, found on the PATH or by its path, started at the root of the repository.
    pub fn new(program: impl AsRef<OsStr>) -> Cmd {
        let mut command = Command::new(program);
        command.current_dir(crate::repo::root());
        // Output goes to a log, whatever the terminal or CI around us asked for.
        command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env_remove("FORCE_COLOR");
        Cmd { command, limit: LIMIT }
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Cmd {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Cmd {
        self.command.args(args);
        self
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Cmd {
        self.command.env(name, value);
        self
    }

    /// Starts it in another folder.
    pub fn dir(mut self, folder: &Path) -> Cmd {
        self.command.current_dir(folder);
        self
    }

    /// Runs it to the end; anything but success is an error.
    pub fn run(self, line: &Line) -> Result<()> {
        let shown = self.shown();
        let output = self.output(line)?;
        if !output.status.success() {
            bail!("`{shown}` failed ({})", output.status);
        }
        Ok(())
    }

    /// Runs it to the end, its output going to the log of `line`. An error only when it could not be started or
    /// ran into its time limit.
    pub fn output(mut self, line: &Line) -> Result<Output> {
        let shown = self.shown();
        let mut log = open_log(line.log())?;
        writeln!(log, "$ {shown}")?;
        let begin = log.stream_position()?;
        self.command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
        let status = self.spawn()?.wait(self.limit, || line.tick())?;
        let Some(status) = status else {
            bail!("`{shown}` was still running after {} minutes and was ended", self.limit.as_secs() / 60);
        };
        log.seek(SeekFrom::Start(begin))?;
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes)?;
        Ok(Output { status, text: String::from_utf8_lossy(&bytes).into_owned() })
    }

    /// Starts it as the leader of a new process group.
    pub fn spawn(&mut self) -> Result<Running> {
        self.command.process_group(0);
        let child = self.command.spawn().with_context(|| format!("starting `{}`", self.shown()))?;
        let group = Pid::from_raw(i32::try_from(child.id())?);
        set_running(Some(group));
        Ok(Running { child, group })
    }

    /// The command line, shortened for a person.
    fn shown(&self) -> String {
        let program = Path::new(self.command.get_program()).file_name().unwrap_or_default();
        let mut words = vec![program.to_string_lossy()];
        words.extend(self.command.get_args().map(OsStr::to_string_lossy));
        words.join(" ")
    }
}

/// A program that has been started. Dropping it ends its group.
pub struct Running {
    child: Child,
    group: Pid,
}

impl Running {
    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end, calling `tick` all the while. `None`: it took longer than `limit`.
    /// After a Ctrl-C this does not return.
    fn wait(mut self, limit: Duration, tick: impl Fn()) -> Result<Option<ExitStatus>> {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.ended()? {
                break Some(status);
            }
            if started.elapsed() > limit {
                break None;
            }
            tick();
            std::thread::sleep(POLL);
        };
        drop(self);
        if interrupted() {
            println!();
            std::process::exit(EXIT_INTERRUPTED);
        }
        Ok(status)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The leader may be gone and its children not: a group lives as long as one of its members.
        if killpg(self.group, Signal::SIGTERM).is_ok() {
            let asked = Instant::now();
            while asked.elapsed() < GRACE && self.is_alive() {
                std::thread::sleep(POLL);
            }
            let _ = killpg(self.group, Signal::SIGKILL);
        }
        // Reaps the leader; its status was read by whoever wanted it.
        let _ = self.child.wait();
        set_running(None);
    }
}

impl Running {
    /// Whether anybody of the group is left. A leader that ended counts until it is waited for, so that comes first.
    fn is_alive(&mut self) -> bool {
        let _ = self.child.try_wait();
        killpg(self.group, None).is_ok()
    }
}

/// What a quick question to a program answers on its standard output; an error when it cannot be asked or fails.
pub fn ask(program: impl AsRef<OsStr>, args: &[&str]) -> Result<String> {
    let name = program.as_ref().to_string_lossy().into_owned();
    let output = Command::new(program)
        .args(args)
        .current_dir(crate::repo::root())
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting `{name}`"))?;
    if !output.status.success() {
        bail!("`{name} {}` failed: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

fn running() -> Option<Pid> {
    *RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn set_running(group: Option<Pid>) {
    *RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = group;
}

fn open_log(path: &Path) -> Result<File> {
    let open = OpenOptions::new().create(true).append(true).read(true).open(path);
    let mut log = open.with_context(|| format!("opening {}", crate::repo::shown(path)))?;
    log.seek(SeekFrom::End(0))?;
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_ended_with_all_it_started() {
        let running = Cmd::new("sh").args(["-c", "sleep 600 & sleep 600"]).spawn().unwrap();
        let group = running.group;
        assert!(running.wait(Duration::from_millis(50), || ()).unwrap().is_none());
        assert!(killpg(group, None).is_err(), "somebody of the group is left");
    }
}
