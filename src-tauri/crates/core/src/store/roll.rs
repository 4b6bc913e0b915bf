//! The roll of a run: which resources there were, and which have answered.
//!
//! A sync runs alone on its database, so what it knows of each resource can be held in memory: a page
//! that brings nothing new is told so without a question to the database, on any thread.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::params;
use sha2::{Digest, Sha256};

use super::{Result, RunId, Store};

/// What a run knows of resources. Shared by the threads that read pages and the one that writes.
#[derive(Default)]
pub struct Roll {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    types: BTreeMap<String, HashMap<u128, Known>>,
    /// `Type/id` of what has another content than when the run began.
    changed: HashSet<String>,
    /// Types that some record was derived with the help of.
    helpful: HashSet<String>,
    /// Whether the run has changed any record.
    is_touched: bool,
}

#[derive(Clone, Copy)]
struct Known {
    /// 0 for one that came in this run.
    id: i64,
    hash: u128,
    seen: bool,
    /// In an earlier sweep of its type within the run.
    seen_before: bool,
    gone: bool,
}

/// What is to be done about an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// The very same came earlier in this run.
    Again,
    /// As it was.
    Same {
        /// The resource.
        id: i64,
        /// Whether it was gone until now.
        was_gone: bool,
        /// Whether another of the same id came before it.
        twin: bool,
    },
    /// Another content than before.
    Changed {
        /// The resource.
        id: i64,
        /// Whether it was gone until now.
        was_gone: bool,
        /// Whether another of the same id came before it.
        twin: bool,
    },
    /// Never seen.
    New {
        /// What it is kept under.
        key: String,
        /// Whether another of the same id came before it.
        twin: bool,
    },
}

impl Roll {
    /// Whether the resources of a type have been called.
    pub(super) fn knows(&self, resource_type: &str) -> bool {
        self.lock().types.contains_key(resource_type)
    }

