-- Records together.

-- What is noted of a record for those it belongs together with, and what became of it among them.
-- Most results have no row here.
CREATE TABLE fold (
    resource_id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,                -- the list it belongs to by itself
    strand      TEXT NOT NULL,                -- JSON
    bucket      TEXT NOT NULL,                -- what it is folded among; '' for nothing
    was         TEXT,                         -- another bucket it was in, to be folded without it
    waits       INTEGER NOT NULL,             -- whether its bucket is to be folded again
    whose       TEXT NOT NULL,                -- person, unsaid, other, stranger
    patient     TEXT,                         -- DSTU2 Patient.id of a stranger
    withdrawn   INTEGER NOT NULL,             -- entered in error: in no count
    whole       INTEGER,                      -- the record it stands in
    stands      INTEGER NOT NULL DEFAULT 0,   -- whether it has a row in the list of its kind all the same
    rank        INTEGER NOT NULL DEFAULT 0,   -- of the part of its list
    ends        TEXT NOT NULL DEFAULT '',     -- the last day, month or year of that part
    ends_rank   INTEGER NOT NULL DEFAULT 0,
    stale       TEXT NOT NULL DEFAULT '',     -- the same for a list that must be confirmed
    stale_rank  INTEGER NOT NULL DEFAULT 0,
    lane        TEXT NOT NULL DEFAULT ''      -- what it sorts by within its part, before its time
) STRICT;

CREATE INDEX fold_by_bucket ON fold (bucket) WHERE bucket <> '';
CREATE INDEX fold_waiting ON fold (resource_id) WHERE waits = 1;
CREATE INDEX fold_standing ON fold (resource_id) WHERE stands = 1;
CREATE INDEX fold_withdrawn ON fold (resource_id) WHERE withdrawn = 1;
CREATE INDEX fold_of_nobody ON fold (resource_id) WHERE whose <> 'person';

CREATE TRIGGER fold_again_when_gone AFTER UPDATE OF gone ON record WHEN NEW.gone <> OLD.gone
BEGIN
    UPDATE fold SET waits = 1 WHERE resource_id = NEW.resource_id;
END;
-- Writing and reading in bulk.

-- Whose record, or whose place in the search, is still to be made from the raw bytes: put off because
-- something it needs had not come, or left behind when Onhand was ended in the middle.
CREATE TABLE pending (
    resource_id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE
) STRICT;

-- Whether records changed and folding them into each other is still to come.
ALTER TABLE account ADD COLUMN unsettled INTEGER NOT NULL DEFAULT 0;

-- One row. Words go into the search many at a time: those of every record up to `searched` are in.
CREATE TABLE derived (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    derivation INTEGER NOT NULL,              -- which derivation all records have, but those in `pending`
    searched   INTEGER NOT NULL
) STRICT;

INSERT INTO derived (id, derivation, searched) SELECT 1, 0, coalesce(max(resource_id), 0) FROM record;

DROP INDEX record_by_derivation;

-- What lists are made of: walked and counted without the table.
CREATE INDEX record_shown
    ON record (sort DESC, resource_id DESC, kind, person_id, gone, account_id, part_of)
    WHERE part_of IS NULL;

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

-- Lab tests.

-- One row for each result of a record that is of a test, or that came without a name.
CREATE TABLE measured (
    resource_id INTEGER NOT NULL REFERENCES record (resource_id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,             -- among the record's results, from 0
    test        TEXT,                         -- the series it belongs to
    is_out      INTEGER NOT NULL DEFAULT 0,   -- marked, or outside the range sent with it
    is_unnamed  INTEGER NOT NULL DEFAULT 0,   -- whether its name is not the portal's
    PRIMARY KEY (resource_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX measured_by_test ON measured (test, resource_id) WHERE test IS NOT NULL;
CREATE INDEX measured_unnamed ON measured (resource_id) WHERE is_unnamed = 1;

-- The person's own: what they called results that the portal left unnamed.
CREATE TABLE named_result (
    resource_id INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    code        TEXT,                         -- LOINC
    panel       TEXT NOT NULL,                -- what the panel was called that it came with
    seat        INTEGER NOT NULL,             -- its place there
    seats       INTEGER NOT NULL,             -- of how many
    is_only     INTEGER NOT NULL,             -- whether none beside it had its unit and range
    unit        TEXT,
    range       TEXT,
    named_at    INTEGER NOT NULL,
    PRIMARY KEY (resource_id, position)
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
