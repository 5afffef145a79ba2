//! Registers that came before the program kept cases: every household that they have as monitored gets its case once, in
//! pieces, so that nobody waits for the writing and a start goes on where the last one stopped.

use std::sync::Arc;

use kernel::error::Result;
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::book::{CaseBook, MONITORING, find_book};
use super::life::Life;
use super::queries::Numbers;
use super::queries::registered::{self, Registered};
use super::queries::take_overs;
use super::starts::Start;
use super::take_over::take;

/// The name under which one run keeps others away.
const LEASE: &str = "casetakeover";
/// Households that one transaction takes over; in tests a few take several.
const AT_A_TIME: usize = if cfg!(test) { 2 } else { 200 };

/// The rule book of today, if its life of monitored households begins with registers.
fn by_register(session: &mut Session, ctx: &Ctx) -> Result<Option<Arc<CaseBook>>> {
    let Some(book) = find_book(session, ctx.today)? else { return Ok(None) };
    let begins = |life: &Life| life.starts_by(Start::Register) && life.taken_over.is_some();
    let found = book.life(MONITORING).is_ok_and(begins);
    Ok(found.then_some(book))
}

/// Takes over every household that a register has as monitored and that has no case; answers with how many. `progress` hears
/// how many of how many. Where all have theirs, or somebody else is at it, nothing is done.
///
/// # Errors
/// Refused without `rule.run`; what the database refuses.
pub fn take_over_earlier(ctx: &Ctx, progress: &mut dyn FnMut(usize, usize)) -> Result<usize> {
    ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let Some(book) = by_register(&mut session, ctx)? else { return Ok(0) };
    let waiting = registered::list_registered(&mut session)?;
    let open = take_overs::find_open(&mut session)?;
    drop(session);
    if waiting.is_empty() && open.is_none() {
        return Ok(0);
    }
    let Some(_held) = ctx.db.lease(LEASE)? else { return Ok(0) };
    let begun = match open {
        Some((begun, _, _)) => begun,
        None => {
            let mut tx = ctx.begin()?;
            let found = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
            take_overs::insert(&mut tx, (ctx.now, found))?;
            tx.commit(Entry::new(ctx, "case.take_over").detail(json!({ "waiting": found })))?;
            ctx.now
        }
    };
    let (mut done, mut pieces) = (0, waiting.chunks(AT_A_TIME).peekable());
    if waiting.is_empty() {
        piece(ctx, &book, (begun, &[], true))?;
    }
    while let Some(some) = pieces.next() {
        done += piece(ctx, &book, (begun, some, pieces.peek().is_none()))?;
        progress(done, waiting.len());
    }
    Ok(done)
}

fn piece(
    ctx: &Ctx,
    book: &CaseBook,
    (begun, some, last): (kernel::time::Instant, &[Registered], bool),
) -> Result<usize> {
    let life = book.life(MONITORING)?;
    let mut tx = ctx.begin()?;
    let mut done = 0;
    if let (Some(first), Some(states)) = (some.first(), &life.taken_over) {
        let mut numbers = Numbers::after_last(&mut tx, first.village)?;
        for one in some {
            // somebody may have touched it meanwhile, and with that it has its case
            let Some(still) = registered::find_registered(&mut tx, &one.id)? else { continue };
            take(&mut tx, (book, life, states), (&mut numbers, &still))?;
            done += 1;
        }
    }
    take_overs::save(&mut tx, begun, (i64::try_from(done).unwrap_or(0), last))?;
    tx.commit(Entry::new(ctx, "case.take_over").detail(json!({ "taken": done })))?;
    Ok(done)
}

/// A taking over that goes on: how many of how many have their case.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn taking_over(ctx: &Ctx) -> Result<Option<(i64, i64)>> {
    ctx.permit(Permission::CaseSee)?;
    let open = take_overs::find_open(&mut ctx.read()?)?;
    Ok(open.map(|(_, waiting, taken)| (taken, waiting)))
}

#[cfg(test)]
mod tests {
    use store::{Entry, params};

    use super::super::tests::{County, VILLAGE, refusal, with_each};
    use super::super::{Filter, list, work_counts};
    use super::*;