    /// Reads what there is of a type and what of it came before the run was interrupted, unless that
    /// was done.
    pub(super) fn call(&self, store: &Store, run: RunId, resource_type: &str) -> Result<()> {
        if self.knows(resource_type) {
            return Ok(());
        }
        let heard = store.heard(run, resource_type)?;
        let before = RunId { id: -run.id, ..run };
        let heard_before = store.heard(before, resource_type)?;
        // Interrupted between telling what is gone and saying so: all others had come.
        let has_parted: bool = store
            .db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM heard WHERE account_id = ?1 AND type = ?2
                                AND position = 0 AND run_id = ?3)",
            )?
            .query_row(params![run.account, resource_type, run.id], |row| row.get(0))?;
        let mut known = HashMap::new();
        let mut statement = store.db.prepare_cached(
            "SELECT id, key, hash, gone_since IS NOT NULL FROM resource
             WHERE account_id = ?1 AND type = ?2",
        )?;
        let mut rows = statement.query(params![run.account, resource_type])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let hash = short(row.get_ref(2)?.as_blob().unwrap_or_default());
            let seen = heard.binary_search(&id).is_ok();
            let gone: bool = row.get(3)?;
            let seen_before = heard_before.binary_search(&id).is_ok() || (has_parted && !gone);
            let one = Known { id, hash, seen, seen_before, gone };
            known.insert(place(row.get_ref(1)?.as_str().unwrap_or_default()), one);
        }
        known.shrink_to_fit();
        self.lock().types.entry(resource_type.to_owned()).or_insert(known);
        Ok(())
    }

    /// Notes an arrival, and says what is to be done about it. `base` is its id, or `=` and its hash
    /// where it has none.
    pub(super) fn claim(
        &self,
        resource_type: &str,
        base: &str,
        has_id: bool,
        hash: &[u8; 32],
    ) -> Claim {
        let hash = short(hash);
        let mut inner = self.lock();
        let Inner { types, changed, .. } = &mut *inner;
        let known = types.entry(resource_type.to_owned()).or_default();
        let keys = || (1..).map(|n| if n == 1 { base.to_owned() } else { format!("{base}#{n}") });
        let here: Vec<(u128, Known)> = keys()
            .map(|key| place(&key))
            .map_while(|at| known.get(&at).map(|one| (at, *one)))
            .collect();
        if has_id && here.iter().any(|(_, one)| one.seen && one.hash == hash) {
            return Claim::Again;
        }
        let twin = has_id && here.iter().any(|(_, one)| one.seen);
        let same = here.iter().find(|(_, one)| !one.seen && one.hash == hash);
        let other = || here.iter().find(|(_, one)| !one.seen);
        if let Some((at, one)) = same {
            known.insert(*at, Known { seen: true, gone: false, ..*one });
            Claim::Same { id: one.id, was_gone: one.gone, twin }
        } else if let Some((at, one)) = other() {
            known.insert(*at, Known { hash, seen: true, gone: false, ..*one });
            changed.insert(format!("{resource_type}/{base}"));
            Claim::Changed { id: one.id, was_gone: one.gone, twin }
        } else {
            let key = keys().nth(here.len()).unwrap_or_default();
            let one = Known { id: 0, hash, seen: true, seen_before: false, gone: false };
            known.insert(place(&key), one);
            Claim::New { key, twin }
        }
    }

    /// Whether a resource that a record points to may be there; `true` where its type was not called.
    pub(super) fn may_have(&self, resource_type: &str, id: &str) -> bool {
        self.lock().types.get(resource_type).is_none_or(|known| known.contains_key(&place(id)))
    }

    /// Whether that has another content than when the run began.
    pub(super) fn has_changed(&self, resource_type: &str, id: &str) -> bool {
        let inner = self.lock();
        !inner.changed.is_empty() && inner.changed.contains(&format!("{resource_type}/{id}"))
    }

    /// Those of a type that were there and have not answered.
    pub(super) fn silent(&self, resource_type: &str) -> Vec<i64> {
        let mut inner = self.lock();
        let Some(known) = inner.types.get_mut(resource_type) else { return Vec::new() };
        let silent = known.values_mut().filter(|one| !one.seen && !one.seen_before && !one.gone);
        let mut ids: Vec<i64> = silent
            .map(|one| {
                one.gone = true;
                one.id
            })
            .collect();
        ids.sort_unstable();
        ids
    }

    /// Notes the number that a new resource was given.
    pub(super) fn came(&self, resource_type: &str, key: &str, id: i64) {
        let mut inner = self.lock();
        let known = inner.types.get_mut(resource_type);
        if let Some(one) = known.and_then(|known| known.get_mut(&place(key))) {
            one.id = id;
        }
    }

    /// Begins another sweep of a type.
    pub(super) fn sweep_again(&self, resource_type: &str) {
        let mut inner = self.lock();
        for one in inner.types.get_mut(resource_type).into_iter().flat_map(HashMap::values_mut) {
            one.seen_before |= one.seen;
            one.seen = false;
        }
    }

    /// Notes that records are derived with the help of resources of a type.
    pub(super) fn helps(&self, resource_type: &str) {
        let mut inner = self.lock();
        if !inner.helpful.contains(resource_type) {
            inner.helpful.insert(resource_type.to_owned());
        }
    }

    /// Notes that the run changes a record.
    pub(super) fn touch(&self) {
        self.lock().is_touched = true;
    }

    /// Whether it has changed none.
    pub(super) fn is_untouched(&self) -> bool {
        !self.lock().is_touched
    }

    /// Whether they are.
    pub(super) fn is_helpful(&self, resource_type: &str) -> bool {
        self.lock().helpful.contains(resource_type)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Each change is one insertion: nothing is half done after a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Half of a SHA-256: enough to tell contents and keys apart.
fn short(hash: &[u8]) -> u128 {
    hash.first_chunk().map_or(0, |half: &[u8; 16]| u128::from_le_bytes(*half))
}

/// Where a key stands: itself while it is short, as ids are.
fn place(key: &str) -> u128 {
    let mut bytes = [0_u8; 16];
    match bytes.get_mut(1..=key.len()) {
        Some(room) => {
            room.copy_from_slice(key.as_bytes());
            // At most fifteen bytes long: the first tells how long.
            u128::from_le_bytes(bytes) | key.len() as u128
        }
        None => short(&Sha256::digest(key)) | 0xff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_keys_apart() {
        let keys = ["", "1", "11", "1#2", "123456789012345", "1234567890123456", "\0", "\0\0"];
        let places: HashSet<u128> = keys.iter().map(|key| place(key)).collect();
        assert_eq!(places.len(), keys.len());
    }

    #[test]
    fn calls_each_arrival_what_it_is() {
        let roll = Roll::default();
        let (one, two) = ([1; 32], [2; 32]);
        let new = |key: &str, twin| Claim::New { key: key.to_owned(), twin };
        assert_eq!(roll.claim("Goal", "7", true, &one), new("7", false));
        assert_eq!(roll.claim("Goal", "7", true, &one), Claim::Again);
        assert_eq!(roll.claim("Goal", "7", true, &two), new("7#2", true));
        assert_eq!(roll.claim("Goal", "=01", false, &one), new("=01", false));
        assert_eq!(roll.claim("Goal", "=01", false, &one), new("=01#2", false));
        assert!(roll.may_have("Goal", "7") && !roll.may_have("Goal", "8"));
    }
}
