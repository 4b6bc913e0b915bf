//! What is known about a list and about a person, and the files that came with records.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::{OptionalExtension, params};
use url::Url;

use super::{AttachmentContent, Error, PersonDetail, Result, Store};
use crate::fhir::{datatype, narrative};
use crate::record::{Field, Kind, Precision, attached};

/// How many records of a kind there are, and in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindNumbers {
    /// Every one.
    pub copied: u64,
    /// Those with a row of their own in the list.
    pub shown: u64,
    /// Those that stand in another's row.
    pub folded: u64,
    /// Those the portal no longer sends.
    pub gone: u64,
    /// Those withdrawn by the practice as an error.
    pub withdrawn: u64,
    /// Those of the same sign-ins that do not say whose they are, or name somebody unknown.
    pub of_nobody: u64,
}

impl Store {
    /// The account a person came by.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such person.
    pub fn account_of(&self, person: i64) -> Result<i64> {
        Ok(self
            .db
            .prepare_cached("SELECT account_id FROM person WHERE id = ?1")?
            .query_row([person], |sql| sql.get(0))?)
    }

    /// How many records of a kind a person has (`None`: everybody).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kind_numbers(&self, person: Option<i64>, kind: Kind) -> Result<KindNumbers> {
        let account = person.map(|person| self.account_of(person)).transpose()?;
        let shared = matches!(kind, Kind::People | Kind::Places);
        let numbers = self
            .db
            .prepare_cached(
                "SELECT count(*),
                        coalesce(sum((part_of IS NULL OR coalesce(stands, 0))
                                     AND (gone = 0 OR record.kind = 'allergies')), 0),
                        coalesce(sum(part_of IS NOT NULL AND NOT coalesce(stands, 0)), 0),
                        coalesce(sum(gone), 0),
                        coalesce(sum(coalesce(withdrawn, 0)), 0)
                 FROM record LEFT JOIN fold ON fold.resource_id = record.resource_id
                 WHERE record.kind = ?1 AND (?2 IS NULL OR person_id = ?2
                       OR ?3 AND person_id IS NULL AND account_id = ?4)",
            )?
            .query_row(params![kind.name(), person, shared, account], |sql| {
                Ok(KindNumbers {
                    copied: sql.get(0)?,
                    shown: sql.get(1)?,
                    folded: sql.get(2)?,
                    gone: sql.get(3)?,
                    withdrawn: sql.get(4)?,
                    of_nobody: 0,
                })
            })?;
        let of_nobody = self
            .db
            .prepare_cached(
                "SELECT count(*) FROM fold JOIN record ON record.resource_id = fold.resource_id
                 WHERE whose <> 'person' AND person_id IS NULL AND record.kind = ?1
                       AND (?2 IS NULL OR account_id = ?2)",
            )?
            .query_row(params![kind.name(), account], |sql| sql.get(0))?;
        Ok(KindNumbers { of_nobody, ..numbers })
    }

    /// How many records of an account do not say whose they are, and how many name a patient who is
    /// none of its people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of_nobody(&self, account: i64) -> Result<(u64, u64)> {
        self.kept(&self.nobodys, account, |account| {
            let mut statement = self.db.prepare_cached(
                "SELECT coalesce(sum(whose <> 'stranger'), 0), coalesce(sum(whose = 'stranger'), 0)
                 FROM fold JOIN record ON record.resource_id = fold.resource_id
                 WHERE whose <> 'person' AND person_id IS NULL AND account_id = ?1",
            )?;
            Ok(statement.query_row([account], |sql| Ok((sql.get(0)?, sql.get(1)?)))?)
        })
    }

    /// The practices that an account's records name as keeping them, by name: those a patient names
    /// (`DSTU2 Patient.managingOrganization`, `careProvider`), else every one that came.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn practices(&self, account: i64) -> Result<Vec<String>> {
        let mut named = BTreeSet::new();
        for condition in [
            "EXISTS (SELECT 1 FROM link JOIN resource AS patient ON patient.id = link.from_id
                     WHERE link.type = 'Organization' AND link.server_id = resource.server_id
                           AND patient.type = 'Patient' AND patient.account_id = ?1)",
            "1",
        ] {
            let mut statement = self.db.prepare_cached(&format!(
                "SELECT json_extract(told.row, '$.title') FROM resource
                 JOIN told ON told.resource_id = resource.id
                 WHERE resource.account_id = ?1 AND resource.type = 'Organization'
                       AND resource.gone_since IS NULL AND {condition}"
            ))?;
            let found = statement.query_map([account], |sql| sql.get::<_, Option<String>>(0))?;
            for name in found {
                named.extend(name?);
            }
            if !named.is_empty() {
                break;
            }
        }
        Ok(named.into_iter().collect())
    }

    /// A person as the practice describes them; `today` is for their age.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such person.
    pub fn person(&self, person: i64, today: Option<Date>) -> Result<PersonDetail> {
        let (account, patient, name, portal): (i64, String, String, String) = self
            .db
            .prepare_cached(
                "SELECT account_id, patient_id, name, account.origin FROM person
                 JOIN account ON account.id = account_id WHERE person.id = ?1",
            )?
            .query_row([person], |sql| Ok((sql.get(0)?, sql.get(1)?, sql.get(2)?, sql.get(3)?)))?;
        let mut described = PersonDetail {
            id: person,
            record: None,
            name,
            names: Vec::new(),
            birth: None,
            age: None,
            died: None,
            sex: None,
            status: None,
            contacts: Vec::new(),
            others: Vec::new(),
            practices: self.practices(account)?,
            portal,
        };
        let record: Option<i64> = self
            .db
            .prepare_cached(
                "SELECT id FROM resource WHERE account_id = ?1 AND type = 'Patient'
                 AND server_id = ?2 ORDER BY gone_since IS NOT NULL, id LIMIT 1",
            )?
            .query_row(params![account, patient], |sql| sql.get(0))
            .optional()?;
        let Some(record) = record else { return Ok(described) };
        let detail = self.detail(record)?;
        described.record = Some(record);
        described.name = detail.row.title;
        described.status = detail.row.status_text;
        for field in detail.sections.into_iter().flat_map(|section| section.fields) {
            described.take(field);
        }
        described.age = age(&described, today);
        Ok(described)
    }

    /// A file that came with a record: inline, or as a Binary that was copied.
    ///
    /// # Errors
    /// [`Error::NoFile`] where it did not come along, with what is known of it;
    /// [`Error::NotFound`] if there is no such record or file.
    pub fn attachment(&self, record: i64, index: u32) -> Result<AttachmentContent> {
        let detail = self.detail(record)?;
        let index = usize::try_from(index).map_err(|_| Error::NotFound)?;
        let sent = detail.attachments.get(index).ok_or(Error::NotFound)?;
        let bytes = match (sent.inline, &sent.url) {
            (true, _) => attached(&self.raw_bytes(record)?, index).ok_or_else(|| {
                Error::NoFile(
                    "This file came along in a form that cannot be read. Its text is in the source."
                        .to_owned(),
                )
            })?,
            (false, Some(url)) => self.copied_file(record, url, &detail.portal)?,
            (false, None) => {
                return Err(Error::NoFile("The portal did not send this file.".to_owned()));
            }
        };
        Ok(AttachmentContent::new(&sent.title, sent.content_type.as_deref(), &bytes))
    }

    /// The bytes of a Binary that was copied, by the address an attachment gives.
    fn copied_file(&self, record: i64, address: &str, portal: &str) -> Result<Vec<u8>> {
        let target = datatype::target(address).unwrap_or_default();
        let id: Option<i64> = match target.split_once('/') {
            Some(("Binary", id)) => self
                .db
                .prepare_cached(
                    "SELECT file.id FROM resource AS file
                     JOIN resource AS whole ON whole.account_id = file.account_id
                     WHERE whole.id = ?1 AND file.type = 'Binary' AND file.server_id = ?2
                     ORDER BY file.id LIMIT 1",
                )?
                .query_row(params![record, id], |sql| sql.get(0))
                .optional()?,
            _ => None,
        };
        if let Some(bytes) = id.and_then(|id| self.raw_bytes(id).ok())
            && let Some(file) = attached(&bytes, 0)
        {
            return Ok(file);
        }
        let base = Url::parse(portal).map_err(|_| Error::NotFound)?;
        Err(Error::NoFile(match base.join(address) {
            Ok(url) if url.origin() == base.origin() => {
                "This file lies at your portal and was not copied. Open the portal to see it."
                    .to_owned()
            }
            Ok(url) => format!(
                "This file lies at {}, which is not your portal. Onhand does not fetch anything \
                 from there.",
                url.host_str().unwrap_or("another place")
            ),
            Err(_) => "The address of this file cannot be read.".to_owned(),
        }))
    }
}

