//! `GET /declarations/{id}`: what was written, whom it may be about, and what a person decides.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::idnumber::IdNumber;
use kernel::ids::{DeclarationId, HouseholdId, PersonId};
use kernel::permission::Permission;
use kernel::phone::Phone;
use store::Ctx;
use web::ui::{Chip, Csrf, Errors, Field};
use web::{Act, Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, NotOurs, View};
use super::super::model::{State, Writing, plain_number};
use super::super::queries::desk::find_by_number;
use super::super::to_place;
use super::{mark_chips, state_chip};
use crate::screening::plain_kind;

struct Maybe {
    value: String,
    name: String,
    line: String,
    agrees: Vec<String>,
    differs: Vec<String>,
}

#[derive(Template)]
#[template(path = "declarations/templates/one.html")]
struct OnePage {
    l: L,
    id: String,
    version: i64,
    csrf: Csrf,
    errors: Errors,
    chips: Vec<Chip>,
    facts: Vec<(String, String)>,
    words: String,
    why: Option<String>,
    maybe: Vec<Maybe>,
    number: Option<Field>,
    aside: Option<(Field, Field)>,
    purpose: Option<Field>,
    placed: Option<(String, String, Option<String>)>,
    before: Option<String>,
    decided: Option<String>,
    aside_words: Option<String>,
}

fn masked(writing: &Writing) -> (String, String) {
    let phone = Phone::read(&writing.phone).map(|phone| phone.masked());
    let hide = |text: &str| if text.is_empty() { String::new() } else { "****".to_owned() };
    let number = IdNumber::of_form(&plain_number(&writing.number));
    (
        phone.unwrap_or_else(|_| hide(&writing.phone)),
        number.map_or_else(|| hide(&writing.number), |number| number.to_string()),
    )
}

fn facts(l: L, view: &View, open: Option<&Writing>) -> Vec<(String, String)> {
    let (one, writing) = (&view.declared, &view.writing);
    let (phone, number) = match open {
        Some(open) => (open.phone.clone(), open.number.clone()),
        None => masked(writing),
    };
    let kind = match one.objects_to {
        Some(_) => l.t("declarations-objection"),
        None => plain_kind(&one.kind, l.0),
    };
    let mut facts = vec![
        ("name", writing.name.clone()),
        ("phone", phone),
        ("number", number),
        ("kind", kind),
        ("village", view.said_village.clone()),
        ("channel", one.channel.word(l)),
        ("on", one.said_on.to_string()),
        ("at", one.said_at.local_text()),
        ("source", writing.source.clone()),
        ("entered", one.entered_name.clone()),
    ];
    if let Some(helper) = &writing.helper {
        let hidden = |phone: &str| {
            Phone::read(phone).map_or_else(|_| "****".to_owned(), |phone| phone.masked())
        };
        let phone = if open.is_some() { helper.phone.clone() } else { hidden(&helper.phone) };
        facts.push(("helper", format!("{}（{}） {phone}", helper.name, helper.relation)));
    }
    let said = facts.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(id, value)| (l.t(&format!("declarations-fact-{id}")), value)).collect()
}

fn agreement(l: L, codes: &[String]) -> Vec<String> {
    let word = |code: &String| l.find(&format!("intake-agreement-{code}"), &[]);
    codes.iter().map(|code| word(code).unwrap_or_else(|| code.clone())).collect()
}

async fn one(
    ctx: Ctx,
    desk: Desk,
    (id, sent, open): (DeclarationId, Fields, Option<Writing>),
    refused: Option<Refusal>,
) -> Page {
    let l = desk.l;
    let past = ctx.is_past();
    let view = blocking(move || actions::show(&ctx, id)).await?;
    let declared = &view.declared;
    let refused = refused.as_ref();
    let deciding =
        desk.may(Permission::DeclarationPlace) && declared.state != State::Placed && !past;
    let maybe = view.maybe.iter().map(|(somebody, agrees, differs, person)| Maybe {
        value: format!("{}.{person}", somebody.household),
        name: somebody.name.clone(),
        line: l.t_args(
            "declarations-maybe-line",
            &[
                ("number", (&somebody.number).into()),
                ("head", (&somebody.head).into()),
                ("place", (&somebody.place).into()),
            ],
        ),
        agrees: agreement(l, agrees),
        differs: agreement(l, differs),
    });
    let why = (declared.state == State::Waiting).then(|| {
        let found = l.find(&format!("intake-reason-{}", declared.reason), &[]);
        let waits = declared.marks.iter().any(|mark| mark.waits());
        match (waits, found) {
            (true, _) => l.t("declarations-waits-many"),
            (false, Some(why)) => why,
            (false, None) => l.t("declarations-nobody-asked"),
        }
    });
    let aside = || {
        let choices = ["not_here", "junk"].map(|code| {
            web::ui::Choice::new(code, l.t(&format!("declarations-aside-{code}")))
                .help(l.t(&format!("declarations-aside-{code}-help")))
        });
        let what = Field::radio("what", l.t("declarations-aside"), choices.into());
        let words = Field::area("words", l.t("declarations-aside-words"));
        (what.filled(l, &sent, refused), words.filled(l, &sent, refused))
    };
    let number = || {
        Field::text("number", l.t("declarations-household-number"))
            .help(l.t("declarations-household-number-help"))
            .filled(l, &sent, refused)
    };
    let written = &view.writing;
    let sealed =
        !written.phone.is_empty() || !written.number.is_empty() || written.helper.is_some();
    let may_reveal = desk.may(Permission::DeclarationReveal) && open.is_none() && sealed && !past;
    let placed = view.household.as_ref().map(|household| {
        let lead = declared.lead.map(|lead| format!("/leads/{lead}"));
        let name = format!("{} · {}", household.name, household.place);
        (format!("/households/{}", household.household), name, lead)
    });
    let body = OnePage {
        l,
        id: id.to_string(),
        version: declared.version,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        chips: std::iter::once(state_chip(l, declared.state))
            .chain(mark_chips(l, declared))
            .collect(),
        facts: facts(l, &view, open.as_ref()),
        words: view.writing.words.clone(),
        why,
        maybe: if deciding { maybe.collect() } else { Vec::new() },
        number: deciding.then(number),
        aside: (deciding && declared.state == State::Waiting).then(aside),
        purpose: may_reveal
            .then(|| Field::text("purpose", l.t("declarations-purpose")).filled(l, &sent, refused)),
        placed,
        before: declared.objects_to.map(|before| format!("/declarations/{before}")),
        decided: declared.decided.as_ref().filter(|(who, _)| who != "system").map(|(who, at)| {
            l.t_args(
                "declarations-decided-by",
                &[("who", who.into()), ("at", at.local_text().into())],
            )
        }),
        aside_words: declared.words.clone(),
    };
    let title = l.t1("declarations-of", "name", &view.writing.name);
    let mut shell = desk
        .untitled()
        .title(title)
        .nav("leads")
        .crumb(l.t("declarations-title"), "/declarations")
        .act(Act::print(l));
    for step in &view.path {
        shell = shell.area(step, format!("/declarations?area={}", step.0));
    }
    page_of_form(&shell, body, refused)
}

