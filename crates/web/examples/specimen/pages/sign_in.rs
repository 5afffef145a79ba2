//! The body of the specimen `sign_in`.

use super::*;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    l: L,
    csrf: ui::Csrf,
    errors: ui::Errors,
    fields: (Field, Field),
}

impl SignIn {
    fn w(&self, zh: &str, en: &str) -> String {
        say(self.l, zh, en)
    }

    pub fn new(l: L) -> SignIn {
        let name = Field::text("login", say(l, "账号", "Account"))
            .autocomplete("username")
            .focus()
            .required();
        let password = Field::input("password", "password", say(l, "密码", "Password"))
            .autocomplete("current-password")
            .required();
        SignIn {
            l,
            csrf: ui::Csrf("x".to_owned()),
            errors: ui::Errors::new(l, None),
            fields: (name, password),
        }
    }
}
