//! The register of all rural households as two sheets, and the income file beside it.

use std::io::Write as _;

use anyhow::Result;
use sheets::FormCell;

use super::dice::Dice;
use super::events::Span;
use super::income;
use super::people::{Household, Person};
use super::place::Places;
use super::sheet::{Around, Binder, Encoding, Rows};
use super::words::{Blanks, Words};

fn yes(is: bool) -> FormCell {
    if is { "是".into() } else { "否".into() }
}

fn number(count: i64) -> FormCell {
    FormCell::Number(count as f64)
}

/// Both sheets of `registry.xlsx`.
pub fn register(
    binder: &mut Binder<'_>,
    (words, places): (&Words, &Places),
    households: &[Household],
    mut dice: Dice,
) -> Result<()> {
    let rows = households.iter().map(|one| household(one, (words, places), &mut dice)).collect();
    binder.sheet("registry_households", rows, Around::default())?;
    let mut people: Rows = Vec::new();
    for one in households {
        for member in &one.members {
            people.push(person(one, member, places));
        }
    }
    slips(&mut people, &mut dice);
    binder.sheet("registry_persons", people, Around::default())
}

fn household(
    one: &Household,
    (words, places): (&Words, &Places),
    dice: &mut Dice,
) -> Vec<FormCell> {
    let head = one.head();
    let head_id = head.map(|head| certificate(head).1).unwrap_or_default();
    let under = one.monitored.as_ref();
    let day = |day: Option<kernel::time::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let relief = if one.tekun {
        "特困"
    } else if one.dibao {
        "低保"
    } else {
        ""
    };
    let tenths =
        |dice: &mut Dice, low, high| FormCell::Number(dice.between(low, high) as f64 / 10.0);
    let size = i64::try_from(one.members.len()).unwrap_or(0) + i64::from(dice.often(4));
    vec![
        places.province.as_str().into(),
        places.city.as_str().into(),
        places.county.as_str().into(),
        places.town_of(one.village).into(),
        places.village(one.village).into(),
        format!("{}组", one.group).into(),
        one.number.as_str().into(),
        head.map_or("", |head| head.name.as_str()).into(),
        head_id.into(),
        number(size),
        if one.lifted { "脱贫户" } else { "一般户" }.into(),
        under.map_or("", |it| it.class).into(),
        under.map_or(FormCell::Empty, |it| yes(it.removed.is_some())),
        day(under.map(|it| it.since)).into(),
        day(under.and_then(|it| it.removed)).into(),
        under.and_then(|it| it.removed).map_or("", |_| "帮扶消除").into(),
        under.map_or("", |it| it.risks.as_str()).into(),
        yes(under.is_some() && one.able() == 0 && (one.dibao || one.tekun)),
        one.grade.into(),
        yes(one.water_safe),
        yes(one.relocated),
        if one.relocated { "集中安置" } else { "" }.into(),
        relief.into(),
        tenths(dice, 260, 1_300),
        tenths(dice, 0, 62),
        tenths(dice, 0, 30),
        dice.word(&words.roads).into(),
        FormCell::Number(dice.between(1, 260) as f64 / 100.0),
        dice.word(&words.fuels).into(),
        yes(true),
        yes(true),
        yes(dice.often(180)),
        FormCell::Number((one.income.1 * 100 / one.size()) as f64 / 100.0),
        one.phone.as_str().into(),
    ]
}

/// Kind and number of the paper that the register shows.
fn certificate(one: &Person) -> (&'static str, String) {
    match &one.disability {
        Some(_) => ("残疾人证", one.certificate()),
        None => ("居民身份证", one.id.clone()),
    }
}

