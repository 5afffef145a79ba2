//! Households that a register has as monitored, or as monitored once, have their case too: nobody types them in again.
//! As long as nobody has done anything with such a case it follows the register, and goes when the register is taken back.

use std::collections::BTreeSet;

use kernel::error::Result;
use kernel::ids::CaseId;
use serde::Deserialize;
use store::{Touched, Tx};

use super::begin::{Began, first_step};
use super::book::{CaseBook, MONITORING, find_book};
use super::life::Life;
use super::model::Case;
use super::queries::papers::{self, Risk};
use super::queries::registered::{self, Registered};
use super::queries::{self, From, Numbers};
use super::record::{MOST_RISKS, risk_named};
use super::starts::{Start, TakenOver};

/// The step by which such a case begins.
pub const TAKE_OVER: &str = "take_over";
/// What is written where a register names a risk that no list of codes has.
const OTHER_RISK: &str = "other";

/// What a register says beside the class.
#[derive(Deserialize, Default)]
struct Detail {
    #[serde(default)]
    risks: Vec<String>,
    #[serde(default)]
    way: Option<String>,
}

/// For the commit: cases of the changed households that a register has as monitored.
pub fn refresh(tx: &mut Tx, touched: &Touched) -> Result<()> {
    let households: BTreeSet<&str> = touched.households.keys().map(String::as_str).collect();
    if households.is_empty() {
        return Ok(());
    }
    let registered = if households.len() < registered::MANY {
        let mut found = Vec::new();
        for household in &households {
            found.extend(registered::find_registered(tx, household)?);
        }
        found
    } else {
        let all = registered::list_registered(tx)?;
        all.into_iter().filter(|one| households.contains(one.id.as_str())).collect()
    };
    registered::drop_unregistered(tx, &households, TAKE_OVER)?;
    let Some(first) = registered.first() else { return Ok(()) };
    let today = tx.today();
    let Some(book) = find_book(tx, today)? else { return Ok(()) };
    let Ok(life) = book.life(MONITORING) else { return Ok(()) };
    let Some(states) = life.taken_over.as_ref().filter(|_| life.starts_by(Start::Register)) else {
        return Ok(());
    };
    let mut numbers = Numbers::after_last(tx, first.village)?;
    for one in &registered {
        take(tx, (&book, life, states), (&mut numbers, one))?;
    }
    Ok(())
}

/// A household that a register has gets its case.
pub(super) fn take(
    tx: &mut Tx,
    (book, life, states): (&CaseBook, &Life, &TakenOver),
    (numbers, of): (&mut Numbers, &Registered),
) -> Result<()> {
    let detail: Detail = serde_json::from_str(&of.detail).unwrap_or_default();
    let id: CaseId = tx.db().ids().make_at(tx.now());
    let home = (of.household, of.village);
    let begun = Case::begin(life, (id, numbers.take()), home, of.from, book.days());
    let natural = detail.way.as_deref().is_some_and(|way| way.contains("自然"));
    let case = Case {
        state: if of.to.is_some() { &states.ended } else { &states.running }.clone(),
        class: Some(of.class.clone()),
        identified_on: Some(of.from),
        closed_on: of.to,
        closed_how: of.to.map(|_| if natural { "natural" } else { "helped" }.to_owned()),
        since: of.to.unwrap_or(of.from),
        due: None,
        total_due: None,
        ..begun
    };
    queries::insert(tx, &case, life, From::default())?;
    let began = Began { on: of.from, by: (String::new(), String::new()), from: From::default() };
    first_step(tx, book, (&case, TAKE_OVER), &began)?;
    let risks: Vec<Risk> = detail
        .risks
        .iter()
        .take(MOST_RISKS)
        .zip(1..)
        .map(|(words, position)| {
            let known = risk_named(words);
            Risk {
                position,
                risk: known.map_or_else(|| OTHER_RISK.to_owned(), |one| one.code.clone()),
                kind: None,
                words: if known.is_some() { String::new() } else { words.clone() },
                found_on: of.from,
                gone_on: of.to,
                gone_why: None,
                name: String::new(),
            }
        })
        .collect();
    papers::insert_risks(tx, case.id, &risks)?;
    // the facts of the household tell of its case
    tx.touch_household(of.id.clone(), of.village);
    Ok(())
}
