//! Lists about people: hospital bills, schools, relief, disability certificates.

use anyhow::Result;
use kernel::time::{Day, Month};
use sheets::FormCell;

use super::events::{Stay, Who};
use super::mess::Pen;
use super::people::Person;
use super::scribe::{Scribe, disturbed, numbered, sex};
use super::sheet::{Around, Encoding, Rows};
use super::words::Blanks;

/// All of them.
pub fn write(scribe: &mut Scribe<'_>) -> Result<()> {
    medical(scribe)?;
    medical_to_try(scribe)?;
    school_rolls(scribe)?;
    dropouts(scribe)?;
    relief(scribe)?;
    disability(scribe)
}

/// Months in which the office counts in 万元.
fn unit_of(place: usize) -> (f64, &'static str) {
    if place % 5 == 3 { (10_000.0, "万元") } else { (1.0, "元") }
}

fn medical(scribe: &mut Scribe<'_>) -> Result<()> {
    let mut pen = scribe.pen("medical");
    let mut late: Option<&Stay> = None;
    let twins = super::stories::same_names(scribe.households);
    for (place, month) in scribe.months() {
        let (unit, unit_word) = unit_of(place);
        let mut rows: Rows = Vec::new();
        let mut sums = [0.0; 5];
        let stays: Vec<&Stay> =
            scribe.events.stays.iter().filter(|it| it.day.in_month() == month).collect();
        for stay in late.take().into_iter().chain(stays.iter().copied()) {
            let Some((household, one)) = scribe.find(stay.who) else { continue };
            let town = pen.town(scribe.places.town_of(household.village));
            let amounts = [stay.total, stay.basic, stay.major, stay.relief, stay.own];
            sums.iter_mut().zip(amounts).for_each(|(sum, one)| *sum += one);
            let mut row = stay_row(&mut pen, scribe, (one, town), (stay.day, amounts, unit));
            if twins.contains(&stay.who)
                && let Some(cell) = row.get_mut(1)
            {
                *cell = cut(&one.id);
            }
            rows.push(row);
        }
        // The last bill of a month is sometimes sent again with the next month.
        late = stays.last().copied().filter(|_| pen.dice.often(450));
        if pen.dice.often(600) {
            let one = scribe.stranger();
            let town =
                scribe.places.towns.first().map(|town| town.name.clone()).unwrap_or_default();
            let day = pen.dice.day(month.first_day(), month.last_day());
            rows.push(stay_row(
                &mut pen,
                scribe,
                (&one, town),
                (day, [4_200.0, 2_400.0, 0.0, 0.0, 1_530.0], unit),
            ));
        }
        unreadable_cells(&mut rows, place);
        let mut total: Vec<FormCell> = vec!["合计".into()];
        total.resize(6, FormCell::Empty);
        total.extend(sums.map(|sum| FormCell::Number((sum / unit * 1e6).round() / 1e6)));
        let rows = disturbed(numbered(rows), &mut pen, scribe.words);
        let blanks = Blanks::month(month).with("{unit}", unit_word);
        scribe.binder.sheet(
            "medical",
            rows,
            Around { blanks, total: Some(total), blocks: Vec::new() },
        )?;
    }
    Ok(())
}

/// The list of the month after the last: nobody has delivered it yet; the office's own person can try it.
fn medical_to_try(scribe: &mut Scribe<'_>) -> Result<()> {
    let mut pen = scribe.pen("medical to try");
    let month = scribe.span.last.add_months(1);
    let mut rows: Rows = Vec::new();
    for _ in 0..24 {
        let at = pen.dice.below(scribe.households.len());
        let who = (at, 0);
        let Some((household, one)) = scribe.find(who) else { continue };
        let day = month.first_day().add_days(pen.dice.between(0, 14));
        if !one.here(day) {
            continue;
        }
        let yuan = pen.dice.between(1_800, 16_000) as f64;
        let stay = super::events::bill(&mut pen.dice, who, day, yuan);
        let amounts = [stay.total, stay.basic, stay.major, stay.relief, stay.own];
        let town = pen.town(scribe.places.town_of(household.village));
        rows.push(stay_row(&mut pen, scribe, (one, town), (day, amounts, 1.0)));
    }
    unreadable_cells(&mut rows, 2);
    rows.rotate_left(3);
    unreadable_cells(&mut rows, 5);
    let one = scribe.stranger();
    let town = scribe.places.towns.first().map(|town| town.name.clone()).unwrap_or_default();
    let amounts = [5_120.0, 2_900.0, 0.0, 0.0, 1_908.0];
    rows.push(stay_row(&mut pen, scribe, (&one, town), (month.first_day(), amounts, 1.0)));
    let blanks = Blanks::month(month).with("{unit}", "元");
    let around = Around { blanks, ..Around::default() };
    scribe.binder.sheet("medical_to_try", numbered(rows), around)
}

