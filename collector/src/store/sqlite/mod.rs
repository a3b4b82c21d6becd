//! Events in one SQLite file: a connection that writes, a few that read beside it (WAL).

mod answers;
mod read;
mod schema;
mod summary;
mod touched;
mod visitor;
mod visits;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chatvitals::metrics::{self, Options, Segment};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    Appended, Batch, EventFilter, Filters, Page, SessionFilter, SessionPage, Store, StoreError, StoredEvent,
    Summary,
};
use crate::answers::{Answers, Metric, Open};
use crate::window::Window;

/// How long a call waits for somebody else's lock, such as a backup's, before it reports [`StoreError::Busy`].
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The embedded default store.
pub struct SqliteStore {
    path: PathBuf,
    writing: Mutex<Writing>,
    answers: Answers,
    idle_readers: Mutex<Vec<Connection>>,
    count: AtomicI64,
    last_seq: AtomicI64,
}

/// What the writer has for itself.
struct Writing {
    connection: Connection,
    /// The visits that are still changing, which need not be read to be added to.
    open: Open,
}

impl SqliteStore {
    /// Opens the database at `path`, creating it when it is not there, and lets it grow to `max_bytes`; the error names
    /// the file and the reason.
    pub fn open(path: &Path, max_bytes: Option<u64>) -> Result<Self, String> {
        let explain = |reason: String| format!("cannot open the database {}: {reason}", path.display());
        let mut writer = Connection::open(path).map_err(|error| explain(error.to_string()))?;
        configure_writer(&writer).map_err(|error| explain(error.to_string()))?;
        schema::migrate(&mut writer).map_err(explain)?;
        schema::gather_visits(&mut writer).map_err(explain)?;
        if let Some(bytes) = max_bytes {
            limit_size(&writer, bytes).map_err(|error| explain(error.to_string()))?;
        }
        let (count, last_seq) = writer
            .query_row("SELECT count(*), coalesce(max(seq), 0) FROM events", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .map_err(|error| explain(error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            writing: Mutex::new(Writing { connection: writer, open: Open::default() }),
            answers: Answers::default(),
            idle_readers: Mutex::default(),
            count: AtomicI64::new(count),
            last_seq: AtomicI64::new(last_seq),
        })
    }

    /// Runs `query` on a connection of its own, which the next query may use again.
    fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let idle = held(&self.idle_readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.path)?,
        };
        let answer = query(&connection)?;
        held(&self.idle_readers).push(connection);
        Ok(answer)
    }
}

impl Store for SqliteStore {
    fn append(&self, batches: &[Batch]) -> Result<Vec<Appended>, StoreError> {
        let last_seq = self.last_seq();
        let mut writing = held(&self.writing);
        let Writing { connection, open } = &mut *writing;
        let done = write::append(connection, open, last_seq, batches)?;
        self.answers.note(done.changes);
        let (appended, new_last_seq) = done.answer;
        self.count.fetch_add(new_last_seq - last_seq, Ordering::Relaxed);
        self.last_seq.store(new_last_seq, Ordering::Release);
        Ok(appended)
    }

    fn prune(&self, before: i64, limit: usize) -> Result<usize, StoreError> {
        let mut writing = held(&self.writing);
        let Writing { connection, open } = &mut *writing;
        let done = write::prune(connection, open, before, limit)?;
        self.answers.note(done.changes);
        self.count.fetch_sub(done.answer as i64, Ordering::Relaxed);
        Ok(done.answer)
    }

    fn events(&self, filter: &EventFilter) -> Result<Page, StoreError> {
        self.read(|connection| read::events(connection, filter))
    }

    fn after(&self, seq: i64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(|connection| read::after(connection, seq, limit))
    }

    fn session(&self, session: &str, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(|connection| read::session(connection, session, limit))
    }

    fn sessions(&self, filter: &SessionFilter) -> Result<SessionPage, StoreError> {
        self.read(|connection| visits::page(connection, filter))
    }

    fn metric(&self, metric: Metric, options: &Options) -> Result<String, StoreError> {
        self.report(metric, options)
    }

    fn filters(&self) -> Result<Filters, StoreError> {
        self.names()
    }

    fn summary(&self, window: Window, segment: &Segment, now: i64) -> Result<Summary, StoreError> {
        summary::summary(self, window, segment, now)
    }

    fn warm_up(&self) -> Result<(), StoreError> {
        self.counted(&Segment::default(), &metrics::Window::default()).map(drop)
    }

    fn count(&self) -> i64 {
        self.count.load(Ordering::Relaxed)
    }

    fn bytes(&self) -> u64 {
        let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        size(&self.path) + size(Path::new(&log))
    }

    fn last_seq(&self) -> i64 {
        self.last_seq.load(Ordering::Acquire)
    }

    fn close(&self) {
        // Readers first: the checkpoint can only empty the log when nobody reads from it.
        held(&self.idle_readers).clear();
        if let Err(error) =
            held(&self.writing).connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize")
        {
            eprintln!("the database was left with its log, which the next start will read: {error}");
        }
    }
}

/// Settings of the writing connection. FULL makes every commit wait until the log is on the disk: an acknowledged
/// event survives a power cut, not only a crash of this process.
fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK_WAIT)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000")
}

fn limit_size(connection: &Connection, bytes: u64) -> rusqlite::Result<()> {
    let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    // The pragma answers with the limit it has set, which is never below the present size.
    connection.query_row(&format!("PRAGMA max_page_count = {}", (bytes as i64 / page).max(1)), [], |_| Ok(()))
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOCK_WAIT)?;
    connection.execute_batch("PRAGMA cache_size = -8000")?;
    Ok(connection)
}

/// The value behind the lock. A panic elsewhere leaves a connection usable: SQLite rolls back what was open.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // A quota or a limit on the size of files reaches SQLite as a failed write, and is a full disk all the same.
        let cannot_write = error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            _ if cannot_write => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Failed(error.to_string()),
        }
    }
}
