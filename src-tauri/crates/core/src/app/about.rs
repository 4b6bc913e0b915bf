//! What is said about a list and about a person, and the files that came with records.

use super::{App, Error};
use crate::api::{
    AboutKind, AttachmentContent, AttachmentRef, KindAbout, PersonDetail, PersonRef, SavedFile,
};
use crate::store;

impl App {
    /// What is to be said above a list of one kind.
    ///
    /// # Errors
    /// When there is no open database or it cannot be read.
    pub async fn about_kind(&self, _about: AboutKind) -> Result<KindAbout, Error> {
        self.read(|_| Err(store::Error::NotFound)).await
    }

    /// A person as the practice describes them.
    ///
    /// # Errors
    /// As [`App::about_kind`], and when there is no such person.
    pub async fn person(&self, _person: PersonRef) -> Result<PersonDetail, Error> {
        self.read(|_| Err(store::Error::NotFound)).await
    }

    /// A file that came with a record.
    ///
    /// # Errors
    /// As [`App::about_kind`], and when the file did not come along.
    pub async fn attachment(&self, _wanted: AttachmentRef) -> Result<AttachmentContent, Error> {
        self.read(|_| Err(store::Error::NotFound)).await
    }

    /// Saves a file that came with a record in the person's folder for downloads.
    ///
    /// # Errors
    /// As [`App::attachment`], and when the folder cannot be written.
    pub async fn save_attachment(&self, _wanted: AttachmentRef) -> Result<SavedFile, Error> {
        self.read(|_| Err(store::Error::NotFound)).await
    }
}
