//! What is said about a list and about a person, and the files that came with records.

use std::io::Write;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{App, Error, blocking};
use crate::api::{
    AboutKind, AttachmentContent, AttachmentRef, Filter, KindAbout, List, PersonDetail, PersonRef,
    SavedFile, SyncReport,
};
use crate::data_dir;
use crate::fhir::date;
use crate::record::Kind;
use crate::sentence::list;
use crate::store::{self, Row, Store};
use crate::sync::{TypeOutcome, TypeState, types_of};

impl App {
    /// What is to be said above a list of one kind.
    ///
    /// # Errors
    /// When there is no open database or it cannot be read.
    pub async fn about_kind(&self, about: AboutKind) -> Result<KindAbout, Error> {
        let today = self.today();
        self.read(move |store| about_kind(store, &about, today)).await
    }

    /// A person as the practice describes them.
    ///
    /// # Errors
    /// As [`App::about_kind`], and when there is no such person.
    pub async fn person(&self, person: PersonRef) -> Result<PersonDetail, Error> {
        let today = self.today();
        self.read(move |store| store.person(person.person, Some(today))).await
    }

    /// A file that came with a record.
    ///
    /// # Errors
    /// As [`App::about_kind`], and when the file did not come along.
    pub async fn attachment(&self, wanted: AttachmentRef) -> Result<AttachmentContent, Error> {
        self.read(move |store| store.attachment(wanted.record, wanted.index)).await
    }

    /// The bytes of a file that came with a record; `index` is its place among them, from 0.
    ///
    /// # Errors
    /// As [`App::attachment`].
    pub async fn attachment_bytes(&self, record: i64, index: u32) -> Result<Vec<u8>, Error> {
        bytes_of(&self.attachment(AttachmentRef { record, index }).await?)
    }

    /// Saves a file that came with a record in the person's folder for downloads, under a name that
    /// no file there has.
    ///
    /// # Errors
    /// As [`App::attachment`], and when the folder cannot be written.
    pub async fn save_attachment(&self, wanted: AttachmentRef) -> Result<SavedFile, Error> {
        let home = data_dir::home().ok_or_else(|| {
            Error::Invalid("There is no home folder to save the file in.".to_owned())
        })?;
        let downloads = home.join("Downloads");
        let content = self.attachment(wanted).await?;
        blocking(move || {
            let folder = if downloads.is_dir() { downloads } else { home };
            save(&folder, &content)
        })
        .await
    }

    /// Today in this computer's zone.
    pub(super) fn today(&self) -> Date {
        TimeZone::system().to_datetime((self.inner.options.clock)()).date()
    }
}

fn bytes_of(content: &AttachmentContent) -> Result<Vec<u8>, Error> {
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &content.base64)
        .map_err(|_| Error::Stopped)
}

