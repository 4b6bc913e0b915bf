//! Accounts, their secrets, and the people they are about.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Result, Store};

/// A connection to a portal, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its number.
    pub id: i64,
    /// The portal's origin.
    pub origin: String,
    /// An extra root certificate (DER) for this portal's client.
    pub certificate: Option<Vec<u8>>,
    /// The client id registered there.
    pub client_id: String,
    /// The redirect addresses registered there; empty for the usual three.
    pub redirect_uris: Vec<String>,
    /// Whether the portal accepted the sign-in the last time it was asked.
    pub signed_in: bool,
    /// Whether its secrets were forgotten because the person disconnected it.
    pub disconnected: bool,
}

/// What a sign-in brings.
pub struct NewAccount {
    /// The portal's origin.
    pub origin: String,
    /// An extra root certificate (DER) for this portal's client.
    pub certificate: Option<Vec<u8>>,
    /// The client id registered there.
    pub client_id: String,
    /// The redirect addresses registered there; empty for the usual three.
    pub redirect_uris: Vec<String>,
    /// Tokens and the client secret.
    pub secrets: Secrets,
}

/// What may be shown to the account's own portal and to nobody else.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The client secret, where the portal gave one.
    pub client_secret: Option<SecretString>,
    /// The access token.
    pub access: SecretString,
    /// The refresh token, where the portal gave one.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// The scope granted, as sent.
    pub scope: Option<String>,
}

/// What a person registered at a portal, before it has brought a connection.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The portal's origin.
    pub origin: String,
    /// An extra root certificate (DER) for this portal's client.
    pub certificate: Option<Vec<u8>>,
    /// The client id registered there.
    pub client_id: String,
    /// Its secret, where the portal gave one.
    pub client_secret: Option<SecretString>,
    /// The redirect addresses registered there; empty for the usual three.
    pub redirect_uris: Vec<String>,
}

/// A certificate that the system trusts between sign-ins, and its key.
#[derive(Clone)]
pub struct KeptCertificate {
    /// The certificate (DER).
    pub der: Vec<u8>,
    /// Its key (PKCS#8), for this database and nowhere else.
    pub key: SecretSlice<u8>,
    /// When it ends.
    pub not_after: Timestamp,
}

impl fmt::Debug for KeptCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptCertificate")
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// Who somebody is to whoever uses Onhand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Themself.
    Mine,
    /// Somebody they care for.
    InMyCare,
}

impl Relation {
    fn as_text(self) -> &'static str {
        match self {
            Relation::Mine => "mine",
            Relation::InMyCare => "in_my_care",
        }
    }

    fn from_text(text: &str) -> Option<Relation> {
        [Relation::Mine, Relation::InMyCare].into_iter().find(|one| one.as_text() == text)
    }
}

/// Somebody the portal says an account is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// `DSTU2 Patient.id`.
    pub patient_id: String,
    /// The name as the portal writes it.
    pub name: String,
    /// `DSTU2 Patient.birthDate`, as sent.
    pub birth_date: Option<String>,
}