/// A number that a spreadsheet took for a number: `1.40430E+17`.
fn cut(id: &str) -> FormCell {
    let digits = id.get(..6).unwrap_or_default();
    let (first, rest) = digits.split_at_checked(1).unwrap_or_default();
    format!("{first}.{rest}E+17").into()
}

/// Day, the five amounts in yuan, the unit.
type Bill = (Day, [f64; 5], f64);

fn stay_row(
    pen: &mut Pen<'_>,
    scribe: &Scribe<'_>,
    (one, town): (&Person, String),
    (day, amounts, unit): Bill,
) -> Vec<FormCell> {
    let hospital = pen.dice.word(&scribe.words.hospitals);
    let name = if pen.dice.often(8) { pen.heard(&one.name) } else { pen.name(&one.name) };
    let mut row = vec![name.into(), pen.id(&one.id), town.into(), hospital.into(), pen.day(day)];
    row.extend(amounts.map(|yuan| pen.amount(yuan, unit)));
    row.push(if pen.dice.often(30) { "村委代报".into() } else { FormCell::Empty });
    row
}

/// A day and an amount that cannot be: the findings of a department that looks at its own list.
fn unreadable_cells(rows: &mut Rows, place: usize) {
    let (column, text) = match place % 6 {
        2 => (4, "2月30日"),
        5 => (9, "待核"),
        11 => (9, "约三千"),
        _ => return,
    };
    if rows.len() < 8 {
        return;
    }
    let middle = rows.len() / 2;
    if let Some(cell) = rows.get_mut(middle).and_then(|row| row.get_mut(column)) {
        *cell = text.into();
    }
}

fn school_rolls(scribe: &mut Scribe<'_>) -> Result<()> {
    let year = scribe.span.until().year();
    let mut terms: Vec<(Month, &'static str, i32)> = Vec::new();
    for back in [1, 0] {
        for (month, word) in [(2, "春季"), (8, "秋季")] {
            if let Some(begins) = Month::of(year - back, month) {
                terms.push((begins, word, year - back));
            }
        }
    }
    // A roll is there six weeks after the term begins.
    terms.retain(|(begins, ..)| begins.last_day().add_days(14) <= scribe.span.until());
    let from = terms.len().saturating_sub(2);
    for (begins, word, year) in terms.into_iter().skip(from) {
        let mut pen = scribe.pen(&format!("school {year}{word}"));
        let mut rows: Rows = Vec::new();
        for (at, household) in scribe.households.iter().enumerate() {
            for (member, one) in household.members.iter().enumerate() {
                if one.pupil() && one.here(begins.first_day()) && !scribe.missing((at, member)) {
                    let address = scribe.address(&mut pen, household);
                    let guardian = household.head().map_or("", |head| head.name.as_str());
                    let town = scribe.places.town_of(household.village);
                    rows.push(pupil_row(
                        &mut pen,
                        (one, word == "秋季"),
                        (address, guardian, town),
                    ));
                }
            }
        }
        let blanks = Blanks::month(begins).with("{what}", word);
        scribe.binder.table("school_roll", rows, (blanks, Encoding::Gb))?;
    }
    Ok(())
}

impl Scribe<'_> {
    /// The school does not find this child.
    fn missing(&self, who: Who) -> bool {
        self.events.dropouts.iter().any(|(one, state)| *one == who && *state == "疑似失学")
    }
}

/// School, stage and costs of a school year in yuan: fee and aid.
fn stage(pen: &mut Pen<'_>, school: &str, town: &str) -> (String, &'static str, f64, f64) {
    match school {
        "小学" => (format!("{town}中心小学"), "义务教育", 0.0, 0.0),
        "七年级" | "八年级" | "九年级" => {
            (format!("{town}初级中学"), "义务教育", 0.0, 0.0)
        }
        one if one.starts_with("普高") => {
            ("沁县中学".to_owned(), "普通高中", 3_200.0, pen.dice.of([0.0, 0.0, 2_000.0]))
        }
        one if one.starts_with("中职") => {
            ("沁县职业技术学校".to_owned(), "中等职业教育", 2_600.0, 2_000.0)
        }
        _ => {
            let fee = pen.dice.of([9_800.0, 12_600.0, 15_400.0, 17_600.0]);
            ("省内高校(生源地)".to_owned(), "高等教育", fee, pen.dice.of([0.0, 0.0, 3_300.0]))
        }
    }
}

