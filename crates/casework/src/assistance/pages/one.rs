//! `GET /assistance/{id}`: one measure, its proof, the log of its times, and the forms that go on with it.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::{HouseholdId, MeasureId};
use kernel::permission::{FieldClass, Permission};
use kernel::time::Day;
use registry::households;
use store::Ctx;
use web::ui::{Chip, Choice, Clock, Csrf, Errors, Field};
use web::{
    Answer as Page, Checks, CtxOf, Desk, Fields, L, blocking, done as done_at, page_of_form,
};

use super::panel::chip;
use super::{kind_word, risk_words};
use crate::assistance::actions;
use crate::assistance::model::{Delivered, Measure, PROOFS, Proof};
use crate::assistance::moves::{self, Moved};
use crate::assistance::queries::moves::find_move;
use crate::assistance::queries::{Given, find_merged, times_of};
use crate::departments::office_name;

struct Found {
    measure: Measure,
    times: Vec<Given>,
    /// Who is helped, where it opens.
    who: (String, String),
    person: Option<String>,
    /// The number under which it was promised, if that is held to be another's now.
    merged: Option<String>,
    money: bool,
    own: bool,
    /// Where the person lives now, if that is another household.
    elsewhere: Option<(HouseholdId, String)>,
    /// That it came along with the person, while that can be undone.
    moved: Option<Moved>,
}

fn found(ctx: &Ctx, id: MeasureId) -> Result<Found> {
    let permit = ctx.permit(Permission::AssistanceSee)?;
    let measure = actions::show(ctx, id)?;
    let mut session = ctx.read()?;
    let (mut who, mut person) = (None, None);
    if let Some(household) = measure.subject.household() {
        let all = households::list_residents(&mut session, &household)?;
        let named = |one: &households::Resident| one.name.clone();
        let head =
            all.iter().find(|one| one.stay.kin.is_head() && one.stay.span.holds_on(ctx.today));
        who = Some((head.map(named).unwrap_or_default(), format!("/households/{household}")));
        let of = measure.subject.person();
        person = all.iter().find(|one| Some(one.stay.person) == of).map(named);
    }
    let village = || registry::areas::path_of(&mut ctx.read()?, measure.village);
    let who = match who {
        Some(who) => who,
        None => {
            let name = village()?.pop().map(|(_, name)| name).unwrap_or_default();
            (name, format!("/areas?area={}", measure.village))
        }
    };
    let office = ctx.actor.department.as_deref();
    Ok(Found {
        times: times_of(&mut session, id)?,
        merged: find_merged(&mut session, id)?,
        own: office.is_none_or(|office| office == measure.office),
        money: permit.opens(FieldClass::Money),
        elsewhere: moves::lives_elsewhere(&mut session, &measure)?,
        moved: find_move(&mut session, id)?,
        measure,
        who,
        person,
    })
}

#[derive(Template)]
#[template(path = "assistance/templates/one.html")]
struct OnePage {
    l: L,
    id: String,
    version: i64,
    csrf: Csrf,
    errors: Errors,
    failed: bool,
    chip: Option<Chip>,
    clock: Option<Clock>,
    who: (String, String),
    facts: Vec<(String, String)>,
    times: Vec<(String, String, String)>,
    recurs: bool,
    elsewhere: Option<(String, bool)>,
    moved: Option<(String, bool)>,
    delivering: Option<Vec<Field>>,
    giving: Option<Vec<Field>>,
    ending: Option<Vec<Field>>,
}

