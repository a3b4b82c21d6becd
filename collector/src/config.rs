//! What can be set, by flag or environment variable.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Receives, stores and shows ChatVitals events.
///
/// Start it without any flag, put
/// `<script async src="http://127.0.0.1:3003/chatvitals.js" data-endpoint="http://127.0.0.1:3003/api/events"></script>`
/// into a page, and open http://127.0.0.1:3003/dashboard/.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one, which the first line of output names
    #[arg(long, env = "CHATVITALS_LISTEN", default_value = "127.0.0.1:3003", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Database file; created when it is not there
    #[arg(long, env = "CHATVITALS_DB", default_value = "chatvitals.db", value_name = "FILE")]
    pub db: PathBuf,

    /// Serve the demo site at /
    #[arg(long, env = "CHATVITALS_DEMO")]
    pub demo: bool,

    /// Count visitors by a hash of address and browser whose salt changes every day; addresses are never stored
    #[arg(long, env = "CHATVITALS_COUNT_VISITORS", default_value_t = true, action = clap::ArgAction::Set, value_name = "BOOL")]
    pub count_visitors: bool,

    /// Take the client's address from X-Forwarded-For: only behind a proxy that sets it
    #[arg(long, env = "CHATVITALS_TRUST_PROXY")]
    pub trust_proxy: bool,
}