fn pupil_row(
    pen: &mut Pen<'_>,
    (one, autumn): (&Person, bool),
    (address, guardian, town): (String, &str, &str),
) -> Vec<FormCell> {
    let (school, stage, fee, aid) = stage(pen, one.school, town);
    let yuan = |sum: f64| FormCell::Number(if autumn { sum } else { 0.0 });
    vec![
        school.into(),
        stage.into(),
        one.school.into(),
        format!("G{}", one.id).into(),
        pen.name(&one.name).into(),
        sex(one),
        pen.id(&one.id),
        pen.day(one.birth()),
        address.into(),
        guardian.into(),
        if one.age >= 12 { "是" } else { "否" }.into(),
        yuan(fee),
        yuan(aid),
        yuan(fee - aid),
        "在读".into(),
    ]
}

fn dropouts(scribe: &mut Scribe<'_>) -> Result<()> {
    for back in [1, 0] {
        let month = scribe.span.last.add_months(-back);
        let mut pen = scribe.pen(&format!("dropout {back}"));
        let day = month.first_day().add_days(19);
        let mut rows: Rows = Vec::new();
        for (who, state) in &scribe.events.dropouts {
            let Some((household, one)) = scribe.find(*who) else { continue };
            let (town, village) = scribe.town_and_village(&mut pen, household.village);
            let school = format!("{}初级中学", scribe.places.town_of(household.village));
            rows.push(vec![
                pen.name(&one.name).into(),
                pen.id(&one.id),
                town.into(),
                village.into(),
                school.into(),
                "初中".into(),
                (*state).into(),
                pen.day(day),
                FormCell::Empty,
            ]);
        }
        scribe.binder.table("dropout", numbered(rows), (Blanks::month(month), Encoding::Gb))?;
    }
    Ok(())
}

fn relief(scribe: &mut Scribe<'_>) -> Result<()> {
    for (_, month) in scribe.months() {
        let mut pen = scribe.pen(&format!("relief {month}"));
        for (town, place) in scribe.places.towns.iter().enumerate() {
            let mut rows: Rows = Vec::new();
            for (who, kind, day, yuan, reason) in &scribe.events.reliefs {
                let Some((household, one)) = scribe.find(*who) else { continue };
                let here =
                    scribe.places.villages.get(household.village).is_some_and(|it| it.town == town);
                if !here || day.in_month() != month {
                    continue;
                }
                let village = scribe.town_and_village(&mut pen, household.village).1;
                rows.push(vec![
                    (*kind).into(),
                    pen.name(&one.name).into(),
                    pen.id(&one.id),
                    village.into(),
                    FormCell::Number(household.members.len() as f64),
                    FormCell::Number(1.0),
                    pen.amount(*yuan, 1.0),
                    pen.day(*day),
                    (*reason).into(),
                    FormCell::Empty,
                ]);
            }
            let blanks = Blanks::month(month).with("{town}", &place.name);
            let around = Around { blanks, ..Around::default() };
            scribe.binder.sheet("relief", numbered(rows), around)?;
        }
    }
    Ok(())
}

fn disability(scribe: &mut Scribe<'_>) -> Result<()> {
    for quarter in 0..4 {
        let first = scribe.span.last.add_months(-2 - 3 * (3 - quarter));
        let last = first.add_months(2);
        let mut pen = scribe.pen(&format!("disability {quarter}"));
        let mut rows: Rows = Vec::new();
        for (who, kind, grade, day) in &scribe.events.certificates {
            let Some((household, one)) = scribe.find(*who) else { continue };
            if day.in_month() < first || day.in_month() > last {
                continue;
            }
            let mut holder = one.clone();
            let category = pen.dice.word(&scribe.words.disabilities).to_owned();
            let category = one.disability.as_ref().map_or(category, |it| it.0.clone());
            holder.disability = Some((category.clone(), grade));
            rows.push(vec![
                pen.name(&one.name).into(),
                sex(one),
                holder.certificate().into(),
                category.into(),
                (*grade).into(),
                (*kind).into(),
                pen.day(*day),
                scribe.address(&mut pen, household).into(),
                FormCell::Empty,
                one.phone.as_str().into(),
            ]);
        }
        let blanks = Blanks::month(first).with("{m2}", last.month());
        scribe.binder.sheet(
            "disability",
            numbered(rows),
            Around { blanks, ..Around::default() },
        )?;
    }
    Ok(())
}
