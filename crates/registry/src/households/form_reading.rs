//! What somebody wrote into a form about a household, read field by field into a change.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::idnumber::{IdNumber, Sex};
use kernel::ids::PersonId;
use kernel::permission::Permission;
use kernel::phone::Phone;
use kernel::time::Day;
use store::Ctx;
use web::{Checks, Fields};

use super::change::{Change, Newcomer};
use super::forms::Known;
use super::kin::{Kin, toward_new_head};
use super::known_number;
use super::search;
use super::store_changes::Papers;

type Parsed = (Day, Change, Papers);

fn person(checks: &mut Checks, name: &str) -> Option<PersonId> {
    checks.read(name, "households.no_such_person", |text| text.parse::<PersonId>().ok())
}

/// The change that a form asks for, its day and its papers.
///
/// # Errors
/// Every field that is wrong, each with its sentence.
pub(super) fn parse(ctx: &Ctx, kind: &str, known: &Known, fields: &Fields) -> Result<Parsed> {
    let mut checks = Checks::new(fields);
    // what an old paper says is written down today
    let on = if kind == "old_register" { Some(ctx.today) } else { checks.day("on") };
    let new_head = fields.text("new_head").parse::<PersonId>().ok();
    let text = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
    let kin = fields.text("kin").to_owned();
    let mut papers = Papers::default();
    let change = match kind {
        "birth" | "marriage_in" => {
            papers = papers_of(fields, &mut checks);
            newcomer(ctx, kind, (fields, &papers), &mut checks)?
        }
        "death" => person(&mut checks, "person").map(|person| Change::Death { person, new_head }),
        "leave" => person(&mut checks, "person").map(|person| Change::Leave { person, new_head }),
        "return" => person(&mut checks, "person").map(|person| Change::Return { person, kin }),
        "split" => split(known, fields, &mut checks).map(|going| Change::Split {
            going,
            new_head,
            group: text("group"),
        }),
        "correct" => {
            let what = known.values.iter().find(|one| one.key == fields.text("what"));
            let reason = checks.required("reason").unwrap_or_default().to_owned();
            if what.is_none() {
                checks.wrong("what", "web.required");
            }
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
        "old_register" => old_register(fields, &mut checks),
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

/// A new person; or, where the one who fills in the form has said so, the person of the county who has that number.
fn newcomer(
    ctx: &Ctx,
    kind: &str,
    (fields, papers): (&Fields, &Papers),
    checks: &mut Checks,
) -> Result<Option<Change>> {
    let kin = fields.text("kin").to_owned();
    let name = checks.required("name").map(str::to_owned);
    if kind == "marriage_in"
        && fields.text("take") == "yes"
        && let Some(number) = &papers.id
    {
        let known = known_number::find_by_number(&mut ctx.read()?, number, ctx.db.keys())?;
        if let Some(known) = known {
            return Ok(name.map(|name| Change::MoveIn { person: known.id, name, kin }));
        }
    }
    let sex = checks.read("sex", "web.required", Sex::read);
    let birth_day = checks.day("birth_day");
    Ok(name.zip(sex).zip(birth_day).map(|((name, sex), birth_day)| {
        let newcomer = Newcomer { name, sex, birth_day, kin };
        match kind {
            "birth" => Change::Birth { newcomer },
            _ => Change::MarriageIn { newcomer },
        }
    }))
}

/// The causes stand in one field with a comma of either language between them.
fn old_register(fields: &Fields, checks: &mut Checks) -> Option<Change> {
    let registered_year = checks.whole("registered_year");
    let causes = checks.required("causes").map(|text| {
        let parts = text.split(['、', '，', ',', ';', '；']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    });
    let exit_year = match fields.text("exit_year") {
        "" => None,
        _ => checks.whole("exit_year"),
    };
    let (registered_year, causes) = registered_year.zip(causes)?;
    Some(Change::OldRegister { registered_year, causes, exit_year })
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

/// Those who go with the kin that follows from who becomes their head, who must be one of them.
fn split(
    known: &Known,
    fields: &Fields,
    checks: &mut Checks,
) -> Option<BTreeMap<PersonId, String>> {
    let named: Vec<PersonId> =
        fields.all("going").iter().filter_map(|text| text.parse().ok()).collect();
    if named.is_empty() {
        checks.wrong("going", "households.nobody_named");
    }
    let head = person(checks, "head")?;
    if !named.is_empty() && !named.contains(&head) {
        checks.wrong("head", "households.split_head_not_going");
    }
    let seen =
        |person: &PersonId| known.present.iter().find(|resident| resident.stay.person == *person);
    let was =
        seen(&head).map_or((Kin::Other, None), |resident| (resident.stay.kin, resident.stay.sex));
    let kin_of = |person: PersonId| match seen(&person) {
        _ if person == head => Kin::Head,
        Some(resident) => match toward_new_head(was, (resident.stay.kin, resident.stay.sex)) {
            Kin::Head => Kin::Other,
            kin => kin,
        },
        None => Kin::Other,
    };
    Some(named.into_iter().map(|person| (person, kin_of(person).code().to_owned())).collect())
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
