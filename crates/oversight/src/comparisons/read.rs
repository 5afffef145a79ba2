//! Reads both days village by village and keeps what differs.

use std::collections::{BTreeSet, HashMap};

use casework::screening;
use facts::{Column, Kind, Param, Scalar};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::{FieldClass, Permission, allows};
use registry::circumstances::ledger::schema;
use registry::policies;
use store::{BuiltSql, Ctx, Permit, Row, Session};

use super::model::{Changed, Comparison, Place, Side, Tally};
use super::queries::{self, Of};

/// Facts that sort households into classes, and the fact without which the class says nothing.
const CLASSES: [(&str, Option<&str>); 3] =
    [("hh_type", None), ("monitor_type", Some("monitored")), ("house_grade", None)];
/// What is compared with the line.
pub const INCOME: &str = "income_pc";
const LINE: &str = "monitoring_line";

/// The facts of households that the person may see.
pub fn columns_of(permit: &Permit) -> Result<Vec<Column>> {
    let all = schema()?.columns("household_facts");
    let seen = all.filter(|column| column.own.is_none() && screening::opens(permit, "", column));
    Ok(seen.copied().collect())
}

/// Whether the person is told of leads and their reasons.
pub fn sees_leads(ctx: &Ctx, permit: &Permit) -> bool {
    allows(ctx.actor.role, Permission::LeadSee) && permit.opens(FieldClass::Care)
}

/// The line below which an income is low, as it held on the day of a state.
pub fn line_of(ctx: &Ctx, session: &mut Session) -> Result<Option<Param>> {
    let Some(county) = screening::find_county(session)? else { return Ok(None) };
    let pack = policies::find_pack_on(session, ctx.today)?;
    let resolved = pack.map(|pack| policies::resolve(&pack.parameters, county, ctx.today));
    Ok(resolved.and_then(|params| params.get(LINE).cloned()))
}

struct Reader<'a> {
    ctx: &'a Ctx,
    side: Side,
    session: Session,
    permit: Permit,
    line: Option<Param>,
}

impl<'a> Reader<'a> {
    fn new(ctx: &'a Ctx, side: Side) -> Result<Self> {
        let permit = ctx.permit(Permission::HouseholdSee)?;
        let mut session = ctx.read()?;
        let line = line_of(ctx, &mut session)?;
        Ok(Reader { ctx, side, session, permit, line })
    }
}

/// A household as it was on the day that was read first.
struct Met {
    side: Side,
    village: AreaCode,
    values: Vec<Scalar>,
}

#[derive(Default)]
struct Collected {
    tally: Tally,
    met: HashMap<String, Met>,
    changed: Vec<Changed>,
}

/// The two days, of all households that the person sees or of one.
///
/// # Errors
/// Refused without `household.see`; what the databases refuse.
pub fn read((from, to): (&Ctx, &Ctx), only: Option<&str>) -> Result<Comparison> {
    let columns = columns_of(&to.permit(Permission::HouseholdSee)?)?;
    let sql = queries::households(&columns);
    let mut readers = [Reader::new(from, Side::From)?, Reader::new(to, Side::To)?];
    let mut all = Collected::default();
    for code in ["households", "people"] {
        all.tally.line(code);
    }
    if let Some(id) = only {
        for reader in &mut readers {
            all.hear(reader, (&columns, &sql), Of::One(id))?;
        }
    } else {
        let mut villages = BTreeSet::new();
        for reader in &mut readers {
            villages.extend(queries::villages(&mut reader.session, &reader.permit)?);
        }
        for village in villages {
            for reader in &mut readers {
                all.hear(reader, (&columns, &sql), Of::Village(village))?;
            }
        }
        for reader in readers.iter_mut().filter(|one| sees_leads(one.ctx, &one.permit)) {
            let rows = queries::village_leads(&mut reader.session, &reader.permit)?;
            all.leads(reader.side, &rows)?;
        }
    }
    let Collected { tally, mut changed, .. } = all;
    changed.sort_by(|a, b| (a.villages.1, &a.household).cmp(&(b.villages.1, &b.household)));
    let mut found = tally.done();
    (found.columns, found.changed) = (columns, changed);
    Ok(found)
}