    fn stands(county: &County<'_>) -> Vec<(String, i64, i64, bool)> {
        let sql = "select begun_at, waiting, taken, case when ended_at is null then 0 else 1 end from case_take_overs";
        let rows = county.ctx.read().unwrap().rows(sql, &[]).unwrap();
        let one = |row: &store::Row| {
            (row.text(0).unwrap(), row.int(1).unwrap(), row.int(2).unwrap(), row.flag(3).unwrap())
        };
        rows.iter().map(one).collect()
    }

    #[test]
    fn a_folder_with_registers_and_no_cases_gets_them_once_and_goes_on_where_it_stopped() {
        with_each(|county| {
            let people = county.people();
            let homes: Vec<_> = (0..5).map(|_| county.household(VILLAGE, 1)).collect();
            let mut batches = Vec::new();
            for home in &homes {
                batches.push(county.registered(*home, ("marginal", None)));
            }
            // the folder of a program that kept no cases
            let mut tx = county.ctx.begin().unwrap();
            for sql in [
                "delete from case_risks",
                "delete from case_steps",
                "delete from cases where version = 1",
            ] {
                tx.exec(sql, &[]).unwrap();
            }
            tx.commit(Entry::new(&county.ctx, "test.earlier")).unwrap();
            assert_eq!(county.count("select count(*) from cases"), 0);
            let none = refusal(take_over_earlier(&people.village, &mut |_, _| {}));
            assert_eq!(none.kind, kernel::error::RefusalKind::Forbidden);
            // a start that is stopped after its first piece
            let book = by_register(&mut county.ctx.read().unwrap(), &county.ctx).unwrap().unwrap();
            let waiting = registered::list_registered(&mut county.ctx.read().unwrap()).unwrap();
            let mut tx = county.ctx.begin().unwrap();
            take_overs::insert(&mut tx, (county.ctx.now, 5)).unwrap();
            tx.commit(Entry::new(&county.ctx, "test.begun")).unwrap();
            assert_eq!(
                piece(&county.ctx, &book, (county.ctx.now, &waiting[..2], false)).unwrap(),
                2
            );
            assert_eq!(
                taking_over(&people.county).unwrap(),
                Some((2, 5)),
                "{}",
                county.test.engine
            );
            // a household that somebody touches meanwhile has its case, and only one
            let mut tx = county.ctx.begin().unwrap();
            tx.touch_household(waiting[2].id.clone(), VILLAGE.parse().unwrap());
            tx.commit(Entry::new(&county.ctx, "test.touch")).unwrap();
            assert_eq!(
                piece(&county.ctx, &book, (county.ctx.now, &waiting[2..3], false)).unwrap(),
                0
            );
            // the next start takes the rest
            let mut heard = Vec::new();
            let done =
                take_over_earlier(&county.ctx, &mut |done, of| heard.push((done, of))).unwrap();
            assert_eq!((done, heard.last().copied()), (2, Some((2, 2))));
            assert_eq!(taking_over(&people.county).unwrap(), None);
            let all = list(&people.village, &Filter::default(), None).unwrap();
            assert_eq!(all.total, 5);
            assert!(all.lines.iter().all(|line| line.state == "helping" && line.risks.len() == 3));
            assert_eq!(work_counts(&people.village).unwrap().all, 0, "nobody waits for a step");
            let numbers = "select count(distinct number) from cases";
            assert_eq!(county.count(numbers), 5);
            // and then never again
            let before = stands(county);
            assert_eq!(before.len(), 1);
            assert_eq!((before[0].1, before[0].2, before[0].3), (5, 4, true));
            assert_eq!(take_over_earlier(&county.ctx, &mut |_, _| {}).unwrap(), 0);
            assert_eq!(stands(county), before);
            // a register that is taken back takes its case with it, as with every other
            let mut tx = county.ctx.begin().unwrap();
            tx.exec("update batches set state = 'reverted' where id = $1", params![batches[0]])
                .unwrap();
            tx.touch_household(homes[0].to_string(), VILLAGE.parse().unwrap());
            tx.commit(Entry::new(&county.ctx, "test.revert")).unwrap();
            assert_eq!(county.count("select count(*) from cases"), 4);
        });
    }
}
