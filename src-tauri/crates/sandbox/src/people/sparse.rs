use super::{Account, Login, Resource};
pub(super) fn account() -> Account {
    let login = Login {
        user: "edwin".into(),
        password: "practice".into(),
        about: "Edwin Tarr, a new patient with a short record".into(),
    };
    Account::new(login, "Edwin Tarr", Vec::<Resource>::new())
}