impl PersonDetail {
    /// Takes in a field of the person's record.
    fn take(&mut self, mut field: Field) {
        match field.label.as_str() {
            "Name" => self.names.push(field.text),
            "Born" => self.birth = field.when,
            "Died" if field.text == "No" => {}
            "Died" => {
                let words = field.when.and_then(|when| crate::fhir::date::words(&when.start?));
                self.died =
                    Some(words.map_or_else(|| "Died".to_owned(), |on| format!("Died {on}")));
            }
            "Sex recorded by the practice" => self.sex = Some(field.text),
            // A use without a number says nothing to call.
            "Contact" if !field.text.contains(|c: char| c.is_ascii_digit() || c == '@') => {}
            "Contact" => {
                field.label = match field.text.contains('@') {
                    true => "Mail",
                    false => "Telephone",
                }
                .to_owned();
                self.contacts.push(field);
            }
            "Address" => self.contacts.push(field),
            "Language" | "Contact person" | "Care provider" | "Kept by" | "Marital status" => {
                self.others.push(field);
            }
            _ => {}
        }
    }
}

/// Whole years from a full date of birth; of no one who has died or whose record is not in use.
fn age(described: &PersonDetail, today: Option<Date>) -> Option<u32> {
    let birth = described.birth.as_ref().filter(|birth| birth.precision == Precision::Day)?;
    if described.died.is_some() || described.status.is_some() {
        return None;
    }
    let born: Date = birth.sort.get(..10)?.parse().ok()?;
    let today = today?;
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    u32::try_from(i32::from(today.year()) - i32::from(born.year()) - i32::from(!had_birthday)).ok()
}

