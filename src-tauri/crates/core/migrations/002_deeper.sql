-- Writing and reading in bulk.

-- Whose record, or whose place in the search, is still to be made from the raw bytes: put off because
-- something it needs had not come, or left behind when Onhand was ended in the middle.
CREATE TABLE pending (
    resource_id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE
) STRICT;

-- One row. Words go into the search many at a time: those of every record up to `searched` are in.
CREATE TABLE derived (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    derivation INTEGER NOT NULL,              -- which derivation all records have, but those in `pending`
    searched   INTEGER NOT NULL
) STRICT;

INSERT INTO derived (id, derivation, searched) SELECT 1, 0, coalesce(max(resource_id), 0) FROM record;

DROP INDEX record_by_derivation;

-- The whole record is made from the raw bytes when it is opened; only its row is kept.
DROP TABLE told;
CREATE TABLE told (
    resource_id INTEGER PRIMARY KEY REFERENCES record (resource_id) ON DELETE CASCADE,
    row         TEXT NOT NULL                 -- JSON: what stands in a list
) STRICT;

-- Which resources of a type came, a row for each page and not for each resource. At position 0, once
-- a sweep was complete: all that are not gone.
CREATE TABLE heard (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    type       TEXT NOT NULL,
    position   INTEGER NOT NULL,
    run_id     INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    ids        BLOB,                          -- numbers as variable-length differences
    PRIMARY KEY (account_id, type, position)
) STRICT, WITHOUT ROWID;
