//! What the township writes down, what the county sets by hand, and what follows for every village.

use std::collections::BTreeMap;

use facts::Scalar;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::{FieldClass, Permission};
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::listed::{self, Listed};
use super::model::{Collective, Thresholds, classify};
use super::queries::{self, ByHand, Income};
use crate::{areas, policies};

/// The first year for which a figure may be written down.
pub const FIRST_YEAR: i64 = 2015;
/// Longest name of a document, in characters.
const LONGEST: usize = 200;

/// A village in a year.
#[derive(Debug, Clone)]
pub struct Line {
    /// The village.
    pub code: AreaCode,
    /// Its name, and that of its township.
    pub names: (String, String),
    /// Its kind (脱贫村 …) today.
    pub kind: Option<String>,
    /// What it earned.
    pub income: Option<Income>,
    /// Its class.
    pub class: Collective,
    /// The class by hand, where it is one.
    pub by_hand: Option<ByHand>,
}

/// The villages of an area in a year.
#[derive(Debug, Clone)]
pub struct Year {
    /// The year.
    pub year: i64,
    /// Names of the areas down to this one.
    pub path: Vec<(AreaCode, String)>,
    /// Every village in use, in the order of the codes.
    pub lines: Vec<Line>,
    /// The lines of the year.
    pub thresholds: Thresholds,
}

impl Year {
    /// How many villages every class has; together they are all villages.
    pub fn counts(&self) -> BTreeMap<Collective, usize> {
        let mut counts: BTreeMap<Collective, usize> =
            Collective::ALL.iter().map(|class| (*class, 0)).collect();
        for line in &self.lines {
            *counts.entry(line.class).or_default() += 1;
        }
        counts
    }
}

/// The last day of a year; today while it goes on.
fn end_of(year: i64, today: Day) -> Day {
    let last = i32::try_from(year).ok().and_then(|year| Day::of(year, 12, 31));
    last.filter(|day| *day < today).unwrap_or(today)
}

fn thresholds(session: &mut Session, area: AreaCode, day: Day) -> Result<Thresholds> {
    let Some(pack) = policies::find_pack_on(session, day)? else {
        return Ok(Thresholds::default());
    };
    let county = area.at(AreaLevel::County).unwrap_or(area);
    let params = policies::resolve(&pack.parameters, county, day);
    let value = |id: &str| match params.get(id)?.at(area.as_str()) {
        Scalar::Int(fen) => Some(fen),
        _ => None,
    };
    Ok(Thresholds { shell: value("village_shell_income"), weak: value("village_weak_income") })
}

/// The villages of an area in a year; of the person's own area without one.
pub fn list(ctx: &Ctx, asked: Option<AreaCode>, year: i64) -> Result<Year> {
    ctx.permit(Permission::VillageSee)?;
    let mut session = ctx.read()?;
    let own = match ctx.actor.home {
        Some(home) => Some(home),
        None => areas::list_below(&mut session, None)?.first().map(|(code, _)| *code),
    };
    let area = asked.filter(|code| ctx.actor.works_in(*code)).or(own);
    let nothing =
        Year { year, path: Vec::new(), lines: Vec::new(), thresholds: Thresholds::default() };
    let Some(area) = area else { return Ok(nothing) };
    let thresholds = thresholds(&mut session, area, end_of(year, ctx.today))?;
    let range = (area.range().0.to_string(), area.range().1.to_string());
    let range = (range.0.as_str(), range.1.as_str());
    let mut incomes = queries::list_incomes(&mut session, range, year)?;
    let mut set = queries::list_by_hand(&mut session, range, year)?;
    let path = areas::path_of(&mut session, area)?;
    let mut names: BTreeMap<AreaCode, String> = path.iter().cloned().collect();
    let all = areas::list_areas(&mut session, Some(area))?;
    names.extend(all.iter().map(|one| (one.row.code, one.row.name.clone())));
    let villages =
        all.into_iter().filter(|one| one.span.is_open() && one.row.level == AreaLevel::Village);
    let line = |one: areas::Area| {
        let code = one.row.code;
        let income = incomes.remove(&code);
        let by_hand = set.remove(&code).filter(|set| set.class.is_some());
        let follows = classify(income.as_ref().map(|income| income.amount), thresholds);
        let town = code.at(AreaLevel::Town).and_then(|town| names.get(&town)).cloned();
        Line {
            code,
            class: by_hand.as_ref().and_then(|set| set.class).unwrap_or(follows),
            names: (one.row.name, town.unwrap_or_default()),
            kind: one.row.class,
            income,
            by_hand,
        }
    };
    Ok(Year { year, path, lines: villages.map(line).collect(), thresholds })
}

