//! What every request can reach, and which address leads where.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use tokio::sync::{Semaphore, watch};
use tower_http::compression::CompressionLayer;

use crate::config::Config;
use crate::fault::Fault;
use crate::guard::{self, OriginRules, RateLimit, Tokens};
use crate::ingest::body::Room;
use crate::store::{Store, StoreError};
use crate::telemetry::{self, Telemetry};
use crate::writer::Writer;
use crate::{demo, health, ingest, live, metrics, query, sessions, site, summary};

/// Queries that run at the same time; the others wait, so that readers leave the writer a core.
const READERS: usize = 4;

/// The parts of a running collector that requests share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// The way to the writing thread.
    pub writer: Writer,
    /// Room for bodies.
    pub room: Room,
    /// Turns true when the collector is about to stop; streams end then.
    pub stopping: watch::Receiver<bool>,
    /// Which sites may send and read.
    pub origins: Arc<OriginRules>,
    /// How often one address may ask.
    pub rate: Arc<RateLimit>,
    /// Who may send and read.
    pub tokens: Arc<Tokens>,
    /// What is counted about the collector itself.
    pub telemetry: Arc<Telemetry>,
    store: Arc<dyn Store>,
    readers: Arc<Semaphore>,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        config: Config,
        store: Arc<dyn Store>,
        writer: Writer,
        telemetry: Arc<Telemetry>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            origins: Arc::new(OriginRules {
                send: config.cors_origin.clone(),
                read: config.cors_read_origin.clone(),
            }),
            rate: Arc::new(RateLimit::new(config.rate_limit)),
            tokens: Arc::new(Tokens { ingest: config.token_ingest.clone(), read: config.token_read.clone() }),
            telemetry,
            config: Arc::new(config),
            writer,
            room: Room::new(),
            stopping,
            store,
            readers: Arc::new(Semaphore::new(READERS)),
        }
    }

    /// The store, for what answers from memory; queries go through [`App::read`].
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Runs a query on a thread that may block.
    pub async fn read<T, Q>(&self, query: Q) -> Result<T, Fault>
    where
        T: Send + 'static,
        Q: FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    {
        let stopped = |_| Fault::busy("the collector is stopping", 5);
        let turn = self.readers.clone().acquire_owned().await.map_err(stopped)?;
        let store = self.store.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            query(&*store)
        });
        let failed = |error: tokio::task::JoinError| StoreError::Failed(error.to_string());
        Ok(answer.await.map_err(failed)??)
    }

    /// All addresses of the collector.
    pub fn router(self) -> Router {
        let mut router = Router::new()
            .merge(ingest::routes())
            .merge(query::routes())
            .merge(sessions::routes())
            .merge(metrics::routes())
            .merge(summary::routes())
            .merge(live::routes())
            .merge(health::routes())
            .merge(telemetry::routes())
            .merge(site::routes());
        router =
            if self.config.demo { router.merge(demo::routes()) } else { router.merge(site::front_page()) };
        router
            .route("/api/{*rest}", axum::routing::any(unknown))
            .method_not_allowed_fallback(wrong_method)
            .layer(CompressionLayer::new())
            .layer(axum::middleware::map_response(harden))
            .layer(axum::middleware::from_fn_with_state(self.clone(), guard::guard))
            .with_state(self)
    }
}

async fn unknown(uri: axum::http::Uri) -> Fault {
    Fault::new(
        StatusCode::NOT_FOUND,
        format!("there is nothing at {}; ARCHITECTURE.md lists the API", uri.path()),
    )
}

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Fault {
    Fault::new(StatusCode::METHOD_NOT_ALLOWED, format!("{} does not take {method}", uri.path()))
}

/// No browser shall guess that an event is a page.
async fn harden(mut response: axum::response::Response) -> axum::response::Response {
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