fn id_of(text: &str) -> Result<DeclarationId> {
    DeclarationId::parse(text).map_err(|_| Refusal::not_found("declarations.none").into())
}

/// `GET /declarations/{id}`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Page {
    one(ctx, desk, (id_of(&id)?, Fields::default(), None), None).await
}

fn version_of(fields: &Fields) -> i64 {
    fields.text("version").parse().unwrap_or(0)
}

/// The household that was chosen among those it may be, or typed as a number.
fn chosen(ctx: &Ctx, sent: &Fields) -> Result<(HouseholdId, Option<PersonId>)> {
    let needed = || {
        let refusal = Refusal::invalid("declarations.household_needed");
        Error::from(refusal.field("number", "web.required"))
    };
    let number = sent.text("number");
    if !number.is_empty() {
        let permit = ctx.permit(Permission::DeclarationPlace)?;
        let found = find_by_number(&mut ctx.read()?, &permit, number)?;
        return found.map(|household| (household, None)).ok_or_else(|| {
            let refusal = Refusal::not_found("declarations.no_household");
            Error::from(refusal.field("number", "declarations.no_household"))
        });
    }
    let (household, person) = sent.text("maybe").split_once('.').ok_or_else(needed)?;
    let household = HouseholdId::parse(household).map_err(|_| needed())?;
    Ok((household, PersonId::parse(person).ok()))
}

/// `POST /declarations/{id}/place`
pub async fn place(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>, sent: Fields) -> Page {
    ctx.permit(Permission::DeclarationPlace)?;
    let id = id_of(&id)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let about = chosen(&acting, &form)?;
        to_place::place(&acting, (id, version_of(&form)), about)
    })
    .await;
    match result {
        Ok(lead) => done(&format!("/leads/{lead}"), "declarations-placed-done"),
        Err(error) => again(ctx, desk, (id, sent), error).await,
    }
}

/// `POST /declarations/{id}/aside`
pub async fn aside(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>, sent: Fields) -> Page {
    ctx.permit(Permission::DeclarationPlace)?;
    let id = id_of(&id)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let what = match form.text("what") {
            "not_here" => NotOurs::NotHere,
            "junk" => NotOurs::Junk,
            _ => {
                let refusal = Refusal::invalid("declarations.form");
                return Err(refusal.field("what", "web.required").into());
            }
        };
        actions::put_aside(&acting, (id, version_of(&form)), (what, form.text("words")))
    })
    .await;
    match result {
        Ok(()) => done("/declarations", "declarations-aside-done"),
        Err(error) => again(ctx, desk, (id, sent), error).await,
    }
}

/// `POST /declarations/{id}/reveal`
pub async fn reveal(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>, sent: Fields) -> Page {
    ctx.permit(Permission::DeclarationReveal)?;
    let id = id_of(&id)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || actions::reveal(&acting, id, form.text("purpose"))).await;
    match result {
        Ok(open) => one(ctx, desk, (id, sent, Some(open)), None).await,
        Err(error) => again(ctx, desk, (id, sent), error).await,
    }
}

async fn again(ctx: Ctx, desk: Desk, (id, sent): (DeclarationId, Fields), error: Error) -> Page {
    match error {
        Error::Refusal(refusal)
            if refusal.kind != RefusalKind::NotFound || !refusal.fields.is_empty() =>
        {
            one(ctx, desk, (id, sent, None), Some(refusal)).await
        }
        error => Err(error.into()),
    }
}
