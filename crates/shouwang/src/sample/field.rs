//! Lists about houses, water, work, disasters, loans, the police's register and the hotline.

use anyhow::Result;
use kernel::time::{Day, Month};
use sheets::FormCell;

use super::mess::serial;
use super::scribe::{Scribe, disturbed, numbered, sex};
use super::sheet::{Around, Encoding, Rows};
use super::words::Blanks;

/// All of them.
pub fn write(scribe: &mut Scribe<'_>) -> Result<()> {
    houses(scribe)?;
    water(scribe)?;
    jobs(scribe)?;
    disasters(scribe)?;
    loans(scribe)?;
    police(scribe)?;
    hotline(scribe)
}

/// The last two surveys, in May and in August.
fn houses(scribe: &mut Scribe<'_>) -> Result<()> {
    let year = scribe.span.until().year();
    let mut surveys: Vec<(Month, &'static str)> = Vec::new();
    for back in [1, 0] {
        let may_and_august = [(5, "春季排查"), (8, "汛后排查")];
        surveys.extend(
            may_and_august
                .iter()
                .filter_map(|(month, word)| Some((Month::of(year - back, *month)?, *word))),
        );
    }
    surveys.retain(|(month, _)| month.last_day() <= scribe.span.until());
    let from = surveys.len().saturating_sub(2);
    for (survey, (month, word)) in surveys.into_iter().skip(from).enumerate() {
        let mut pen = scribe.pen(&format!("houses {survey}"));
        let mut found: Vec<_> = scribe.events.houses.iter().enumerate().collect();
        found.sort_by_key(|(_, house)| scribe.households.get(house.0).map_or(0, |one| one.village));
        let mut rows: Rows = Vec::new();
        let mut blocks: Vec<(u16, u32, u32)> = Vec::new();
        let mut before = "";
        for (place, (at, grade, state)) in found {
            // What was already rebuilt stood on the list of the spring; the new ones come with the second survey.
            if survey == 0 && place % 3 == 2 {
                continue;
            }
            let Some(household) = scribe.households.get(*at) else { continue };
            let Some(head) = household.head() else { continue };
            let town = scribe.places.town_of(household.village);
            let row = u32::try_from(rows.len()).unwrap_or(0);
            match blocks.last_mut() {
                Some(block) if town == before => block.2 = row,
                _ => blocks.push((1, row, row)),
            }
            let shown = if town == before { "" } else { town };
            before = town;
            let village = scribe.town_and_village(&mut pen, household.village).1;
            rows.push(vec![
                shown.into(),
                village.into(),
                pen.name(&head.name).into(),
                pen.id(&head.id),
                pen.dice.word(&scribe.words.structures).into(),
                FormCell::Number(pen.dice.between(320, 980) as f64 / 10.0),
                (*grade).into(),
                pen.day(month.first_day().add_days(9)),
                if survey == 0 && *state != "已改造" { "未改造" } else { state }.into(),
                FormCell::Empty,
            ]);
        }
        let total = vec![format!("合计{}户", rows.len()).into()];
        let blanks = Blanks::month(month).with("{what}", word);
        let around = Around { blanks, total: Some(total), blocks };
        scribe.binder.sheet("houses", numbered(rows), around)?;
    }
    Ok(())
}

fn water(scribe: &mut Scribe<'_>) -> Result<()> {
    for quarter in 0..4 {
        let first = scribe.span.last.add_months(-2 - 3 * (3 - quarter));
        let (begin, end) = (first.first_day(), first.add_months(2).last_day());
        let mut pen = scribe.pen(&format!("water {quarter}"));
        let mut rows: Rows = Vec::new();
        for outage in &scribe.events.outages {
            if outage.from < begin || outage.from > end {
                continue;
            }
            let homes =
                scribe.households.iter().filter(|one| one.village == outage.village).count();
            let restored = outage.to.map(|day| pen.day(day)).unwrap_or(FormCell::Empty);
            let (town, village) = scribe.town_and_village(&mut pen, outage.village);
            rows.push(vec![
                town.into(),
                village.into(),
                outage.cause.as_str().into(),
                pen.day(outage.from),
                restored,
                FormCell::Number(homes as f64),
                pen.dice.word(&scribe.words.water_means).into(),
            ]);
        }
        let total = vec![format!("合计{}处", rows.len()).into()];
        let around =
            Around { blanks: Blanks::month(first), total: Some(total), blocks: Vec::new() };
        scribe.binder.sheet("water", numbered(rows), around)?;
    }
    Ok(())
}

fn jobs(scribe: &mut Scribe<'_>) -> Result<()> {
    for (place, month) in scribe.months() {
        let mut pen = scribe.pen(&format!("jobs {month}"));
        let mut rows: Rows = Vec::new();
        for job in scribe.events.jobs.iter().filter(|job| job.day.in_month() == month) {
            let Some((household, one)) = scribe.find(job.who) else { continue };
            let (town, village) = scribe.town_and_village(&mut pen, household.village);
            let unpaid =
                if job.unpaid > 0.0 { pen.amount(job.unpaid, 1.0) } else { FormCell::Empty };
            // The office does not always know the number; then the phone must do.
            let id = if pen.dice.often(50) { FormCell::Empty } else { pen.id(&one.id) };
            rows.push(vec![
                pen.name(&one.name).into(),
                sex(one),
                id,
                town.into(),
                village.into(),
                one.work_place.as_str().into(),
                one.employer.as_str().into(),
                job.kind.into(),
                pen.day(job.day),
                unpaid,
                if job.again.is_some() { "是" } else { "否" }.into(),
                job.again.map(|day| pen.day(day)).unwrap_or(FormCell::Empty),
                one.phone.as_str().into(),
            ]);
        }
        if place % 5 == 4 {
            let one = scribe.stranger();
            let town = scribe.places.towns.last().map(|town| town.name.clone()).unwrap_or_default();
            let day = pen.day(month.first_day().add_days(11));
            let cells = [one.name.as_str(), if one.man { "男" } else { "女" }, &one.id, &town];
            let mut row: Vec<FormCell> = cells.into_iter().map(FormCell::from).collect();
            row.extend(["小李家坪村", "本县", "物流公司", "失业"].map(FormCell::from));
            row.extend([
                day,
                FormCell::Empty,
                "否".into(),
                FormCell::Empty,
                one.phone.as_str().into(),
            ]);
            rows.push(row);
        }
        scribe.binder.table("jobs", rows, (Blanks::month(month), Encoding::Utf8Mark))?;
    }
    Ok(())
}

/// Hail a week ago, a flood in the second month before the last: no identity numbers on these lists.
fn disasters(scribe: &mut Scribe<'_>) -> Result<()> {
    let hail: Day = scribe.span.today.add_days(-7);
    let flood = scribe.span.last.add_months(-2).first_day().add_days(17);
    for (which, form, day) in [(0, "disaster_late", hail), (1, "disaster", flood)] {
        let word = scribe.words.losses.get(which).cloned().unwrap_or_default();
        let mut pen = scribe.pen(&format!("disaster {which}"));
        let mut rows: Rows = Vec::new();
        let mut blocks: Vec<(u16, u32, u32)> = Vec::new();
        let (mut before, mut sums) = ("", [0.0; 4]);
        let twins = super::stories::same_names(scribe.households);
        for (_, at, rooms, mu, yuan) in scribe.events.losses.iter().filter(|loss| loss.0 == which) {
            let Some(household) = scribe.households.get(*at) else { continue };
            let Some(head) = household.head() else { continue };
            let town = scribe.places.town_of(household.village);
            let row = u32::try_from(rows.len()).unwrap_or(0);
            match blocks.last_mut() {
                Some(block) if town == before => block.2 = row,
                _ => blocks.push((0, row, row)),
            }
            let shown = if town == before { "" } else { town };
            before = town;
            let village = scribe.town_and_village(&mut pen, household.village).1;
            let slip = !twins.contains(&(*at, 0)) && pen.dice.often(30);
            let name = if slip { pen.heard(&head.name) } else { pen.name(&head.name) };
            let people = household.members.len() as f64;
            let wan = (yuan / 10.0).round() / 1_000.0;
            let values = [people, *rooms as f64, *mu, wan];
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            let mut cells = vec![shown.into(), village.into(), name.into(), word.as_str().into()];
            cells.extend(values.map(FormCell::Number));
            cells.push(FormCell::Empty);
            rows.push(cells);
        }
        let mut total: Vec<FormCell> =
            vec!["合计".into(), FormCell::Empty, FormCell::Empty, FormCell::Empty];
        total.extend(sums.map(|sum| FormCell::Number((sum * 1e3).round() / 1e3)));
        let blanks = Blanks::day(day).with("{what}", &word).with("{unit}", "万元");
        scribe.binder.sheet(form, rows, Around { blanks, total: Some(total), blocks })?;
    }
    Ok(())
}

fn loans(scribe: &mut Scribe<'_>) -> Result<()> {
    for back in [1, 0] {
        let month = scribe.span.last.add_months(-back);
        let mut pen = scribe.pen("loans");
        let mut rows: Rows = Vec::new();
        let mut sums = [0.0; 4];
        let wan = |yuan: f64| (yuan / 10_000.0 * 1e6).round() / 1e6;
        for loan in scribe.events.loans.iter().filter(|loan| loan.from <= month.last_day()) {
            let Some((household, one)) = scribe.find(loan.who) else { continue };
            let days = (loan.overdue_days - 30 * back).max(0);
            let overdue = if days > 0 { loan.balance * 0.2 } else { 0.0 };
            let class = match days {
                0 => "正常",
                1..=60 => "关注",
                _ => "次级",
            };
            let amounts = [wan(loan.yuan), wan(loan.balance), days as f64, wan(overdue)];
            sums.iter_mut().zip(amounts).for_each(|(sum, one)| *sum += one);
            let [yuan, balance, _, principal] = amounts.map(FormCell::Number);
            rows.push(vec![
                loan.number.as_str().into(),
                pen.name(&one.name).into(),
                pen.id(&one.id),
                scribe.address(&mut pen, household).into(),
                pen.day(loan.from),
                pen.day(loan.from.add_years(3)),
                yuan,
                balance,
                class.into(),
                FormCell::Number(days as f64),
                principal,
            ]);
        }
        let mut total: Vec<FormCell> = vec!["合计".into()];
        total.resize(6, FormCell::Empty);
        let [yuan, balance, days, principal] =
            sums.map(|sum| FormCell::Number((sum * 1e6).round() / 1e6));
        total.extend([yuan, balance, FormCell::Empty, days, principal]);
        let blanks = Blanks::month(month).with("{unit}", "万元");
        scribe.binder.sheet(
            "loans",
            rows,
            Around { blanks, total: Some(total), blocks: Vec::new() },
        )?;
    }
    Ok(())
}

fn police(scribe: &mut Scribe<'_>) -> Result<()> {
    for (_, month) in scribe.months() {
        let mut pen = scribe.pen(&format!("police {month}"));
        let around = || Around { blanks: Blanks::month(month), ..Around::default() };
        let mut rows: Rows = Vec::new();
        for (who, day) in scribe.events.deaths.iter().filter(|it| it.1.in_month() == month) {
            let Some((household, one)) = scribe.find(*who) else { continue };
            let address = scribe.address(&mut pen, household);
            let struck = FormCell::Date(serial(day.add_days(6)));
            let (name, id) = (pen.name(&one.name), pen.id(&one.id));
            rows.push(vec![
                name.into(),
                sex(one),
                id,
                FormCell::Date(serial(*day)),
                struck,
                address.into(),
            ]);
        }
        scribe.binder.sheet("deaths", numbered(rows), around())?;
        let mut rows: Rows = Vec::new();
        for (who, day, out) in scribe.events.moves.iter().filter(|it| it.1.in_month() == month) {
            let Some((household, one)) = scribe.find(*who) else { continue };
            let address = scribe.address(&mut pen, household);
            let (name, id, kind) =
                (pen.name(&one.name), pen.id(&one.id), if *out { "迁出" } else { "迁入" });
            let place = pen.dice.word(&scribe.words.places_away);
            rows.push(vec![
                name.into(),
                id,
                kind.into(),
                pen.day(*day),
                address.into(),
                place.into(),
            ]);
        }
        scribe.binder.sheet("moves", numbered(rows), around())?;
        if month == scribe.span.last {
            let rows = vehicles(scribe);
            scribe.binder.sheet("vehicles", rows, around())?;
        }
    }
    Ok(())
}

fn vehicles(scribe: &Scribe<'_>) -> Rows {
    let mut pen = scribe.pen("vehicles");
    let mut rows: Rows = Vec::new();
    for (who, kind, yuan, day) in &scribe.events.vehicles {
        let Some((household, one)) = scribe.find(*who) else { continue };
        rows.push(vec![
            pen.name(&one.name).into(),
            pen.id(&one.id),
            format!("晋D·*{:03}", pen.dice.below(1_000)).into(),
            kind.as_str().into(),
            FormCell::Number(yuan / 10_000.0),
            pen.day(*day),
            scribe.address(&mut pen, household).into(),
        ]);
    }
    disturbed(numbered(rows), &mut pen, scribe.words)
}

fn hotline(scribe: &mut Scribe<'_>) -> Result<()> {
    for (_, month) in scribe.months() {
        let mut pen = scribe.pen(&format!("hotline {month}"));
        let mut rows: Rows = Vec::new();
        for call in scribe.events.calls.iter().filter(|call| call.day.in_month() == month) {
            let caller = call.who.and_then(|who| scribe.find(who));
            let place = format!(
                "{}{}",
                scribe.places.town_of(call.village),
                scribe.places.village(call.village)
            );
            let ticket: String = call.day.to_string().split('-').collect();
            rows.push(vec![
                format!("{}{:04}", ticket.get(2..).unwrap_or_default(), pen.dice.below(10_000))
                    .into(),
                call.day.to_string().into(),
                caller.map_or("匿名", |(_, one)| one.name.as_str()).into(),
                caller.map_or("", |(_, one)| one.phone.as_str()).into(),
                place.into(),
                call.text.as_str().into(),
                call.category.as_str().into(),
                scribe.places.town_of(call.village).into(),
                pen.dice.of(["办理中", "已办结", "已回访"]).into(),
            ]);
        }
        scribe.binder.sheet(
            "hotline",
            rows,
            Around { blanks: Blanks::month(month), ..Around::default() },
        )?;
    }
    Ok(())
}
