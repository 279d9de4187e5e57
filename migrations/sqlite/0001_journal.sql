-- The journal: every event of every stream, in the order in which they were committed. Rows are added, never changed.

-- "TYJ1": says that the file is a journal of Tongyuan (journal/src/sqlite/open.rs).
PRAGMA application_id = 1415137841;

-- One table without joins, so that a replay is one sequential scan.
CREATE TABLE events (
    -- Given under the write lock, so that the order of positions is the order of commits, also between processes.
    position INTEGER PRIMARY KEY,
    -- Stream, e.g. item-11440000006939756B2440101007000, and number of the event within it, from 0.
    stream   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    -- UUID, 16 bytes.
    id       BLOB    NOT NULL,
    -- E.g. item.adopted.
    kind     TEXT    NOT NULL,
    -- JSON, kept byte for byte.
    metadata BLOB    NOT NULL,
    payload  BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX events_by_stream ON events (stream, version);
CREATE UNIQUE INDEX events_by_id ON events (id);

-- A journal is only ever added to, whatever program opens it.
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events of the journal are never changed');
END;

CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events of the journal are never removed');
END;
