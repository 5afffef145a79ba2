//! One's own account: who one is here, the language, the way to another password.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use kernel::lang::Lang;
use web::ui::{Choice, Csrf, Field};
use web::{Act, Address, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::{actions, queries};

#[derive(Template)]
#[template(path = "accounts/templates/me.html")]
struct MePage {
    l: L,
    csrf: Csrf,
    facts: Vec<(String, String)>,
    language: Field,
}

/// `GET /account`
pub(super) async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let (role, department) = (ctx.actor.role, ctx.actor.department.clone());
    let name = ctx.actor.name.clone();
    let place = blocking(move || match ctx.actor.home {
        Some(home) => queries::place_name(&mut ctx.read()?, home),
        None => Ok(String::new()),
    })
    .await?;
    let mut facts = vec![
        (l.t("accounts-name"), name),
        (l.t("accounts-role"), l.t(&format!("role-{role}"))),
        (l.t("accounts-home"), place),
    ];
    if let Some(code) = department {
        facts.push((l.t("accounts-department"), l.t(&format!("department-{code}"))));
    }
    let languages =
        vec![Choice::new(Lang::Zh.tag(), "简体中文"), Choice::new(Lang::En.tag(), "English")];
    let chosen = Fields::default().with("language", l.0.tag());
    let body = MePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        facts,
        language: Field::radio("language", l.t("accounts-language"), languages)
            .filled(l, &chosen, None),
    };
    let act = Act::new(l.t("accounts-password-title"), "/account/password").icon("lock");
    let views = Act::new(l.t("web-views"), "/views").icon("history");
    page(&desk.shell("accounts-me").act(views).act(act), body)
}

/// `POST /account`: the language is kept with the account and in this browser.
pub(super) async fn save(CtxOf(ctx): CtxOf, fields: Fields) -> Answer {
    let lang: Lang = fields.text("language").parse().unwrap_or(ctx.lang);
    blocking(move || actions::choose_language(&ctx, lang)).await?;
    let to = Address::new("/language", "").with("to", lang.tag()).with("back", "/account");
    Ok(Redirect::to(&to.to_string()).into_response())
}