fn save(folder: &Path, content: &AttachmentContent) -> Result<SavedFile, Error> {
    let cannot = |_| Error::Invalid(format!("The file cannot be saved in {}.", folder.display()));
    let bytes = bytes_of(content)?;
    let (stem, ending) = content.file_name.rsplit_once('.').unwrap_or((&content.file_name, "bin"));
    for n in 1..1000 {
        let name = match n {
            1 => content.file_name.clone(),
            n => format!("{stem} ({n}).{ending}"),
        };
        let path = folder.join(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        match options.open(&path) {
            Ok(mut file) => {
                file.write_all(&bytes).map_err(cannot)?;
                return Ok(SavedFile { path: path.display().to_string() });
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(cannot(error)),
        }
    }
    Err(Error::Invalid("There are too many files of that name already.".to_owned()))
}

fn about_kind(store: &Store, about: &AboutKind, today: Date) -> store::Result<KindAbout> {
    let own = about.person.map(|person| store.account_of(person)).transpose()?;
    let accounts: Vec<_> =
        store.accounts()?.into_iter().filter(|row| own.is_none_or(|own| own == row.id)).collect();
    let mut as_of: Option<String> = None;
    let mut practices: Vec<String> = Vec::new();
    let mut is_offered = false;
    let types = types_of(about.kind);
    let mut unread: Vec<String> = Vec::new();
    for account in &accounts {
        let reports: Vec<SyncReport> = store
            .last_reports(account.id, REPORTS_LOOKED_AT)?
            .iter()
            .filter_map(|json| serde_json::from_str(json).ok())
            .collect();
        unread.extend(reports.first().into_iter().flat_map(|last| missed(last, types)));
        // What a run did not bring whole is as old as the run that last did.
        let whole = reports.iter().find(|report| missed(report, types).next().is_none());
        // Of several portals, the one that was asked longest ago.
        if let Some(report) = whole.or(reports.first())
            && as_of.as_ref().is_none_or(|known| report.finished < *known)
        {
            as_of = Some(report.finished.clone());
        }
        let named = store.practices(account.id)?;
        if named.is_empty() {
            practices.push(account.origin.trim_start_matches("https://").to_owned());
        }
        practices.extend(named);
        let not_offered = store.not_offered(account.id)?;
        is_offered |=
            types.is_empty() || types.iter().any(|name| !not_offered.iter().any(|no| no == name));
    }
    practices.sort_unstable();
    practices.dedup();
    let numbers = store.kind_numbers(about.person, about.kind)?;
    let mut statements = Vec::new();
    match &as_of {
        Some(at) => statements.push(format!(
            "As of {}, from {}. Other clinics are not here.",
            day_words(at),
            joined(&practices)
        )),
        None => statements.push("Nothing has been copied yet.".to_owned()),
    }
    unread.sort_unstable();
    unread.dedup();
    if !unread.is_empty() {
        statements.push(format!(
            "Not all of these could be copied the last time: {}. There may be more at your portal.",
            joined(&unread)
        ));
    } else if numbers.copied == 0 && as_of.is_some() {
        statements.push(match is_offered {
            true => "Your practice has sent none.".to_owned(),
            false => "Your portal does not offer these.".to_owned(),
        });
    }
    if about.kind == Kind::Allergies && as_of.is_some() {
        statements.extend(allergies(store, about, today, unread.is_empty())?);
    }
    Ok(KindAbout {
        as_of,
        practices,
        statements,
        notes: notes(&numbers),
        copied: numbers.copied,
        shown: numbers.shown,
        folded: numbers.folded,
    })
}

/// How many runs back the one is looked for that brought all of a kind.
const REPORTS_LOOKED_AT: u32 = 40;

/// The names of those `types` that a run did not bring whole.
fn missed<'r>(
    report: &'r SyncReport,
    types: &'static [&'static str],
) -> impl Iterator<Item = String> + 'r {
    let missed = move |one: &&TypeOutcome| {
        types.contains(&one.resource_type.as_str())
            && match one.state {
                TypeState::Partial | TypeState::Refused | TypeState::Failed => true,
                TypeState::Complete | TypeState::NotOffered => false,
            }
    };
    report.types.iter().filter(missed).map(|one| one.name.clone())
}

/// What was answered about allergies, of the five answers there are. `all_came`: nothing that the
/// portal has is missing.
fn allergies(
    store: &Store,
    about: &AboutKind,
    today: Date,
    all_came: bool,
) -> store::Result<Vec<String>> {
    let filter = Filter {
        person: about.person,
        kinds: vec![Kind::Allergies],
        today: Some(today),
        ..Filter::default()
    };
    let rows = store.list(&List { filter, offset: 0, limit: 500 })?.records;
    let of = |slug: &'static str| {
        rows.iter().filter(move |row| row.group.as_ref().is_some_and(|group| group.slug == slug))
    };
    let mut said = Vec::new();
    let n_gone = of("allergy").filter(|row| row.gone_since.is_some()).count();
    said.extend(allergies_words(of("allergy").count(), n_gone));
    for row in of("none_known") {
        let words = if row.subtitle.starts_with("No known") { &row.subtitle } else { &row.title };
        said.push(format!("Your practice recorded: {words}{}.", stated(row)));
    }
    for row in of("nobody_asked") {
        said.push(format!("Your practice recorded that nobody asked{}.", stated(row)));
    }
    for row in of("not_understood") {
        said.push(format!(
            "Your practice sent “{}” with a status that Onhand does not understand{}. That does not \
             mean that there are none.",
            row.title,
            stated(row)
        ));
    }
    if said.is_empty() {
        said.push(
            match all_came {
                true => {
                    "No answer about allergies was sent. That does not mean that there are none."
                }
                false => {
                    "Whether there are allergies is not known here. That does not mean that there \
                     are none."
                }
            }
            .to_owned(),
        );
    }
    Ok(said)
}

/// "3 allergies are listed, 1 of them no longer sent by your portal."
fn allergies_words(n_listed: usize, n_gone: usize) -> Option<String> {
    let listed = match n_listed {
        0 => return None,
        1 => "1 allergy is listed".to_owned(),
        n_listed => format!("{n_listed} allergies are listed"),
    };
    Some(match n_gone {
        0 => format!("{listed}."),
        n_gone if n_gone == n_listed => format!("{listed}, no longer sent by your portal."),
        n_gone => format!("{listed}, {n_gone} of them no longer sent by your portal."),
    })
}

