//! What the person sets. It lies as `settings.json` in the data folder, so that it is known before
//! the database is open; nothing about anybody's health stands in it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{App, Error};
use crate::store;

const FILE: &str = "settings.json";
/// A sync begins by itself when the last one is older than this.
const USUAL_AFTER: u32 = 6;
/// Nobody means more than a year.
const LONGEST_AFTER: u32 = 24 * 366;
/// Fewer requests than this an hour would not bring a record in a day.
const FEWEST_REQUESTS: u32 = 5;

/// What the person sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// When Onhand opens and the last sync is older than so many hours, another begins by itself;
    /// `None`: never.
    #[serde(default = "usual_after")]
    pub sync_after_hours: Option<u32>,
    /// The most requests in an hour to one portal. `None`: Onhand's own measure, which stays below
    /// what portals are known to allow.
    #[serde(default)]
    pub requests_per_hour: Option<u32>,
    /// Light or dark.
    #[serde(default)]
    pub appearance: Appearance,
    /// The size of texts, in percent of the usual: 75 to 200.
    #[serde(default = "usual_text")]
    pub text_percent: u16,
    /// How days are written.
    #[serde(default)]
    pub dates: DateOrder,
    /// Whether a vital sign also stands in the other system's unit. What was sent stands first.
    #[serde(default)]
    pub vitals: VitalUnits,
    /// The language of the interface; `None`: none was chosen, and it is English. The system's is
    /// not asked: nobody is shown a draft of medical words unasked.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether single letters do something in lists and records (WCAG 2.2, 2.1.4).
    #[serde(default = "usual_letter_keys")]
    pub letter_keys: bool,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    /// As the system is set.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How days are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// April 28, 2022
    #[default]
    MonthFirst,
    /// 28 April 2022
    DayFirst,
    /// 2022-04-28
    YearFirst,
}

/// In which units vital signs stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VitalUnits {
    /// As they were sent.
    #[default]
    AsSent,
    /// And in the other system's too: pounds and kilograms.
    Both,
}

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Spanish: a draft.
    Es,
}

const USUAL_TEXT: u16 = 100;
const TEXT: std::ops::RangeInclusive<u16> = 75..=200;

fn usual_text() -> u16 {
    USUAL_TEXT
}

fn usual_letter_keys() -> bool {
    true
}

fn usual_after() -> Option<u32> {
    Some(USUAL_AFTER)
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            sync_after_hours: usual_after(),
            requests_per_hour: None,
            appearance: Appearance::default(),
            text_percent: USUAL_TEXT,
            dates: DateOrder::default(),
            vitals: VitalUnits::default(),
            language: None,
            letter_keys: usual_letter_keys(),
        }
    }
}

impl App {
    /// What the person set, or the usual.
    pub fn settings(&self) -> Settings {
        read(self.data_dir())
    }

    /// Keeps what the person set, and gives it as it was kept.
    ///
    /// # Errors
    /// When a number makes no sense or the data folder cannot be written.
    pub fn save_settings(&self, settings: Settings) -> Result<Settings, Error> {
        if settings.sync_after_hours.is_some_and(|hours| !(1..=LONGEST_AFTER).contains(&hours)) {
            return Err(Error::Invalid("Choose one hour or more, or turn it off.".to_owned()));
        }
        if settings.requests_per_hour.is_some_and(|n| n < FEWEST_REQUESTS) {
            return Err(Error::Invalid(format!(
                "With fewer than {FEWEST_REQUESTS} requests an hour nothing would come. Choose more."
            )));
        }
        if !TEXT.contains(&settings.text_percent) {
            return Err(Error::Invalid("Choose a text size from 75 to 200 percent.".to_owned()));
        }
        write(self.data_dir(), &settings).map_err(|_| Error::Store(store::Error::Unreachable))?;
        self.changed();
        Ok(settings)
    }
}

/// A file that cannot be read is as good as none: it holds nothing that is lost with it.
fn read(data_dir: &Path) -> Settings {
    fs::read(data_dir.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Written aside and renamed, so that a crash leaves the old one or the new one.
fn write(data_dir: &Path, settings: &Settings) -> std::io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let mut file = tempfile::NamedTempFile::new_in(data_dir)?;
    serde_json::to_writer_pretty(&mut file, settings)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(data_dir.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_as_they_were_written() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("not there yet");
        assert_eq!(read(&folder), Settings::default());
        for settings in [
            Settings { sync_after_hours: None, requests_per_hour: Some(20), ..Settings::default() },
            Settings { appearance: Appearance::Dark, text_percent: 150, ..Settings::default() },
            Settings {
                dates: DateOrder::YearFirst,
                vitals: VitalUnits::Both,
                language: Some(Language::Es),
                letter_keys: false,
                ..Settings::default()
            },
        ] {
            write(&folder, &settings).unwrap();
            assert_eq!(read(&folder), settings);
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_another_version_or_a_broken_one_gives_the_usual() {
        let dir = tempfile::tempdir().unwrap();
        for (text, hours) in [
            ("", Some(6)),
            ("{", Some(6)),
            ("{}", Some(6)),
            (r#"{"sync_after_hours":null}"#, None),
            (r#"{"sync_after_hours":12,"something_newer":true}"#, Some(12)),
        ] {
            fs::write(dir.path().join(FILE), text).unwrap();
            assert_eq!(read(dir.path()).sync_after_hours, hours, "{text}");
        }
    }
}
