-- Version 2: sessions as the answers know them, written in the transaction of their events.
CREATE TABLE visits (
    key      TEXT PRIMARY KEY,    -- 's' and the session's id, or 'e' and the id of an event without a session
    session  TEXT,                -- the session's id
    first_at INTEGER NOT NULL,    -- ms since the epoch
    last_at  INTEGER NOT NULL,    -- ms since the epoch
    chatted  INTEGER NOT NULL,    -- 1: the chat was used
    device   TEXT,
    campaign TEXT,
    routes   TEXT NOT NULL,       -- the routes seen, each between line feeds
    known    BLOB NOT NULL        -- everything known of it (answers::Visit), in the format of visits_state
) STRICT;
CREATE INDEX visits_by_start ON visits (first_at, session);
CREATE INDEX visits_by_end ON visits (last_at, session) WHERE session IS NOT NULL;

-- Visits can always be gathered from the events again: that is how a new format, or a store that had none, gets them.
CREATE TABLE visits_state (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    format INTEGER NOT NULL,
    seq    INTEGER                -- events up to this one are gathered; NULL: all are, and stay so
) STRICT;
INSERT INTO visits_state VALUES (1, 0, 0);
