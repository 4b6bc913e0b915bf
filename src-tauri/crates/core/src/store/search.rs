//! Search: the words that a person typed, against all words of all records.

use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::read::condition;
use super::{Filter, List, Page, Result, Store};
use crate::record::{Kind, Record};

/// Up to so many, what a search finds is ranked; of more, the newest come first. To rank one takes
/// about a microsecond.
const RANKED: usize = 5000;

/// What was done counts half of what was found, ordered or taken by the same words.
const OF_PROCEDURES: f64 = 0.5;

/// The records that a search may find, whatever it is for.
pub(super) struct Shown {
    /// Newest first, undated last.
    newest: Vec<i64>,
    /// Each with its place among the newest and how much further a hit in it counts, by number.
    by_id: Vec<(i64, u32, f64)>,
}

impl Shown {
    fn place(&self, id: i64) -> Option<(u32, f64)> {
        let at = self.by_id.binary_search_by_key(&id, |(id, ..)| *id).ok()?;
        self.by_id.get(at).map(|(_, place, weight)| (*place, *weight))
    }
}

impl Store {
    /// What a search finds: the best match first, or the newest where it finds more than
    /// [`RANKED`]. Where it finds nothing, what it would have found but for a slip of one letter.
    pub(super) fn search(&self, list: &List) -> Result<Page> {
        let words = words(list.filter.query.as_deref().unwrap_or_default());
        let page = self.found(list, &words)?;
        if page.total > 0 {
            return Ok(page);
        }
        let Some(respelled) = self.respelled(&words)? else { return Ok(page) };
        let other = self.found(list, &respelled)?;
        if other.total == 0 {
            return Ok(page);
        }
        Ok(Page { corrected: Some(respelled.join(" ")), ..other })
    }

