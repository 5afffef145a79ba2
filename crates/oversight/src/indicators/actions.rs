//! What a person can ask of indicators: all of them, one by place, and the rows behind a number.

use std::collections::BTreeMap;

use casework::screening::{self, opens, what_if::Facts};
use facts::{Binding, Column, FactRow, Params, Part, Schema};
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{self, IndicatorDef, Pack};
use store::{Ctx, Permit, Session};

use super::model::{Counts, Figure, PlaceFigure, Sound, Wanted, part_of, prove};
use super::queries::{self, Within};

/// Rows on one page.
pub const PAGE: i64 = 50;
/// Most rows of one workbook.
const MOST: i64 = 100_000;

/// An indicator in the list of all.
#[derive(Debug, Clone)]
pub struct Listed {
    /// As defined.
    pub def: IndicatorDef,
    /// Its figure today over all that the reader sees; none where it cannot be asked.
    pub counts: Option<Counts>,
}

/// What is needed to ask: the pack of today, over the parameters and facts of a day.
struct Ready {
    permit: Permit,
    pack: Pack,
    schema: std::sync::Arc<Schema>,
    params: Params,
    facts: Facts,
}

fn pack_now(ctx: &Ctx, session: &mut Session) -> Result<Pack> {
    let found = policies::find_pack_on(session, ctx.today)?;
    found.ok_or_else(|| Refusal::unavailable("screening.no_book").into())
}

/// A past day is derived anew for who may run rules, and sees the whole area that is asked.
fn ready(ctx: &Ctx, session: &mut Session, day: Day) -> Result<Ready> {
    let permit = ctx.permit(Permission::IndicatorSee)?;
    if day > ctx.today {
        return Err(Refusal::invalid("indicators.to_come").arg("day", day).into());
    }
    if day < ctx.today && !kernel::permission::allows(ctx.actor.role, Permission::RuleRun) {
        return Err(Refusal::forbidden("indicators.past").into());
    }
    let pack = pack_now(ctx, session)?;
    let schema = screening::schema_of(&pack)?;
    let county = screening::find_county(session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let then = if day == ctx.today { None } else { policies::find_pack_on(session, day)? };
    let parameters = then.as_ref().map_or(&pack.parameters, |then| &then.parameters);
    let params = policies::resolve(parameters, county, day);
    let facts = Facts::of(ctx, session, day)?;
    if facts.is_past() && permit.whole() != store::Value::from(1_i64) {
        return Err(Refusal::forbidden("indicators.past").into());
    }
    Ok(Ready { permit, pack, schema, params, facts })
}

impl Ready {
    fn sound(&self, ctx: &Ctx, id: &str) -> Result<Sound> {
        let missing = || ctx.not_found("indicators.none_such", id);
        let def =
            self.pack.indicators().into_iter().find(|one| one.id == id).ok_or_else(missing)?;
        let wrong = |(field, problem): (&str, facts::Problem)| {
            let refusal = Refusal::unavailable("indicators.unsound").arg("id", id);
            Error::from(refusal.arg("field", field).arg("what", problem.to_string()))
        };
        let sound = prove(&def, (&self.schema, &self.params)).map_err(wrong)?;
        match self.opens(&sound) {
            true => Ok(sound),
            false => Err(missing()),
        }
    }

    /// Whether every value that it rests on may be seen: whom it counts says as much as the values.
    fn opens(&self, sound: &Sound) -> bool {
        sound.columns().iter().all(|column| opens(&self.permit, "", column))
    }

    fn binding(&self) -> Binding<'_> {
        let Facts { coverage, day, .. } = &self.facts;
        Binding { today: *day, params: &self.params, coverage }
    }

    /// The rows of the reader in an area.
    fn within(&self, area: Option<AreaCode>) -> Within<'_> {
        let (low, high) = self.permit.hull();
        let (mut low, mut high) = (low.to_owned(), high.to_owned());
        if let Some((from, to)) = area.map(AreaCode::range) {
            low = low.max(from.to_string());
            high = high.min(to.to_string());
        }
        Within { permit: &self.permit, bounds: (low, high), past: self.facts.is_past() }
    }
}

/// Every indicator of today with its figure over all that the reader sees, by code. Those that rest on values which the
/// reader may not see are left out.
///
/// # Errors
/// Refused without `indicator.see`; *unavailable* before a pack is published and a household is there.
pub fn list(ctx: &Ctx) -> Result<Vec<Listed>> {
    let mut session = ctx.read()?;
    let ready = ready(ctx, &mut session, ctx.today)?;
    let within = ready.within(None);
    let mut all = Vec::new();
    for def in ready.pack.indicators() {
        let Ok(sound) = prove(&def, (&ready.schema, &ready.params)) else {
            all.push(Listed { def, counts: None });
            continue;
        };
        if !ready.opens(&sound) {
            continue;
        }
        let places = match queries::by_village(&mut session, (&sound, ready.binding()), &within) {
            Err(Error::Refusal(refusal)) if refusal.code == "indicators.too_slow" => None,
            found => Some(found?),
        };
        let counts = places.map(|all| all.into_iter().fold(Counts::default(), |a, b| a.and(b.1)));
        all.push(Listed { def, counts });
    }
    Ok(all)
}

