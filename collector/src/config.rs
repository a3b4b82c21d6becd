//! What can be set, by flag or environment variable.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::Parser;

use crate::guard::{Token, parse_origin as origin};

/// What the collector answers, for `--help`; ARCHITECTURE.md says more.
const API: &str = "\
What it answers:
  POST /api/events              takes {\"events\": [...]} or one event, as JSON or text/plain, up to 1 MiB, also gzip
  GET  /p.gif, /anosys.gif      takes one event from the query, answers with a pixel
  GET  /dashboard/              the dashboard
  GET  /chatvitals.js           the script tag
  GET  /api/events              events, newest first: ?range= since= until= type= session= path= limit= before=
  GET  /api/sessions            visits, newest first: ?range= chat=1 route= device= campaign= limit= before=
  GET  /api/sessions/ID         the events of one visit
  GET  /api/summary             what happens now: ?range=5m|1h|24h|7d|30d route= device= campaign=
  GET  /api/metrics/NAME        deflection, csat, handle-time, agent-assist, gmv, vitals, latency, funnel, abandonment,
                                engagement, tools, transport: ?range=24h|7d|30d or from= to=, route= device= campaign=
                                interval=hour|day groupByCategory=true limit=
  GET  /api/metrics/filters     the routes, devices and campaigns there are
  GET  /api/live                every event as it is stored, as server-sent events
  GET  /api/health              is it up (never asks for a token)
  GET  /metrics                 its own numbers, for Prometheus

Every flag can be given as the environment variable named beside it.";

/// Receives, stores and shows ChatVitals events.
///
/// Start it without any flag, put
/// `<script async src="http://127.0.0.1:3003/chatvitals.js" data-endpoint="http://127.0.0.1:3003/api/events"></script>`
/// into a page, and open http://127.0.0.1:3003/dashboard/.
#[derive(Debug, Clone, Parser)]
#[command(version, after_long_help = API)]
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

    /// Fill the database with a month of invented visits to the demo shop, so that every chart has something to show;
    /// seeding again adds nothing
    #[arg(long, env = "CHATVITALS_SEED_DEMO")]
    pub seed_demo: bool,

    /// Count visitors by a hash of address and browser whose salt changes every day; addresses are never stored
    #[arg(long, env = "CHATVITALS_COUNT_VISITORS", help_heading = "Visitors", default_value_t = true, action = clap::ArgAction::Set, value_name = "BOOL")]
    pub count_visitors: bool,

    /// Token that sending events asks for: `Authorization: Bearer TOKEN` or `?token=TOKEN` [default: none asked for]
    #[arg(
        long,
        env = "CHATVITALS_TOKEN_INGEST",
        value_name = "TOKEN",
        hide_env_values = true,
        help_heading = "Who may"
    )]
    pub token_ingest: Option<Token>,

    /// Token that reading asks for, the dashboard's data included [default: none asked for]
    #[arg(
        long,
        env = "CHATVITALS_TOKEN_READ",
        value_name = "TOKEN",
        hide_env_values = true,
        help_heading = "Who may"
    )]
    pub token_read: Option<Token>,

    /// Sites whose pages may send, such as `https://shop.example`; several by comma or by repeating [default: any]
    #[arg(long, env = "CHATVITALS_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin, help_heading = "Who may")]
    pub cors_origin: Vec<String>,

    /// Sites whose pages may read, beside the collector's own [default: none]
    #[arg(long, env = "CHATVITALS_CORS_READ_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin, help_heading = "Who may")]
    pub cors_read_origin: Vec<String>,

    /// Keep what crawlers send too; by default it is counted and forgotten
    #[arg(long, env = "CHATVITALS_KEEP_BOTS", help_heading = "Who may")]
    pub keep_bots: bool,

    /// Requests per second of one address, bursts of five times as many allowed [default: no limit]
    #[arg(long, env = "CHATVITALS_RATE_LIMIT", value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Limits")]
    pub rate_limit: Option<u32>,

    /// Connections served at the same time; more wait until one is free
    #[arg(
        long,
        env = "CHATVITALS_MAX_CONNECTIONS",
        default_value = "16384",
        value_name = "N",
        help_heading = "Limits"
    )]
    pub max_connections: NonZeroUsize,

    /// Days after which events are deleted [default: kept for ever]
    #[arg(long, env = "CHATVITALS_RETENTION_DAYS", value_name = "DAYS", help_heading = "Limits")]
    pub retention_days: Option<NonZeroU32>,

    /// Size the database may grow to; events are then refused with 503 until there is room [default: the disk]
    #[arg(long, env = "CHATVITALS_MAX_DB_MB", value_name = "MB", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Limits")]
    pub max_db_mb: Option<u32>,

    /// Take the client's address from X-Forwarded-For: only behind a proxy that sets it
    #[arg(long, env = "CHATVITALS_TRUST_PROXY", help_heading = "Visitors")]
    pub trust_proxy: bool,
}

impl Config {
    /// What the person who starts the collector should know, when there is something.
    pub fn warning(&self) -> Option<String> {
        let open = match (&self.token_ingest, &self.token_read) {
            (None, None) => "send and read",
            (None, Some(_)) => "send",
            (Some(_), None) => "read",
            (Some(_), Some(_)) => return None,
        };
        (!self.listen.ip().is_loopback()).then(|| {
            format!("whoever reaches {} may {open} events; see --token-ingest and --token-read", self.listen)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(flags: &[&str]) -> Config {
        Config::try_parse_from(["chatvitals-collector"].iter().chain(flags)).unwrap()
    }

    #[test]
    fn an_open_collector_is_warned_about_once_others_can_reach_it() {
        assert_eq!(config(&[]).warning(), None);
        let open = config(&["--listen", "0.0.0.0:3003"]).warning().unwrap();
        assert!(open.contains("0.0.0.0:3003 may send and read"), "{open}");
        let half = config(&["--listen", "0.0.0.0:3003", "--token-ingest", "secret"]).warning().unwrap();
        assert!(half.contains("may read") && !half.contains("secret"), "{half}");
    }

    #[test]
    fn wrong_flags_say_what_was_wanted() {
        let error = |flags: &[&str]| {
            Config::try_parse_from(["chatvitals-collector"].iter().chain(flags)).unwrap_err().to_string()
        };
        assert!(error(&["--cors-origin", "shop.example"]).contains("scheme://host[:port]"));
        assert!(error(&["--cors-origin", "https://shop.example/"]).contains("without a path"));
        assert!(error(&["--cors-origin", "*"]).contains("got *"));
        assert!(error(&["--token-read", ""]).contains("must not be empty"));
        assert!(error(&["--retention-days", "0"]).contains("--retention-days"));
    }
}
