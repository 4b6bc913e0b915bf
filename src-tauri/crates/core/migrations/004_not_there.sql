-- What records refer to and the portal answered that it does not have (404), so that it is not asked
-- for again at every sync.
CREATE TABLE not_there (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    type       TEXT NOT NULL,
    server_id  TEXT NOT NULL,
    asked      INTEGER NOT NULL,              -- when it was last asked for
    PRIMARY KEY (account_id, type, server_id)
) STRICT, WITHOUT ROWID;
