//! Forms by hand: what happened in a household.

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use store::{Ctx, Session};
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, CtxOf, Desk, Failure, Fields, L, blocking, done, page_of_form};

use super::actions;
use super::correct::{Standing, standing, standing_word};
use super::form_reading::parse;
use super::kin::Kin;
use super::known_number::MOVABLE;
use super::pages::{KINDS, csrf_of, status_word};
use super::queries::{self, Household, Status};
use super::residents::{Resident, list_residents};
use super::status::Scheme;

/// What a form needs to know about the household.
pub(super) struct Known {
    household: Household,
    pub(super) present: Vec<Resident>,
    former: Vec<Resident>,
    villages: Vec<(AreaCode, String)>,
    pub(super) values: Vec<Standing>,
    statuses: Vec<Status>,
}

/// What the form of one kind of change needs; with `what` only the one value that is put right.
fn known(ctx: &Ctx, id: &str, (kind, what): (&str, Option<&str>)) -> Result<Known> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut session = ctx.read()?;
    let household = queries::load_household(ctx, &mut session, &permit, id)?;
    let all = list_residents(&mut session, &household.id)?;
    let (present, gone): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|resident| resident.stay.span.is_open());
    let mut former: Vec<Resident> = Vec::new();
    for resident in gone.into_iter().rev() {
        let known = |other: &Resident| other.stay.person == resident.stay.person;
        if resident.died_on.is_none() && !present.iter().any(known) && !former.iter().any(known) {
            former.push(resident);
        }
    }
    let mut known = Known {
        household,
        present,
        former,
        villages: Vec::new(),
        values: Vec::new(),
        statuses: Vec::new(),
    };
    match kind {
        "move" => known.villages = villages(ctx, &mut session)?,
        "correct" => {
            known.values = standing(&mut session, &known.household, (&known.present, what))?;
        }
        "split" => {
            known.statuses = queries::list_statuses(&mut session, &known.household.id)?;
        }
        _ => {}
    }
    Ok(known)
}

fn villages(ctx: &Ctx, session: &mut Session) -> Result<Vec<(AreaCode, String)>> {
    let all = crate::areas::list_areas(session, ctx.actor.home)?.into_iter();
    let standing = all
        .filter(|area| area.span.is_open() && area.row.level == kernel::area::AreaLevel::Village);
    Ok(standing.map(|area| (area.row.code, area.row.name)).collect())
}

#[derive(Template)]
#[template(path = "households/templates/change.html")]
struct ChangePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    fields: Vec<Field>,
    back: String,
    confirms: bool,
    /// What a split leaves, takes along and leaves open.
    follows: Vec<(String, String)>,
}

fn people(residents: &[Resident], blank: Option<String>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = blank.into_iter().map(|word| Choice::new("", word)).collect();
    choices.extend(
        residents
            .iter()
            .map(|resident| Choice::new(resident.stay.person.to_string(), &resident.name)),
    );
    choices
}

fn kin_choices(l: L) -> Vec<Choice> {
    let without_head = Kin::ALL.iter().filter(|kin| !kin.is_head());
    without_head
        .map(|kin| Choice::new(kin.code(), l.t(&format!("households-kin-{}", kin.code()))))
        .collect()
}

/// The fields of a form. `take` offers to move somebody whom the county knows already instead of making a second person.
fn fields_of(l: L, kind: &str, known: &Known, take: bool) -> Vec<Field> {
    let choose = || Some(l.t("households-choose"));
    let w = |id: &str| l.t(&format!("households-field-{id}"));
    let on = Field::input("date", "on", w("on")).required();
    let new_head = || {
        Field::select("new_head", w("new_head"), people(&known.present, Some(w("new_head-none"))))
            .help(w("new_head-help"))
    };
    let kin = || {
        let mut choices = kin_choices(l);
        if kind == "birth" {
            // who is born is a child of somebody here: those come first
            let young = ["son", "daughter", "grandson", "granddaughter"];
            choices.sort_by_key(|one| !young.contains(&one.value.as_str()));
        }
        Field::select("kin", w("kin"), choices)
    };
    match kind {
        "birth" | "marriage_in" => {
            let sexes = ["male", "female"]
                .map(|sex| Choice::new(sex, l.t(&format!("households-sex-{sex}"))));
            let mut fields = vec![
                Field::text("name", w("name")).required().autocomplete("off"),
                Field::radio("sex", w("sex"), sexes.to_vec()),
                Field::input("date", "birth_day", w("birth_day")).required(),
                kin(),
                on,
                Field::text("id", w("id")).help(w("id-help")).autocomplete("off"),
                Field::input("tel", "phone", w("phone")).autocomplete("off"),
            ];
            if take && kind == "marriage_in" {
                let yes = vec![Choice::new("yes", w("take-yes"))];
                fields.push(Field::boxes("take", w("take"), yes).help(w("take-help")));
            }
            fields
        }
        "death" | "leave" => {
            vec![
                Field::select("person", w("person"), people(&known.present, choose())),
                on,
                new_head(),
            ]
        }
        "return" => {
            vec![Field::select("person", w("person"), people(&known.former, choose())), kin(), on]
        }
        "split" => vec![
            Field::boxes("going", w("going"), people(&known.present, None)),
            Field::select("head", w("head"), people(&known.present, choose())),
            on,
            new_head(),
            Field::text("group", w("group")),
        ],
        "correct" => {
            let values = known
                .values
                .iter()
                .map(|one| Choice::new(&one.key, standing_word(l, one)))
                .collect();
            let mut answers: Vec<Choice> =
                ["A", "B", "C", "D"].map(|grade| Choice::new(grade, grade)).to_vec();
            answers.extend(
                ["yes", "no"]
                    .map(|word| Choice::new(word, l.t(&format!("households-answer-{word}")))),
            );
            vec![
                Field::select("what", w("what"), values).help(w("what-help")),
                Field::select("value", w("value"), answers),
                Field::text("reason", w("reason")).required(),
                on,
            ]
        }
        "old_register" => vec![
            Field::input("number", "registered_year", w("registered_year")).required(),
            Field::text("causes", w("causes")).help(w("causes-help")).required(),
            Field::input("number", "exit_year", w("exit_year")).help(w("exit_year-help")),
        ],
        "merge" => vec![Field::text("into", w("into")).help(w("into-help")).required(), kin(), on],
        _ => {
            let places = known.villages.iter();
            let villages = choose()
                .map(|word| Choice::new("", word))
                .into_iter()
                .chain(places.map(|(code, name)| Choice::new(code.as_str(), name)))
                .collect();
            vec![
                Field::select("village", w("village"), villages),
                Field::text("group", w("group")),
                Field::text("address", w("address")),
                on,
            ]
        }
    }
}

