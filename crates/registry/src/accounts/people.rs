//! The list of people: who may sign in, found by name, role and place.

use askama::Template;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::Result;
use kernel::permission::Role;
use store::Ctx;
use web::ui::{Choice, Column, Columns, Csrf, Empty, Field, Pager};
use web::{Act, Address, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::model::Account;
use super::{actions, queries};
use crate::areas;

const ON_A_PAGE: usize = 50;

struct AccountRow {
    account: Account,
    place: String,
}

#[derive(Template)]
#[template(path = "accounts/templates/list.html")]
struct ListPage {
    l: L,
    csrf: Csrf,
    me: String,
    search: Field,
    role: Field,
    area: Field,
    filtered: bool,
    columns: Columns,
    rows: Vec<AccountRow>,
    pager: Pager,
    empty: Empty,
}

/// What the address asks for.
struct Asked {
    text: String,
    role: Option<Role>,
    area: Option<AreaCode>,
    after: usize,
}

fn asked(address: &Address) -> Asked {
    Asked {
        text: address.get("q").unwrap_or_default().to_lowercase(),
        role: address.get("role").and_then(|text| text.parse().ok()),
        area: address.get("area").and_then(|code| AreaCode::parse_short(code).ok()),
        after: address.get("after").and_then(|number| number.parse().ok()).unwrap_or(0),
    }
}

impl Asked {
    fn takes(&self, account: &Account) -> bool {
        let named = account.name.to_lowercase().contains(&self.text)
            || account.login.to_lowercase().contains(&self.text);
        named
            && self.role.is_none_or(|role| role == account.role)
            && self.area.is_none_or(|area| area.contains(account.home))
    }
}

/// The places in which the caller may settle somebody, with the township before a village.
///
/// # Errors
/// What the database refuses.
pub fn places(ctx: &Ctx) -> Result<Vec<(String, String)>> {
    let mut session = ctx.read()?;
    let all = areas::list_areas(&mut session, ctx.actor.home)?;
    let name = |code: AreaCode| {
        let found = all.iter().find(|area| area.row.code == code);
        found.map(|area| area.row.name.as_str()).unwrap_or_default()
    };
    let open = all.iter().filter(|area| area.span.is_open());
    let from_county = open.filter(|area| area.row.level >= AreaLevel::County);
    Ok(from_county
        .map(|area| {
            let code = area.row.code;
            let town = code.at(AreaLevel::Town).filter(|_| area.row.level == AreaLevel::Village);
            let words = [town.map(name).unwrap_or_default(), area.row.name.as_str()].join(" ");
            (code.to_string(), words.trim().to_owned())
        })
        .collect())
}

fn fields(desk: &Desk, below: &[(AreaCode, String)]) -> (Field, Field, Field) {
    let l = desk.l;
    let mut given = Fields::default();
    for key in ["q", "role", "area"] {
        given = given.with(key, desk.address.get(key).unwrap_or_default());
    }
    let roles = Role::ALL.iter().map(|role| Choice::new(role.text(), l.t(&format!("role-{role}"))));
    let roles = std::iter::once(Choice::new("", l.t("web-all"))).chain(roles).collect();
    let areas = below.iter().map(|(code, name)| Choice::new(code.as_str(), name));
    let areas = std::iter::once(Choice::new("", l.t("web-all"))).chain(areas).collect();
    (
        Field::input("search", "q", l.t("accounts-find")).filled(l, &given, None),
        Field::select("role", l.t("accounts-role"), roles).filled(l, &given, None),
        Field::select("area", l.t("accounts-home"), areas).filled(l, &given, None),
    )
}

/// `GET /accounts`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let me = ctx.actor.account.clone();
    let wanted = asked(&desk.address);
    let after = wanted.after;
    let (rows, total, below) = blocking(move || {
        let mut accounts = actions::list(&ctx)?;
        accounts.retain(|account| wanted.takes(account));
        let total = accounts.len();
        let mut session = ctx.read()?;
        let rows = accounts
            .into_iter()
            .skip(wanted.after)
            .take(ON_A_PAGE)
            .map(|account| {
                let place = queries::place_name(&mut session, account.home)?;
                Ok(AccountRow { account, place })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok((rows, total, areas::list_below(&mut session, ctx.actor.home)?))
    })
    .await?;
    let columns = Columns::new(
        &desk.address,
        vec![
            Column::new(l.t("accounts-name")),
            Column::new(l.t("accounts-login")).id("login"),
            Column::new(l.t("accounts-role")).id("role"),
            Column::new(l.t("accounts-home")).id("home"),
            Column::new(l.t("accounts-state")).id("state"),
            Column::new(""),
        ],
    )
    .liked(&desk.view, "accounts");
    let (search, role, area) = fields(&desk, &below);
    let next = (after + rows.len() < total).then(|| (after + rows.len()).to_string());
    let body = ListPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        me,
        search,
        role,
        area,
        filtered: ["q", "role", "area"].iter().any(|key| desk.address.get(key).is_some()),
        columns,
        pager: Pager::new(l, &desk.address, rows.len(), next, i64::try_from(total).ok()),
        rows,
        empty: Empty::new(l.t("accounts-none"), l.t("accounts-none-help")),
    };
    let shell = desk
        .shell("accounts-list")
        .nav("accounts")
        .wide()
        .act(Act::new(l.t("accounts-create"), "/accounts/new").icon("plus").primary());
    page(&shell, body)
}
