-- Version 1. A change is a new file and a new entry in schema.rs; this one stays as it is.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY, -- order of arrival, given out by the writer
    id          TEXT NOT NULL UNIQUE,
    type        TEXT NOT NULL,
    at          INTEGER NOT NULL,    -- ms since the epoch, client clock corrected
    received_at INTEGER NOT NULL,    -- ms since the epoch, server clock
    session_id  TEXT,
    view_id     TEXT,
    path        TEXT,
    visitor     INTEGER,             -- hash of address and user agent with the salt of the day
    body        TEXT NOT NULL        -- the whole event as JSON
) STRICT;

CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_by_type ON events (type, at);
CREATE INDEX events_by_session ON events (session_id, at) WHERE session_id IS NOT NULL;
CREATE INDEX events_by_path ON events (path, at) WHERE path IS NOT NULL;

-- One row, overwritten every day: yesterday's hashes can then no longer be recomputed.
CREATE TABLE visitor_salt (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    day  INTEGER NOT NULL,           -- days since the epoch, UTC
    salt BLOB NOT NULL
) STRICT;

-- The latest account of each tracker instance.
CREATE TABLE tracker_stats (
    id         TEXT PRIMARY KEY,
    captured   INTEGER NOT NULL,
    sent       INTEGER NOT NULL,
    lost       INTEGER NOT NULL,
    retried    INTEGER NOT NULL,
    dropped    TEXT NOT NULL,        -- JSON object: reason to count
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tracker_stats_by_time ON tracker_stats (updated_at);
