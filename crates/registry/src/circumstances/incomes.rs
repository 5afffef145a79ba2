//! Queries of income and business cost by line, as a list delivers them (收入).
//!
//! More than a million rows a county: they are written in short transactions under a batch in staging and count from the
//! moment the batch is accepted. The list that came before for the same period is replaced by the same flip; its rows
//! are cleared away afterwards, in pieces, by [`clear`].

use std::collections::HashMap;

use kernel::error::Result;
use kernel::ids::{BatchId, HouseholdId};
use kernel::money::Money;
use kernel::time::Day;
use store::{Ctx, Pace, Session, Tx, Value, params};

use super::homes::Homes;
use super::topics::IncomeLine;

/// A row of the income list, read and typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomeRow {
    /// The row's number within the batch.
    pub row_no: i64,
    /// 户编号.
    pub household_number: String,
    /// The line of the form, a1 … e4.
    pub line: IncomeLine,
    /// The amount; costs are positive.
    pub amount: Money,
    /// First day it is for.
    pub from: Day,
    /// Last day it is for; the entry belongs to the window of this day.
    pub to: Day,
    /// Who says so (来源), such as 务工监测.
    pub source: String,
}

/// What became of an income list that is staged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StagedIncomes {
    /// Rows that were taken.
    pub taken: usize,
    /// Rows whose household the register does not know, by row number.
    pub not_here: Vec<i64>,
}

const AT_A_TIME: usize = 2_000;
const COLUMNS: &[&str] =
    &["household_id", "to_day", "line", "batch_id", "row_no", "from_day", "amount_fen", "source"];

/// Household numbers and ids of the whole register.
fn households(session: &mut Session) -> Result<HashMap<String, String>> {
    let mut known = HashMap::new();
    session.each(
        "select number, id from households where village_code is not null",
        &[],
        |row| {
            known.insert(row.text(0)?, row.text(1)?);
            Ok(true)
        },
    )?;
    Ok(known)
}

/// Writes incomes under a batch in staging. `progress` hears how many rows were read.
///
/// # Errors
/// What `rows` or the database refuses; the batch is then swept by whoever began it.
pub fn stage(
    ctx: &Ctx,
    batch: &BatchId,
    rows: impl IntoIterator<Item = Result<IncomeRow>>,
    progress: &mut dyn FnMut(usize),
) -> Result<StagedIncomes> {
    let known = households(&mut ctx.read()?)?;
    let batch = batch.to_string();
    let mut staged = StagedIncomes::default();
    let mut piece: Vec<Vec<Value>> = Vec::with_capacity(AT_A_TIME);
    let mut writing = Writing { ctx, batch: &batch, tx: None, pace: Pace::default() };
    let mut read = 0;
    for row in rows {
        let row = row?;
        read += 1;
        match known.get(&row.household_number) {
            Some(household) => piece.push(values(household, &batch, &row)),
            None => staged.not_here.push(row.row_no),
        }
        if piece.len() == AT_A_TIME {
            staged.taken += piece.len();
            writing.write(std::mem::take(&mut piece))?;
            progress(read);
        }
    }
    staged.taken += piece.len();
    writing.write(piece)?;
    writing.end()?;
    progress(read);
    Ok(staged)
}

fn values(household: &str, batch: &str, row: &IncomeRow) -> Vec<Value> {
    vec![
        household.into(),
        row.to.into(),
        row.line.code().into(),
        batch.into(),
        row.row_no.into(),
        row.from.into(),
        row.amount.into(),
        Value::from(&row.source),
    ]
}

/// Incomes that are being written: several pieces in one transaction while nobody else wants to write.
struct Writing<'a> {
    ctx: &'a Ctx,
    batch: &'a str,
    tx: Option<Tx>,
    pace: Pace,
}

impl Writing<'_> {
    fn write(&mut self, rows: Vec<Vec<Value>>) -> Result<()> {
        let mut tx = self.tx.take().map_or_else(|| self.ctx.begin_piece(), Ok)?;
        tx.insert_many("incomes", COLUMNS, rows)?;
        if self.pace.goes_on(&tx) {
            self.tx = Some(tx);
            return Ok(());
        }
        self.pace.ends(&tx);
        tx.commit_staged(self.batch)
    }

    fn end(self) -> Result<()> {
        self.tx.map_or(Ok(()), |tx| tx.commit_staged(self.batch))
    }
}

/// Clears away the rows of a batch that does not count any more, a piece at a time. Answers whether there may be more.
///
/// # Errors
/// What the database refuses.
pub fn clear(tx: &mut Tx, batch: &BatchId, households_from: &str) -> Result<Option<String>> {
    let batch = batch.to_string();
    let next = tx.find(
        "select id from households where id > $1 order by id limit 1 offset 2000",
        params![households_from],
    )?;
    let end = match &next {
        Some(row) => row.text(0)?,
        None => "g".to_owned(),
    };
    tx.exec(
        "delete from incomes where household_id > $1 and household_id <= $2 and batch_id = $3",
        params![households_from, &end, &batch],
    )?;
    Ok(next.map(|_| end))
}

/// Income of one household, newest first; only what counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Income {
    /// The line of the form.
    pub line: IncomeLine,
    /// First day it is for.
    pub from: Day,
    /// Last day it is for.
    pub to: Day,
    /// The amount in fen; costs are positive.
    pub amount_fen: i64,
    /// The amount that was delivered, where the household has only a part of it.
    pub part_of_fen: Option<i64>,
    /// Who says so.
    pub source: String,
    /// The batch and row that say so.
    pub row: (String, i64),
}

