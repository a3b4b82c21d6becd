//! The one thread that writes. Requests that wait at the same time share a transaction, and with it the wait for the
//! disk: that is what makes "acknowledged means durable" affordable.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot, watch};

use crate::fault::Fault;
use crate::ingest::body::Share;
use crate::store::{Appended, Batch, Store, StoreError};

/// Requests that may wait for the writer. Their bytes are bounded by [`crate::ingest::body::Room`].
const QUEUE: usize = 4096;

/// Events after which a transaction is closed although more are waiting, so that the first ones need not wait for all.
const COMMIT_EVENTS: usize = 4096;

struct Job {
    batch: Batch,
    done: oneshot::Sender<Result<Appended, StoreError>>,
    /// Held until the batch is on the disk.
    _share: Share,
}

/// Hands batches to the writing thread. Clones share it; when the last one is dropped the thread finishes what waits
/// and ends.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    last_seq: watch::Receiver<i64>,
}

impl Writer {
    /// Starts the writing thread. Join it after the last clone of the writer is gone.
    pub fn start(store: Arc<dyn Store>) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (announce, last_seq) = watch::channel(store.last_seq());
        let thread =
            thread::Builder::new().name("writer".into()).spawn(move || run(&*store, jobs, &announce))?;
        Ok((Self { queue, last_seq }, thread))
    }

    /// Stores a batch; when this returns `Ok` it is durable.
    pub async fn append(&self, batch: Batch, share: Share) -> Result<Appended, Fault> {
        let (done, answer) = oneshot::channel();
        self.queue
            .try_send(Job { batch, done, _share: share })
            .map_err(|_| Fault::busy("the collector has more requests waiting than it can hold", 1))?;
        let lost = |_| StoreError::Failed("the writer ended before it answered".into());
        Ok(answer.await.map_err(lost)??)
    }

    /// Follows the position of the event stored last.
    pub fn last_seq(&self) -> watch::Receiver<i64> {
        self.last_seq.clone()
    }
}

fn run(store: &dyn Store, mut jobs: mpsc::Receiver<Job>, announce: &watch::Sender<i64>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut events = 0;
        let mut batches = Vec::new();
        let mut waiting = Vec::new();
        let mut next = Some(first);
        while let Some(Job { batch, done, _share }) = next {
            events += batch.events.len();
            batches.push(batch);
            waiting.push((done, _share));
            next = if events < COMMIT_EVENTS { jobs.try_recv().ok() } else { None };
        }
        let outcome = store.append(&batches);
        // Before the answers: who has read one finds its events in the live stream's reach.
        announce.send_if_modified(|last| {
            let before = std::mem::replace(last, store.last_seq());
            *last > before
        });
        match outcome {
            Ok(appended) => {
                waiting.into_iter().zip(appended).for_each(|((done, _), one)| drop(done.send(Ok(one))))
            }
            Err(error) => waiting.into_iter().for_each(|(done, _)| drop(done.send(Err(error.clone())))),
        }
    }
    store.close();
}
