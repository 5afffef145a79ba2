//! What the end of a re-assessment does to the monitoring of a household: it goes on in a class of the new stage, it begins,
//! or it ends. The case of its monitoring follows.

use std::collections::BTreeMap;

use kernel::error::Result;
use kernel::time::Day;
use registry::households;
use store::{Ctx, Tx};

use super::begin::{Began, first_step};
use super::book::{CaseBook, MONITORING};
use super::life::Life;
use super::model::Case;
use super::queries::{self, From, Numbers, Step};
use super::starts::TakenOver;

/// The step that it leaves in the case of the monitoring.
pub const REASSESSED: &str = "reassessed";

/// Carries a decided re-assessment into the monitoring.
pub fn carry(ctx: &Ctx, tx: &mut Tx, book: &CaseBook, decided: &Case) -> Result<()> {
    let life = book.life(MONITORING)?;
    let Some(states) = &life.taken_over else { return Ok(()) };
    let on = decided.closed_on.unwrap_or(ctx.today);
    let live = queries::find_live(tx, decided.household, MONITORING)?;
    match (&decided.class, live) {
        (Some(class), Some(live)) => {
            if live.identified_on.is_some() {
                status(ctx, tx, (decided, class), live.identified_on.unwrap_or(on).max(on))?;
            }
            let after = Case { class: Some(class.clone()), ..live.clone() };
            save(ctx, tx, (book, life), (&live, after))
        }
        (Some(class), None) => {
            status(ctx, tx, (decided, class), on)?;
            take_in(ctx, tx, (book, life, states), (decided, on))
        }
        (None, Some(live)) => {
            if let Some(since) = live.identified_on {
                let home = (live.household, live.village);
                let class = live.class.as_deref().unwrap_or_default();
                households::end_monitoring(tx, ctx, home, (class, since, on))?;
            }
            let after = Case {
                state: states.ended.clone(),
                closed_on: Some(on),
                closed_how: Some(REASSESSED.to_owned()),
                since: on,
                due: None,
                total_due: None,
                ..live.clone()
            };
            save(ctx, tx, (book, life), (&live, after))
        }
        (None, None) => Ok(()),
    }
}

fn status(ctx: &Ctx, tx: &mut Tx, (decided, class): (&Case, &str), on: Day) -> Result<()> {
    let detail = serde_json::json!({ "case": decided.number }).to_string();
    households::begin_monitoring(
        tx,
        ctx,
        (decided.household, decided.village),
        (class, on, &detail),
    )
}

/// An ex-poor household that is kept begins where the plan is made: it was reviewed, noticed and approved.
fn take_in(
    ctx: &Ctx,
    tx: &mut Tx,
    (book, life, states): (&CaseBook, &Life, &TakenOver),
    (decided, on): (&Case, Day),
) -> Result<()> {
    let id = tx.db().ids().make_at(tx.now());
    let mut numbers = Numbers::after_last(tx, decided.village)?;
    let home = (decided.household, decided.village);
    let begun = Case::begin(life, (id, numbers.take()), home, on, book.days());
    let clock = life.state(&states.kept).and_then(|state| state.clock.as_ref());
    let case = Case {
        state: states.kept.clone(),
        class: decided.class.clone(),
        identified_on: Some(on),
        total_due: None,
        due: clock.and_then(|clock| book.days().after(clock, decided.village, ctx.today)),
        ..begun
    };
    queries::insert(tx, &case, life, From::default())?;
    let began = Began { on, by: queries::by(ctx), from: From::default() };
    first_step(tx, book, (&case, REASSESSED), &began)
}

fn save(
    ctx: &Ctx,
    tx: &mut Tx,
    (book, life): (&CaseBook, &Life),
    (before, after): (&Case, Case),
) -> Result<()> {
    let after = Case { version: before.version + 1, ..after };
    queries::save(tx, (before, &after), life)?;
    let step = Step {
        seq: before.version,
        step: REASSESSED.to_owned(),
        states: (before.state.clone(), after.state.clone()),
        on: ctx.today,
        at: ctx.now,
        by: queries::by(ctx),
        filled: after
            .class
            .iter()
            .map(|class| ("class".to_owned(), class.clone()))
            .collect::<BTreeMap<_, _>>(),
        evidence: "{}".to_owned(),
        pack: (book.pack.0.clone(), i64::from(book.pack.1)),
    };
    queries::insert_step(tx, after.id, &step)
}