fn person(household: &Household, one: &Person, places: &Places) -> Vec<FormCell> {
    let (kind, id) = certificate(one);
    let months = if one.work_months > 0 { number(one.work_months) } else { FormCell::Empty };
    let disability = one.disability.as_ref();
    vec![
        places.town_of(household.village).into(),
        places.village(household.village).into(),
        one.number.as_str().into(),
        household.number.as_str().into(),
        one.name.as_str().into(),
        if one.man { "男" } else { "女" }.into(),
        one.birth().to_string().into(),
        kind.into(),
        id.into(),
        one.nation.as_str().into(),
        if one.party { "中共党员" } else { "群众" }.into(),
        one.kin.into(),
        one.education.into(),
        one.school.into(),
        one.health.into(),
        one.labour.into(),
        one.work_place.as_str().into(),
        months,
        one.employer.as_str().into(),
        one.post.as_str().into(),
        if one.post.is_empty() { FormCell::Empty } else { number(12) },
        yes(one.insured && !one.employee),
        yes(one.insured && one.employee),
        yes(one.insured),
        yes(one.pension && !one.employee),
        yes(one.pension && one.employee),
        yes(household.dibao),
        yes(household.tekun),
        disability.map_or("", |it| it.0.as_str()).into(),
        disability.map_or("", |it| it.1).into(),
        yes(one.mandarin),
        yes(household.relocated),
        one.phone.as_str().into(),
    ]
}

/// The columns of the person sheet in which the register contradicts itself.
const ID: usize = 8;
const EDUCATION: usize = 12;
const SCHOOL: usize = 13;
const PLACE: usize = 16;
const EMPLOYEE: usize = 22;

/// What a register of real people contains too: a wrong last digit, a number in two households, a pupil with a
/// finished education, work without a place, two insurances.
fn slips(people: &mut Rows, dice: &mut Dice) {
    for _ in 0..(people.len() / 300).max(2) {
        let kind = dice.below(5);
        let at = dice.below(people.len());
        let other = people.get(dice.below(people.len())).and_then(|row| row.get(ID)).cloned();
        let Some(row) = people.get_mut(at) else { continue };
        match kind {
            0 => set(row, ID, wrong_last),
            1 if dice.often(300) => set(row, ID, |_| other),
            2 => {
                let pupil = row.get(SCHOOL).is_some_and(|cell| *cell != FormCell::Empty);
                if pupil {
                    set(row, EDUCATION, |_| Some("小学".into()));
                }
            }
            3 => set(row, PLACE, |_| Some(FormCell::Empty)),
            _ => set(row, EMPLOYEE, |_| Some("是".into())),
        }
    }
}

fn set(row: &mut [FormCell], at: usize, change: impl FnOnce(&FormCell) -> Option<FormCell>) {
    if let Some(cell) = row.get_mut(at)
        && let Some(new) = change(cell)
    {
        *cell = new;
    }
}

fn wrong_last(cell: &FormCell) -> Option<FormCell> {
    let FormCell::Text(id) = cell else { return None };
    let (rest, last) = id.split_at_checked(17)?;
    let other = if last == "1" { "2" } else { "1" };
    (last.len() == 1).then(|| format!("{rest}{other}").into())
}

/// `income.csv.gz`.
pub fn incomes(
    binder: &mut Binder<'_>,
    households: &[Household],
    (span, mut dice): (&Span, Dice),
) -> Result<()> {
    let mut rows: Rows = Vec::new();
    for one in households {
        for (line, yuan, from, to, source) in income::entries(&mut dice, one, span.last) {
            rows.push(vec![
                one.number.as_str().into(),
                line.into(),
                number(yuan),
                from.to_string().into(),
                to.to_string().into(),
                source.into(),
            ]);
        }
    }
    binder.table("income", rows, (Blanks::default(), Encoding::Utf8))?;
    let Some(name) = binder.files.keys().find(|name| name.ends_with(".csv.gz")).cloned() else {
        return Ok(());
    };
    let plain = binder.files.remove(&name).unwrap_or_default();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&plain)?;
    binder.files.insert(name, packed.finish()?);
    Ok(())
}