impl Collected {
    fn hear(
        &mut self,
        reader: &mut Reader<'_>,
        (columns, sql): (&[Column], &BuiltSql),
        of: Of<'_>,
    ) -> Result<()> {
        let Reader { ctx, side, session, permit, line } = reader;
        let (side, line) = (*side, line.as_ref());
        queries::each_household(session, permit, (sql, of), &mut |row| {
            self.household((side, line), columns, &row)
        })?;
        let people = self.tally.line("people");
        for row in queries::people(session, permit, of)? {
            self.tally.saw(side, people, (&row.text(0)?, place(&row, 1)?));
        }
        if sees_leads(ctx, permit) {
            let rows = queries::leads(session, permit, of)?;
            self.leads(side, &rows)?;
        }
        Ok(())
    }

    fn leads(&mut self, side: Side, rows: &[Row]) -> Result<()> {
        let mut last = String::new();
        for row in rows {
            let lead = row.text(0)?;
            if lead != last {
                let severity = self.tally.line(&format!("lead.{}", row.text(3)?));
                self.tally.saw(side, severity, (&lead, place(row, 1)?));
            }
            if let Some(rule) = row.opt_text(4)? {
                let rule = self.tally.line(&format!("rule.{rule}"));
                self.tally.saw(side, rule, (&lead, place(row, 1)?));
            }
            last = lead;
        }
        Ok(())
    }

    fn household(
        &mut self,
        (side, limit): (Side, Option<&Param>),
        columns: &[Column],
        row: &Row,
    ) -> Result<()> {
        let here = place(row, 0)?;
        let values: Vec<Scalar> = row.0.iter().skip(2).map(screening::scalar).collect();
        for code in lines_of(columns, &values, (limit, here.village)) {
            let line = self.tally.line(&code);
            self.tally.saw(side, line, (&here.household, here.clone()));
        }
        let Place { household, village } = here;
        match self.met.remove(&household) {
            Some(met) if met.side != side => {
                let pairs = met.values.iter().zip(&values).enumerate();
                let differ = pairs.filter(|(_, (one, other))| one != other).map(|(at, _)| at);
                let columns: Vec<usize> = differ.collect();
                if !columns.is_empty() {
                    let villages = match side {
                        Side::To => (met.village, village),
                        Side::From => (village, met.village),
                    };
                    self.changed.push(Changed { household, villages, columns });
                }
            }
            _ => drop(self.met.insert(household, Met { side, village, values })),
        }
        Ok(())
    }
}

fn place(row: &Row, at: usize) -> Result<Place> {
    Ok(Place { household: row.text(at)?, village: row.parse(at + 1)? })
}

/// The lines that count a household.
fn lines_of(
    columns: &[Column],
    values: &[Scalar],
    (limit, village): (Option<&Param>, AreaCode),
) -> Vec<String> {
    let value = |name: &str| {
        columns.iter().zip(values).find(|(column, _)| column.name == name).map(|(_, value)| value)
    };
    let mut lines = vec!["households".to_owned()];
    for (column, value) in columns.iter().zip(values) {
        if column.kind == Kind::Bool && *value == Scalar::Int(1) {
            lines.push(format!("yes.{}", column.name));
        }
    }
    for (name, only) in CLASSES {
        let counts = only.is_none_or(|only| value(only) == Some(&Scalar::Int(1)));
        if let (true, Some(Scalar::Text(class))) = (counts, value(name))
            && !class.is_empty()
        {
            lines.push(format!("class.{name}.{class}"));
        }
    }
    if let (Some(income), Some(limit)) = (value(INCOME), limit) {
        let band = match (income, limit.at(village.as_str())) {
            (Scalar::Int(income), Scalar::Int(limit)) if *income < limit => "under",
            (Scalar::Int(_), Scalar::Int(_)) => "over",
            _ => "unknown",
        };
        lines.push(format!("income.{band}"));
    }
    lines
}
