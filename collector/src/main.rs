//! `chatvitals-collector`: starts a collector and stops it on SIGINT or SIGTERM.

use std::io::{self, Write};
use std::process::ExitCode;

use chatvitals_collector::config::Config;
use chatvitals_collector::server::Collector;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Config::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("chatvitals-collector: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), String> {
    let warning = config.warning();
    let collector = Collector::start(config).await?;
    if let Some(warning) = warning {
        eprintln!("{warning}");
    }
    announce(&format!("listening on http://{}", collector.address()));
    stop_signal().await.map_err(|error| format!("cannot listen for signals: {error}"))?;
    eprintln!("stopping: finishing what is under way");
    collector.stop().await
}

/// One line on stdout, for people and for the program that started us; that nobody reads it is no reason to end.
fn announce(line: &str) {
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

#[cfg(unix)]
async fn stop_signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn stop_signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
