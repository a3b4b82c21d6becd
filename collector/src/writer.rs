//! The one thread that writes. Requests that wait at the same time share a transaction, and with it the wait for the
//! disk: that is what makes "acknowledged means durable" affordable.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot, watch};

use crate::fault::Fault;
use crate::ingest::body::Share;
use crate::store::{Appended, Batch, Store, StoreError};
use crate::telemetry::Telemetry;

/// Requests that may wait for the writer. Their bytes are bounded by [`crate::ingest::body::Room`].
const QUEUE: usize = 4096;

/// Events after which a transaction is closed although more are waiting, so that the first ones need not wait for all.
const COMMIT_EVENTS: usize = 4096;

enum Job {
    Append(Append),
    Prune { before: i64, limit: usize, done: oneshot::Sender<Result<usize, StoreError>> },
}

struct Append {
    batch: Batch,
    done: oneshot::Sender<Result<Appended, StoreError>>,
    /// Held until the batch is on the disk.
    share: Share,
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
    pub fn start(
        store: Arc<dyn Store>,
        telemetry: Arc<Telemetry>,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (announce, last_seq) = watch::channel(store.last_seq());
        let mut thread = Thread { store, telemetry, jobs, announce };
        let handle = thread::Builder::new().name("writer".into()).spawn(move || thread.run())?;
        Ok((Self { queue, last_seq }, handle))
    }

    /// Stores a batch; when this returns `Ok` it is durable.
    pub async fn append(&self, batch: Batch, share: Share) -> Result<Appended, Fault> {
        let (done, answer) = oneshot::channel();
        self.queue
            .try_send(Job::Append(Append { batch, done, share }))
            .map_err(|_| Fault::busy("the collector has more requests waiting than it can hold", 1))?;
        Ok(answer.await.map_err(|_| gone())??)
    }

    /// Deletes up to `limit` events that happened before `before`; gives how many.
    pub async fn prune(&self, before: i64, limit: usize) -> Result<usize, StoreError> {
        let (done, answer) = oneshot::channel();
        self.queue.send(Job::Prune { before, limit, done }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Whether there is still a thread that writes.
    pub fn is_alive(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Follows the position of the event stored last.
    pub fn last_seq(&self) -> watch::Receiver<i64> {
        self.last_seq.clone()
    }
}

fn gone() -> StoreError {
    StoreError::Failed("the writing thread has ended".into())
}

struct Thread {
    store: Arc<dyn Store>,
    telemetry: Arc<Telemetry>,
    jobs: mpsc::Receiver<Job>,
    announce: watch::Sender<i64>,
}

impl Thread {
    fn run(&mut self) {
        let mut next = self.jobs.blocking_recv();
        while let Some(job) = next {
            // A job that does not fit into a group starts the next one.
            let left_over = match job {
                Job::Append(first) => self.append_group(first),
                Job::Prune { before, limit, done } => {
                    // Nobody waiting for the answer changes nothing about it; the same holds below.
                    let _ = done.send(self.store.prune(before, limit));
                    None
                }
            };
            next = left_over.or_else(|| self.jobs.blocking_recv());
        }
        self.store.close();
    }

    /// Commits `first` together with what waits behind it; gives back a job that is something else.
    fn append_group(&mut self, first: Append) -> Option<Job> {
        let mut events = first.batch.events.len();
        let mut batches = vec![first.batch];
        let mut waiting = vec![(first.done, first.share)];
        let mut left_over = None;
        while events < COMMIT_EVENTS && left_over.is_none() {
            match self.jobs.try_recv() {
                Ok(Job::Append(Append { batch, done, share })) => {
                    events += batch.events.len();
                    batches.push(batch);
                    waiting.push((done, share));
                }
                Ok(other) => left_over = Some(other),
                Err(_) => break,
            }
        }
        let started = Instant::now();
        let outcome = self.store.append(&batches);
        self.telemetry.committed(started.elapsed());
        // Before the answers: who has read one finds its events within the live stream's reach.
        self.announce.send_if_modified(|last| {
            let before = std::mem::replace(last, self.store.last_seq());
            *last > before
        });
        match outcome {
            Ok(appended) => {
                waiting.into_iter().zip(appended).for_each(|((done, _), one)| drop(done.send(Ok(one))))
            }
            Err(error) => waiting.into_iter().for_each(|(done, _)| drop(done.send(Err(error.clone())))),
        }
        left_over
    }
}