impl AttachmentContent {
    fn new(title: &str, content_type: Option<&str>, bytes: &[u8]) -> AttachmentContent {
        let sent = content_type.map(|sent| sent.trim().to_ascii_lowercase());
        let content_type = sent
            .filter(|sent| !sent.is_empty() && sent != "application/octet-stream")
            .unwrap_or_else(|| seen_type(bytes).to_owned());
        AttachmentContent {
            file_name: file_name(title, &content_type),
            text: text_of(&content_type, bytes),
            size: bytes.len() as u64,
            base64: base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes),
            content_type,
        }
    }
}

/// What a file's first bytes show it to be.
fn seen_type(bytes: &[u8]) -> &'static str {
    let start = bytes.trim_ascii_start();
    if bytes.starts_with(b"%PDF") {
        "application/pdf"
    } else if bytes.starts_with(b"\x89PNG") {
        "image/png"
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        "image/jpeg"
    } else if bytes.starts_with(b"GIF8") {
        "image/gif"
    } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        "image/tiff"
    } else if start.starts_with(b"<?xml") || start.starts_with(b"<ClinicalDocument") {
        "application/xml"
    } else if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() {
        "text/plain"
    } else {
        "application/octet-stream"
    }
}

/// A document to read as text: markup is put into words.
fn text_of(content_type: &str, bytes: &[u8]) -> Option<String> {
    let bare = content_type.split(';').next().unwrap_or_default().trim();
    let is_markup = bare.contains("xml") || bare.contains("html");
    let is_text = bare.starts_with("text/") || bare.contains("json") || is_markup;
    if !is_text || bare.contains("rtf") || bare.contains("svg") {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let text = if is_markup { narrative::plain_text(&text) } else { text.into_owned() };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// A name that is safe in any folder of any system, with the ending of its type.
fn file_name(title: &str, content_type: &str) -> String {
    let mut name: String =
        title
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || matches!(c, '-' | '_' | ',' | '(' | ')') {
                    c
                } else {
                    ' '
                }
            })
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(80)
            .collect();
    let stem = name.to_ascii_uppercase();
    let is_reserved = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || ["COM", "LPT"]
            .iter()
            .any(|port| stem.strip_prefix(port).is_some_and(|rest| rest.len() == 1));
    if name.is_empty() || is_reserved {
        name = format!("Document {name}").trim().to_owned();
    }
    let bare = content_type.split(';').next().unwrap_or_default().trim();
    let ending = match bare {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/gif" => "gif",
        "image/tiff" => "tiff",
        "application/rtf" | "text/rtf" => "rtf",
        "application/dicom" => "dcm",
        _ if bare.contains("html") => "html",
        _ if bare.contains("xml") => "xml",
        _ if bare.contains("json") => "json",
        _ if bare.starts_with("text/") => "txt",
        _ => "bin",
    };
    match name.strip_suffix(&format!(" {ending}")) {
        // "Summary.pdf" was a title already.
        Some(stem) => format!("{stem}.{ending}"),
        None => format!("{name}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_file_a_name_that_is_safe_anywhere() {
        for (title, content_type, expected) in [
            ("Discharge summary", "application/pdf", "Discharge summary.pdf"),
            ("Summary.pdf", "application/pdf", "Summary.pdf"),
            ("../../etc/passwd", "text/plain; charset=utf-8", "etc passwd.txt"),
            ("CON", "image/png", "Document CON.png"),
            ("...", "application/zip", "Document.bin"),
            ("C-CDA <b>", "application/hl7-v3+xml", "C-CDA b.xml"),
            ("Röntgen: Knie", "image/jpeg", "Röntgen Knie.jpg"),
        ] {
            assert_eq!(file_name(title, content_type), expected);
        }
        assert!(file_name(&"x".repeat(500), "text/plain").len() < 100);
    }

    #[test]
    fn sees_what_a_file_is_where_nobody_said() {
        for (bytes, expected) in [
            (&b"%PDF-1.4"[..], "application/pdf"),
            (b"\x89PNG\r\n", "image/png"),
            (b"  <?xml version='1.0'?><ClinicalDocument/>", "application/xml"),
            (b"Seen today.", "text/plain"),
            (b"MZ\0\x90", "application/octet-stream"),
        ] {
            assert_eq!(AttachmentContent::new("A", None, bytes).content_type, expected);
        }
    }

    #[test]
    fn puts_a_structured_document_into_words() {
        let document = b"<ClinicalDocument><title>Visit</title><section><text><paragraph>Cough for a week</paragraph></text></section></ClinicalDocument>";
        let content = AttachmentContent::new("Visit", Some("application/hl7-v3+xml"), document);
        assert!(content.text.unwrap().contains("Cough for a week"));
        assert_eq!(AttachmentContent::new("A", Some("image/png"), b"\x89PNG").text, None);
    }
}
