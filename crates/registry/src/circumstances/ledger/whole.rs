//! When most facts change, all of them are prepared in tables of the same form, which then take the place of the others by
//! their names. So the commit that publishes a list moves no rows, however many change, and nobody waits for it.
//!
//! Only the embedded engine does so: there a reader sees the names of tables as they were when it began to read.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use store::{Ctx, Engine, Lease, Session, Tx, Value, params};

use super::queries;
use super::rows::Fresh;
use super::tables::{Rows, Whole, tables};

/// The tables beside the fact tables, held by one preparation.
pub(super) struct Tables {
    /// What was written after this entry of the journal is not in them.
    since: i64,
    /// What is still to be copied: villages, the last one first, with the households in each that are prepared instead.
    to_copy: Vec<(String, Vec<String>)>,
    _held: Lease,
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "whole tables since {}", self.since)
    }
}

/// The name under which the tables are held.
const LEASE: &str = "wholefacts";

/// So few households are not worth the whole tables. In tests they always are.
const FEW: usize = if cfg!(test) { 1 } else { 2_000 };
/// Nor is so small a part of all, of which the others would have to be copied: one of so many.
const PART: usize = 4;
/// Households that are derived to learn how many change.
const SAMPLE: usize = 400;

/// Of many households some that tell whether most of them change; none where that is not asked.
pub(super) fn sample(
    session: &mut Session,
    affected: &[(String, AreaCode)],
) -> Result<Vec<String>> {
    if session.engine() != Engine::Sqlite || affected.len() < FEW {
        return Ok(Vec::new());
    }
    if affected.len() * PART < queries::kept_households(session)? {
        return Ok(Vec::new());
    }
    let step = (affected.len() / SAMPLE).max(1);
    Ok(affected.iter().step_by(step).map(|(id, _)| id.clone()).collect())
}

fn wholes() -> Result<impl Iterator<Item = (&'static Rows, &'static Whole)>> {
    let tables = tables()?;
    let all = [&tables.household, &tables.person].into_iter();
    Ok(all.filter_map(|rows| rows.whole.as_ref().map(|whole| (rows, whole))))
}

impl Tables {
    /// The tables, empty, unless somebody else prepares in them. `session` is the one that found out what is affected.
    pub(super) fn hold(
        ctx: &Ctx,
        session: &mut Session,
        affected: &[(String, AreaCode)],
    ) -> Result<Option<Self>> {
        let since = queries::last_entry(session)?;
        let Some(held) = ctx.db.lease(LEASE)? else { return Ok(None) };
        clear(ctx)?;
        let mut prepared: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for some in affected.chunks(5_000) {
            let ids: Vec<String> = some.iter().map(|(id, _)| id.clone()).collect();
            for row in queries::kept_places(session, &ids)? {
                prepared.entry(row.text(1)?).or_default().push(row.text(0)?);
            }
        }
        // the first villages are copied first, about when their neighbours are derived: so rows come in their order
        let villages = queries::villages(session)?.into_iter().rev();
        let to_copy = villages.map(|village| {
            let instead = prepared.remove(&village).unwrap_or_default();
            (village, instead)
        });
        Ok(Some(Tables { since, to_copy: to_copy.collect(), _held: held }))
    }

    /// Keeps all rows of some households, and copies those of some others meanwhile.
    pub(super) fn keep(&mut self, ctx: &Ctx, fresh: Fresh) -> Result<()> {
        for ((_, whole), rows) in wholes()?.zip([fresh.households, fresh.persons]) {
            if !rows.is_empty() {
                ctx.db.put_unpublished(ctx.begin_piece()?, whole.name, &whole.put, rows)?;
            }
        }
        self.copy_some(ctx)
    }

    /// Copies the rows of all other households that are not copied yet.
    pub(super) fn fill(&mut self, ctx: &Ctx) -> Result<()> {
        while !self.to_copy.is_empty() {
            self.copy_some(ctx)?;
        }
        Ok(())
    }

    fn copy_some(&mut self, ctx: &Ctx) -> Result<()> {
        let some = self.to_copy.split_off(self.to_copy.len().saturating_sub(VILLAGES_AT_A_TIME));
        if some.is_empty() {
            return Ok(());
        }
        let villages = queries::listed(some.iter().map(|(village, _)| village));
        let instead = queries::listed(some.iter().flat_map(|(_, households)| households));
        let bound: [Value; 2] = [villages.into(), instead.into()];
        for (_, whole) in wholes()? {
            let rows = std::iter::once(bound.to_vec());
            ctx.db.put_unpublished(ctx.begin_piece()?, whole.name, &whole.copy, rows)?;
        }
        Ok(())
    }

    /// Puts the tables in the place of the others. Answers in which villages somebody wrote since: their rows are not right.
    pub(super) fn publish(&self, tx: &mut Tx) -> Result<Vec<AreaCode>> {
        for (_, whole) in wholes()? {
            for statement in &whole.exchange {
                tx.exec(statement, &[])?;
            }
        }
        let since = queries::villages_since(tx, self.since)?;
        since.iter().map(|village| Ok(village.parse()?)).collect()
    }
}

/// Villages whose rows are copied in one transaction.
const VILLAGES_AT_A_TIME: usize = 5;

/// All rows of some households as they will be, and where their kept rows stand.
pub(super) struct Prepared {
    pub(super) fresh: Fresh,
    stood: Vec<AreaCode>,
}

impl Prepared {
    pub(super) fn of(session: &mut Session, ids: &[String], fresh: Fresh) -> Result<Self> {
        let mut stood = Vec::new();
        for row in queries::kept_places(session, ids)? {
            stood.push(row.parse(1)?);
        }
        Ok(Prepared { fresh, stood })
    }

    /// Villages in which the households stood, and in which they will.
    pub(super) fn villages(&self) -> impl Iterator<Item = AreaCode> {
        let stands = |row: &Vec<Value>| row.get(1)?.as_text()?.parse::<AreaCode>().ok();
        self.stood.iter().copied().chain(self.fresh.households.iter().filter_map(stands))
    }
}

/// Empties the tables; who does so holds them.
pub(super) fn clear(ctx: &Ctx) -> Result<()> {
    for (_, whole) in wholes()? {
        if ctx.read()?.find(&whole.has_rows, &[])?.is_some() {
            ctx.db.drop_unpublished(ctx.begin_piece()?, whole.name, &whole.clear, params![])?;
        }
    }
    Ok(())
}

/// Empties the tables of what a program that stopped left in them.
pub(super) fn sweep(ctx: &Ctx) -> Result<()> {
    if ctx.db.engine() != Engine::Sqlite {
        return Ok(());
    }
    match ctx.db.lease(LEASE)? {
        Some(_held) => clear(ctx),
        None => Ok(()),
    }
}