fn facts(l: L, found: &Found) -> Vec<(String, String)> {
    let measure = &found.measure;
    let label = |id: &str| l.t(&format!("assistance-sheet-{id}"));
    let office = (!measure.office.is_empty()).then(|| office_name(l, &measure.office));
    let owner = office.into_iter().chain([measure.owner.clone()]).collect::<Vec<_>>().join(" · ");
    let mut facts = vec![
        (label("aims"), risk_words(l, &measure.aims)),
        (label("person"), found.person.clone().unwrap_or_default()),
        (l.t("assistance-merged"), found.merged.clone().unwrap_or_default()),
        (label("words"), measure.words.clone()),
        (label("owner"), owner),
        (label("promised"), measure.promised_on.to_string()),
        (label("due"), measure.due_on.to_string()),
    ];
    if let Some(given) = &measure.delivered {
        let proof = l.t(&format!("assistance-proof-{}", given.proof.code()));
        let amount = given.amount.filter(|_| found.money).map(|amount| l.money(amount.fen()));
        facts.push((label("given"), given.on.to_string()));
        facts.push((label("proof"), format!("{proof} {}", given.number)));
        facts.push((label("amount"), amount.unwrap_or_default()));
        facts.push((label("term"), given.term.map(|day| day.to_string()).unwrap_or_default()));
    }
    if let Some((on, how, why)) = &measure.ended {
        facts.push((l.t(&format!("assistance-is-{}", how.code())), format!("{on} · {why}")));
    }
    facts.push((label("by"), measure.by.clone()));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn delivering(l: L, today: Day, (sent, refused): (&Fields, Option<&Refusal>)) -> Vec<Field> {
    let label = |id: &str| l.t(&format!("assistance-sheet-{id}"));
    let proofs = PROOFS
        .iter()
        .map(|one| Choice::new(one.code(), l.t(&format!("assistance-proof-{}", one.code()))));
    let sent = match sent.text("on") {
        "" => sent.clone().with("on", today).with("proof", Proof::Payment.code()),
        _ => sent.clone(),
    };
    vec![
        Field::input("date", "on", label("given")).required(),
        Field::radio("proof", label("proof"), proofs.collect()),
        Field::text("number", label("proof_number")).help(l.t("assistance-number-help")).required(),
        Field::text("amount", label("amount")).help(l.t("assistance-amount-help")),
        Field::input("date", "term", label("term")).help(l.t("assistance-term-help")),
    ]
    .into_iter()
    .map(|field| field.filled(l, &sent, refused))
    .collect()
}

fn day_and(
    l: L,
    today: Day,
    (name, text): (&'static str, Field),
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Vec<Field> {
    let sent =
        if sent.text(name).is_empty() { sent.clone().with(name, today) } else { sent.clone() };
    let day = Field::input("date", name, l.t(&format!("assistance-{name}"))).required();
    [day, text].into_iter().map(|field| field.filled(l, &sent, refused)).collect()
}

async fn page_of(
    ctx: Ctx,
    desk: Desk,
    (id, form, sent): (MeasureId, &'static str, Fields),
    refused: Option<Refusal>,
) -> Page {
    let (l, today, past) = (desk.l, ctx.today, ctx.is_past());
    let found = blocking(move || found(&ctx, id)).await?;
    let measure = &found.measure;
    let open = measure.ended.is_none() && !past;
    let gives = open && found.own && desk.may(Permission::AssistanceDeliver);
    let nothing = Fields::default();
    let of = |name: &str| {
        if form == name { (&sent, refused.as_ref()) } else { (&nothing, None) }
    };
    let plans = open && desk.may(Permission::AssistancePlan);
    let recurs = measure.is("recurring");
    let waits = measure.delivered.is_none() && measure.ended.is_none();
    let body = OnePage {
        l,
        id: id.to_string(),
        version: measure.version,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        failed: refused.is_some() && form == "end",
        chip: chip(l, measure),
        clock: waits.then(|| Clock::new(l, today, measure.due_on)),
        who: found.who.clone(),
        facts: facts(l, &found),
        times: found
            .times
            .iter()
            .map(|one| (one.on.to_string(), one.words.clone(), one.by.clone()))
            .collect(),
        recurs,
        elsewhere: found.elsewhere.as_ref().map(|(_, number)| {
            let who = found.person.clone().unwrap_or_default();
            let args = [("who", who.into()), ("number", number.into())];
            (l.t_args("assistance-elsewhere", &args), plans)
        }),
        moved: found.moved.as_ref().map(|one| {
            let args = [
                ("number", (&one.from.1).into()),
                ("day", one.on.to_string().into()),
                ("by", (&one.by).into()),
            ];
            (l.t_args("assistance-moved", &args), plans)
        }),
        delivering: (gives && waits).then(|| delivering(l, today, of("deliver"))),
        giving: (gives && recurs && measure.stands).then(|| {
            let what = Field::text("words", l.t("assistance-given-words"));
            day_and(l, today, ("given_on", what), of("give"))
        }),
        ending: (open && desk.may(Permission::AssistancePlan)).then(|| {
            let why = Field::text("why", l.t("assistance-why")).required();
            day_and(l, today, ("ended_on", why), of("end"))
        }),
    };
    let shell = desk
        .untitled()
        .title(kind_word(l, &measure.kind))
        .nav("assistance")
        .crumb(l.t("assistance-title"), "/assistance");
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /assistance/{id}`
pub(super) async fn show(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<MeasureId>)) -> Page {
    page_of(ctx, desk, (id, "", Fields::default()), None).await
}

fn version_of(sent: &Fields) -> i64 {
    sent.text("version").parse().unwrap_or(0)
}

fn delivered_of(sent: &Fields) -> Result<Delivered> {
    let mut checks = Checks::new(sent);
    let on = checks.day("on");
    let proof = checks.read("proof", "web.required", Proof::parse);
    let number = checks.required("number");
    let amount = match sent.text("amount") {
        "" => None,
        _ => checks.money("amount"),
    };
    let term = match sent.text("term") {
        "" => None,
        _ => checks.day("term"),
    };
    checks.finish("assistance.form")?;
    let missing = || Error::from(Refusal::invalid("assistance.form"));
    Ok(Delivered {
        on: on.ok_or_else(missing)?,
        proof: proof.ok_or_else(missing)?,
        number: number.unwrap_or_default().to_owned(),
        amount,
        term,
    })
}

fn day_of(sent: &Fields, name: &str) -> Result<Day> {
    let mut checks = Checks::new(sent);
    let on = checks.day(name);
    checks.finish("assistance.form")?;
    on.ok_or_else(|| Refusal::invalid("assistance.form").into())
}

async fn after(
    (ctx, desk): (Ctx, Desk),
    (id, form, sent): (MeasureId, &'static str, Fields),
    (result, message): (Result<()>, &'static str),
) -> Page {
    match result {
        Ok(()) => done_at(&format!("/assistance/{id}"), message),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            page_of(ctx, desk, (id, form, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /assistance/{id}/deliver`
pub(super) async fn deliver(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<MeasureId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistanceDeliver)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result =
        blocking(move || actions::deliver(&acting, (id, version_of(&form)), delivered_of(&form)?))
            .await;
    after((ctx, desk), (id, "deliver", sent), (result, "assistance-delivered-done")).await
}

/// `POST /assistance/{id}/give`
pub(super) async fn give(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<MeasureId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistanceDeliver)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result = blocking(move || {
        actions::give(&acting, id, day_of(&form, "given_on")?, form.text("words"))
    })
    .await;
    after((ctx, desk), (id, "give", sent), (result, "assistance-given-done")).await
}

/// `POST /assistance/{id}/end`
pub(super) async fn end(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<MeasureId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistancePlan)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result = blocking(move || {
        actions::end(
            &acting,
            (id, version_of(&form)),
            (day_of(&form, "ended_on")?, form.text("why")),
        )
    })
    .await;
    after((ctx, desk), (id, "end", sent), (result, "assistance-ended-done")).await
}

/// `POST /assistance/{id}/move`: it goes along to where the person lives now, or that is undone.
pub(super) async fn go_along(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<MeasureId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistancePlan)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result = blocking(move || match form.text("back") {
        "yes" => moves::move_back(&acting, (id, version_of(&form))),
        _ => moves::move_along(&acting, (id, version_of(&form))),
    })
    .await;
    after((ctx, desk), (id, "move", sent), (result, "assistance-moved-done")).await
}
