//! Forms by hand: what happened in a household.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::idnumber::{IdNumber, Sex};
use kernel::ids::PersonId;
use kernel::permission::Permission;
use kernel::phone::Phone;
use kernel::time::Day;
use store::{Ctx, Session};
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, Checks, CtxOf, Desk, Failure, Fields, L, blocking, done, page};

use super::change::{Change, Newcomer};
use super::correct::{Standing, standing, standing_word};
use super::kin::{Kin, toward_new_head};
use super::pages::{KINDS, csrf_of};
use super::queries::{self, Household, Resident};
use super::store_changes::Papers;
use super::{actions, search};

/// What a form needs to know about the household.
struct Known {
    household: Household,
    present: Vec<Resident>,
    former: Vec<Resident>,
    villages: Vec<(AreaCode, String)>,
    values: Vec<Standing>,
}

/// What the form of one kind of change needs; with `what` only the one value that is put right.
fn known(ctx: &Ctx, id: &str, (kind, what): (&str, Option<&str>)) -> Result<Known> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut session = ctx.read()?;
    let household = queries::load_household(ctx, &mut session, &permit, id)?;
    let all = queries::list_residents(&mut session, &household.id)?;
    let (present, gone): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|resident| resident.stay.span.is_open());
    let mut former: Vec<Resident> = Vec::new();
    for resident in gone.into_iter().rev() {
        let known = |other: &Resident| other.stay.person == resident.stay.person;
        if resident.died_on.is_none() && !present.iter().any(known) && !former.iter().any(known) {
            former.push(resident);
        }
    }
    let mut known = Known { household, present, former, villages: Vec::new(), values: Vec::new() };
    match kind {
        "move" => known.villages = villages(ctx, &mut session)?,
        "correct" => {
            known.values = standing(&mut session, &known.household, (&known.present, what))?;
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

fn fields_of(l: L, kind: &str, known: &Known) -> Vec<Field> {
    let w = |id: &str| l.t(&format!("households-field-{id}"));
    let on = Field::input("date", "on", w("on")).required();
    let new_head = || {
        Field::select("new_head", w("new_head"), people(&known.present, Some(w("new_head-none"))))
            .help(w("new_head-help"))
    };
    let kin = || Field::select("kin", w("kin"), kin_choices(l));
    match kind {
        "birth" | "marriage_in" => {
            let sexes = ["male", "female"]
                .map(|sex| Choice::new(sex, l.t(&format!("households-sex-{sex}"))));
            vec![
                Field::text("name", w("name")).required().autocomplete("off"),
                Field::radio("sex", w("sex"), sexes.to_vec()),
                Field::input("date", "birth_day", w("birth_day")).required(),
                kin(),
                on,
                Field::text("id", w("id")).help(w("id-help")).autocomplete("off"),
                Field::input("tel", "phone", w("phone")).autocomplete("off"),
            ]
        }
        "death" | "leave" => {
            vec![Field::select("person", w("person"), people(&known.present, None)), on, new_head()]
        }
        "return" => {
            vec![Field::select("person", w("person"), people(&known.former, None)), kin(), on]
        }
        "split" => vec![
            Field::boxes("going", w("going"), people(&known.present, None)),
            Field::select("head", w("head"), people(&known.present, None)),
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
        "merge" => vec![Field::text("into", w("into")).help(w("into-help")).required(), kin(), on],
        _ => {
            let villages = known
                .villages
                .iter()
                .map(|(code, name)| Choice::new(code.as_str(), name))
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
    let body = ChangePage {
        l,
        csrf: csrf_of(desk),
        errors: Errors::new(l, refusal),
        fields: fields_of(l, kind, known)
            .into_iter()
            .map(|field| field.filled(l, fields, refusal))
            .collect(),
        back: back.clone(),
        confirms: desk.may(Permission::HouseholdConfirm),
    };
    let shell = desk.shell(&format!("households-change-{kind}-form")).nav("households");
    let mut answer =
        page(&shell.crumb(title, back).here(l.t(&format!("households-change-{kind}"))), body)?;
    if let Some(refusal) = refusal {
        *answer.status_mut() = axum::http::StatusCode::from_u16(refusal.kind.http_status())
            .unwrap_or(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(answer)
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
            done(&format!("/households/{household}"), "households-change-done")
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

type Parsed = (Day, Change, Papers);

fn parse(ctx: &Ctx, kind: &str, known: &Known, fields: &Fields) -> Result<Parsed> {
    let mut checks = Checks::new(fields);
    let on = checks.day("on");
    let person = |checks: &mut Checks, name: &str| {
        checks.read(name, "households.no_such_person", |text| text.parse::<PersonId>().ok())
    };
    let new_head = fields.text("new_head").parse::<PersonId>().ok();
    let text = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
    let kin = fields.text("kin").to_owned();
    let mut papers = Papers::default();
    let change = match kind {
        "birth" | "marriage_in" => {
            let name = checks.required("name");
            let sex = checks.read("sex", "web.required", Sex::read);
            let birth_day = checks.day("birth_day");
            papers = papers_of(fields, &mut checks);
            let whole = name.zip(sex).zip(birth_day);
            whole.map(|((name, sex), birth_day)| {
                let newcomer = Newcomer { name: name.to_owned(), sex, birth_day, kin };
                if kind == "birth" {
                    Change::Birth { newcomer }
                } else {
                    Change::MarriageIn { newcomer }
                }
            })
        }
        "death" => person(&mut checks, "person").map(|person| Change::Death { person, new_head }),
        "leave" => person(&mut checks, "person").map(|person| Change::Leave { person, new_head }),
        "return" => person(&mut checks, "person").map(|person| Change::Return { person, kin }),
        "split" => person(&mut checks, "head").map(|head| Change::Split {
            going: going(known, fields, head),
            new_head,
            group: text("group"),
        }),
        "correct" => {
            let what = known.values.iter().find(|one| one.key == fields.text("what"));
            let reason = checks.required("reason").unwrap_or_default().to_owned();
            let new =
                checks.read("value", "households.not_an_answer", |text| what?.answers.read(text));
            what.zip(new).map(|(one, new)| Change::Correct {
                topic: one.topic.to_owned(),
                field: one.field.to_owned(),
                person: one.person.as_ref().map(|(id, _)| *id),
                old: one.old.clone(),
                new,
                reason,
            })
        }
        "merge" => {
            let number = checks.required("into").unwrap_or_default().to_owned();
            let into = find_by_number(ctx, &number)?;
            if into.is_none() && !number.is_empty() {
                checks.wrong("into", "households.not_found");
            }
            let head = known.present.iter().find(|resident| resident.stay.kin.is_head());
            let kins: BTreeMap<PersonId, String> =
                head.map(|head| (head.stay.person, kin)).into_iter().collect();
            into.map(|into| Change::Merge { into, kins })
        }
        _ => checks
            .read("village", "areas.no_such_village", |text| text.parse::<AreaCode>().ok())
            .map(|village| Change::Move {
                village,
                group: text("group"),
                address: text("address"),
            }),
    };
    checks.finish("households.form")?;
    let (Some(on), Some(change)) = (on, change) else {
        return Err(Refusal::invalid("households.form").into());
    };
    Ok((on, change, papers))
}

fn papers_of(fields: &Fields, checks: &mut Checks) -> Papers {
    let number = fields.text("id");
    let id = IdNumber::parse(&number.to_uppercase()).ok();
    if !number.is_empty() && id.is_none() {
        checks.wrong("id", "idnumber.wrong_check");
    }
    let written = fields.text("phone");
    let phone = Phone::read(written).ok();
    if !written.is_empty() && phone.is_none() {
        checks.wrong("phone", "phone.wrong_length");
    }
    Papers { id, phone }
}

/// Those who go with the kin that follows from who becomes their head.
fn going(known: &Known, fields: &Fields, head: PersonId) -> BTreeMap<PersonId, String> {
    let mut named: Vec<PersonId> =
        fields.all("going").iter().filter_map(|text| text.parse().ok()).collect();
    named.push(head);
    let seen =
        |person: &PersonId| known.present.iter().find(|resident| resident.stay.person == *person);
    let was =
        seen(&head).map_or((Kin::Other, None), |resident| (resident.stay.kin, resident.stay.sex));
    named
        .into_iter()
        .map(|person| {
            let kin = match seen(&person) {
                _ if person == head => Kin::Head,
                Some(resident) => {
                    match toward_new_head(was, (resident.stay.kin, resident.stay.sex)) {
                        Kin::Head => Kin::Other,
                        kin => kin,
                    }
                }
                None => Kin::Other,
            };
            (person, kin.code().to_owned())
        })
        .collect()
}

fn find_by_number(ctx: &Ctx, number: &str) -> Result<Option<kernel::ids::HouseholdId>> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut session = ctx.read()?;
    let found = search::find_households(ctx, &mut session, &permit, number, 2)?;
    match &found[..] {
        [one] => Ok(one.parse().ok()),
        _ => Ok(None),
    }
}
