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

-- Sync.

ALTER TABLE run ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 1;
ALTER TABLE run ADD COLUMN parts INTEGER NOT NULL DEFAULT 1;   -- one more each time it went on
ALTER TABLE run ADD COLUMN touched INTEGER NOT NULL DEFAULT 0; -- when it last committed something
ALTER TABLE run ADD COLUMN open INTEGER NOT NULL DEFAULT 0;    -- whether it can go on from where it was
ALTER TABLE run ADD COLUMN failed TEXT;                        -- why it has no outcome, in words

CREATE INDEX run_by_account ON run (account_id, id);

-- What a run found of a resource, if not that it is as it was.
CREATE TABLE run_change (
    run_id      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    resource_id INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    change      TEXT NOT NULL,              -- new, changed, gone, moved, back
    PRIMARY KEY (run_id, resource_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_change_by_resource ON run_change (resource_id);

-- How far a run has come with a type, so that it can go on there.
CREATE TABLE sweep (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    type   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    state  TEXT NOT NULL,                   -- JSON: the next page and what was counted until there
    PRIMARY KEY (run_id, type)
) STRICT, WITHOUT ROWID;

ALTER TABLE resource ADD COLUMN moved_from TEXT;                  -- its id before
ALTER TABLE type_state ADD COLUMN whole_run INTEGER NOT NULL DEFAULT 0; -- the last run that swept all of it
ALTER TABLE account ADD COLUMN page_size INTEGER;                 -- how many its portal is asked for at a time

-- Everything that left this computer.
CREATE TABLE request (
    host    TEXT NOT NULL,
    purpose TEXT NOT NULL,
    at      INTEGER NOT NULL,               -- a minute; the day's first once it is older than a day
    count   INTEGER NOT NULL,
    PRIMARY KEY (host, purpose, at)
) STRICT, WITHOUT ROWID;

-- The person's own.

CREATE TABLE note (
    resource_id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    text        TEXT NOT NULL,
    written_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE pin (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    test      TEXT NOT NULL,
    position  INTEGER NOT NULL,
    PRIMARY KEY (person_id, test)
) STRICT, WITHOUT ROWID;

-- What the interface remembers between two openings. Here, because it may say what somebody reads.
CREATE TABLE remembered (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Connect.

ALTER TABLE person ADD COLUMN relation TEXT; -- mine, in_my_care; null where nobody has said

-- The one certificate that macOS and Windows trust between sign-ins, and its key.
CREATE TABLE kept_certificate (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    der       BLOB NOT NULL,
    key       BLOB NOT NULL,              -- PKCS#8
    not_after INTEGER NOT NULL
) STRICT;
