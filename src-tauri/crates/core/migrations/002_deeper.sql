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
ALTER TABLE account ADD COLUMN page_size INTEGER;                 -- the most that its portal gave at a time

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
