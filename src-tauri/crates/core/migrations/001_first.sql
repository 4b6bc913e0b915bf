-- Times of our own are whole seconds since 1970 (UTC). Texts that the portal sent stay as sent.

CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    origin        TEXT NOT NULL,              -- https://onpatient.com
    certificate   BLOB,                       -- DER; an extra root for this portal's client only
    client_id     TEXT NOT NULL,
    redirect_uris TEXT NOT NULL DEFAULT '[]', -- JSON array; empty for the usual three
    signed_in     INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL
) STRICT;

-- Apart from `account`, so that nothing that lists accounts can list these.
CREATE TABLE secret (
    account_id    INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    origin        TEXT NOT NULL,              -- whom these may be shown to
    client_secret TEXT,
    access_token  TEXT,
    refresh_token TEXT,
    expires_at    INTEGER NOT NULL DEFAULT 0,
    scope         TEXT
) STRICT;

CREATE TABLE person (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    patient_id TEXT NOT NULL,                 -- DSTU2 Patient.id
    name       TEXT NOT NULL,
    birth_date TEXT,
    UNIQUE (account_id, patient_id)
) STRICT;

-- One resource at the portal, through all its versions. `id` is what the rest of the world calls
-- the record by; it is never used twice.
CREATE TABLE resource (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    type       TEXT NOT NULL,
    key        TEXT NOT NULL,                 -- its id; `id#2` for a second one of that id; `=hash` where it has none
    server_id  TEXT,
    version_id INTEGER NOT NULL DEFAULT 0,    -- the version that counts
    hash       BLOB NOT NULL,                 -- SHA-256 of that version's bytes
    first_seen INTEGER NOT NULL,
    gone_since INTEGER,
    UNIQUE (account_id, type, key)
) STRICT;

CREATE INDEX resource_by_server_id ON resource (account_id, type, server_id);

-- The bytes exactly as received. Never changed, never deleted but by the person.
CREATE TABLE version (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    resource_id INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    first_seen  INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;

CREATE INDEX version_by_resource ON version (resource_id, id);

-- Narrow, because every sync writes it for every resource.
CREATE TABLE seen (
    resource_id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    run_id      INTEGER NOT NULL,
    at          INTEGER NOT NULL
) STRICT;

-- Derived from `version`; may be thrown away and made again. Narrow, because lists and searches walk
-- it; what is shown of a row lies in `told`.
CREATE TABLE record (
    resource_id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    derivation  INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    person_id   INTEGER,
    kind        TEXT NOT NULL,
    sort        TEXT NOT NULL,                -- '' for undated, so that they come last
    part_of     INTEGER,
    gone        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX record_by_time ON record (sort DESC, resource_id DESC);
CREATE INDEX record_by_part_of ON record (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX record_by_derivation ON record (derivation);

CREATE TABLE told (
    resource_id INTEGER PRIMARY KEY REFERENCES record (resource_id) ON DELETE CASCADE,
    row         TEXT NOT NULL,                -- JSON: what stands in a list
    body        TEXT NOT NULL                 -- JSON: the whole record
) STRICT;

CREATE TABLE link (
    from_id   INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    role      TEXT NOT NULL,
    type      TEXT NOT NULL,
    server_id TEXT NOT NULL,
    PRIMARY KEY (from_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_by_target ON link (type, server_id);

-- What a record was derived with the help of, there or not; when that comes or changes, the record
-- is derived again.
CREATE TABLE dependency (
    resource_id INTEGER NOT NULL REFERENCES resource (id) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    server_id   TEXT NOT NULL,
    PRIMARY KEY (resource_id, type, server_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX dependency_by_target ON dependency (type, server_id);

CREATE VIRTUAL TABLE search USING fts5 (
    title, codes, measured, body,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE run (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    started    INTEGER NOT NULL,
    finished   INTEGER,
    report     TEXT                           -- JSON of the outcome, once finished
) STRICT;

-- What is known of each type at each portal between runs.
CREATE TABLE type_state (
    account_id        INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    type              TEXT NOT NULL,
    given             INTEGER NOT NULL DEFAULT 0, -- whether it was ever given
    not_offered_since INTEGER,
    PRIMARY KEY (account_id, type)
) STRICT, WITHOUT ROWID;
