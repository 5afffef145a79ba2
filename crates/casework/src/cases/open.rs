//! Cases begin with a confirmed lead and stand where their households stand: derived in the commit that confirms or moves,
//! before the facts of the household, which tell of its case.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::CaseId;
use store::{Touched, Tx};

use super::book::{MONITORING, book};
use super::model::Case;
use super::queries::{self, Confirmed, Step};

/// The step by which every case begins.
pub const OPEN: &str = "open";

/// For the commit: each household with a confirmed lead has a case, and a second lead joins the one it has.
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
    Ok(())
}

fn follow(tx: &mut Tx, confirmed: &Confirmed) -> Result<()> {
    if let Some(live) = queries::find_live(tx, confirmed.household, MONITORING)? {
        return queries::join_lead(tx, live.id, confirmed.lead);
    }
    let today = tx.today();
    let book = book(tx, today)?;
    let life = book.life(MONITORING)?;
    let id: CaseId = tx.db().ids().make_at(tx.now());
    let number = queries::next_number(tx, confirmed.village)?;
    let of = (confirmed.household, confirmed.village);
    let case = Case::begin(life, (id, number), of, confirmed.opened_on, book.days());
    queries::insert(tx, &case, life, Some(confirmed.lead))?;
    queries::join_lead(tx, id, confirmed.lead)?;
    let step = Step {
        seq: 0,
        step: OPEN.to_owned(),
        states: (String::new(), case.state.clone()),
        on: today,
        at: tx.now(),
        by: confirmed.by.clone(),
        filled: BTreeMap::from([("discovered_on".to_owned(), confirmed.opened_on.to_string())]),
        evidence: "{}".to_owned(),
        pack: (book.pack.0.clone(), i64::from(book.pack.1)),
    };
    queries::insert_step(tx, id, &step)?;
    tx.touch_household(confirmed.household.to_string(), confirmed.village);
    Ok(())
}
