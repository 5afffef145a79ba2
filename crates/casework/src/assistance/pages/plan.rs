//! `GET /households/{id}/measures/new`: the form by which help is planned for a household or one of its people.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::{HouseholdId, PersonId};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::households::{self, Resident};
use registry::policies::ShippedCodes;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer as Page, Checks, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::{kinds_to_choose, offices_to_choose};
use crate::assistance::actions;
use crate::assistance::model::{NewMeasure, Subject};

/// Days that are offered for giving what is promised.
const USUAL_DAYS: i32 = 30;

#[derive(Template)]
#[template(path = "assistance/templates/form.html")]
pub(super) struct FormPage {
    pub(super) l: L,
    pub(super) csrf: Csrf,
    pub(super) errors: Errors,
    pub(super) note: Option<String>,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) send: String,
    pub(super) back: String,
}

/// The household with those who live there and the name of its head.
pub(super) fn household(
    ctx: &Ctx,
    id: HouseholdId,
    of: Permission,
) -> Result<(String, Vec<Resident>)> {
    let permit = ctx.permit(of)?;
    let mut session = ctx.read()?;
    let house = households::load_household(ctx, &mut session, &permit, &id.to_string())?;
    let mut all = households::list_residents(&mut session, &house.id)?;
    all.retain(|one| {
        one.stay.span.holds_on(ctx.today) && !one.set_aside() && one.died_on.is_none()
    });
    let head = all.iter().find(|one| one.stay.kin.is_head()).map(|one| one.name.clone());
    Ok((head.unwrap_or(house.number), all))
}

fn fields(
    (l, today): (L, Day),
    people: &[Resident],
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Vec<Field> {
    let whole = Choice::new("", l.t("assistance-whole-household"));
    let people = people.iter().map(|one| Choice::new(one.stay.person.to_string(), &one.name));
    let risks = ShippedCodes::Risks.all().iter();
    let risks = risks.filter(|one| one.of.is_none() && one.offered_on(today));
    let risks = risks.map(|one| Choice::new(&*one.code, one.words(l.0)));
    let label = |id: &str| l.t(&format!("assistance-sheet-{id}"));
    vec![
        Field::select("kind", label("kind"), kinds_to_choose(l, today, l.t("assistance-choose")))
            .required(),
        Field::boxes("aims", label("aims"), risks.collect()).help(l.t("assistance-aims-help")),
        Field::select("person", label("person"), std::iter::once(whole).chain(people).collect()),
        Field::area("words", label("words")).help(l.t("assistance-words-help")),
        Field::select("office", label("office"), offices_to_choose(l, l.t("assistance-no-office"))),
        Field::text("owner", label("owner")).required(),
        Field::input("date", "promised", label("promised")).required(),
        Field::input("date", "due", label("due")).required(),
    ]
    .into_iter()
    .map(|field| field.filled(l, sent, refused))
    .collect()
}

async fn page_of(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (HouseholdId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let (head, people) = blocking(move || household(&ctx, id, Permission::AssistancePlan)).await?;
    let fields = fields((l, today), &people, (&sent, refused.as_ref()));
    let body = FormPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()).labelled(l, &fields),
        note: None,
        hidden: Vec::new(),
        fields,
        send: l.t("assistance-plan-send"),
        back: format!("/households/{id}"),
    };
    let shell = desk
        .untitled()
        .title(l.t1("assistance-plan-title", "who", head.clone()))
        .nav("households")
        .crumb(head, format!("/households/{id}"));
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /households/{id}/measures/new`
pub(super) async fn form(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<HouseholdId>)) -> Page {
    let due = ctx.today.add_days(USUAL_DAYS.into());
    let sent = Fields::default().with("promised", ctx.today).with("due", due);
    let sent = sent.with("owner", &ctx.actor.name);
    page_of(ctx, desk, (id, sent), None).await
}

fn read(id: HouseholdId, sent: &Fields) -> Result<NewMeasure> {
    let mut checks = Checks::new(sent);
    let kind = checks.required("kind");
    let owner = checks.required("owner");
    let (promised, due) = (checks.day("promised"), checks.day("due"));
    let person = checks.optional("person").map(PersonId::parse);
    if person.as_ref().is_some_and(std::result::Result::is_err) {
        checks.wrong("person", "web.required");
    }
    checks.finish("assistance.form")?;
    let subject = match person {
        Some(Ok(person)) => Subject::Person(id, person),
        _ => Subject::Household(id),
    };
    let missing = || Error::from(Refusal::invalid("assistance.form"));
    Ok(NewMeasure {
        subject,
        kind: kind.unwrap_or_default().to_owned(),
        aims: sent.all("aims").to_vec(),
        words: sent.text("words").to_owned(),
        office: sent.text("office").to_owned(),
        owner: owner.unwrap_or_default().to_owned(),
        promised_on: promised.ok_or_else(missing)?,
        due_on: due.ok_or_else(missing)?,
    })
}

/// `POST /households/{id}/measures/new`
pub(super) async fn post(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<HouseholdId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistancePlan)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    match blocking(move || actions::plan(&acting, read(id, &form)?)).await {
        Ok(_) => done(&format!("/households/{id}"), "assistance-planned-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            page_of(ctx, desk, (id, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
