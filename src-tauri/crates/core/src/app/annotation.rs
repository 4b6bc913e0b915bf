//! What the person adds to a record.

use super::{App, Error};
use crate::api::{Pin, PinsOf, Remember, Remembered, WriteNote};
use crate::store::Detail;

impl App {
    /// Puts a note on a record, or takes it away, and gives the record as it then is.
    ///
    /// # Errors
    /// When there is no such record, or the note is too long.
    pub async fn write_note(&self, input: WriteNote) -> Result<Detail, Error> {
        let now = (self.inner.options.clock)();
        let WriteNote { record, text } = input;
        let detail = self
            .database()?
            .write(move |store| {
                store.write_note(record, &text, now)?;
                store.detail(record)
            })
            .await?;
        Ok(detail)
    }

    /// The tests a person has pinned, by their keys.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pins(&self, input: PinsOf) -> Result<Vec<String>, Error> {
        self.read(move |store| store.pins(input.person)).await
    }

    /// Pins a test or takes the pin away, and gives all of the person's pins.
    ///
    /// # Errors
    /// When there are too many, or no such person.
    pub async fn pin(&self, input: Pin) -> Result<Vec<String>, Error> {
        let pins = self
            .database()?
            .write(move |store| {
                store.pin(input.person, &input.test, input.pinned)?;
                store.pins(input.person)
            })
            .await?;
        Ok(pins)
    }

    /// What the interface had remembered; `None` where there is nothing, or no database yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn remembered(&self, input: Remembered) -> Result<Option<String>, Error> {
        match self.database() {
            Ok(database) => Ok(database.read(move |store| store.remembered(&input.key)).await?),
            Err(Error::NoDatabase) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Remembers a text for the interface.
    ///
    /// # Errors
    /// When there is no open database, or the text is too long.
    pub async fn remember(&self, input: Remember) -> Result<(), Error> {
        let Remember { key, value } = input;
        Ok(self.database()?.write(move |store| store.remember(&key, value.as_deref())).await?)
    }
}
