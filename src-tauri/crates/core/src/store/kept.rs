//! What was worked out from the whole database, kept until something is written.

use std::cell::RefCell;

use super::{Result, Store};

/// As the database was when something was worked out: `PRAGMA data_version` (what others wrote) and what
/// this connection wrote.
type State = (i64, u64);

/// Values that are kept at once.
const MOST: usize = 4;

/// The last few values that were worked out.
pub(super) struct Kept<K, V>(RefCell<(State, Vec<(K, V)>)>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Kept<K, V> {
        Kept(RefCell::default())
    }
}

impl Store {
    /// The value of `key`, made by `make` unless nothing was written since it was made last.
    pub(super) fn kept<K: PartialEq, V: Clone>(
        &self,
        kept: &Kept<K, V>,
        key: K,
        make: impl FnOnce(&K) -> Result<V>,
    ) -> Result<V> {
        let others = self.db.pragma_query_value(None, "data_version", |sql| sql.get(0))?;
        let state = (others, self.db.total_changes());
        {
            let mut kept = kept.0.borrow_mut();
            if kept.0 != state {
                *kept = (state, Vec::new());
            }
            if let Some((_, value)) = kept.1.iter().find(|(known, _)| *known == key) {
                return Ok(value.clone());
            }
        }
        let value = make(&key)?;
        let (_, values) = &mut *kept.0.borrow_mut();
        values.truncate(MOST - 1);
        values.insert(0, (key, value.clone()));
        Ok(value)
    }
}