impl Store {
    /// Every account, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountRow>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, origin, certificate, client_id, redirect_uris, signed_in,
                    NOT EXISTS (SELECT 1 FROM secret WHERE account_id = account.id)
             FROM account ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            let uris: String = row.get(4)?;
            Ok(AccountRow {
                id: row.get(0)?,
                origin: row.get(1)?,
                certificate: row.get(2)?,
                client_id: row.get(3)?,
                redirect_uris: serde_json::from_str(&uris).unwrap_or_default(),
                signed_in: row.get(5)?,
                disconnected: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The account of that number.
    ///
    /// # Errors
    /// [`super::Error::NotFound`] if there is none.
    pub fn account(&self, id: i64) -> Result<AccountRow> {
        self.accounts()?.into_iter().find(|row| row.id == id).ok_or(super::Error::NotFound)
    }

    /// The secrets of an account, or `None` when it was signed out. They belong to the origin in
    /// the account's own row; secrets saved for another origin are not given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn secrets(&self, account: i64) -> Result<Option<Secrets>> {
        let found = self
            .db
            .prepare_cached(
                "SELECT secret.client_secret, access_token, refresh_token, expires_at, scope
                 FROM secret JOIN account ON account.id = secret.account_id
                      AND account.origin = secret.origin
                 WHERE account_id = ?1 AND access_token IS NOT NULL",
            )?
            .query_row([account], |row| {
                Ok(Secrets {
                    client_secret: row.get::<_, Option<String>>(0)?.map(SecretString::from),
                    access: SecretString::from(row.get::<_, String>(1)?),
                    refresh: row.get::<_, Option<String>>(2)?.map(SecretString::from),
                    expires_at: Timestamp::from_second(row.get(3)?)
                        .unwrap_or(Timestamp::UNIX_EPOCH),
                    scope: row.get(4)?,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// The client secret of an account, which outlives its tokens.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn client_secret(&self, account: i64) -> Result<Option<SecretString>> {
        let found: Option<Option<String>> = self
            .db
            .prepare_cached(
                "SELECT client_secret FROM secret JOIN account ON account.id = secret.account_id
                      AND account.origin = secret.origin
                 WHERE account_id = ?1",
            )?
            .query_row([account], |row| row.get(0))
            .optional()?;
        Ok(found.flatten().map(SecretString::from))
    }

    /// Keeps a new account with its secrets and its people, or gives new secrets to an account that
    /// already holds one of these patients at this portal. One transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_sign_in(
        &mut self,
        replaces: Option<i64>,
        new: &NewAccount,
        people: &[Patient],
        now: Timestamp,
    ) -> Result<i64> {
        let tx = self.db.transaction()?;
        let uris = serde_json::to_string(&new.redirect_uris)?;
        let id = match replaces {
            Some(id) => {
                tx.execute(
                    "UPDATE account SET origin = ?2, certificate = ?3, client_id = ?4,
                            redirect_uris = ?5, signed_in = 1 WHERE id = ?1",
                    params![id, new.origin, new.certificate, new.client_id, uris],
                )?;
                id
            }
            None => {
                tx.execute(
                    "INSERT INTO account (origin, certificate, client_id, redirect_uris, signed_in,
                            created_at) VALUES (?1, ?2, ?3, ?4, 1, ?5)",
                    params![new.origin, new.certificate, new.client_id, uris, now.as_second()],
                )?;
                tx.last_insert_rowid()
            }
        };
        write_secrets(&tx, id, &new.origin, &new.secrets)?;
        for person in people {
            write_person(&tx, id, person)?;
        }
        tx.commit()?;
        Ok(id)
    }

    /// Replaces the tokens of an account by those that its access token `renewed` brought, in one
    /// transaction; the client secret stays. False where that one is kept no more: the account was
    /// signed out or signed in anew meanwhile, and nothing changes.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_tokens(
        &mut self,
        account: i64,
        renewed: &SecretString,
        secrets: &Secrets,
    ) -> Result<bool> {
        let tx = self.db.transaction()?;
        let n_renewed = tx.execute(
            "UPDATE secret SET access_token = ?2, refresh_token = ?3, expires_at = ?4, scope = ?5
             WHERE account_id = ?1 AND access_token = ?6",
            params![
                account,
                secrets.access.expose_secret(),
                secrets.refresh.as_ref().map(ExposeSecret::expose_secret),
                secrets.expires_at.as_second(),
                secrets.scope,
                renewed.expose_secret(),
            ],
        )?;
        if n_renewed > 0 {
            tx.execute("UPDATE account SET signed_in = 1 WHERE id = ?1", [account])?;
        }
        tx.commit()?;
        Ok(n_renewed > 0)
    }

    /// Notes that the portal no longer accepts the sign-in. Forgets the tokens, which are of no more
    /// use; keeps the client secret, so that signing in again asks for nothing else.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_tokens(&mut self, account: i64) -> Result<()> {
        let tx = self.db.transaction()?;
        tx.execute(
            "UPDATE secret SET access_token = NULL, refresh_token = NULL, expires_at = 0,
                    scope = NULL WHERE account_id = ?1",
            [account],
        )?;
        tx.execute("UPDATE account SET signed_in = 0 WHERE id = ?1", [account])?;
        tx.commit()?;
        Ok(())
    }

    /// Signs an account out for good: forgets tokens and client secret, keeps its records.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_secrets(&mut self, account: i64) -> Result<()> {
        let tx = self.db.transaction()?;
        tx.execute("DELETE FROM secret WHERE account_id = ?1", [account])?;
        tx.execute("UPDATE account SET signed_in = 0 WHERE id = ?1", [account])?;
        tx.commit()?;
        Ok(())
    }