fn year_checked(ctx: &Ctx, year: i64) -> Result<i64> {
    let now = i64::from(ctx.today.year());
    if (FIRST_YEAR..=now).contains(&year) {
        return Ok(year);
    }
    let refusal = Refusal::invalid("villages.not_a_year").arg("first", FIRST_YEAR).arg("last", now);
    Err(refusal.field("year", "web.required").into())
}

/// A village in use, in which the person works.
fn own_village(ctx: &Ctx, session: &mut Session, code: AreaCode) -> Result<areas::Area> {
    areas::find_area(session, code)?
        .filter(|one| one.span.is_open() && one.row.level == AreaLevel::Village)
        .filter(|one| ctx.actor.works_in(one.row.code))
        .ok_or_else(|| ctx.not_found("areas.no_such_village", &code.to_string()))
}

/// Writes down what villages earned in a year, in fen; what says the same as before is left alone. How many were written.
pub fn save_incomes(
    ctx: &Ctx,
    year: i64,
    amounts: &[(AreaCode, i64)],
    document: &str,
) -> Result<usize> {
    ctx.permit(Permission::VillageIncome)?;
    let year = year_checked(ctx, year)?;
    let document = tidy(document);
    let mut tx = ctx.begin()?;
    let known = queries::list_incomes(&mut tx, ("", "~"), year)?;
    let mut written = Vec::new();
    for (village, amount) in amounts {
        own_village(ctx, &mut tx, *village)?;
        if known.get(village).is_some_and(|income| income.amount == *amount) {
            continue;
        }
        queries::insert_income(&mut tx, ctx, (*village, year), (*amount, &document))?;
        let before = known.get(village).map(|income| income.amount);
        written.push(json!({ "village": village, "fen": amount, "before": before }));
    }
    let count = written.len();
    if count > 0 {
        let detail = json!({ "year": year, "document": document, "villages": written });
        tx.commit(
            Entry::new(ctx, "village.income").about("year", year.to_string()).detail(detail),
        )?;
    }
    Ok(count)
}

fn tidy(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

/// Sets the class of a village in a year by hand, or goes back to the one that follows from the income. Needs a document.
pub fn set_class(
    ctx: &Ctx,
    (village, year): (AreaCode, i64),
    class: Option<Collective>,
    document: &str,
) -> Result<()> {
    ctx.permit(Permission::VillageClass)?;
    let year = year_checked(ctx, year)?;
    let document = tidy(document);
    if document.is_empty() {
        let refusal = Refusal::invalid("villages.no_document");
        return Err(refusal.field("document", "web.required").into());
    }
    if class == Some(Collective::Unknown) {
        return Err(Error::from(
            Refusal::invalid("villages.not_a_class").field("class", "villages.not_a_class"),
        ));
    }
    let mut tx = ctx.begin()?;
    own_village(ctx, &mut tx, village)?;
    queries::insert_by_hand(&mut tx, ctx, (village, year), (class, &document))?;
    let word = class.map(Collective::text);
    let detail = json!({ "year": year, "class": word, "document": document });
    let entry = Entry::new(ctx, "village.class").about("area", village.to_string()).area(village);
    tx.commit(entry.detail(detail))?;
    Ok(())
}

/// One village: its line in a year, and all that was written down about it.
#[derive(Debug, Clone)]
pub struct View {
    /// Its line.
    pub line: Line,
    /// Names of the areas down to it.
    pub path: Vec<(AreaCode, String)>,
    /// The lines of the year.
    pub thresholds: Thresholds,
    /// What it earned, the newest year first; a figure that was put right stands below the one that counts.
    pub incomes: Vec<Income>,
    /// Classes by hand, the newest first.
    pub by_hand: Vec<ByHand>,
    /// What the county's own lists say about it.
    pub lists: Vec<Listed>,
}

/// One village. Of an area in which the person does not work it is not found.
pub fn show(ctx: &Ctx, village: AreaCode, year: i64) -> Result<View> {
    let permit = ctx.permit(Permission::VillageSee)?;
    let mut session = ctx.read()?;
    own_village(ctx, &mut session, village)?;
    let (incomes, by_hand) = queries::history(&mut session, village)?;
    let money = permit.opens(FieldClass::Money);
    let lists = listed::of_village(ctx, &mut session, (village, money))?;
    drop(session);
    let mut found = list(ctx, Some(village), year)?;
    let line = found.lines.pop().ok_or_else(|| ctx.not_found("areas.no_such_village", ""))?;
    Ok(View { line, path: found.path, thresholds: found.thresholds, incomes, by_hand, lists })
}
