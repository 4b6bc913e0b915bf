//! Tests through time, panels with all their dates, and names that the person gives.

use super::{App, Error};
use crate::api::{Detail, NameResult, PanelTable, Test, TestDetail, TestRef};
use crate::record::Measurement;

impl App {
    /// Every lab test and vital sign of a person (`None`: of everybody), those seen last first.
    ///
    /// # Errors
    /// When there is no open database or it cannot be read.
    pub async fn tests(&self, person: Option<i64>) -> Result<Vec<Test>, Error> {
        self.read(move |store| store.tests(person)).await
    }

    /// One test with all its values.
    ///
    /// # Errors
    /// As [`App::tests`], and when there is no such test.
    pub async fn test(&self, wanted: TestRef) -> Result<TestDetail, Error> {
        self.read(move |store| {
            if wanted.alone {
                store.test_alone(wanted.person, &wanted.key)
            } else {
                store.test(wanted.person, &wanted.key)
            }
        })
        .await
    }

    /// A panel with all its dates.
    ///
    /// # Errors
    /// As [`App::tests`], and when there is no such record.
    pub async fn panel(&self, id: i64) -> Result<PanelTable, Error> {
        self.read(move |store| store.panel(id)).await
    }

    /// The results of each of these records, in the same order; none for a record that has none.
    ///
    /// # Errors
    /// As [`App::tests`], and when there is no such record.
    pub async fn results(&self, records: Vec<i64>) -> Result<Vec<Vec<Measurement>>, Error> {
        self.read(move |store| store.results(&records)).await
    }

    /// Names a result that the portal left unnamed, or takes that name back.
    ///
    /// # Errors
    /// As [`App::tests`], and when there is no such result or the portal named it itself.
    pub async fn name_result(&self, input: NameResult) -> Result<Detail, Error> {
        let now = (self.inner.options.clock)();
        let detail = self
            .database()?
            .write(move |store| {
                store.name_result(
                    input.record,
                    input.index,
                    input.name.as_deref(),
                    input.code.as_deref(),
                    now,
                )?;
                store.detail(input.record)
            })
            .await?;
        self.changed();
        Ok(detail)
    }
}
