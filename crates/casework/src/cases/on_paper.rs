//! What stands on the papers of cases: the values of one household's paper, and those of a list by place and by what is done.
//! Kept apart from the pages, for the same values go into a print, a `.docx` and a workbook.

use std::collections::BTreeMap;

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::Result;
use kernel::permission::{FieldClass, Permission};
use kernel::time::Day;
use registry::households::list_residents;
use registry::policies::ShippedCodes;
use registry::{areas, people};
use store::{Ctx, Session};
use web::L;

use super::book::{CaseBook, MONITORING};
use super::judgement::THINGS;
use super::life::ClockDef;
use super::look::View;
use super::model::Days;
use super::queries::lists::Line;
use super::sittings::Sitting;
use crate::assistance::{helper_names, helpers_of, measures_of};
use crate::papers::{Paper, Values, chinese_day};

/// A day in the reader's form.
fn day(l: L, on: Day) -> String {
    if l.is_zh() { chinese_day(on) } else { on.to_string() }
}

fn joined(l: L, words: &[String]) -> String {
    words.join(if l.is_zh() { "、" } else { ", " })
}

/// Names of the areas above and of a village.
fn place(values: &mut Values, path: &[(AreaCode, String)]) {
    for (code, name) in path {
        let id = match code.level() {
            AreaLevel::County => "area.county",
            AreaLevel::Town => "area.town",
            AreaLevel::Village => "area.village",
            _ => continue,
        };
        values.one.insert(id, name.clone());
    }
}

fn class_of(l: L, book: &CaseBook, class: Option<&str>) -> String {
    let Some(class) = class else { return String::new() };
    match book.classes.class.iter().find(|one| one.code == class) {
        Some(one) => if l.is_zh() { &one.zh } else { &one.en }.clone(),
        None => registry::households::Scheme::Monitored.official(class).to_owned(),
    }
}

fn state_of(l: L, book: &CaseBook, (life, state): (&str, &str)) -> String {
    let known = book.life(life).ok().and_then(|life| life.state(state));
    known.map_or_else(|| state.to_owned(), |state| state.title.get(l.0).to_owned())
}

fn facts_of(l: L, view: &View) -> (String, String) {
    let schema = crate::screening::schema().ok();
    let columns = THINGS.iter().flat_map(|thing| thing.columns);
    let columns = columns.filter_map(|name| schema?.column(facts::HOUSEHOLD.name, name));
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    let colon = if l.is_zh() { "：" } else { ": " };
    for column in columns {
        let title = column.title.get(l.0);
        match view.facts.get(column.name) {
            None | Some(facts::Scalar::Null) => missing.push(title.to_owned()),
            Some(value) => {
                let shown = facts::shown(value, column.kind, column.unit, l.0);
                known.push(format!("{title}{colon}{shown}"));
            }
        }
    }
    (known.join(if l.is_zh() { "；" } else { "; " }), joined(l, &missing))
}

/// The risks as boxes to tick, those that are named ticked.
fn boxes(l: L, view: &View) -> String {
    let risks =
        ShippedCodes::Risks.all().iter().filter(|one| one.of.is_none() && one.valid_to.is_none());
    let named = |code: &str| view.risks.iter().any(|risk| risk.risk == code);
    let boxes =
        risks.map(|one| format!("{}{}", if named(&one.code) { "☑" } else { "□" }, one.words(l.0)));
    boxes.collect::<Vec<_>>().join("　")
}

