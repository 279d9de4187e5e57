-- The journal: every event of every stream, in the order in which they were committed. Rows are added, never changed.

-- "TYJ1": says that the file is a journal of Tongyuan (journal/src/sqlite/open.rs).
PRAGMA application_id = 1415137841;

-- The log. A replay is one sequential scan, and an append touches nothing but its end: what is looked up by stream or by id
-- stands in tables of its own, which follow behind in batches.
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

-- How far the two indexes reach: every event up to this position is in them, no later one is.
CREATE TABLE indexed (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL
) STRICT;

INSERT INTO indexed (one, position) VALUES (1, 0);

-- Where the events of a stream are.
CREATE TABLE stream_index (
    stream   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;

-- The ids that are taken.
CREATE TABLE id_index (
    id       BLOB    NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- A journal is only ever added to, whatever program opens it.
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events of the journal are never changed');
END;

CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events of the journal are never removed');
END;
