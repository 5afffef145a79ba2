//! Cases follow what stands elsewhere: they begin with a confirmed lead or with what a register already has, and stand where
//! their households stand. Derived in the commit that confirms, delivers or moves, before the facts of the household, which
//! tell of its case.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use store::{Touched, Tx};

use super::begin::{Began, Of, begin};
use super::book::{MONITORING, book};
use super::queries::{self, Confirmed, From, Numbers};
use super::take_over;

/// For the commit: each household with a confirmed lead has a case, and a second lead joins the one it has; each that a
/// register has as monitored has one too.
pub fn refresh(tx: &mut Tx, touched: &Touched) -> Result<()> {
    queries::follow_households(tx, touched.households.iter())?;
    if !touched.households.is_empty() {
        queries::reminders::settle(tx, Some(touched.households.keys()))?;
    }
    let villages: BTreeSet<AreaCode> =
        touched.counted.union(&tx.touched().counted).copied().collect();
    for village in villages {
        for confirmed in queries::list_confirmed(tx, village)? {
            follow(tx, &confirmed)?;
        }
    }
    take_over::refresh(tx, touched)
}

fn follow(tx: &mut Tx, confirmed: &Confirmed) -> Result<()> {
    if let Some(live) = queries::find_live(tx, confirmed.household, MONITORING)? {
        return queries::join_lead(tx, live.id, confirmed.lead);
    }
    let today = tx.today();
    let book = book(tx, today)?;
    let life = book.life(MONITORING)?;
    let mut numbers = Numbers::after_last(tx, confirmed.village)?;
    let of = Of { household: confirmed.household, person: None, village: confirmed.village };
    let from = From { lead: Some(confirmed.lead), campaign: None };
    let began = Began { on: confirmed.opened_on, by: confirmed.by.clone(), from };
    let case = begin(tx, (&book, life), (&mut numbers, of), &began)?;
    queries::join_lead(tx, case.id, confirmed.lead)?;
    tx.touch_household(confirmed.household.to_string(), confirmed.village);
    Ok(())
}
