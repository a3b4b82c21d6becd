//! The composition root: opens the store, starts the writer, listens, and stops in the opposite order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task;

use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::demo::backlog;
use crate::listen;
use crate::retention;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use crate::telemetry::Telemetry;
use crate::writer::Writer;

/// How long requests may take to finish once the collector was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// A collector that listens.
pub struct Collector {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: task::JoinHandle<()>,
    writing: JoinHandle<()>,
}

impl Collector {
    /// Starts a collector; the error is for the person who started it.
    pub async fn start(config: Config) -> Result<Self, String> {
        let max_bytes = config.max_db_mb.map(|megabytes| u64::from(megabytes) << 20);
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&config.db, max_bytes)?);
        if config.seed_demo {
            eprintln!("filling the database with invented visits to the demo shop");
            let added = backlog::seed(&*store, clock::now_ms())?;
            eprintln!("{added} events added");
        }
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
        let address =
            listener.local_addr().map_err(|error| format!("cannot tell the bound address: {error}"))?;
        let telemetry = Arc::new(Telemetry::default());
        let (writer, writing) = Writer::start(store.clone(), telemetry.clone())
            .map_err(|error| format!("cannot start the writing thread: {error}"))?;
        warm_up(store.clone());
        let (stop, stopping) = watch::channel(false);
        let (retention_days, most) = (config.retention_days, listen::places(config.max_connections.get()));
        let app = App::new(config, store, writer, telemetry, stopping.clone());
        if let Some(days) = retention_days {
            tokio::spawn(retention::run(app.clone(), days.get()));
        }
        let serving = tokio::spawn(listen::serve(listener, app.router(), most, stopping, FAREWELL));
        Ok(Self { address, stop, serving, writing })
    }

    /// Where it listens; tells the port when the configured one was 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops taking requests, finishes those under way, and returns when everything acknowledged is stored.
    pub async fn stop(self) -> Result<(), String> {
        self.stop.send_replace(true);
        let served = self.serving.await.map_err(|error| format!("serving ended badly: {error}"));
        // The writer ends when the last request has let go of it.
        let join = task::spawn_blocking(move || self.writing.join());
        match tokio::time::timeout(FAREWELL, join).await {
            Ok(Ok(Ok(()))) => served,
            Ok(_) => Err("the writing thread failed; what it acknowledged is stored".into()),
            Err(_) => Err("connections stayed open; what was acknowledged is stored".into()),
        }
    }
}

/// Counts what is stored while the first requests come in already.
fn warm_up(store: Arc<dyn Store>) {
    task::spawn_blocking(move || {
        if let Err(error) = store.warm_up() {
            eprintln!("what is stored could not be counted yet, the first question will try again: {error}");
        }
    });
}