    /// Deletes an account and everything that came by it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_account(&mut self, account: i64) -> Result<()> {
        self.search_unsearched()?;
        let tx = self.db.transaction()?;
        tx.execute(
            "DELETE FROM search WHERE rowid IN (SELECT id FROM resource WHERE account_id = ?1)",
            [account],
        )?;
        tx.execute("DELETE FROM account WHERE id = ?1", [account])?;
        tx.commit()?;
        // What was deleted is to be gone from the file, too.
        self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(())
    }

    /// The people of an account, in the order they came: row number and what the portal says.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn people(&self, account: i64) -> Result<Vec<(i64, Patient)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, patient_id, name, birth_date FROM person WHERE account_id = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([account], |row| {
            Ok((
                row.get(0)?,
                Patient { patient_id: row.get(1)?, name: row.get(2)?, birth_date: row.get(3)? },
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Who the people of an account are to whoever uses Onhand, as far as they said so: row number
    /// and relation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn relations(&self, account: i64) -> Result<BTreeMap<i64, Relation>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, relation FROM person WHERE account_id = ?1 AND relation IS NOT NULL",
        )?;
        let rows = statement.query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, text)| Some((id, Relation::from_text(&text)?)))
            .collect())
    }

    /// Keeps who somebody is to whoever uses Onhand.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_relation(
        &mut self,
        account: i64,
        patient_id: &str,
        relation: Relation,
    ) -> Result<()> {
        self.db.execute(
            "UPDATE person SET relation = ?3 WHERE account_id = ?1 AND patient_id = ?2",
            params![account, patient_id, relation.as_text()],
        )?;
        Ok(())
    }

    /// The certificate that the system trusts between sign-ins, and its key; nothing where none is
    /// kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_certificate(&self) -> Result<Option<KeptCertificate>> {
        Ok(self
            .db
            .prepare_cached("SELECT der, key, not_after FROM kept_certificate")?
            .query_row([], |row| {
                Ok(KeptCertificate {
                    der: row.get(0)?,
                    key: SecretSlice::from(row.get::<_, Vec<u8>>(1)?),
                    not_after: Timestamp::from_second(row.get(2)?).unwrap_or(Timestamp::UNIX_EPOCH),
                })
            })
            .optional()?)
    }

    /// Keeps such a certificate in the place of an earlier one, or none at all.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_certificate(&mut self, kept: Option<&KeptCertificate>) -> Result<()> {
        let Some(kept) = kept else {
            self.db.execute("DELETE FROM kept_certificate", [])?;
            return Ok(());
        };
        self.db.execute(
            "INSERT INTO kept_certificate (only, der, key, not_after) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (only) DO UPDATE SET der = excluded.der, key = excluded.key,
                    not_after = excluded.not_after",
            params![kept.der, kept.key.expose_secret(), kept.not_after.as_second()],
        )?;
        Ok(())
    }

    /// What was registered at a portal and has brought no connection yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn registration(&self) -> Result<Option<Registration>> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT origin, certificate, client_id, client_secret, redirect_uris
                 FROM registration",
            )?
            .query_row([], |row| {
                let uris: String = row.get(4)?;
                Ok(Registration {
                    origin: row.get(0)?,
                    certificate: row.get(1)?,
                    client_id: row.get(2)?,
                    client_secret: row.get::<_, Option<String>>(3)?.map(SecretString::from),
                    redirect_uris: serde_json::from_str(&uris).unwrap_or_default(),
                })
            })
            .optional()?)
    }

    /// Keeps it in the place of an earlier one, or none at all.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_registration(&mut self, kept: Option<&Registration>) -> Result<()> {
        let tx = self.db.transaction()?;
        tx.execute("DELETE FROM registration", [])?;
        if let Some(kept) = kept {
            tx.execute(
                "INSERT INTO registration (only, origin, certificate, client_id, client_secret,
                        redirect_uris) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                params![
                    kept.origin,
                    kept.certificate,
                    kept.client_id,
                    kept.client_secret.as_ref().map(ExposeSecret::expose_secret),
                    serde_json::to_string(&kept.redirect_uris)?,
                ],
            )?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Adds people to an account, or corrects what is known of them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_people(&mut self, account: i64, people: &[Patient]) -> Result<()> {
        let tx = self.db.transaction()?;
        for person in people {
            write_person(&tx, account, person)?;
        }
        tx.commit()?;
        Ok(())
    }
}

fn write_secrets(
    db: &rusqlite::Connection,
    account: i64,
    origin: &str,
    secrets: &Secrets,
) -> Result<()> {
    db.execute(
        "INSERT INTO secret (account_id, origin, client_secret, access_token, refresh_token,
                expires_at, scope) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (account_id) DO UPDATE SET origin = excluded.origin,
                client_secret = excluded.client_secret, access_token = excluded.access_token,
                refresh_token = excluded.refresh_token, expires_at = excluded.expires_at,
                scope = excluded.scope",
        params![
            account,
            origin,
            secrets.client_secret.as_ref().map(ExposeSecret::expose_secret),
            secrets.access.expose_secret(),
            secrets.refresh.as_ref().map(ExposeSecret::expose_secret),
            secrets.expires_at.as_second(),
            secrets.scope,
        ],
    )?;
    Ok(())
}

fn write_person(db: &rusqlite::Connection, account: i64, person: &Patient) -> Result<()> {
    db.execute(
        "INSERT INTO person (account_id, patient_id, name, birth_date) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account_id, patient_id) DO UPDATE SET name = excluded.name,
                birth_date = excluded.birth_date",
        params![account, person.patient_id, person.name, person.birth_date],
    )?;
    Ok(())
}