/// When an answer was given, by which of its dates, and that it is not sent any more.
fn stated(row: &Row) -> String {
    let mut words = String::new();
    let when = row.when.as_deref().and_then(|when| date::words_in(when, &TimeZone::system()));
    if let Some(when) = when {
        let label = row.when_detail.as_ref().map_or("", |when| when.label.as_str());
        words = match label {
            "" | "on" => format!(" ({when})"),
            label => format!(" ({label} {when})"),
        };
    }
    if row.gone_since.is_some() {
        words.push_str("; your portal no longer sends this");
    }
    words
}

fn notes(numbers: &store::KindNumbers) -> Vec<String> {
    let mut notes = Vec::new();
    if numbers.folded > 0 {
        notes.push(format!(
            "{} copied: {} shown, {} folded in.",
            numbers.copied, numbers.shown, numbers.folded
        ));
    }
    let some = |n: u64, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    notes.extend(some(
        numbers.gone,
        "is no longer sent by your portal; it is kept and not counted.",
        "are no longer sent by your portal; they are kept and not counted.",
    ));
    notes.extend(some(
        numbers.withdrawn,
        "was withdrawn by the practice as an error; it is kept and not counted.",
        "were withdrawn by the practice as errors; they are kept and not counted.",
    ));
    notes.extend(some(
        numbers.of_nobody,
        "does not say whose it is, or names somebody else; it is in nobody's list.",
        "do not say whose they are, or name somebody else; they are in nobody's list.",
    ));
    notes
}

fn day_words(moment: &str) -> String {
    let at: Result<jiff::Timestamp, _> = moment.parse();
    let day = at.map(|at| TimeZone::system().to_datetime(at).date().to_string());
    day.ok().and_then(|day| date::words(&day)).unwrap_or_else(|| moment.to_owned())
}

fn joined(names: &[String]) -> String {
    match names {
        [] => "your portal".to_owned(),
        names => list(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saves_a_file_beside_those_of_the_same_name() {
        let folder = tempfile::tempdir().unwrap();
        let content = AttachmentContent {
            file_name: "Report.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            size: 3,
            base64: "JVBE".to_owned(),
            text: None,
        };
        let first = save(folder.path(), &content).unwrap();
        let second = save(folder.path(), &content).unwrap();
        assert!(first.path.ends_with("Report.pdf"));
        assert!(second.path.ends_with("Report (2).pdf"));
        assert_eq!(std::fs::read(first.path).unwrap(), b"%PD");
        let gone = folder.path().join("gone");
        assert!(save(&gone, &content).is_err());
    }

    #[test]
    fn joins_the_names_of_practices() {
        let names =
            |all: &[&str]| joined(&all.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&[]), "your portal");
        assert_eq!(names(&["A"]), "A");
        assert_eq!(names(&["A", "B", "C"]), "A, B and C");
    }

    #[test]
    fn counts_allergies_with_those_that_are_gone() {
        let words = |n_listed, n_gone| allergies_words(n_listed, n_gone).unwrap_or_default();
        assert_eq!(words(0, 0), "");
        assert_eq!(words(1, 0), "1 allergy is listed.");
        assert_eq!(words(1, 1), "1 allergy is listed, no longer sent by your portal.");
        assert_eq!(words(3, 1), "3 allergies are listed, 1 of them no longer sent by your portal.");
    }

    #[test]
    fn an_answer_says_by_which_date_and_whether_it_is_still_sent() {
        let row = |label: &str, gone: Option<&str>| -> Row {
            serde_json::from_value(serde_json::json!({
                "id": 1, "kind": "allergies", "title": "NKDA", "subtitle": "", "tone": "plain",
                "when": "2019-02-11", "when_detail": {
                    "start": "2019-02-11", "precision": "day", "zone": "none", "label": label,
                    "sort": "2019-02-11",
                },
                "source": { "type": "AllergyIntolerance" }, "flagged": 0, "notes": [], "holds": [],
                "gone_since": gone,
            }))
            .unwrap()
        };
        assert_eq!(stated(&row("recorded", None)), " (recorded Feb 11, 2019)");
        assert_eq!(stated(&row("since", None)), " (since Feb 11, 2019)");
        let gone = stated(&row("recorded", Some("2026-01-01T00:00:00Z")));
        assert_eq!(gone, " (recorded Feb 11, 2019); your portal no longer sends this");
    }
}
