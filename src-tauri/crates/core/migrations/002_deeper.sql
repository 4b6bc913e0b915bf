-- Connect.

ALTER TABLE person ADD COLUMN relation TEXT; -- mine, in_my_care; null where nobody has said

-- The one certificate that macOS and Windows trust between sign-ins, and its key.
CREATE TABLE kept_certificate (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    der       BLOB NOT NULL,
    key       BLOB NOT NULL,              -- PKCS#8
    not_after INTEGER NOT NULL
) STRICT;
