-- What the person registered at a portal, until a sign-in with it has brought a connection: the
-- portal may never show the secret again.
CREATE TABLE registration (
    only          INTEGER PRIMARY KEY CHECK (only = 1),
    origin        TEXT NOT NULL,              -- whom the secret may be shown to
    certificate   BLOB,                       -- DER; an extra root for this portal's client only
    client_id     TEXT NOT NULL,
    client_secret TEXT,
    redirect_uris TEXT NOT NULL DEFAULT '[]'  -- JSON array; empty for the usual three
) STRICT;
