use super::{Account, Login, Resource};
pub(super) fn account(_n: usize) -> Account {
    let login = Login {
        user: "load".into(),
        password: "practice".into(),
        about: "A generated record for load".into(),
    };
    Account::new(login, "Load", Vec::<Resource>::new())
}
