//! Events in one SQLite file: a connection that writes, a few that read beside it (WAL).

mod read;
mod schema;
mod summary;
mod visitor;
mod visits;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    Appended, Batch, EventFilter, Filters, Page, SessionCursor, SessionFilter, SessionPage, Store,
    StoreError, StoredEvent, Summary,
};
use crate::answers::{Listed, Metric, Visit};
use crate::window::Window;
use chatvitals::metrics::{Options, SessionFacts};
use std::collections::BTreeMap;

/// How long a call waits for somebody else's lock, such as a backup's, before it reports [`StoreError::Busy`].
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The embedded default store.
pub struct SqliteStore {
    path: PathBuf,
    writer: Mutex<Connection>,
    idle_readers: Mutex<Vec<Connection>>,
    count: AtomicI64,
    last_seq: AtomicI64,
}

impl SqliteStore {
    /// Opens the database at `path`, creating it when it is not there, and lets it grow to `max_bytes`; the error names
    /// the file and the reason.
    pub fn open(path: &Path, max_bytes: Option<u64>) -> Result<Self, String> {
        let explain = |reason: String| format!("cannot open the database {}: {reason}", path.display());
        let mut writer = Connection::open(path).map_err(|error| explain(error.to_string()))?;
        configure_writer(&writer).map_err(|error| explain(error.to_string()))?;
        schema::migrate(&mut writer).map_err(explain)?;
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
            writer: Mutex::new(writer),
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
        let (appended, new_last_seq) = write::append(&mut held(&self.writer), last_seq, batches)?;
        self.count.fetch_add(new_last_seq - last_seq, Ordering::Relaxed);
        self.last_seq.store(new_last_seq, Ordering::Release);
        Ok(appended)
    }

    fn prune(&self, before: i64, limit: usize) -> Result<usize, StoreError> {
        let deleted = write::prune(&mut held(&self.writer), before, limit)?;
        self.count.fetch_sub(deleted as i64, Ordering::Relaxed);
        Ok(deleted)
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
        let visits = self.read(visits::all)?;
        let chosen = visits.iter().filter(|visit| {
            filter.window.contains(visit.facts.start)
                && filter.segment.contains(&visit.facts)
                && (visit.facts.chatted() || !filter.with_chat)
        });
        let mut sessions: Vec<Listed> = chosen.filter_map(Visit::listed).collect();
        sessions.sort_by(|a, b| (b.start, &b.session_id).cmp(&(a.start, &a.session_id)));
        if let Some(SessionCursor { start, session }) = &filter.before {
            sessions.retain(|listed| (listed.start, &listed.session_id) < (*start, session));
        }
        let more = sessions.len() > filter.limit;
        sessions.truncate(filter.limit);
        let last = sessions.last().filter(|_| more);
        let next = last.map(|last| SessionCursor { start: last.start, session: last.session_id.clone() });
        Ok(SessionPage { sessions, next })
    }

    fn metric(&self, metric: Metric, options: &Options) -> Result<String, StoreError> {
        let visits = self.read(visits::all)?;
        let facts: Vec<SessionFacts> = visits.into_iter().map(|visit| visit.facts).collect();
        metric.compute(&facts, options).map_err(|error| StoreError::Failed(error.to_string()))
    }

    fn filters(&self) -> Result<Filters, StoreError> {
        let visits = self.read(visits::all)?;
        let mut counted = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
        for visit in &visits {
            let facts = &visit.facts;
            for (counts, names) in counted.iter_mut().zip([
                facts.routes().collect::<Vec<_>>(),
                facts.device().map(String::as_str).into_iter().collect(),
                facts.campaign().map(String::as_str).into_iter().collect(),
            ]) {
                names.into_iter().for_each(|name| *counts.entry(name.to_owned()).or_insert(0) += 1);
            }
        }
        let [routes, devices, campaigns] = counted.map(|counts: BTreeMap<String, i32>| {
            let mut names: Vec<(String, i32)> = counts.into_iter().collect();
            names.sort_by_key(|(_, count)| -count);
            names.into_iter().take(100).map(|(name, _)| name).collect()
        });
        Ok(Filters { routes, devices, campaigns })
    }

    fn summary(&self, window: Window, now: i64) -> Result<Summary, StoreError> {
        self.read(|connection| summary::summary(connection, window, now))
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
            held(&self.writer).execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize")
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
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Failed(error.to_string()),
        }
    }
}
