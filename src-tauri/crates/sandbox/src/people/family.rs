use super::{Account, Login, Resource};
pub(super) fn account() -> Account {
    let login = Login {
        user: "okafor".into(),
        password: "practice".into(),
        about: "Imani Okafor and her son Kofi".into(),
    };
    Account::new(login, "Imani Okafor", Vec::<Resource>::new())
}
