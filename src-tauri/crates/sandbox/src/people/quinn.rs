use super::{Account, Login, Resource};
pub(super) fn account() -> Account {
    let login = Login {
        user: "marisol".into(),
        password: "practice".into(),
        about: "Marisol Quinn, ten years at one practice".into(),
    };
    Account::new(login, "Marisol Quinn", Vec::<Resource>::new())
}