fn steps(l: L, view: &View) -> String {
    let life = view.life().ok();
    let line = |step: &super::queries::Step| {
        let known = life.and_then(|life| life.step(&step.step));
        let words =
            known.map_or_else(|| l.t("cases-opened"), |known| known.title.get(l.0).to_owned());
        format!("{}　{words}　{}", day(l, step.on), step.by.1)
    };
    view.steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn measures(l: L, session: &mut Session, (view, today): (&View, Day)) -> Result<String> {
    let colon = if l.is_zh() { "：" } else { ": " };
    let line = |one: &crate::assistance::Measure| {
        let mut line = ShippedCodes::Measures.words_of(&one.kind, l.0);
        if !one.words.is_empty() {
            line.push_str(&format!("{colon}{}", one.words));
        }
        line.push_str(&format!("（{}）", day(l, one.due_on)));
        line
    };
    let all = measures_of(session, view.case.household, today)?;
    let lines: Vec<String> = all.iter().filter(|one| one.stands).map(line).collect();
    Ok(lines.join("\n"))
}

/// The values of a paper of one household.
pub fn of_one(ctx: &Ctx, l: L, view: &View) -> Result<Values> {
    let mut session = ctx.read()?;
    let case = &view.case;
    let mut values = Values::default();
    place(&mut values, &view.path);
    let codes: Vec<String> =
        view.risks.iter().map(|risk| ShippedCodes::Risks.words_of(&risk.risk, l.0)).collect();
    let (known, missing) = facts_of(l, view);
    let helpers = helpers_of(&mut session, case.household, ctx.today)?;
    let helper = helpers.into_iter().find(|one| one.to.is_none());
    let permit = ctx.permit(Permission::CaseSee)?;
    let sealed = helper.as_ref().and_then(|one| one.phone_sealed.as_deref());
    let sealed = sealed.filter(|_| permit.opens(FieldClass::Identity));
    let phone = sealed.map(|sealed| ctx.db.keys().open_text(sealed)).transpose()?;
    let residents = list_residents(&mut session, &case.household)?;
    let here = residents.iter().filter(|one| {
        one.stay.span.holds_on(ctx.today) && one.died_on.is_none_or(|died| died > ctx.today)
    });
    for (one, n) in here.zip(1..) {
        let sex = one.stay.sex.map(|sex| match sex {
            people::Sex::Male => l.t("papers-sex-male"),
            people::Sex::Female => l.t("papers-sex-female"),
        });
        let birth = one.birth_day.map(|day| day.to_string().chars().take(7).collect());
        values.rows.push(BTreeMap::from([
            ("member.n", n.to_string()),
            ("member.name", one.name.clone()),
            ("member.kin", one.stay.kin.official().to_owned()),
            ("member.sex", sex.unwrap_or_default()),
            ("member.birth", birth.unwrap_or_default()),
        ]));
    }
    let consent = view.papers.iter().find(|paper| paper.kind == super::actions::CONSENT);
    let size = values.rows.len().to_string();
    values.one.extend([
        ("paper.day", day(l, ctx.today)),
        ("household.head", view.head.clone()),
        ("household.number", view.household.number.clone()),
        ("household.group", view.household.group.clone().unwrap_or_default()),
        ("household.size", size),
        ("case.number", case.number.clone()),
        ("case.state", state_of(l, &view.book, (&case.life, &case.state))),
        ("case.class", class_of(l, &view.book, case.class.as_deref())),
        ("case.risks", joined(l, &codes)),
        ("case.discovered", day(l, case.discovered_on)),
        ("case.identified", case.identified_on.map(|on| day(l, on)).unwrap_or_default()),
        ("case.closed", case.closed_on.map(|on| day(l, on)).unwrap_or_default()),
        ("facts.known", known),
        ("facts.missing", missing),
        ("check.risks", boxes(l, view)),
        (
            "case.consent",
            consent
                .map(|paper| format!("{} {}", paper.signed_by, day(l, paper.on)))
                .unwrap_or_default(),
        ),
        ("case.steps", steps(l, view)),
        ("help.measures", measures(l, &mut session, (view, ctx.today))?),
        ("help.helper", helper.as_ref().map(|one| one.name.clone()).unwrap_or_default()),
        ("help.phone", phone.unwrap_or_default()),
        ("help.unit", helper.map(|one| one.unit).unwrap_or_default()),
    ]);
    Ok(values)
}

/// What is done with the households of a list.
fn kind_id(removal: bool) -> &'static str {
    if removal { "papers-matter-removal" } else { "papers-matter-taking" }
}

/// The same once the county has decided.
fn decided_id(removal: bool) -> &'static str {
    if removal { "papers-matter-removed" } else { "papers-matter-taken" }
}

fn is_removal(line: &Line) -> bool {
    line.phase == "remove"
}

/// Lines that share a paper: by village on a notice, by township in its review, by what is done with them.
fn groups(paper: Paper, lines: &[Line]) -> Vec<Vec<&Line>> {
    let key = |line: &Line| {
        let place = match paper {
            Paper::Notice => line.village.0.to_string(),
            Paper::TownshipReview => {
                line.village.0.at(AreaLevel::Town).map(|town| town.to_string()).unwrap_or_default()
            }
            _ => String::new(),
        };
        (place, paper != Paper::Ledger && is_removal(line))
    };
    let mut groups: BTreeMap<(String, bool), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        groups.entry(key(line)).or_default().push(line);
    }
    groups.into_values().collect()
}

fn notice_until(book: &CaseBook, village: AreaCode, today: Day) -> Option<Day> {
    let clock: &ClockDef = book.life(MONITORING).ok()?.notice.as_ref()?;
    Days { params: &book.params, calendar: book.calendar, today }.after(clock, village, today)
}