/// The figure of an indicator by place.
///
/// # Errors
/// Refused without `indicator.see`, for a day to come, and for a past day without `rule.run`; *not found* where there is
/// none, or where it rests on values that the reader may not see.
pub fn figure(ctx: &Ctx, id: &str, wanted: Wanted) -> Result<Figure> {
    let mut session = ctx.read()?;
    let ready = ready(ctx, &mut session, wanted.day.unwrap_or(ctx.today))?;
    let sound = ready.sound(ctx, id)?;
    let mut rows = ready.facts.read(ctx)?;
    let within = ready.within(wanted.area);
    let villages = queries::by_village(&mut rows, (&sound, ready.binding()), &within)?;
    let mut places: BTreeMap<AreaCode, Counts> = BTreeMap::new();
    let mut total = Counts::default();
    for (village, counts) in villages {
        let part = part_of(village, wanted.area);
        let known = places.entry(part).or_default();
        *known = known.and(counts);
        total = total.and(counts);
    }
    let codes: Vec<String> =
        places.keys().chain(wanted.area.as_ref()).map(AreaCode::to_string).collect();
    let names = queries::area_names(&mut session, &codes)?;
    let name =
        |area: &AreaCode| names.get(&area.to_string()).cloned().unwrap_or_else(|| area.to_string());
    let explain = |predicate: &facts::Predicate| predicate.explain(&ready.params, ctx.lang);
    let when = facts::compile(
        &sound.def.when,
        facts::Scope { schema: &ready.schema, table: sound.table.name, params: &ready.params },
    );
    Ok(Figure {
        day: ready.facts.day,
        words: (
            when.as_ref().map(explain).unwrap_or_default(),
            sound.base.as_ref().map(explain).unwrap_or_default(),
        ),
        area: wanted.area.map(|area| (area, name(&area))),
        total,
        places: places
            .into_iter()
            .map(|(area, counts)| PlaceFigure { area, name: name(&area), counts })
            .collect(),
        def: sound.def,
    })
}

/// The value of an indicator now: a number, or a share in percent. `None` where the reader does not see all of the area (or
/// of the county), or where nothing is its base.
///
/// # Errors
/// As [`figure`].
pub fn value(ctx: &Ctx, id: &str, area: Option<AreaCode>) -> Result<Option<f64>> {
    let permit = ctx.permit(Permission::IndicatorSee)?;
    let county = screening::find_county(&mut ctx.read()?)?;
    let Some((low, high)) = area.or(county).map(AreaCode::range) else { return Ok(None) };
    let (from, to) = permit.hull();
    let sees_all = permit.whole() == store::Value::from(1_i64)
        && *from <= *low.to_string()
        && *high.to_string() <= *to;
    if !sees_all {
        return Ok(None);
    }
    let found = figure(ctx, id, Wanted { area, day: None })?;
    Ok(found.total.value(found.def.base.is_some()))
}

/// Which rows are asked.
#[derive(Debug, Clone, Copy)]
pub struct RowsWanted {
    /// Of which figure.
    pub of: Wanted,
    /// Which of them.
    pub part: Part,
    /// How many are left out at the beginning; none for all of them, for a workbook.
    pub offset: Option<i64>,
}

/// The rows behind a number.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The indicator.
    pub def: IndicatorDef,
    /// The day on which the facts stand.
    pub day: Day,
    /// The columns that say why a row is counted.
    pub columns: Vec<Column>,
    /// How many there are.
    pub total: i64,
    /// Those asked for, in the order of the villages.
    pub lines: Vec<RowLine>,
}

/// A household or person behind a number.
#[derive(Debug, Clone)]
pub struct RowLine {
    /// The household.
    pub household: String,
    /// Its number.
    pub number: String,
    /// The person, or the head of the household.
    pub name: String,
    /// The village.
    pub village: (AreaCode, String),
    /// What is stored of the columns.
    pub values: FactRow,
}

/// The rows behind one number of a figure.
///
/// # Errors
/// As [`figure`].
pub fn rows(ctx: &Ctx, id: &str, wanted: RowsWanted) -> Result<Rows> {
    let mut session = ctx.read()?;
    let ready = ready(ctx, &mut session, wanted.of.day.unwrap_or(ctx.today))?;
    let sound = ready.sound(ctx, id)?;
    let mut facts = ready.facts.read(ctx)?;
    let (within, asked) = (ready.within(wanted.of.area), (&sound, ready.binding()));
    let villages = queries::by_village(&mut facts, asked, &within)?;
    let total = villages.iter().map(|(_, counts)| counts.of(wanted.part)).sum();
    let page = (wanted.part, wanted.offset.map_or(MOST, |_| PAGE), wanted.offset.unwrap_or(0));
    let found = queries::rows_of(&mut facts, asked, &within, page)?;
    let mut columns = sound.columns();
    columns.retain(|column| column.table == sound.table.name);
    let unique = |of: fn(&(String, String, String)) -> &String| -> Vec<&str> {
        let all: std::collections::BTreeSet<&str> =
            found.iter().map(|row| of(row).as_str()).collect();
        all.into_iter().collect()
    };
    let (keys, homes) = (unique(|row| &row.0), unique(|row| &row.1));
    let heads = queries::heads(&mut session, &ready.permit, &homes)?;
    let persons = match sound.table == facts::PERSON {
        true => queries::persons(&mut session, &keys)?,
        false => BTreeMap::new(),
    };
    let codes: Vec<String> = unique(|row| &row.2).into_iter().map(str::to_owned).collect();
    let names = queries::area_names(&mut session, &codes)?;
    let mut values = queries::values(&mut facts, asked, (&columns, &keys))?;
    let mut lines = Vec::new();
    for (key, household, village) in &found {
        let (number, head) = heads.get(household).cloned().unwrap_or_default();
        lines.push(RowLine {
            name: persons.get(key).cloned().unwrap_or(head),
            number,
            village: (village.parse()?, names.get(village).unwrap_or(village).clone()),
            values: values.remove(key).unwrap_or_default(),
            household: household.clone(),
        });
    }
    Ok(Rows { def: sound.def, day: ready.facts.day, columns, total, lines })
}
