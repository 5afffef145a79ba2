//! `GET /cases/new?household=…`: the lives that can begin for a household by hand; without a household one is looked for;
//! `POST /cases/new`: one begins.

use askama::Template;
use kernel::error::{Error, Refusal, RefusalKind};
use kernel::ids::{HouseholdId, PersonId};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Choice, Csrf, Empty, Errors, Field};
use web::{Answer as Answered, CtxOf, Desk, Fields, L, blocking, done, page, page_of_form};

use super::super::begin;
use super::campaigns::life_choices;

#[derive(Template)]
#[template(path = "cases/templates/begin.html")]
struct BeginPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    fields: Vec<Field>,
    household: String,
    empty: Option<Empty>,
}

/// A household that was found.
struct Found {
    href: String,
    head: String,
    place: String,
    number: String,
}

#[derive(Template)]
#[template(path = "cases/templates/begin_whom.html")]
struct WhomPage {
    l: L,
    field: Field,
    found: Vec<Found>,
    empty: Option<Empty>,
}

/// Nobody has said for which household: it is looked for.
async fn whom(ctx: Ctx, desk: Desk) -> Answered {
    let l = desk.l;
    let text = desk.address.get("q").unwrap_or_default().trim().to_owned();
    let asked = text.clone();
    let lines = blocking(move || begin::look_for(&ctx, &asked)).await?;
    let found = lines.into_iter().map(|line| Found {
        href: format!("/cases/new?household={}", line.id),
        head: line.head.unwrap_or_else(|| line.number.clone()),
        place: format!("{} {}", line.village_name, line.group.unwrap_or_default()),
        number: line.number,
    });
    let found: Vec<Found> = found.collect();
    let none = found.is_empty() && !text.is_empty();
    let field = Field::input("search", "q", l.t("cases-begin-whom"))
        .help(l.t("cases-begin-whom-help"))
        .filled(l, &Fields::default().with("q", &text), None);
    let empty = none.then(|| {
        let title = l.t1("cases-begin-nobody", "text", text.as_str());
        Empty::new(title, l.t("cases-begin-nobody-help"))
    });
    let shell = desk.shell("cases-begin").nav("cases").crumb(l.t("nav-cases"), "/cases");
    page(&shell, WhomPage { l, field, found, empty })
}

fn household_of(text: &str) -> Result<HouseholdId, Refusal> {
    HouseholdId::parse(text).map_err(|_| Refusal::not_found("cases.no_household"))
}

async fn shown(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Answered {
    let l = desk.l;
    let household = match sent.text("household") {
        "" => desk.address.get("household").unwrap_or_default().to_owned(),
        household => household.to_owned(),
    };
    let id = household_of(&household)?;
    let (lives, members) = blocking(move || begin::by_hand(&ctx, id)).await?;
    let people = members.iter().map(|one| Choice::new(one.person.to_string(), one.name.clone()));
    let nobody = Choice::new("", l.t("cases-whole-household"));
    let fields = [
        Field::radio("life", l.t("cases-life"), life_choices(l, &lives)),
        Field::select(
            "person",
            l.t("cases-person"),
            std::iter::once(nobody).chain(people).collect(),
        )
        .help(l.t("cases-person-help")),
        Field::area("words", l.t("cases-begin-words")),
    ];
    let fields = fields.into_iter().map(|field| field.filled(l, &sent, refused.as_ref()));
    let body = BeginPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        fields: fields.collect(),
        empty: lives
            .is_empty()
            .then(|| Empty::new(l.t("cases-begin-none"), l.t("cases-begin-none-help"))),
        household: household.clone(),
    };
    let back = members.first().map(|one| one.name.clone()).unwrap_or_default();
    let shell =
        desk.shell("cases-begin").nav("cases").crumb(back, format!("/households/{household}"));
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /cases/new`
pub async fn form(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    ctx.permit(Permission::CaseSee)?;
    if desk.address.get("household").is_none_or(str::is_empty) {
        return whom(ctx, desk).await;
    }
    shown(ctx, desk, Fields::default(), None).await
}

/// `POST /cases/new`
pub async fn open(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Answered {
    ctx.permit(Permission::CaseSee)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let begun = blocking(move || {
        let household = household_of(form.text("household"))?;
        let person = PersonId::parse(form.text("person")).ok();
        begin::open_by_hand(&acting, (form.text("life"), household), (person, form.text("words")))
    });
    match begun.await {
        Ok(id) => done(&format!("/cases/{id}"), "cases-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            shown(ctx, desk, sent, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
