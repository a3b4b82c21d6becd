//! The collector with the demo shop and the dashboard, on one port.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::args::Demo;
use crate::sh::{self, Cmd};
use crate::{collector, plan, repo, steps};

/// How many ports after the wanted one are tried.
const NEIGHBOURS: u16 = 20;
/// How long the collector may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long it may take when it first invents a month of visits.
const SEEDING_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(25);

/// Builds what is stale, starts the collector and waits until a person stops it.
pub fn run(options: &Demo) -> Result<()> {
    steps::run_all(plan::reaching(&["collector"])?)?;
    let db = options.db.clone().unwrap_or_else(|| repo::path("target/demo.db"));
    let port = free_port(options.port)?;
    if port != options.port {
        println!("Port {} is taken, using {port}.", options.port);
    }
    let mut collector = Cmd::new(collector::binary()?)
        .arg("--demo")
        .args(options.seeded.then_some("--seed-demo"))
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .arg("--db")
        // From where the person is, not from the repository's root.
        .arg(std::path::absolute(db)?)
        .spawn()?;
    let limit = if options.seeded { SEEDING_LIMIT } else { START_LIMIT };
    let started = Instant::now();
    while !answers(port) {
        if let Some(status) = collector.ended()? {
            bail!("the collector ended at once ({status})");
        }
        if started.elapsed() > limit {
            bail!("the collector did not answer on port {port} within {} seconds", limit.as_secs());
        }
        std::thread::sleep(POLL);
    }
    println!(
        "\n  Shop       http://127.0.0.1:{port}/\n  Dashboard  http://127.0.0.1:{port}/dashboard/\n\nCtrl-C stops both."
    );
    let status = loop {
        match collector.ended()? {
            Some(status) => break status,
            None => std::thread::sleep(POLL),
        }
    };
    if !sh::interrupted() && !status.success() {
        bail!("the collector ended ({status})");
    }
    Ok(())
}

/// The wanted port if nobody listens there, else the next free one.
fn free_port(wanted: u16) -> Result<u16> {
    let bind =
        |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    let mut candidates = wanted..=wanted.saturating_add(NEIGHBOURS);
    let free = candidates.find_map(|port| bind(port).ok());
    let address =
        free.with_context(|| format!("no free port among {wanted} and the {NEIGHBOURS} after it"))?;
    Ok(address.port())
}

/// Whether the collector says that it is well.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_stepped_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let free = free_port(port).unwrap();
        assert!(free > port && free <= port + NEIGHBOURS, "{free} for {port}");
    }
}
