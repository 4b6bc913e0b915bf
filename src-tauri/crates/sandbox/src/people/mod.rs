//! The people whose records the stand-in holds. All of them are invented.
//!
//! | log-in | who | what for |
//! | --- | --- | --- |
//! | `marisol` | Marisol Quinn, ten years at one practice | the rich record (module `quinn`) |
//! | `edwin` | Edwin Tarr, a new patient | a sparse record without any entry on allergies (module `sparse`) |
//! | `okafor` | Imani Okafor and her son Kofi | one account that holds two people (module `family`) |
//! | `dele`, `kofi` | Kofi's father with Kofi, and Kofi alone | accounts that share a person with `okafor`; only where asked for ([`Population::overlapping`]) |
//! | `load` | nobody | as many generated results as asked for (module `synthetic`) |
//!
//! Every resource is written out once, when the population is made, and then served byte for byte
//! the same. The same program gives the same bytes each time: numbers that drift do so by the
//! seeded generator in this module.

mod family;
mod panel;
mod quinn;
mod sparse;
mod synthetic;
mod write;

use crate::json::Json;
use axum::body::Bytes;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A practice log-in, which the log-in page shows to everyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// What is typed as user name.
    pub user: String,
    /// What is typed as password; it guards nothing.
    pub password: String,
    /// Whose record it opens, in a few words.
    pub about: String,
}

/// The accounts of a portal, each with what its records are.
#[derive(Clone, Debug)]
pub struct Population {
    pub(crate) accounts: Vec<Arc<Account>>,
}

/// One portal account: a log-in and the records that it may see.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) login: Login,
    /// Whom the consent page names.
    pub(crate) name: String,
    shelves: BTreeMap<String, Shelf>,
}

/// All resources of one type, written as Bundle entries one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    ids: Vec<u64>,
    ends: Vec<usize>,
    entries: Bytes,
}

impl Population {
    /// The three invented accounts.
    pub fn invented() -> Self {
        Self {
            accounts: vec![
                Arc::new(quinn::account()),
                Arc::new(sparse::account()),
                Arc::new(family::account()),
            ],
        }
    }

    /// Two more accounts, `dele` and `kofi`, that share a person with the invented `okafor`.
    pub fn overlapping() -> Self {
        Self { accounts: vec![Arc::new(family::father()), Arc::new(family::son())] }
    }

    /// One account `load` whose record has exactly `n` resources (at least one, the Patient).
    pub fn synthetic(n: usize) -> Self {
        Self { accounts: vec![Arc::new(synthetic::account(n))] }
    }

    /// This population with only the account of `user`, where there is one.
    pub fn only(&self, user: &str) -> Option<Self> {
        let account = self.accounts.iter().find(|account| account.login.user == user)?;
        Some(Self { accounts: vec![Arc::clone(account)] })
    }

    /// This population and another one together.
    pub fn and(mut self, other: Self) -> Self {
        self.accounts.extend(other.accounts);
        self
    }

    /// The log-ins, in the order in which the log-in page lists them.
    pub fn logins(&self) -> Vec<Login> {
        self.accounts.iter().map(|account| account.login.clone()).collect()
    }
}

impl Default for Population {
    fn default() -> Self {
        Self::invented()
    }
}

impl Account {
    /// Puts resources on their shelves; each has its type, its id and its members after those.
    fn new(login: Login, name: &str, resources: impl IntoIterator<Item = Resource>) -> Self {
        let mut texts: BTreeMap<String, (Vec<u64>, Vec<usize>, String)> = BTreeMap::new();
        for resource in resources {
            let (ids, ends, text) = texts.entry(resource.kind.to_owned()).or_default();
            write_entry(&resource, text);
            ids.push(resource.id);
            ends.push(text.len());
        }
        let shelves = texts
            .into_iter()
            .map(|(kind, (ids, ends, text))| {
                (
                    kind,
                    Shelf {
                        ids,
                        ends,
                        entries: Bytes::from(text.into_boxed_str().into_boxed_bytes()),
                    },
                )
            })
            .collect();
        Self { login, name: name.to_owned(), shelves }
    }

    /// The resources of one type, where this account has any.
    pub(crate) fn shelf(&self, kind: &str) -> Option<&Shelf> {
        self.shelves.get(kind)
    }

    /// Each type with how many there are.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.shelves.iter().map(|(kind, shelf)| (kind.as_str(), shelf.len()))
    }
}

impl Shelf {
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, idx: usize) -> Option<u64> {
        self.ids.get(idx).copied()
    }

    pub(crate) fn position(&self, id: u64) -> Option<usize> {
        self.ids.iter().position(|known| *known == id)
    }

    /// One Bundle entry as it is served, or nothing past the end.
    pub(crate) fn entry(&self, idx: usize) -> Option<Bytes> {
        self.entries(idx, idx.checked_add(1)?)
    }

    /// The entries from `start` to before `end`, each with a comma behind it but the last.
    pub(crate) fn entries(&self, start: usize, end: usize) -> Option<Bytes> {
        let last = end.checked_sub(1)?;
        let from = match start.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        // Each entry is kept with a comma behind it.
        let to = self.ends.get(last)?.checked_sub(1)?;
        (from <= to).then(|| self.entries.slice(from..to))
    }
}

/// A resource on its way to a shelf.
pub(crate) struct Resource {
    kind: &'static str,
    id: u64,
    members: Vec<(&'static str, Json)>,
}

impl Resource {
    fn new(kind: &'static str, id: u64) -> Self {
        Self { kind, id, members: Vec::new() }
    }

    fn and(mut self, key: &'static str, value: impl Into<Json>) -> Self {
        self.members.push((key, value.into()));
        self
    }

    fn and_some(self, key: &'static str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.and(key, value),
            None => self,
        }
    }

    /// The relative reference by which others name this resource.
    fn reference(&self) -> Json {
        reference(self.kind, self.id)
    }
}

/// `{"reference": "Patient/204417"}`, without a display, as the portal writes it.
fn reference(kind: &str, id: u64) -> Json {
    Json::with("reference", format!("{kind}/{id}"))
}

/// How a Bundle entry begins, up to its resource.
pub(crate) fn entry_prefix(kind: &str, id: u64) -> String {
    format!("{{\"fullUrl\":[\"/api/fhir/{kind}/{id}\"],\"resource\":")
}

fn write_entry(resource: &Resource, out: &mut String) {
    out.push_str(&entry_prefix(resource.kind, resource.id));
    let mut members = vec![
        ("resourceType", Json::from(resource.kind)),
        ("id", Json::from(resource.id.to_string())),
    ];
    members.extend(resource.members.iter().cloned());
    Json::Object(members).write(out);
    out.push_str("},");
}

/// A small seeded generator (SplitMix64): the same seed gives the same numbers everywhere.
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn within(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).unsigned_abs().saturating_add(1);
        let step = self.next().checked_rem(span).unwrap_or(0);
        low.saturating_add_unsigned(step)
    }
}