    /// What is found by words: first what the person's own notes are found by alone, then the rest.
    fn found(&self, list: &List, words: &[String]) -> Result<Page> {
        let Some(query) = expression(words) else {
            return Ok(Page { total: 0, records: Vec::new(), corrected: None });
        };
        let mut ids = self.noted(list, &query, words)?;
        let n_noted = ids.len() as u64;
        let (n_found, others) = self.hits(list, &query, n_noted)?;
        ids.drain(..ids.len().min(list.offset as usize));
        ids.truncate(list.limit as usize);
        ids.extend(others);
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(mut one) = self.row(id)? {
                one.snippet = match snippet(&self.record(id)?, words) {
                    Some(text) => Some(text),
                    None => self.note(id)?.and_then(|note| mark(&note.text, words)),
                };
                one.on(list.filter.today);
                records.push(one);
            }
        }
        self.tell_changes(&list.filter, &mut records)?;
        Ok(Page { total: n_found + n_noted, records, corrected: None })
    }

    /// The records of a list that are found by the person's own note on them, or by the note and
    /// the record together, but not by the record alone; those written last come first.
    fn noted(&self, list: &List, query: &str, wanted: &[String]) -> Result<Vec<i64>> {
        let mut notes = self
            .db
            .prepare_cached("SELECT resource_id, text FROM note ORDER BY written_at DESC")?;
        let mut notes = notes.query([])?;
        let (condition, values) = condition(&list.filter);
        let shown = match condition.is_empty() {
            true => "SELECT 1 FROM record WHERE resource_id = ?".to_owned(),
            false => format!("SELECT 1 FROM record {condition} AND resource_id = ?"),
        };
        let mut found = Vec::new();
        while let Some(sql) = notes.next()? {
            let (id, text): (i64, String) = (sql.get(0)?, sql.get(1)?);
            let own = words_of(&text);
            let left: Vec<&String> = wanted
                .iter()
                .filter(|word| !own.iter().any(|one| one.starts_with(word.as_str())))
                .collect();
            if left.len() == wanted.len() || self.matches(id, query)? {
                continue;
            }
            let rest = left.iter().map(|word| prefix(word)).collect::<Vec<_>>().join(" ");
            if !rest.is_empty() && !self.matches(id, &rest)? {
                continue;
            }
            let mut values = values.clone();
            values.push(Value::from(id));
            if self.db.prepare_cached(&shown)?.exists(params_from_iter(values))? {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Whether the search finds a record by an expression.
    fn matches(&self, id: i64, expression: &str) -> Result<bool> {
        let mut one =
            self.db.prepare_cached("SELECT 1 FROM search WHERE search MATCH ?1 AND rowid = ?2")?;
        Ok(one.exists(params![expression, id])?)
    }

    /// The words with each that begins no word of the record replaced by the one, a letter away,
    /// that begins most. `None` where every word is there, or one has nothing like it.
    fn respelled(&self, words: &[String]) -> Result<Option<Vec<String>>> {
        let mut begins =
            self.db.prepare_cached("SELECT 1 FROM search WHERE search MATCH ?1 LIMIT 1")?;
        let mut count =
            self.db.prepare_cached("SELECT count(*) FROM search WHERE search MATCH ?1")?;
        let mut any = false;
        let mut spelled = Vec::with_capacity(words.len());
        for word in words {
            if begins.exists([prefix(word)])? {
                spelled.push(word.clone());
                continue;
            }
            let mut best: Option<(i64, String)> = None;
            for other in one_letter_away(word) {
                if !begins.exists([prefix(&other)])? {
                    continue;
                }
                let n: i64 = count.query_row([prefix(&other)], |sql| sql.get(0))?;
                if best.as_ref().is_none_or(|(most, _)| n > *most) {
                    best = Some((n, other));
                }
            }
            let Some((_, other)) = best else { return Ok(None) };
            any = true;
            spelled.push(other);
        }
        Ok(any.then_some(spelled))
    }

    /// How many records the index finds, and those of the part of a list that was asked for, before
    /// which `n_before` others stand.
    fn hits(&self, list: &List, query: &str, n_before: u64) -> Result<(u64, Vec<i64>)> {
        let shown = self.shown(&list.filter)?;
        let from = u64::from(list.offset).saturating_sub(n_before) as usize;
        let to = (u64::from(list.offset) + u64::from(list.limit)).saturating_sub(n_before) as usize;
        let found = {
            let mut statement = self
                .db
                .prepare_cached("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid")?;
            let mut found = statement.query([query])?;
            let mut ids: Vec<i64> = Vec::new();
            while let Some(sql) = found.next()? {
                ids.push(sql.get(0)?);
            }
            ids
        };
        if found.len() <= RANKED {
            let mut statement = self.db.prepare_cached(
                "SELECT rowid, bm25(search, 10.0, 4.0, 2.0, 1.0) FROM search WHERE search MATCH ?",
            )?;
            let mut found = statement.query([query])?;
            let mut ranked: Vec<(f64, u32, i64)> = Vec::new();
            while let Some(sql) = found.next()? {
                let (id, distance): (i64, f64) = (sql.get(0)?, sql.get(1)?);
                if let Some((place, weight)) = shown.place(id) {
                    ranked.push((distance * weight, place, id));
                }
            }
            ranked
                .sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            let ids = ranked.iter().skip(from).take(to - from).map(|(.., id)| *id).collect();
            return Ok((ranked.len() as u64, ids));
        }
        // So many are among the newest before long.
        let newest = shown.newest.iter().filter(|id| found.binary_search(id).is_ok());
        let ids = newest.skip(from).take(to - from).copied().collect();
        Ok((both(&found, &shown.by_id), ids))
    }

    /// The records of a list, whatever is searched for.
    fn shown(&self, filter: &Filter) -> Result<Arc<Shown>> {
        let (condition, values) = condition(filter);
        self.kept(&self.searched, (condition, values), |(condition, values)| {
            let mut statement = self.db.prepare_cached(&format!(
                "SELECT record.resource_id, sort, record.kind FROM record {condition}"
            ))?;
            let mut found = statement.query(params_from_iter(values))?;
            let mut all: Vec<(String, i64, f64)> = Vec::new();
            while let Some(sql) = found.next()? {
                let is_procedure = sql.get_ref(2)?.as_str() == Ok(Kind::Procedures.name());
                let weight = if is_procedure { OF_PROCEDURES } else { 1.0 };
                all.push((sql.get(1)?, sql.get(0)?, weight));
            }
            all.sort_unstable_by(|(day, id, _), (other_day, other_id, _)| {
                (other_day, other_id).cmp(&(day, id))
            });
            let newest = all.iter().map(|(_, id, _)| *id).collect();
            let mut by_id: Vec<(i64, u32, f64)> =
                (0..).zip(&all).map(|(place, (_, id, weight))| (*id, place, *weight)).collect();
            by_id.sort_unstable_by_key(|(id, ..)| *id);
            Ok(Arc::new(Shown { newest, by_id }))
        })
    }
}

/// How many numbers stand in both, where each ascends.
fn both(found: &[i64], shown: &[(i64, u32, f64)]) -> u64 {
    let (mut n, mut shown) = (0, shown.iter().map(|(id, ..)| id).peekable());
    for id in found {
        while shown.next_if(|other| *other < id).is_some() {}
        n += u64::from(shown.next_if_eq(&id).is_some());
    }
    n
}

/// The FTS5 expression for what a person typed; `None` when there is no word in it.
pub(super) fn match_expression(filter: &Filter) -> Option<String> {
    expression(&words(filter.query.as_deref()?))
}

/// The FTS5 expression for words: every one of them, each as a prefix, nothing of it read as FTS5's own
/// syntax. `None` for none.
fn expression(words: &[String]) -> Option<String> {
    match words {
        [] => None,
        // A first letter begins a word of nearly every record; alone it stands for itself.
        [word] if word.len() == 1 => Some(format!("\"{word}\"")),
        words => Some(words.iter().map(|word| prefix(word)).collect::<Vec<_>>().join(" ")),
    }
}

/// The first words of what a person typed.
fn words(text: &str) -> Vec<String> {
    let mut words = words_of(text);
    words.truncate(16);
    words
}

/// The words of a text as FTS5's `unicode61` sees them: letters and digits.
fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The FTS5 expression for a word as a beginning.
fn prefix(word: &str) -> String {
    format!("\"{word}\"*")
}

/// Fewer letters than these are too few to tell a slip from another word.
const LEAST_RESPELLED: usize = 4;

/// Every spelling one slip away from a word of plain letters: two letters in each other's place, one
/// too many, one wrong, one missing. Numbers and codes are never bent: another digit is another value.
fn one_letter_away(word: &str) -> Vec<String> {
    let letters = word.as_bytes();
    let mut others = Vec::new();
    if letters.len() < LEAST_RESPELLED || !letters.iter().all(u8::is_ascii_lowercase) {
        return others;
    }
    let mut push = |spelling: Vec<u8>| others.extend(String::from_utf8(spelling));
    for at in 0..letters.len() {
        let (before, rest) = letters.split_at(at);
        if let [one, two, after @ ..] = rest
            && one != two
        {
            push([before, &[*two, *one], after].concat());
        }
        if let [_, after @ ..] = rest
            && letters.len() > LEAST_RESPELLED
        {
            push([before, after].concat());
        }
        for letter in b'a'..=b'z' {
            if let [one, after @ ..] = rest
                && *one != letter
            {
                push([before, &[letter], after].concat());
            }
            push([before, &[letter], rest].concat());
        }
    }
    // At its end one more letter needs no slip: the word is taken as a beginning already.
    others
}

/// The first text of a record, other than its title, in which one of the words stands, with `\u{2}`
/// before and `\u{3}` after each of them.
fn snippet(record: &Record, words: &[String]) -> Option<String> {
    let measured = record.measurements.iter().map(|one| {
        let value = one.value.as_deref().unwrap_or_default();
        let unit = one.unit.as_deref().unwrap_or_default();
        format!("{}: {value} {unit}", one.name).trim_end().to_owned()
    });
    let fields = record
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .map(|field| format!("{}: {}", field.label, field.text));
    let codes = record.codes.iter().map(|code| {
        let parts = [&code.system_name, &code.code, &code.display];
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
    });
    let texts = std::iter::once(record.subtitle.clone())
        .chain(measured)
        .chain(fields)
        .chain(record.narrative.clone())
        .chain(codes);
    texts.into_iter().find_map(|text| mark(&text, words))
}

/// Marks the words of `text` that begin with one of `words`; `None` when there is none.
fn mark(text: &str, words: &[String]) -> Option<String> {
    let mut marked = String::with_capacity(text.len() + 16);
    let mut found_at = None;
    let mut rest = text;
    while !rest.is_empty() {
        let word_end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        let lower = word.to_lowercase();
        if !word.is_empty() && words.iter().any(|wanted| lower.starts_with(wanted.as_str())) {
            found_at.get_or_insert(marked.chars().count());
            marked.push('\u{2}');
            marked.push_str(word);
            marked.push('\u{3}');
        } else {
            marked.push_str(word);
        }
        let gap_end = after.find(char::is_alphanumeric).unwrap_or(after.len());
        let (gap, next) = after.split_at(gap_end);
        marked.extend(gap.chars().filter(|c| !matches!(c, '\u{2}' | '\u{3}')));
        rest = next;
    }
    let found_at = found_at?;
    // A long text is shown from shortly before the first word found.
    let from = if found_at > 60 { found_at - 40 } else { 0 };
    let mut shown: String = marked.chars().skip(from).take(200).collect();
    let opened = shown.chars().filter(|c| *c == '\u{2}').count();
    let closed = shown.chars().filter(|c| *c == '\u{3}').count();
    if opened > closed {
        shown.push('\u{3}');
    }
    if from > 0 {
        shown.insert(0, '…');
    }
    if marked.chars().count() > from + 200 {
        shown.push('…');
    }
    Some(shown)
}