/// The incomes of a household whose last day is on or after `since`, newest first.
///
/// # Errors
/// What the database refuses. The caller has checked that the household may be seen.
pub fn list_incomes(session: &mut Session, household: &str, since: Day) -> Result<Vec<Income>> {
    let mut found = Vec::new();
    let rows = session.rows(
        "select i.line, i.from_day, i.to_day, i.amount_fen, i.source, i.batch_id, i.row_no
         from incomes i join batches b on b.id = i.batch_id and b.state = 'accepted'
         where i.household_id = $1 and i.to_day >= $2 order by i.to_day desc, i.line",
        params![household, since],
    )?;
    for row in rows {
        if let Some(line) = IncomeLine::parse(&row.text(0)?) {
            found.push(Income {
                line,
                from: row.parse(1)?,
                to: row.parse(2)?,
                amount_fen: row.int(3)?,
                part_of_fen: None,
                source: row.text(4)?,
                row: (row.text(5)?, row.int(6)?),
            });
        }
    }
    Ok(found)
}

/// The incomes that count for a household on a day: its own, its part of what was earned before a split, and those of
/// households that joined it. Newest first.
///
/// # Errors
/// What the database refuses. The caller has checked that the household may be seen.
pub fn list_counted(
    session: &mut Session,
    household: HouseholdId,
    (since, day): (Day, Day),
) -> Result<Vec<Income>> {
    let own = household.to_string();
    let homes = Homes::load(session, std::slice::from_ref(&own), ("9", ""))?;
    if homes.is_empty() {
        return list_incomes(session, &own, since);
    }
    let mut from = homes.households();
    from.insert(household);
    let (mut found, mut followed) = (Vec::new(), Vec::new());
    for delivered_for in from {
        for income in list_incomes(session, &delivered_for.to_string(), since)? {
            let shares = homes.shares(delivered_for, income.amount_fen, (income.to, day));
            if let Some(fen) = shares.get(&household) {
                let part = shares.len() > 1;
                let part_of_fen = part.then_some(income.amount_fen);
                let counted = Income { amount_fen: *fen, part_of_fen, ..income };
                if homes.goes(delivered_for) { &mut followed } else { &mut found }.push(counted);
            }
        }
    }
    let told = |one: &Income| found.iter().any(|own| (own.line, own.to) == (one.line, one.to));
    followed.retain(|one| !told(one));
    found.extend(followed);
    found.sort_by(|a, b| b.to.cmp(&a.to).then(a.line.cmp(&b.line)).then(a.row.cmp(&b.row)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use kernel::time::Clock;
    use store::testing::test_db;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn row(row_no: i64, number: &str, fen: i64) -> Result<IncomeRow> {
        Ok(IncomeRow {
            row_no,
            household_number: number.into(),
            line: IncomeLine::parse("a1").unwrap(),
            amount: Money::from_fen(fen),
            from: day("2026-08-01"),
            to: day("2026-10-31"),
            source: "务工监测".into(),
        })
    }

    fn batch(ctx: &Ctx) -> BatchId {
        let id: BatchId = ctx.new_id();
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
             values ($1, 'income', '农业农村', 'income', 'income.csv', $1, 'staging', 'system', $2)",
            params![id.to_string(), ctx.now],
        )
        .unwrap();
        tx.commit(store::Entry::new(ctx, "intake.upload")).unwrap();
        id
    }

    fn flip(ctx: &Ctx, id: &BatchId, state: &str) {
        let mut tx = ctx.begin().unwrap();
        tx.exec("update batches set state = $2 where id = $1", params![id.to_string(), state])
            .unwrap();
        tx.commit(store::Entry::new(ctx, "intake.accept")).unwrap();
    }

    #[test]
    fn incomes_count_when_their_batch_does_and_the_replaced_list_no_longer() {
        for test in test_db().unwrap() {
            let ctx = &test.system(Clock::fixed_on(day("2026-10-31")));
            let mut tx = ctx.begin().unwrap();
            tx.exec(
                "insert into households (id, number, village_code, created_at) values ('0a', '1', '140430203201', 'x')",
                &[],
            )
            .unwrap();
            tx.commit(store::Entry::new(ctx, "household.sample")).unwrap();
            let seen = || list_incomes(&mut ctx.read().unwrap(), "0a", day("2026-01-01")).unwrap();

            let first = batch(ctx);
            let rows = [row(1, "1", 100), row(2, "9", 200)];
            let staged = stage(ctx, &first, rows, &mut |_| {}).unwrap();
            assert_eq!(staged, StagedIncomes { taken: 1, not_here: vec![2] });
            assert!(seen().is_empty());
            flip(ctx, &first, "accepted");
            assert_eq!(seen().len(), 1);

            let second = batch(ctx);
            stage(ctx, &second, [row(1, "1", 300)], &mut |_| {}).unwrap();
            flip(ctx, &first, "replaced");
            flip(ctx, &second, "accepted");
            let now: Vec<_> =
                seen().iter().map(|income| (income.amount_fen, income.row.1)).collect();
            assert_eq!(now, [(300, 1)]);

            let mut tx = ctx.begin().unwrap();
            assert_eq!(clear(&mut tx, &first, "").unwrap(), None);
            tx.commit(store::Entry::new(ctx, "intake.clear")).unwrap();
            let left = ctx.read().unwrap().row("select count(*) from incomes", &[]).unwrap();
            assert_eq!(left.int(0).unwrap(), 1);
        }
    }
}