/// The values of the papers of a list, one for each place and matter.
pub fn of_list(
    ctx: &Ctx,
    (l, paper): (L, Paper),
    (book, lines): (&CaseBook, &[Line]),
) -> Result<Vec<Values>> {
    let mut session = ctx.read()?;
    let ids: Vec<&str> = lines.iter().map(|line| line.household.as_str()).collect();
    let helpers = match paper {
        Paper::Ledger => helper_names(&mut session, &ids)?,
        _ => BTreeMap::new(),
    };
    let mut all = Vec::new();
    for group in groups(paper, lines) {
        let mut one = one_list(ctx, (l, book, &helpers), &mut session, &group)?;
        if paper == Paper::Announcement {
            let removal = group.iter().all(|line| is_removal(line));
            one.one.insert("paper.kind", l.t(decided_id(removal)));
        }
        all.push(one);
    }
    Ok(all)
}

fn one_list(
    ctx: &Ctx,
    (l, book, helpers): (L, &CaseBook, &BTreeMap<String, String>),
    session: &mut Session,
    group: &[&Line],
) -> Result<Values> {
    let mut values = Values::default();
    let Some(first) = group.first() else { return Ok(values) };
    let same = |level| {
        let of = |line: &Line| line.village.0.at(level);
        group.iter().all(|line| of(line) == of(first))
    };
    let path = areas::path_of(session, first.village.0)?;
    let shared: Vec<_> = path.into_iter().filter(|(code, _)| same(code.level())).collect();
    place(&mut values, &shared);
    let optional = |on: Option<Day>| on.map(|on| day(l, on)).unwrap_or_default();
    for (line, n) in group.iter().zip(1..) {
        let risks: Vec<String> =
            line.risks.iter().map(|risk| ShippedCodes::Risks.words_of(risk, l.0)).collect();
        values.rows.push(BTreeMap::from([
            ("list.n", n.to_string()),
            ("list.head", line.head.clone()),
            ("list.village", line.village.1.clone()),
            ("list.group", line.group.clone().unwrap_or_default()),
            ("list.number", line.household_number.clone()),
            ("list.case", line.number.clone()),
            ("list.class", class_of(l, book, line.class.as_deref())),
            ("list.risks", joined(l, &risks)),
            ("list.kind", l.t(kind_id(is_removal(line)))),
            ("list.state", state_of(l, book, (&line.life, &line.state))),
            ("list.discovered", day(l, line.discovered_on)),
            ("list.identified", optional(line.identified_on)),
            ("list.closed", optional(line.closed_on)),
            ("list.helper", helpers.get(&line.household).cloned().unwrap_or_default()),
        ]));
    }
    let removal = group.iter().all(|line| is_removal(line));
    let until = notice_until(book, first.village.0, ctx.today);
    let today = ctx.today.to_string();
    let month = today.get(..7).unwrap_or_default().to_owned();
    let chinese = day(l, ctx.today);
    let month = match chinese.split_once('月') {
        Some((month, _)) => format!("{month}月"),
        None => month,
    };
    values.one.extend([
        ("paper.day", day(l, ctx.today)),
        ("paper.count", group.len().to_string()),
        ("paper.kind", l.t(kind_id(removal))),
        ("notice.from", day(l, ctx.today)),
        ("notice.until", optional(until)),
        ("ledger.month", month),
    ]);
    Ok(values)
}

/// The values of the minutes of a sitting.
pub fn of_sitting(ctx: &Ctx, l: L, sitting: &Sitting) -> Result<Values> {
    let session = &mut ctx.read()?;
    let mut values = Values::default();
    place(&mut values, &areas::path_of(session, sitting.village.0)?);
    let entry = &sitting.entry;
    for (line, n) in sitting.lines.iter().zip(1..) {
        let decided = matches!(line.result.as_str(), "agreed" | "declined");
        let result = match line.result.as_str() {
            "" => String::new(),
            result => l.t(&format!("cases-result-{result}")),
        };
        values.rows.push(BTreeMap::from([
            ("list.n", n.to_string()),
            ("list.head", line.head.clone()),
            ("list.village", sitting.village.1.clone()),
            ("list.group", line.group.clone().unwrap_or_default()),
            ("list.number", line.household_number.clone()),
            ("list.case", line.number.clone()),
            ("list.kind", l.t(kind_id(line.removal))),
            ("list.result", result),
            ("list.agreed", if decided { line.agreed.to_string() } else { String::new() }),
            ("list.words", line.words.clone()),
        ]));
    }
    let present = if entry.present > 0 { entry.present.to_string() } else { String::new() };
    values.one.extend([
        ("paper.day", day(l, ctx.today)),
        ("paper.count", sitting.lines.len().to_string()),
        ("sitting.day", day(l, entry.on)),
        ("sitting.place", entry.place.clone()),
        ("sitting.presided", entry.presided.clone()),
        ("sitting.recorder", entry.recorder.clone()),
        ("sitting.present", present),
        ("sitting.attending", entry.attending.clone()),
        ("sitting.minutes", entry.minutes.clone()),
    ]);
    Ok(values)
}
