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
