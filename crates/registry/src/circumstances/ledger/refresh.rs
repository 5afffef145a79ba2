//! Facts inside a commit: what was touched is derived again, and nothing else.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use store::{Session, Touched, Tx};

use super::around::Around;
use super::rows::{self, Changes, Fresh};
use super::tables::tables;
use super::{View, queries};
use crate::circumstances::homes::Homes;

/// Households that are loaded and derived together.
pub(super) const AT_A_TIME: usize = 400;
/// Households whose people are looked for elsewhere together.
const KIN_AT_A_TIME: usize = 5_000;

/// Brings the facts of everything that a transaction touched up to date. Registered with the database by the binary.
///
/// # Errors
/// What the database refuses; the transaction is then undone as a whole.
pub fn derivation(tx: &mut Tx, touched: &Touched) -> Result<()> {
    if touched.households.is_empty() && touched.villages.is_empty() {
        return Ok(());
    }
    let view = View::of(tx.today());
    let mut around = Around::load(tx, &view)?;
    let mut villages: BTreeSet<AreaCode> = touched.villages.clone();
    let mut ids: Vec<String> = Vec::new();
    for village in &touched.villages {
        ids.extend(queries::households_of(tx, *village)?);
    }
    ids.extend(touched.households.keys().cloned());
    villages.extend(touched.households.values());
    let ids = with_kin(tx, ids, &view)?;
    for piece in ids.chunks(AT_A_TIME) {
        let fresh = rows::derived(tx, (&view, &mut around), piece, &mut |_, _| {})?;
        touch_kin(tx, touched, &fresh);
        let changes = rows::compare(tx, piece, fresh)?;
        villages.extend(&changes.villages);
        keep(tx, changes)?;
    }
    for village in villages {
        village_row(tx, (&view, &mut around), village)?;
        // one that only lost a household: what rests on its facts is stale too
        tx.touch_village(village);
    }
    Ok(())
}

/// What rests on facts must follow the households that are derived because of others, too; those of a village that is
/// touched as a whole follow with it.
fn touch_kin(tx: &mut Tx, touched: &Touched, fresh: &Fresh) {
    let kin = fresh.places().filter(|(household, village)| {
        !touched.households.contains_key(*household) && !touched.villages.contains(village)
    });
    for (household, village) in kin {
        tx.touch_household(household, village);
    }
}

/// The households and those in which their people lived before or live now, in order: what one of them learns may count
/// in another.
pub(super) fn with_kin(
    session: &mut Session,
    mut ids: Vec<String>,
    view: &View,
) -> Result<Vec<String>> {
    for piece in ids.clone().chunks(KIN_AT_A_TIME) {
        let homes = Homes::load(session, piece, (&view.known, &view.ends()))?;
        ids.extend(homes.households().iter().map(ToString::to_string));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

pub(super) fn keep(tx: &mut Tx, changes: Changes) -> Result<usize> {
    let households = rows::write(tx, &tables()?.household, changes.households)?;
    let persons = rows::write(tx, &tables()?.person, changes.persons)?;
    Ok(households + persons)
}

/// The row of a village after those of its households.
pub(super) fn village_row(
    tx: &mut Tx,
    (view, around): (&View, &mut Around),
    village: AreaCode,
) -> Result<usize> {
    let (_, events) = around.of(tx, village, view)?;
    let fresh = rows::village_from_rows(tx, village, events)?;
    let change = rows::compare_village(tx, village, fresh)?;
    rows::write(tx, &tables()?.village, change)
}
