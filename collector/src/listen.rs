//! Accepting connections: so many at the same time, and none that only pretends to send a request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

/// How long a connection may take for the head of a request, and stay idle between two.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// Pause after a failed accept: the system is out of something that only time gives back.
const BREATHER: Duration = Duration::from_millis(100);

/// Serves `router` on at most `most` connections until `stopping` turns true; then finishes the requests under way, for
/// at most `farewell`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    most: usize,
    mut stopping: watch::Receiver<bool>,
    farewell: Duration,
) {
    let places = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    loop {
        let accepted = tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                eprintln!("a connection could not be accepted: {error}");
                tokio::time::sleep(BREATHER).await;
                continue;
            }
        };
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request as Request<Incoming>)
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        // Forgets those that have ended.
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            // An error is the client's: it went away, or it spoke no HTTP.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(farewell, graceful.shutdown()).await.is_err() {
        eprintln!("some connections did not finish in {} s and are cut off", farewell.as_secs());
    }
    connections.shutdown().await;
}

/// How many of the `wanted` connections the system allows: each is an open file, and the database needs some, too.
pub fn places(wanted: usize) -> usize {
    const OTHER_FILES: u64 = 64;
    let needed = wanted as u64 + OTHER_FILES;
    // Where the system cannot tell, it is not asked for more.
    let allowed = rlimit::increase_nofile_limit(needed).unwrap_or(needed);
    if allowed >= needed {
        return wanted;
    }
    let places = allowed.saturating_sub(OTHER_FILES).max(1) as usize;
    eprintln!(
        "the system allows {allowed} open files (ulimit -n), so {places} connections instead of {wanted}"
    );
    places
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    // A place first: who has to wait does so in the system's queue, where it costs us nothing.
    let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Answers are small and whole; waiting for more to send would only delay them.
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}