fn form(
    desk: &Desk,
    kind: &str,
    (known, fields): (&Known, &Fields),
    refusal: Option<&Refusal>,
) -> Answer {
    let l = desk.l;
    let head = known.present.iter().find(|resident| resident.stay.kin.is_head());
    let title = head.map_or_else(|| known.household.number.clone(), |head| head.name.clone());
    let back = format!("/households/{}", known.household.id);
    let take = fields.text("take") == "yes"
        || refusal.is_some_and(|refusal| MOVABLE.contains(&refusal.code));
    let all = fields_of(l, kind, known, take);
    let body = ChangePage {
        l,
        csrf: csrf_of(desk),
        errors: Errors::new(l, refusal).labelled(l, &all),
        fields: all.into_iter().map(|field| field.filled(l, fields, refusal)).collect(),
        back: back.clone(),
        follows: if kind == "split" { follows(l, known) } else { Vec::new() },
        confirms: desk.may(Permission::HouseholdConfirm),
    };
    let shell = desk.shell(&format!("households-change-{kind}-form")).nav("households");
    let shell = shell.crumb(title, back).here(l.t(&format!("households-change-{kind}")));
    page_of_form(&shell, body, refusal)
}

/// What becomes of statuses, records and incomes by a split, the household's own statuses by name.
fn follows(l: L, known: &Known) -> Vec<(String, String)> {
    let named = |granted: bool| {
        let held = known.statuses.iter().filter(|status| {
            let relief = matches!(status.scheme, Scheme::Dibao | Scheme::Tekun);
            status.person.is_none() && status.span.is_open() && relief == granted
        });
        let words: Vec<String> =
            held.map(|status| status_word(l, status.scheme, &status.value)).collect();
        if words.is_empty() { l.t("households-split-none") } else { words.join("、") }
    };
    let line = |id: &str, text: String| (l.t(&format!("households-split-{id}")), text);
    vec![
        line("both", named(false)),
        line("along", l.t("households-split-along-what")),
        line("stays", l.t("households-split-stays-what")),
        line("shared", l.t("households-split-shared-what")),
        line("look", named(true)),
    ]
}

fn known_kind(kind: &str) -> std::result::Result<(), Failure> {
    if KINDS.contains(&kind) {
        Ok(())
    } else {
        Err(Failure::from(Refusal::not_found("web.no_such_page")))
    }
}

pub(super) async fn change_page(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path((id, kind)): Path<(String, String)>,
) -> Answer {
    known_kind(&kind)?;
    let today = ctx.today;
    let asked = kind.clone();
    let known = blocking(move || known(&ctx, &id, (&asked, None))).await?;
    form(&desk, &kind, (&known, &Fields::default().with("on", today)), None)
}

pub(super) async fn change_post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path((id, kind)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    ctx.permit(Permission::HouseholdPropose)?;
    known_kind(&kind)?;
    let (asked, given) = (kind.clone(), fields.clone());
    let (known, outcome) = blocking(move || {
        let mut own = known(&ctx, &id, (&asked, Some(given.text("what"))))?;
        let outcome = parse(&ctx, &asked, &own, &given)
            .and_then(|(on, change, papers)| actions::propose(&ctx, &id, on, &change, &papers));
        if outcome.is_err() {
            // the form is shown again, with everything that can be chosen
            own = known(&ctx, &id, (&asked, None))?;
        }
        Ok((own, outcome))
    })
    .await?;
    match outcome {
        Ok(actions::Outcome::Done(household)) => {
            // nobody is left to look for: the page says that the household is closed
            let last = known.present.len() == 1 && matches!(kind.as_str(), "death" | "leave");
            let word = if last { "households-change-closed" } else { "households-change-done" };
            done(&format!("/households/{household}"), word)
        }
        Ok(actions::Outcome::Waits(_)) => {
            done(&format!("/households/{}", known.household.id), "households-proposed-done")
        }
        Err(error) => match error.refusal() {
            Some(refusal) => form(&desk, &kind, (&known, &fields), Some(refusal)),
            None => Err(error.into()),
        },
    }
}
